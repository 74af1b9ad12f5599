"""https://www.rfc-editor.org/rfc/rfc8785"""

from __future__ import annotations

import json
import math
import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbadges_kit.encoding import jcs
from openbadges_kit.errors import MalformedDocument
from tests.published import published

JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=5),
    max_leaves=20,
)


@pytest.mark.parametrize("name", ["arrays", "french", "structures", "unicode", "values", "weird"])
def test_a_published_input_gives_its_published_output(name: str) -> None:
    value = json.loads(published(f"vectors/jcs/input/{name}.json").read_bytes())
    expected = bytes.fromhex(published(f"vectors/jcs/outhex/{name}.txt").read_text())
    assert jcs.canonicalize(value) == expected == published(f"vectors/jcs/output/{name}.json").read_bytes()


@pytest.mark.parametrize(
    ("bits", "text"),
    [
        # https://www.rfc-editor.org/rfc/rfc8785#appendix-B
        ("0000000000000000", "0"),
        ("8000000000000000", "0"),
        ("0000000000000001", "5e-324"),
        ("8000000000000001", "-5e-324"),
        ("7fefffffffffffff", "1.7976931348623157e+308"),
        ("ffefffffffffffff", "-1.7976931348623157e+308"),
        ("4340000000000000", "9007199254740992"),
        ("c340000000000000", "-9007199254740992"),
        ("4430000000000000", "295147905179352830000"),
        ("44b52d02c7e14af5", "9.999999999999997e+22"),
        ("44b52d02c7e14af6", "1e+23"),
        ("44b52d02c7e14af7", "1.0000000000000001e+23"),
        ("444b1ae4d6e2ef4e", "999999999999999700000"),
        ("444b1ae4d6e2ef4f", "999999999999999900000"),
        ("444b1ae4d6e2ef50", "1e+21"),
        ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
        ("3eb0c6f7a0b5ed8d", "0.000001"),
        ("41b3de4355555553", "333333333.3333332"),
        ("41b3de4355555554", "333333333.33333325"),
        ("41b3de4355555555", "333333333.3333333"),
        ("41b3de4355555556", "333333333.3333334"),
        ("41b3de4355555557", "333333333.33333343"),
        ("becbf647612f3696", "-0.0000033333333333333333"),
        ("43143ff3c1cb0959", "1424953923781206.2"),
    ],
)
def test_a_number_is_laid_out_as_ecmascript_does(bits: str, text: str) -> None:
    (number,) = struct.unpack(">d", bytes.fromhex(bits))
    assert jcs.canonicalize(number) == text.encode()


@pytest.mark.parametrize(
    ("number", "text"), [(71668063898143630, b"71668063898143630"), (-5, b"-5"), (10**22, b"1e+22"), (3.0, b"3")]
)
def test_an_integer_is_laid_out_as_the_double_that_it_is(number: float, text: bytes) -> None:
    assert jcs.canonicalize(number) == text


@pytest.mark.parametrize("number", [2**53 + 1, -(2**53) - 1, 2**60, 10**30 + 1, 10**400, math.nan, math.inf, -math.inf])
def test_a_number_that_another_reader_would_see_differently_is_refused(number: float) -> None:
    with pytest.raises(MalformedDocument):
        jcs.canonicalize({"n": number})


@pytest.mark.parametrize("value", [b"bytes", {1: "a"}, {"a": {2}}, "\ud800", {"\udfff": 1}])
def test_what_is_no_json_is_refused(value: Any) -> None:
    with pytest.raises(MalformedDocument):
        jcs.canonicalize(value)


def test_what_is_nested_too_deep_is_refused() -> None:
    value: Any = []
    for _ in range(100_000):
        value = [value]
    with pytest.raises(MalformedDocument):
        jcs.canonicalize(value)


def test_names_are_in_the_order_of_utf_16() -> None:
    # U+FB33 comes before U+1F602 as a code point and after it as UTF-16.
    assert jcs.canonicalize({"\ufb33": 1, "\U0001f602": 2}) == '{"\U0001f602":2,"\ufb33":1}'.encode()


class TestCanonicalForm:
    """RFC 8785, 1: the same data always gives the same text, and the text is that data."""

    @given(JSON_VALUES)
    def test_reading_it_gives_the_value_back(self, value: Any) -> None:
        # Read as other readers do: every number is a double.
        assert json.loads(jcs.canonicalize(value), parse_int=float) == value

    @given(JSON_VALUES)
    def test_canonicalising_it_again_changes_nothing(self, value: Any) -> None:
        once = jcs.canonicalize(value)
        assert jcs.canonicalize(json.loads(once)) == once
