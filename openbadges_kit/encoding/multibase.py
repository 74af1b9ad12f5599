"""Multibase: one character says which base the rest is in.

https://www.w3.org/TR/controller-document/#multibase-0
"""

from __future__ import annotations

from openbadges_kit.encoding import base58, base64url
from openbadges_kit.errors import MalformedDocument

__all__ = ["decode", "encode_base58", "encode_base64url"]


def encode_base58(data: bytes) -> str:
    """`z` and the bytes as base58btc."""
    return "z" + base58.encode(data)


def encode_base64url(data: bytes) -> str:
    """`u` and the bytes as base64url without padding."""
    return "u" + base64url.encode(data)


def decode(text: object) -> bytes:
    """The bytes behind a `z…` (base58btc) or `u…` (base64url) text.

    Raises MalformedDocument for any other base, the only two that Data Integrity uses.
    """
    if isinstance(text, str) and text.startswith("z"):
        return base58.decode(text[1:])
    if isinstance(text, str) and text.startswith("u"):
        return base64url.decode(text[1:])
    raise MalformedDocument("not multibase in base58btc (z…) or base64url (u…)")
