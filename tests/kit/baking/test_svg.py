"""A badge in an SVG, and out of it as it went in."""

from __future__ import annotations

import contextlib
import io
import json
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from openbadges_kit.baking.picture import bake, is_picture, unbake
from openbadges_kit.baking.svg import MAX_ATTRIBUTES, MAX_ELEMENTS, MAX_IMAGE_BYTES, _start_tag, bake_svg, unbake_svg
from openbadges_kit.documents import MAX_DOCUMENT_BYTES, dump_json
from openbadges_kit.errors import MalformedDocument
from openbadges_kit.verification.received import parse_received
from openbadges_kit.verification.verifier import verify
from tests.kit.samples import NOW, signed
from tests.published import published

PICTURE = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><circle r="1"/></svg>'
DOCTYPE = b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
TOKEN = "eyJhbGciOiJFUzI1NiJ9.e30.c2ln"

json_text = st.recursive(
    st.none()
    | st.integers()
    | st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff")),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["a", "]]>", "<&\"'", "b\u2028"]), inner),
).map(lambda value: json.dumps({"value": value}, ensure_ascii=False, indent=1))


class TestWhatIsBakedIsUnbaked:
    """The bytes that come out are the bytes that went in."""

    @given(text=json_text, ends=st.sampled_from(["\n", "\r\n", "\r", "\t"]))
    def test_json(self, text: str, ends: str) -> None:
        # Inside a JSON text's strings a line end is always escaped; between its parts it is any of these.
        credential = text.replace("\n", ends).encode()
        baked = bake_svg(PICTURE, credential)
        assert unbake_svg(baked) == credential
        assert unbake_svg(bake_svg(baked, credential)) == credential
        assert ET.fromstring(baked).tag == "{http://www.w3.org/2000/svg}svg"  # noqa: S314  # our own bytes

    @given(st.from_regex(r"ey[A-Za-z0-9._~-]*", fullmatch=True))
    def test_a_token(self, token: str) -> None:
        assert unbake_svg(bake_svg(PICTURE, token)) == token.encode()

    @pytest.mark.parametrize(
        "picture",
        [
            PICTURE,
            b'<svg xmlns="http://www.w3.org/2000/svg"/>',
            b'\xef\xbb\xbf<?xml version="1.0"?>\n'
            + DOCTYPE
            + b"<!-- > --><s:svg xmlns:s='http://www.w3.org/2000/svg'\n a='>' />",
            b'<svg xmlns="http://www.w3.org/2000/svg" aria-label="a > b">tekst</svg>',
            '<?xml version="1.0" encoding="ISO-8859-1"?><svg xmlns="http://www.w3.org/2000/svg"><title>é</title></svg>'.encode(),
        ],
        ids=["plain", "empty", "with all the trimmings", "> in an attribute", "says another encoding"],
    )
    def test_in_pictures_of_every_shape(self, picture: bytes) -> None:
        for credential in (b'{"a":"]]>"}', TOKEN.encode()):
            baked = bake_svg(picture, credential)
            assert unbake_svg(baked) == credential
            assert unbake_svg(bake_svg(baked, b'{"b":1}')) == b'{"b":1}'

    def test_a_credential_that_was_there_is_replaced_however_it_was_written(self) -> None:
        for old in (b'<o:credential verify="eyA"/>', b"<o:credential\n >{}</o:credential >", b'<o:credential a=">"/>'):
            picture = PICTURE.replace(
                b"<circle",
                old.replace(b"<o:credential", b'<o:credential xmlns:o="https://purl.imsglobal.org/ob/v3p0"')
                + b"<circle",
            )
            baked = bake_svg(picture, TOKEN)
            assert unbake_svg(baked) == TOKEN.encode()
            assert baked.count(b"credential") == 2
            assert b"<circle" in baked

    def test_a_baked_badge_verifies(self) -> None:
        baked = bake(PICTURE, dump_json(signed()))
        assert verify(baked, now=NOW).verified
        assert unbake(baked) == dump_json(signed())
        assert verify(baked.decode(), now=NOW).verified
        assert not verify(baked.replace(b"Plakt", b"Plukt"), now=NOW).verified

    @pytest.mark.parametrize("name", ["simple-json.svg", "simple-jwt.svg"])
    def test_the_published_pictures_are_read(self, name: str) -> None:
        image = published(f"vectors/1edtech/ob30/{name}").read_bytes()
        received = parse_received(image)
        assert received.document["id"] == "http://example.com/credentials/3527"
        assert (received.token is None) is ("json" in name)
        assert parse_received(bake(image, dump_json(signed()))).document == signed()


class TestHostilePictures:
    """An SVG comes from strangers and ends in browsers."""

    @pytest.mark.parametrize(
        "picture",
        [
            b'<!DOCTYPE svg [<!ENTITY a "aaaaaaa"><!ENTITY b "&a;&a;">]>' + PICTURE.replace(b"<circle", b"&b;<circle"),
            b'<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + PICTURE.replace(b"<circle", b"&a;<circle"),
            b'<!DOCTYPE svg [<!ENTITY % a SYSTEM "http://localhost/dtd"> %a;]>' + PICTURE,
            b"<!DOCTYPE svg [<!ATTLIST svg onload CDATA 'alert(1)'>]>" + PICTURE,
            b'<!DOCTYPE svg SYSTEM "http://localhost/dtd">' + PICTURE.replace(b"<circle", b"&a;<circle"),
            PICTURE.replace(b"<circle", b"<script>alert(1)</script><circle"),
            PICTURE.replace(b"<circle", b'<script xmlns="http://www.w3.org/1999/xhtml"/><circle'),
            PICTURE.replace(b"<circle", b"<foreignObject/><circle"),
            PICTURE.replace(b"<circle", b'<circle onclick="alert(1)"/><circle'),
            PICTURE.replace(b"<circle", b'<a href=" java&#10;script:alert(1)"/><circle'),
            PICTURE.replace(b"<circle", b'<a xmlns:x="http://www.w3.org/1999/xlink" x:href="JavaScript:a"/><circle'),
            PICTURE.replace(b"<circle", b'<image href="data:image/svg+xml,%3Csvg/%3E"/><circle'),
            PICTURE.replace(b"<circle", b'<set attributeName="onclick" to="alert(1)"/><circle'),
            PICTURE.replace(b"<circle", b'<animate attributeName="xlink:href" to="javascript:alert(1)"/><circle'),
            b'<?xml-stylesheet href="http://localhost/x.xsl" type="text/xsl"?>' + PICTURE,
            b"<g>" * 300 + b"</g>" * 300,
            PICTURE.replace(b"<circle", b"<g>" * 300 + b"</g>" * 300 + b"<circle"),
            PICTURE.replace(b"<circle", b"<g/>" * (MAX_ELEMENTS + 1) + b"<circle"),
            PICTURE.replace(b"<circle", b"<circle " + b" ".join(b'a%d="1"' % n for n in range(MAX_ATTRIBUTES + 1))),
            b"<html/>",
            b'<svg xmlns="http://else.example.org"/>',
            b"<svg>",
            PICTURE + b"<svg/>",
            PICTURE.replace(b"circle", b"c\x00rcle"),
            b"\xff" + PICTURE,
            PICTURE.replace(b"<circle", b"<title>\xe9</title><circle"),
            PICTURE.replace(b'"0 0 1 1"', b'"' + b"0" * MAX_IMAGE_BYTES + b'"'),
        ],
        ids=[
            "billion laughs", "external entity", "parameter entity", "default attribute", "skipped entity", "script",
            "script of HTML", "foreign object", "event", "javascript: in pieces", "xlink", "SVG as data", "set",
            "animate", "style sheet", "deep, no SVG", "deep", "many", "attributes", "HTML",
            "other namespace", "not closed", "two roots", "NUL", "not UTF-8", "Latin-1", "too large",
        ],
    )  # fmt: skip
    def test_neither_baked_nor_unbaked(self, picture: bytes) -> None:
        with pytest.raises(MalformedDocument):
            bake_svg(picture, TOKEN)
        with pytest.raises(MalformedDocument):
            unbake_svg(picture)

    @pytest.mark.parametrize(
        "inside",
        [
            b"",
            b'<o:credential verify="eyA"/><o:credential verify="eyA"/>',
            b'<o:credential verify="eyA">{}</o:credential>',
            b"<o:credential>{<b/>}</o:credential>",
            b"<o:credential><o:credential/></o:credential>",
        ],
        ids=["none", "two", "both ways", "elements inside", "one in the other"],
    )
    def test_no_credential_or_a_doubtful_one(self, inside: bytes) -> None:
        root = b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:o="https://purl.imsglobal.org/ob/v3p0">'
        with pytest.raises(MalformedDocument):
            unbake_svg(root + inside + b"</svg>")

    @pytest.mark.parametrize(
        "credential",
        [b"\xff", '{"a":"\ud800"}', '{"a":"\uffff"}', '{"a":"\x00"}', "{" + " " * MAX_DOCUMENT_BYTES + "}"],
        ids=["not UTF-8", "surrogate", "not XML", "NUL", "too large"],
    )
    def test_what_xml_cannot_carry_is_not_baked(self, credential: bytes | str) -> None:
        with pytest.raises(MalformedDocument):
            bake_svg(PICTURE, credential)

    def test_a_credential_larger_than_a_document_is_not_taken_out(self) -> None:
        root = b'<svg xmlns="http://www.w3.org/2000/svg"><credential xmlns="https://purl.imsglobal.org/ob/v3p0">'
        with pytest.raises(MalformedDocument):
            unbake_svg(root + b" " * MAX_DOCUMENT_BYTES + b"{}</credential></svg>")

    def test_a_picture_in_a_picture_is_nobodys_badge(self) -> None:
        inner = PICTURE.decode()
        with pytest.raises(MalformedDocument):
            parse_received(bake_svg(PICTURE, inner))

    @given(
        st.binary()
        | st.lists(st.sampled_from([PICTURE, DOCTYPE, b"<", b">", b"&#0;", b'"', b"<![CDATA[", b"]]>", b"</svg>"])).map(
            b"".join
        )
    )
    def test_whatever_the_bytes_only_the_kits_error_comes_out(self, data: bytes) -> None:
        for attempt in (
            unbake,
            unbake_svg,
            lambda image: bake(image, TOKEN),
            lambda image: bake_svg(image, TOKEN),
            parse_received,
        ):
            with contextlib.suppress(MalformedDocument):
                attempt(data)

    def test_where_no_tag_begins_none_is_found(self) -> None:
        with pytest.raises(MalformedDocument):
            _start_tag(b"svg", 0)

    def test_instructions_that_style_nothing_are_left_alone(self) -> None:
        picture = PICTURE.replace(b"<circle", b"<?drawn by=hand?><circle")
        assert b"<?drawn by=hand?>" in bake_svg(picture, TOKEN)

    def test_a_png_is_baked_as_a_png(self) -> None:
        image = io.BytesIO()
        Image.new("1", (1, 1)).save(image, "PNG")
        assert unbake(bake(image.getvalue(), TOKEN)) == TOKEN.encode()

    def test_only_pictures_are_pictures(self) -> None:
        assert is_picture(b" \n" + PICTURE)
        assert not is_picture(b"{}")
        for attempt in (unbake, lambda image: bake(image, TOKEN)):
            with pytest.raises(MalformedDocument):
                attempt(b"GIF89a")
