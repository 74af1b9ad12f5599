"""The JSON Canonicalization Scheme: one text for one JSON value. https://www.rfc-editor.org/rfc/rfc8785

Not here: what the value means. Two JSON-LD documents with the same statements can differ in this form.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Any, Final

from openbadges_kit.errors import MalformedDocument

__all__ = ["canonicalize"]

# Where plain digits give way to an exponent.
_MOST_INTEGER_DIGITS: Final = 21
_MOST_LEADING_ZEROS: Final = 6


def canonicalize(value: Any) -> bytes:  # JSON
    """The value's canonical form, in UTF-8.

    Raises MalformedDocument for what has none: NaN and Infinity, a lone surrogate, nesting too deep for the
    interpreter, and an integer that another reader would round. JSON numbers are doubles to most readers:
    9007199254740993 and 9007199254740992 are one number to them, so one signature would hold for both.
    """
    try:
        return "".join(_pieces(value)).encode()
    except UnicodeError as error:
        raise MalformedDocument("a text with half a character (a lone surrogate) has no canonical form") from error
    except RecursionError as error:
        raise MalformedDocument("nested too deep to be canonicalised") from error


def _pieces(value: Any) -> Iterator[str]:  # JSON
    match value:
        case None:
            yield "null"
        case bool():
            yield "true" if value else "false"
        case str():
            # The short escapes, \u00xx in lower case for the other controls, and nothing else escaped.
            yield encode_basestring(value)
        case int() | float():
            yield _number(value)
        case list():
            for position, item in enumerate(value):
                yield "," if position else "["
                yield from _pieces(item)
            yield "]" if value else "[]"
        case dict():
            if not all(isinstance(name, str) for name in value):
                raise MalformedDocument("the names in a JSON object are texts")
            yield "{"
            # Names are in the order of their UTF-16 code units, which is not that of code points beyond U+FFFF.
            for position, name in enumerate(sorted(value, key=lambda name: name.encode("utf-16-be"))):
                yield f"{',' if position else ''}{encode_basestring(name)}:"
                yield from _pieces(value[name])
            yield "}"
        case _:
            raise MalformedDocument(f"a {type(value).__name__} is no JSON value")


def _number(value: float) -> str:
    try:
        double = float(value)
    except OverflowError:
        double = math.inf
    if not math.isfinite(double):
        raise MalformedDocument("a number too large for JSON, or none, has no canonical form")
    text = _laid_out(double)
    if isinstance(value, int) and Decimal(text) != value:
        raise MalformedDocument(f"{value} loses precision as a JSON number; write it as text")
    return text


def _laid_out(double: float) -> str:
    """https://tc39.es/ecma262/#sec-numeric-types-number-tostring"""
    if double == 0:
        return "0"
    sign = "-" if double < 0 else ""
    # repr gives the fewest digits that lead back to this double, as ECMAScript does; only the layout differs.
    _, digit_tuple, shift = Decimal(repr(abs(double))).as_tuple()
    digits = "".join(map(str, digit_tuple)).rstrip("0")
    point = len(digit_tuple) + int(shift)
    if len(digits) <= point <= _MOST_INTEGER_DIGITS:
        return sign + digits.ljust(point, "0")
    if 0 < point <= _MOST_INTEGER_DIGITS:
        return f"{sign}{digits[:point]}.{digits[point:]}"
    if -_MOST_LEADING_ZEROS < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    mantissa = digits[0] + (f".{digits[1:]}" if len(digits) > 1 else "")
    return f"{sign}{mantissa}e{point - 1:+d}"
