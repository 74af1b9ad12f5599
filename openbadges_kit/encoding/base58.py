"""Base58btc, https://www.w3.org/TR/controller-document/#multibase-0 (the Bitcoin alphabet)."""

from __future__ import annotations

from typing import Final

from openbadges_kit.errors import MalformedDocument

__all__ = ["decode", "encode"]

_ALPHABET: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
# The value of each byte, and one that no digit has for whatever is none.
_NONE: Final = 0xFF
_VALUES: Final = bytes(_ALPHABET.find(chr(byte)) & _NONE for byte in range(256))
# Decoding takes quadratic time. An RSA key, the longest thing in this form, has some 400 characters.
MAX_CHARACTERS: Final = 8192
# Python divides a large number slowly and a small one fast: ten digits at a time fit a machine word, and five
# one digit of Python's own.
_CHARACTERS_IN_CHUNK: Final = 10
_CHUNK: Final = 58**10
_HALF: Final = 58**5
_2, _3, _4 = 58**2, 58**3, 58**4
_CHARACTERS: Final = bytes.maketrans(bytes(range(58)), _ALPHABET.encode())


def encode(data: bytes) -> str:
    """The bytes as base58btc; a leading zero byte is a leading 1."""
    zeros = len(data) - len(data.lstrip(b"\0"))
    number = int.from_bytes(data, "big")
    digits: list[int] = []
    while number:
        number, chunk = divmod(number, _CHUNK)
        high, low = divmod(chunk, _HALF)
        # By arithmetic: a table of pairs is faster only for who encodes nothing but one value over and over.
        digits += (low % 58, low // 58 % 58, low // _2 % 58, low // _3 % 58, low // _4)
        digits += (high % 58, high // 58 % 58, high // _2 % 58, high // _3 % 58, high // _4)
    digits.reverse()
    return _ALPHABET[0] * zeros + bytes(digits).lstrip(b"\0").translate(_CHARACTERS).decode()


def decode(text: str) -> bytes:
    """The bytes that `text` stands for.

    Raises MalformedDocument for another alphabet or more than 8192 characters.
    """
    if len(text) > MAX_CHARACTERS:
        raise MalformedDocument(f"longer than {MAX_CHARACTERS} characters of base58")
    try:
        digits = text.encode("latin-1").translate(_VALUES)
    except UnicodeEncodeError:
        digits = b"\xff"
    if _NONE in digits:
        wrong = next(character for character in text if character not in _ALPHABET)
        raise MalformedDocument(f"{wrong!r} is not in the base58 alphabet")
    number = 0
    for start in range(0, len(digits), _CHARACTERS_IN_CHUNK):
        rest, chunk = 0, digits[start : start + _CHARACTERS_IN_CHUNK]
        for digit in chunk:
            rest = rest * 58 + digit
        number = number * 58 ** len(chunk) + rest
    zeros = len(text) - len(text.lstrip(_ALPHABET[0]))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")
