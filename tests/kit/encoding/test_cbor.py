"""https://www.rfc-editor.org/rfc/rfc8949"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbadges_kit.encoding import cbor
from openbadges_kit.errors import MalformedDocument

NUMBERS = st.integers(0, 2**64 - 1)
LEAVES = NUMBERS | st.binary(max_size=300) | st.text(max_size=300)
VALUES = st.lists(LEAVES | st.lists(LEAVES, max_size=40) | st.dictionaries(NUMBERS, LEAVES, max_size=40), max_size=40)


@pytest.mark.parametrize(
    ("value", "encoded"),
    [
        # https://www.rfc-editor.org/rfc/rfc8949#appendix-A
        (0, "00"),
        (10, "0a"),
        (23, "17"),
        (24, "1818"),
        (100, "1864"),
        (1000, "1903e8"),
        (1000000, "1a000f4240"),
        (1000000000000, "1b000000e8d4a51000"),
        (18446744073709551615, "1bffffffffffffffff"),
        (b"", "40"),
        (bytes.fromhex("01020304"), "4401020304"),
        ("", "60"),
        ("IETF", "6449455446"),
        ("\u00fc", "62c3bc"),
        ("\u6c34", "63e6b0b4"),
        ([], "80"),
        ([1, 2, 3], "83010203"),
        ([1, [2, 3], [4, 5]], "8301820203820405"),
        (list(range(1, 26)), "98190102030405060708090a0b0c0d0e0f101112131415161718181819"),
        ({}, "a0"),
        ({1: 2, 3: 4}, "a201020304"),
    ],
)
def test_an_example_of_the_rfc_is_written_and_read(value: Any, encoded: str) -> None:
    assert cbor.encode(value).hex() == encoded
    assert cbor.decode(bytes.fromhex(encoded)) == value


@pytest.mark.parametrize(
    "data",
    [
        "",
        "0000",  # something left over
        "1817",  # 23 in two bytes
        "190017",
        "5800",  # an empty byte string with its length in two bytes
        "20",  # negative
        "c074323031332d30332d32315432303a30343a30305a",  # a tag
        "d8405041",  # tag 64, a typed array
        "f4",  # false
        "f6",  # null
        "f90000",  # a float
        "fb3ff199999999999a",
        "5f42010243030405ff",  # indefinite length
        "9f01ff",
        "bf01 02ff",
        "ff",
        "1c",  # reserved
        "41",  # ends early
        "19",
        "62c328",  # not UTF-8
        "a1",
        "a16161 01",  # a text as key
        "a201020103",  # a key twice
        "a203040102",  # keys out of order
        "8181818101",  # too many levels
        "9bffffffffffffffff",  # an array of 2**64 - 1
        "bb7fffffffffffffff",
        "5bffffffffffffffff",
        "9a000f4240" + "00" * 10,
    ],
)
def test_what_is_not_the_subset_in_its_one_form_is_refused(data: str) -> None:
    with pytest.raises(MalformedDocument):
        cbor.decode(bytes.fromhex(data))


def test_deep_nesting_is_refused_at_once() -> None:
    with pytest.raises(MalformedDocument):
        cbor.decode(b"\x81" * 1_000_000)


@pytest.mark.parametrize("value", [-1, 2**64, "\ud800", {-1: 0}])
def test_what_the_subset_cannot_hold_is_not_written(value: Any) -> None:
    with pytest.raises(MalformedDocument):
        cbor.encode(value)


class TestDeterministicForm:
    """RFC 8949, 4.2: one value has one form."""

    @given(VALUES)
    def test_a_value_survives_writing_and_reading(self, value: Any) -> None:
        assert cbor.decode(cbor.encode(value)) == value

    @given(st.binary(max_size=60))
    def test_bytes_are_either_refused_or_the_form_of_what_was_read(self, data: bytes) -> None:
        try:
            value = cbor.decode(data)
        except MalformedDocument:
            return
        assert cbor.encode(value) == data

    @given(VALUES, st.integers(0, 2000), st.integers(1, 255))
    def test_another_byte_is_another_value_or_none(self, value: Any, position: int, change: int) -> None:
        data = bytearray(cbor.encode(value))
        data[position % len(data)] ^= change
        try:
            assert cbor.decode(bytes(data)) != value
        except MalformedDocument:
            return
