"""Baked PNG: the picture stays as it is, and the credential comes out as it went in."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from openbadges_kit.baking.png import MAX_IMAGE_BYTES, SIGNATURE, bake_png, unbake_png
from openbadges_kit.documents import MAX_DOCUMENT_BYTES
from openbadges_kit.errors import MalformedDocument
from openbadges_kit.rendering.badge_image import draw_badge

IMAGE = draw_badge("Een lekke band plakken")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _with_chunk(kind: bytes, data: bytes, image: bytes = IMAGE) -> bytes:
    end_of_header = len(SIGNATURE) + 25
    return image[:end_of_header] + _chunk(kind, data) + image[end_of_header:]


class TestWhatIsBakedIsUnbaked:
    """Bake, then unbake, gives the same bytes; the picture opens and has the same pixels."""

    @given(st.text(st.characters(exclude_categories=["Cs"])))
    def test_any_text(self, text: str) -> None:
        assert unbake_png(bake_png(IMAGE, text)) == text.encode()

    def test_the_picture_is_the_same(self) -> None:
        baked = bake_png(IMAGE, '{"naam": "Ægir"}')
        with Image.open(io.BytesIO(IMAGE)) as before, Image.open(io.BytesIO(baked)) as after:
            assert before.tobytes() == after.tobytes()
            assert after.text["openbadgecredential"] == '{"naam": "Ægir"}'  # type: ignore[attr-defined]  # of a PNG
        assert len(baked) == len(IMAGE) + 12 + len("openbadgecredential") + 5 + len('{"naam": "Ægir"}'.encode())

    def test_baked_again_only_the_new_one_is_in_it(self) -> None:
        for kind, data in (
            (b"tEXt", b"openbadgecredential\0old"),
            (b"zTXt", b"openbadgecredential\0\0" + zlib.compress(b"old")),
            (b"iTXt", b"openbadgecredential\0\0\0\0\0old"),
        ):
            baked = bake_png(_with_chunk(kind, data), "new")
            assert unbake_png(baked) == b"new"
            assert b"old" not in baked

    @pytest.mark.parametrize(
        ("kind", "data"),
        [
            (b"tEXt", b"openbadgecredential\0" + "é".encode("latin-1")),
            (b"zTXt", b"openbadgecredential\0\0" + zlib.compress("é".encode("latin-1"))),
            (b"iTXt", b"openbadgecredential\0\x01\0nl\0sleutel\0" + zlib.compress("é".encode())),
        ],
    )
    def test_other_ways_of_writing_it_are_read(self, kind: bytes, data: bytes) -> None:
        assert unbake_png(_with_chunk(kind, data)) == "é".encode()


@pytest.mark.parametrize(
    "image",
    [
        b"",
        b"GIF89a",
        SIGNATURE,
        IMAGE[:-1],
        IMAGE[: len(IMAGE) // 2],
        IMAGE[:40] + bytes([IMAGE[40] ^ 1]) + IMAGE[41:],
        SIGNATURE + _chunk(b"IEND", b""),
        SIGNATURE + _chunk(b"tEXt", b"openbadgecredential\0{}") + _chunk(b"IEND", b""),
        SIGNATURE + b"\xff\xff\xff\xffIHDR",
    ],
    ids=lambda image: str(len(image)),
)
def test_what_is_no_whole_png_is_neither_baked_nor_unbaked(image: bytes) -> None:
    with pytest.raises(MalformedDocument):
        bake_png(image, "{}")
    with pytest.raises(MalformedDocument):
        unbake_png(image)


@pytest.mark.parametrize(
    "image",
    [
        IMAGE,
        _with_chunk(b"iTXt", b"openbadgecredential\0\0\0\0\0{}", bake_png(IMAGE, "{}")),
        _with_chunk(b"iTXt", b"openbadgecredential"),
        _with_chunk(b"iTXt", b"openbadgecredential\0\0\0nl"),
        _with_chunk(b"iTXt", b"openbadgecredential\0\x01\0\0\0not compressed"),
        _with_chunk(b"zTXt", b"openbadgecredential\0\0" + zlib.compress(b"{}" * 500)[:-6]),
        _with_chunk(b"zTXt", b"openbadgecredential\0\0" + zlib.compress(b" " * (MAX_DOCUMENT_BYTES + 1))),
    ],
    ids=["none", "two", "cut off", "no text", "not compressed", "half", "bomb"],
)
def test_no_credential_two_or_a_broken_one_are_refused(image: bytes) -> None:
    with pytest.raises(MalformedDocument):
        unbake_png(image)


def test_what_is_no_text_or_too_long_is_not_baked() -> None:
    for credential in (b"\xff", b" " * (MAX_DOCUMENT_BYTES + 1)):
        with pytest.raises(MalformedDocument):
            bake_png(IMAGE, credential)


class TestAnyBytes:
    """Whatever bytes come, only the kit's error comes out."""

    @given(st.binary(max_size=60), st.sampled_from([b"iTXt", b"tEXt", b"zTXt"]))
    def test_in_the_chunk(self, data: bytes, kind: bytes) -> None:
        try:
            unbake_png(_with_chunk(kind, b"openbadgecredential\0" + data))
        except MalformedDocument:
            return

    @given(st.binary(max_size=60))
    def test_as_the_picture(self, data: bytes) -> None:
        with pytest.raises(MalformedDocument):
            unbake_png(SIGNATURE + data)


def test_a_picture_of_more_than_sixteen_megabytes_is_not_read() -> None:
    with pytest.raises(MalformedDocument, match="a picture of more than"):
        unbake_png(SIGNATURE + bytes(MAX_IMAGE_BYTES))
