"""Baked PNG: the credential in an iTXt chunk, https://www.imsglobal.org/spec/ob/v3p0/#baked-badge.

The picture itself is left as it is, byte for byte: only chunks are read and one is added.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import Final, NamedTuple

from openbadges_kit.documents import MAX_DOCUMENT_BYTES
from openbadges_kit.errors import MalformedDocument
from openbadges_kit.vocabulary import BAKED_PNG_KEYWORD

__all__ = ["SIGNATURE", "bake_png", "unbake_png"]

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
MAX_IMAGE_BYTES: Final = 16 * 1024 * 1024
_HEADER: Final = struct.Struct(">I4s")
_CHECKSUM: Final = struct.Struct(">I")
_KEYWORD: Final = BAKED_PNG_KEYWORD.encode("latin-1")


class _Chunk(NamedTuple):
    kind: bytes
    data: bytes

    def encoded(self) -> bytes:
        body = self.kind + self.data
        return _CHECKSUM.pack(len(self.data)) + body + _CHECKSUM.pack(zlib.crc32(body))


def bake_png(image: bytes, credential: bytes | str) -> bytes:
    """The picture with the credential in it; one that was there before is replaced.

    `credential` is JSON or a compact JWT. Raises MalformedDocument when the image is no PNG, or the
    credential is no text in UTF-8 or larger than 4 MiB.
    """
    text = credential.encode() if isinstance(credential, str) else credential
    if len(text) > MAX_DOCUMENT_BYTES:
        raise MalformedDocument(f"a credential of more than {MAX_DOCUMENT_BYTES} bytes is not baked")
    try:
        text.decode("utf-8")
    except UnicodeError as error:
        raise MalformedDocument("the credential is not text in UTF-8") from error
    # keyword, end of keyword, uncompressed, no method, no language, no translated keyword, text.
    baked = _Chunk(b"iTXt", _KEYWORD + b"\0\0\0\0\0" + text)
    chunks = [chunk for chunk in _chunks(image) if not _is_credential(chunk)]
    # Directly behind the header, where a reader that stops at the pixels still sees it.
    return SIGNATURE + b"".join(chunk.encoded() for chunk in (chunks[0], baked, *chunks[1:]))


def unbake_png(image: bytes) -> bytes:
    """The credential in a baked PNG, as it was put in.

    Raises MalformedDocument when the image is no whole PNG, holds no credential or more than one (two
    readers could then take two), or one that is larger than 4 MiB.
    """
    found = [chunk for chunk in _chunks(image) if _is_credential(chunk)]
    if not found:
        raise MalformedDocument("this PNG holds no Open Badges 3.0 credential")
    if len(found) > 1:
        raise MalformedDocument("this PNG holds more than one credential")
    return _text_of(found[0])


def _is_credential(chunk: _Chunk) -> bool:
    return chunk.kind in {b"iTXt", b"tEXt", b"zTXt"} and chunk.data.split(b"\0", 1)[0] == _KEYWORD


def _text_of(chunk: _Chunk) -> bytes:
    rest = chunk.data[len(_KEYWORD) + 1 :]
    try:
        match chunk.kind:
            case b"tEXt":
                return rest.decode("latin-1").encode()
            case b"zTXt":
                return _inflate(rest[1:]).decode("latin-1").encode()
            case _:
                compressed, _, remainder = rest[0], rest[1], rest[2:]
                _, _, text = remainder.split(b"\0", 2)
                return _inflate(text) if compressed else text
    except (IndexError, ValueError, zlib.error) as error:
        raise MalformedDocument("the credential in this PNG cannot be read") from error


def _inflate(data: bytes) -> bytes:
    decompressor = zlib.decompressobj()
    text = decompressor.decompress(data, MAX_DOCUMENT_BYTES + 1)
    if len(text) > MAX_DOCUMENT_BYTES:
        raise MalformedDocument(f"the credential is larger than {MAX_DOCUMENT_BYTES} bytes")
    if not decompressor.eof:
        raise ValueError("cut off")
    return text


def _chunks(image: bytes) -> Iterator[_Chunk]:
    if not image.startswith(SIGNATURE):
        raise MalformedDocument("not a PNG")
    if len(image) > MAX_IMAGE_BYTES:
        raise MalformedDocument(f"a picture of more than {MAX_IMAGE_BYTES} bytes")
    position, kind = len(SIGNATURE), b""
    while kind != b"IEND":
        if position + _HEADER.size > len(image):
            raise MalformedDocument("this PNG is cut off")
        length, kind = _HEADER.unpack_from(image, position)
        start, end = position + _HEADER.size, position + _HEADER.size + length
        if end + _CHECKSUM.size > len(image):
            raise MalformedDocument("this PNG is cut off")
        if position == len(SIGNATURE) and kind != b"IHDR":
            raise MalformedDocument("this PNG does not begin with its header")
        if zlib.crc32(image[start - 4 : end]) != _CHECKSUM.unpack_from(image, end)[0]:
            raise MalformedDocument(f"the {kind.decode('latin-1')} chunk of this PNG is damaged")
        yield _Chunk(kind, image[start:end])
        position = end + _CHECKSUM.size
