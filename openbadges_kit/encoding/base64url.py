"""Base64url without padding, https://www.rfc-editor.org/rfc/rfc7515#section-2."""

from __future__ import annotations

import base64
import re
from typing import Final

from openbadges_kit.errors import MalformedDocument

__all__ = ["decode", "encode"]

_ALPHABET: Final = re.compile(r"[A-Za-z0-9_-]*")


def encode(data: bytes) -> str:
    """The bytes as base64url, without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode(text: str) -> bytes:
    """The bytes that `text` stands for.

    Raises MalformedDocument for another alphabet, padding, or bits left over: two texts for the same
    bytes would let a signed token be changed without being noticed.
    """
    if not _ALPHABET.fullmatch(text) or len(text) % 4 == 1:
        raise MalformedDocument("not base64url without padding")
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if encode(data) != text:
        raise MalformedDocument("not base64url in its canonical form")
    return data
