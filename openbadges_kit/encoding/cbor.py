"""The little of CBOR that ecdsa-sd-2023 uses, in its one deterministic form. https://www.rfc-editor.org/rfc/rfc8949

Unsigned integers, byte strings, texts, arrays and maps; no tags, no floats, no simple values, no indefinite
lengths. Why not a library: docs/decisions/0030-cbor-by-hand.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from openbadges_kit.errors import MalformedDocument

__all__ = ["CborValue", "decode", "encode"]

CborValue = int | bytes | str | Sequence["CborValue"] | Mapping[int, "CborValue"]

# A proof value is an array of arrays and one map: two levels.
MAX_DEPTH: Final = 4

_UNSIGNED, _BYTES, _TEXT, _ARRAY, _MAP = 0, 2, 3, 4, 5
# https://www.rfc-editor.org/rfc/rfc8949#section-3: up to 23 in the first byte, then 1, 2, 4 or 8 bytes more.
_IN_FIRST_BYTE: Final = 23
_ENDS_EARLY: Final = "CBOR that ends before it says it does, or does not say"
_MORE_BYTES: Final = {24: 1, 25: 2, 26: 4, 27: 8}


def encode(value: CborValue) -> bytes:
    """The value in deterministic form: https://www.rfc-editor.org/rfc/rfc8949#section-4.2

    Raises MalformedDocument for a negative integer, one beyond 64 bits, and text that is not Unicode.
    """
    match value:
        case int():
            return _head(_UNSIGNED, value)
        case bytes():
            return _head(_BYTES, len(value)) + value
        case str():
            try:
                data = value.encode()
            except UnicodeError as error:
                raise MalformedDocument("a text with half a character (a lone surrogate)") from error
            return _head(_TEXT, len(data)) + data
        case Mapping():
            # The order of the encoded keys, which for unsigned integers is the order of the numbers.
            members = (_head(_UNSIGNED, key) + encode(value[key]) for key in sorted(value))
            return _head(_MAP, len(value)) + b"".join(members)
        case _:
            return _head(_ARRAY, len(value)) + b"".join(encode(item) for item in value)


def decode(data: bytes) -> CborValue:
    """The value that `data` is the deterministic form of.

    Raises MalformedDocument for anything outside the subset, bytes left over, a length beyond the end,
    more than four levels, and a value that could have been written shorter or in another order.
    """
    value, end = _value_at(data, 0, MAX_DEPTH)
    # One comparison refuses what is left over, overlong lengths, keys out of order and keys given twice.
    if end != len(data) or encode(value) != data:
        raise MalformedDocument("not CBOR in deterministic form")
    return value


def _head(major_type: int, argument: int) -> bytes:
    if 0 <= argument <= _IN_FIRST_BYTE:
        return bytes([major_type << 5 | argument])
    for code, size in _MORE_BYTES.items():
        if 0 <= argument < 1 << 8 * size:
            return bytes([major_type << 5 | code]) + argument.to_bytes(size, "big")
    raise MalformedDocument(f"{argument} is no unsigned integer of 64 bits")


def _value_at(data: bytes, start: int, levels_left: int) -> tuple[CborValue, int]:
    if levels_left == 0:
        raise MalformedDocument(f"CBOR of more than {MAX_DEPTH} levels")
    major_type, argument, position = _head_at(data, start)
    # Each element takes a byte at least: without this, nine bytes could ask for room for 2**64 of them.
    if major_type != _UNSIGNED and argument > len(data) - position:
        raise MalformedDocument(_ENDS_EARLY)
    match major_type:
        case 0:
            return argument, position
        case 2:
            return data[position : position + argument], position + argument
        case 3:
            return _text(data[position : position + argument]), position + argument
        case 4:
            items: list[CborValue] = []
            for _ in range(argument):
                item, position = _value_at(data, position, levels_left - 1)
                items.append(item)
            return items, position
        case 5:
            return _members_at(data, position, argument, levels_left)
        case _:
            raise MalformedDocument("CBOR of a kind that has no place in a proof")


def _members_at(data: bytes, position: int, count: int, levels_left: int) -> tuple[CborValue, int]:
    members: dict[int, CborValue] = {}
    for _ in range(count):
        key_type, key, position = _head_at(data, position)
        if key_type != _UNSIGNED:
            raise MalformedDocument("a key in a CBOR map that is no unsigned integer")
        members[key], position = _value_at(data, position, levels_left - 1)
    return members, position


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeError as error:
        raise MalformedDocument("a text in CBOR that is not UTF-8") from error


def _head_at(data: bytes, start: int) -> tuple[int, int, int]:
    """(major type, argument, where the rest begins)."""
    if start >= len(data):
        raise MalformedDocument(_ENDS_EARLY)
    major_type, code = data[start] >> 5, data[start] & 0b11111
    if code <= _IN_FIRST_BYTE:
        return major_type, code, start + 1
    size = _MORE_BYTES.get(code)
    if size is None or start + 1 + size > len(data):
        raise MalformedDocument(_ENDS_EARLY)
    return major_type, int.from_bytes(data[start + 1 : start + 1 + size], "big"), start + 1 + size
