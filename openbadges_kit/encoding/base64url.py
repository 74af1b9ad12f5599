"""Base64url without padding, https://www.rfc-editor.org/rfc/rfc7515#section-2."""

from __future__ import annotations

import base64
import binascii

from openbadges_kit.errors import MalformedDocument

__all__ = ["decode", "encode"]


def encode(data: bytes) -> str:
    """The bytes as base64url, without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode(text: str) -> bytes:
    """The bytes that `text` stands for.

    Raises MalformedDocument for another alphabet, padding, or bits left over: two texts for the same
    bytes would let a signed token be changed without being noticed.
    """
    # Those of the other alphabet.
    if "+" in text or "/" in text or "=" in text:
        raise MalformedDocument("not base64url without padding")
    try:
        # Replaced and not translated, which takes twice as long.
        standard = text.replace("-", "+").replace("_", "/").encode("ascii")
        data = binascii.a2b_base64(standard + b"=" * (-len(text) % 4), strict_mode=True)
    except ValueError as error:
        raise MalformedDocument("not base64url without padding") from error
    # The last bytes may have bits left over, and those could be any.
    last = len(text) % 4
    if last and encode(data[-(len(data) % 3) :]) != text[-last:]:
        raise MalformedDocument("not base64url in its canonical form")
    return data
