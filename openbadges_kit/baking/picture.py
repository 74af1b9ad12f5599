"""Baking into whichever kind of picture it is: PNG or SVG."""

from __future__ import annotations

from openbadges_kit.baking import png, svg
from openbadges_kit.errors import MalformedDocument

__all__ = ["bake", "is_picture", "unbake"]


def is_picture(data: bytes) -> bool:
    """Does this begin as a PNG or an XML document does?"""
    return data.startswith(png.SIGNATURE) or _is_xml(data)


def bake(image: bytes, credential: bytes | str) -> bytes:
    """The picture with the credential in it. Raises MalformedDocument like `bake_png` and `bake_svg`."""
    if image.startswith(png.SIGNATURE):
        return png.bake_png(image, credential)
    if _is_xml(image):
        return svg.bake_svg(image, credential)
    raise MalformedDocument("neither a PNG nor an SVG")


def unbake(image: bytes) -> bytes:
    """The credential in the picture. Raises MalformedDocument like `unbake_png` and `unbake_svg`."""
    if image.startswith(png.SIGNATURE):
        return png.unbake_png(image)
    if _is_xml(image):
        return svg.unbake_svg(image)
    raise MalformedDocument("neither a PNG nor an SVG")


def _is_xml(data: bytes) -> bool:
    return data[:256].removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")
