"""Unpacking what a stranger packed, to a limit."""

from __future__ import annotations

import zlib

from openbadges_kit.errors import MalformedDocument

__all__ = ["inflate"]


def inflate(data: bytes, *, wbits: int, max_bytes: int) -> bytes:
    """The unpacked bytes.

    Raises MalformedDocument when they are more than `max_bytes`, cut off, or followed by others.
    """
    decompressor = zlib.decompressobj(wbits=wbits)
    try:
        unpacked = decompressor.decompress(data, max_bytes + 1)
    except zlib.error as error:
        raise MalformedDocument(f"it cannot be unpacked: {error}") from error
    if len(unpacked) > max_bytes:
        raise MalformedDocument(f"it is larger than {max_bytes} bytes")
    if not decompressor.eof or decompressor.unused_data:
        raise MalformedDocument("it is cut off, or has something behind its end")
    return unpacked
