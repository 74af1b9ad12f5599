"""Bytes as text and back: one text for each sequence of bytes, and no other text is taken for it."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbadges_kit.encoding import base58, base64url, multibase
from openbadges_kit.errors import MalformedDocument


class TestEveryTextIsOne:
    """What is encoded is decoded to the same bytes, and what is decoded is encoded to the same text."""

    @given(st.binary(max_size=80), st.integers(0, 5))
    def test_base58(self, data: bytes, zeros: int) -> None:
        data = b"\0" * zeros + data
        assert base58.decode(base58.encode(data)) == data
        assert multibase.decode(multibase.encode_base58(data)) == data

    @given(st.binary(max_size=80))
    def test_base64url(self, data: bytes) -> None:
        assert base64url.decode(base64url.encode(data)) == data
        assert base64url.encode(data) == base64.urlsafe_b64encode(data).decode().rstrip("=")
        assert multibase.decode(multibase.encode_base64url(data)) == data

    @given(st.text("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0OIl+", max_size=60))
    def test_any_base58_text(self, text: str) -> None:
        try:
            data = base58.decode(text)
        except MalformedDocument:
            assert set(text) & set("0OIl+")
            return
        assert base58.encode(data) == text

    @given(st.text("ABCabc012-_=+/ \n", max_size=20))
    def test_any_base64url_text(self, text: str) -> None:
        try:
            data = base64url.decode(text)
        except MalformedDocument:
            return
        assert base64url.encode(data) == text


def test_the_published_example_of_base58() -> None:
    """https://datatracker.ietf.org/doc/html/draft-msporny-base58-03#section-5"""
    assert base58.encode(b"Hello World!") == "2NEpo7TZRRrLZSi2U"
    assert base58.encode(bytes.fromhex("0000287fb4cd")) == "11233QC4"


@pytest.mark.parametrize("text", ["AB=", "QQ==", "QR", "A", "Q Q", "QQ\n", "Q+/_", "é"])
def test_padding_spare_bits_and_other_alphabets_are_refused(text: str) -> None:
    with pytest.raises(MalformedDocument):
        base64url.decode(text)


@pytest.mark.parametrize("text", ["", "mQQ", "fdeadbeef", "Z1", 5, None, ["z1"], b"z1"])
def test_another_base_is_refused(text: object) -> None:
    with pytest.raises(MalformedDocument):
        multibase.decode(text)


def test_decoding_is_bounded() -> None:
    with pytest.raises(MalformedDocument):
        base58.decode("2" * (base58.MAX_CHARACTERS + 1))
