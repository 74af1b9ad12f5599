"""Base58btc, https://www.w3.org/TR/controller-document/#multibase-0 (the Bitcoin alphabet)."""

from __future__ import annotations

from functools import cache
from typing import Final

from openbadges_kit.errors import MalformedDocument

__all__ = ["decode", "encode"]

_ALPHABET: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_DIGITS: Final = {character: value for value, character in enumerate(_ALPHABET)}
# Decoding takes quadratic time. An RSA key, the longest thing in this form, has some 400 characters.
MAX_CHARACTERS: Final = 8192
# Python divides a large number slowly and a small one fast: ten digits at a time still fit a machine word.
_CHARACTERS_IN_CHUNK: Final = 10
_CHUNK: Final = 58**10
_PAIR: Final = 58**2


def encode(data: bytes) -> str:
    """The bytes as base58btc; a leading zero byte is a leading 1."""
    zeros = len(data) - len(data.lstrip(b"\0"))
    number = int.from_bytes(data, "big")
    pairs, chunks = _pairs(), []
    while number:
        number, chunk = divmod(number, _CHUNK)
        high, low = divmod(chunk, _PAIR**3)
        chunks.append(
            pairs[high // _PAIR]
            + pairs[high % _PAIR]
            + pairs[low // _PAIR**2]
            + pairs[low // _PAIR % _PAIR]
            + pairs[low % _PAIR]
        )
    digits = "".join(reversed(chunks)).lstrip(_ALPHABET[0])
    return _ALPHABET[0] * zeros + digits


def decode(text: str) -> bytes:
    """The bytes that `text` stands for.

    Raises MalformedDocument for another alphabet or more than 8192 characters.
    """
    if len(text) > MAX_CHARACTERS:
        raise MalformedDocument(f"longer than {MAX_CHARACTERS} characters of base58")
    number = 0
    try:
        for start in range(0, len(text), _CHARACTERS_IN_CHUNK):
            characters = text[start : start + _CHARACTERS_IN_CHUNK]
            rest = 0
            for character in characters:
                rest = rest * 58 + _DIGITS[character]
            number = number * 58 ** len(characters) + rest
    except KeyError as error:
        raise MalformedDocument(f"{error.args[0]!r} is not in the base58 alphabet") from None
    zeros = len(text) - len(text.lstrip(_ALPHABET[0]))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")


@cache
def _pairs() -> tuple[str, ...]:
    """Every two digits, by their value."""
    return tuple(high + low for high in _ALPHABET for low in _ALPHABET)
