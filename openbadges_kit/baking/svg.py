"""Baked SVG: the credential in an element of its own, https://www.imsglobal.org/spec/ob/v3p0/#svg.

The picture is left as it is but for that element. It comes from strangers and ends in browsers: what declares
entities, runs, or is larger than a picture needs to be is refused. A DOCTYPE is tolerated, because drawing
programs write one, and is never followed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NoReturn
from xml.parsers import expat

from openbadges_kit.documents import MAX_DOCUMENT_BYTES
from openbadges_kit.errors import MalformedDocument
from openbadges_kit.vocabulary import BAKED_SVG_ELEMENT, BAKED_SVG_NAMESPACE, SVG_NAMESPACE

if TYPE_CHECKING:
    from xml.parsers.expat import XMLParserType

__all__ = ["bake_svg", "unbake_svg"]

# A credential of 4 MiB, and a drawing that is larger than any badge's. Each element and attribute costs microseconds:
# these bounds together keep the worst picture at well under a second.
MAX_IMAGE_BYTES: Final = 6 * 1024 * 1024
MAX_ELEMENTS: Final = 50_000
MAX_ATTRIBUTES: Final = 256
# No drawing program nests groups deeper; a browser that draws it recurses.
MAX_DEPTH: Final = 256
_ACTIVE_ELEMENTS: Final = frozenset({"script", "foreignobject", "iframe", "object", "embed", "handler", "listener"})
_ACTIVE_URL: Final = re.compile(r"(?:javascript|vbscript|data(?!:image/(?:png|jpeg|gif|webp)[;,])):", re.IGNORECASE)
_IGNORED_IN_URLS: Final = re.compile(r"[\x00-\x20]+")
_START_TAG: Final = re.compile(rb"""<(?P<name>[^\s/>]++)(?:[^>"']++|"[^"]*+"|'[^']*+')*+>""")
# What XML 1.0 has no way to write: https://www.w3.org/TR/xml/#charsets
_NOT_IN_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def bake_svg(image: bytes, credential: bytes | str) -> bytes:
    """The picture with the credential in it; one that was there before is replaced.

    `credential` is JSON, a compact JWT or an SD-JWT. Raises MalformedDocument when the image is no SVG in
    UTF-8, is larger than 6 MiB, declares entities or runs scripts, and when the credential is no text that
    XML can carry, or larger than 4 MiB.
    """
    try:
        text = credential if isinstance(credential, str) else credential.decode("utf-8")
        size = len(text.encode())
    except UnicodeError as error:
        raise MalformedDocument("the credential is not text in UTF-8") from error
    if size > MAX_DOCUMENT_BYTES or _NOT_IN_XML.search(text):
        raise MalformedDocument(f"a credential of more than {MAX_DOCUMENT_BYTES} bytes, or with a character XML lacks")
    picture = _read(image)
    root = _start_tag(image, picture.root_start)
    opening, closing = root[0], b""
    if opening.endswith(b"/>"):
        opening, closing = opening[:-2] + b">", b"</" + root["name"] + b">"
    rest, position = b"", root.end()
    for start, end in picture.credentials:
        rest, position = rest + image[position:start], end
    return image[: root.start()] + opening + _element(text) + closing + rest + image[position:]


def unbake_svg(image: bytes) -> bytes:
    """The credential in a baked SVG, as it was put in.

    Raises MalformedDocument when the image is no SVG in UTF-8, holds no credential or more than one (two
    readers could then take two), and for everything that `bake_svg` refuses in an image.
    """
    picture = _read(image)
    if not picture.credentials:
        raise MalformedDocument("this SVG holds no Open Badges 3.0 credential")
    if len(picture.credentials) > 1:
        raise MalformedDocument("this SVG holds more than one credential")
    text = "".join(picture.text)
    if picture.verify and text.strip():
        raise MalformedDocument("this SVG holds a credential both as an attribute and as text")
    credential = (picture.verify or text).encode()
    if len(credential) > MAX_DOCUMENT_BYTES:
        raise MalformedDocument(f"the credential is larger than {MAX_DOCUMENT_BYTES} bytes")
    return credential


def _element(text: str) -> bytes:
    opening = f'<openbadges:{BAKED_SVG_ELEMENT} xmlns:openbadges="{BAKED_SVG_NAMESPACE}"'
    closing = f"</openbadges:{BAKED_SVG_ELEMENT}>"
    if not text.lstrip().startswith("{"):
        value = text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
        for character in "\t\n\r":
            value = value.replace(character, f"&#{ord(character)};")
        return f'{opening} verify="{value}">{closing}'.encode()
    # XML readers turn a carriage return into a line feed unless it is written as a reference.
    body = text.replace("]]>", "]]]]><![CDATA[>").replace("\r", "]]>&#13;<![CDATA[")
    return f"{opening}><![CDATA[{body}]]>{closing}".encode()


@dataclass(slots=True)
class _Picture:
    """What reading an SVG found: where its root begins, and where credentials begin and end."""

    image: bytes
    root_start: int = -1
    depth: int = 0
    elements: int = 0
    credentials: list[tuple[int, int]] = field(default_factory=list)
    open_since: int | None = None
    open_depth: int = 0
    verify: str = ""
    text: list[str] = field(default_factory=list)

    def start(self, parser: XMLParserType, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        self.elements += 1
        if self.depth > MAX_DEPTH or self.elements > MAX_ELEMENTS or len(attributes) > MAX_ATTRIBUTES:
            raise MalformedDocument(
                f"an SVG of more than {MAX_DEPTH} levels, {MAX_ELEMENTS} elements or too many attributes"
            )
        namespace, _, local = name.rpartition(" ")
        if self.root_start < 0:
            if (namespace, local) != (SVG_NAMESPACE, "svg"):
                raise MalformedDocument("not an SVG")
            self.root_start = parser.CurrentByteIndex
        if self.open_since is not None:
            raise MalformedDocument("the credential in this SVG has elements in it")
        _refuse_active(local, attributes)
        if (namespace, local) == (BAKED_SVG_NAMESPACE, BAKED_SVG_ELEMENT):
            self.open_since = parser.CurrentByteIndex
            self.verify = attributes.get("verify", "")

    def end(self, parser: XMLParserType, _name: str) -> None:
        self.depth -= 1
        if self.open_since is not None:
            opening = _start_tag(self.image, self.open_since)
            # Behind `<a/>` the parser stands at its end, at `</a>` before it.
            is_empty = opening[0].endswith(b"/>")
            end = opening.end() if is_empty else self.image.index(b">", parser.CurrentByteIndex) + 1
            self.credentials.append((self.open_since, end))
            self.open_since = None

    def characters(self, text: str) -> None:
        if self.open_since is not None:
            self.text.append(text)


def _start_tag(image: bytes, position: int) -> re.Match[bytes]:
    tag = _START_TAG.match(image, position)
    if tag is None:
        raise MalformedDocument("no tag begins where the reader says that one does")
    return tag


def _read(image: bytes) -> _Picture:
    if len(image) > MAX_IMAGE_BYTES:
        raise MalformedDocument(f"a picture of more than {MAX_IMAGE_BYTES} bytes")
    picture = _Picture(image)
    # The encoding is ours to say: a picture that says another one is read as UTF-8 all the same.
    parser = expat.ParserCreate("utf-8", " ")
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, attributes: picture.start(parser, name, attributes)
    parser.EndElementHandler = lambda name: picture.end(parser, name)
    parser.CharacterDataHandler = picture.characters
    parser.StartDoctypeDeclHandler = _refuse_internal_subset
    parser.EntityDeclHandler = _refuse_entities
    parser.SkippedEntityHandler = _refuse_entities
    parser.ExternalEntityRefHandler = _refuse_entities
    parser.ProcessingInstructionHandler = _refuse_style_sheets
    try:
        parser.Parse(image, True)  # noqa: FBT003  # expat's own signature
    except (expat.ExpatError, ValueError) as error:
        raise MalformedDocument(f"not an SVG: {error}") from error
    return picture


def _refuse_active(local: str, attributes: dict[str, str]) -> None:
    if local.lower() in _ACTIVE_ELEMENTS:
        raise MalformedDocument(f"this SVG has active content: {local}")
    for name, value in attributes.items():
        attribute = name.rpartition(" ")[2].lower()
        target = value.rpartition(":")[2].lower() if attribute == "attributename" else ""
        if attribute.startswith("on") or target == "href" or target.startswith("on"):
            raise MalformedDocument(f"this SVG has active content: {attribute}")
        if attribute in {"href", "src"} and _ACTIVE_URL.match(_IGNORED_IN_URLS.sub("", value)):
            raise MalformedDocument(f"this SVG has active content in its {attribute}")


def _refuse_internal_subset(_name: str, _system_id: str | None, _public_id: str | None, has_subset: int) -> None:
    if has_subset:
        raise MalformedDocument("this SVG brings a DTD of its own")


def _refuse_entities(*_arguments: object) -> NoReturn:
    raise MalformedDocument("this SVG declares or uses entities")


def _refuse_style_sheets(target: str, _data: str) -> None:
    if target.lower() == "xml-stylesheet":
        raise MalformedDocument("this SVG names a style sheet")
