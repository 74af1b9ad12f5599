"""Base58btc, https://www.w3.org/TR/controller-document/#multibase-0 (the Bitcoin alphabet)."""

from __future__ import annotations

from typing import Final

from openbadges_kit.errors import MalformedDocument

__all__ = ["decode", "encode"]

_ALPHABET: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_DIGITS: Final = {character: value for value, character in enumerate(_ALPHABET)}
# Decoding takes quadratic time. An RSA key, the longest thing in this form, has some 400 characters.
MAX_CHARACTERS: Final = 8192


def encode(data: bytes) -> str:
    """The bytes as base58btc; a leading zero byte is a leading 1."""
    zeros = len(data) - len(data.lstrip(b"\0"))
    number = int.from_bytes(data, "big")
    characters = []
    while number:
        number, digit = divmod(number, 58)
        characters.append(_ALPHABET[digit])
    return _ALPHABET[0] * zeros + "".join(reversed(characters))


def decode(text: str) -> bytes:
    """The bytes that `text` stands for.

    Raises MalformedDocument for another alphabet or more than 8192 characters.
    """
    if len(text) > MAX_CHARACTERS:
        raise MalformedDocument(f"longer than {MAX_CHARACTERS} characters of base58")
    number = 0
    try:
        for character in text:
            number = number * 58 + _DIGITS[character]
    except KeyError as error:
        raise MalformedDocument(f"{error.args[0]!r} is not in the base58 alphabet") from None
    zeros = len(text) - len(text.lstrip(_ALPHABET[0]))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")
