"""A picture for an achievement, drawn from its name: the same words give the same bytes, as PNG and as SVG."""

from __future__ import annotations

import hashlib
import io
import math
import re
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from PIL import Image as Picture
from PIL import ImageDraw, ImageFont

__all__ = ["SIZE", "contrast", "draw_badge", "draw_badge_svg"]

SIZE: Final = 512
# Drawn larger and scaled down: Pillow's shapes have no smooth edges of their own.
_SCALE: Final = 4
_SIDE: Final = SIZE * _SCALE
_LINES: Final = 4
_LINE_HEIGHT: Final = 1.22
# Dark enough that white text on them has a contrast of at least 7 to 1 (WCAG AAA).
_COLOURS: Final = ("#0b4f6c", "#14532d", "#5b2a86", "#7a1f3d", "#1e3a8a", "#5c3d00", "#115e59", "#4a044e")
_INKS: Final = ("#ffffff", "#000000")
_COLOUR: Final = re.compile(r"#[0-9a-fA-F]{6}")
_SMALL: Final = _SIDE // 22
_DARK: Final = 0.04045  # below it sRGB is linear


def draw_badge(name: str, *, code: str = "", issuer: str = "", level: str = "", colour: str | None = None) -> bytes:
    """A PNG of 512 by 512 pixels: the name, a short code above it, its level and the issuer below it.

    `colour` (`#rrggbb`) is that of the badge; without one it follows from the name. The text is black or white,
    whichever can be read better. Raises ValueError for another colour.
    """
    layout = _laid_out(name, code=code, issuer=issuer, level=level, colour=colour)
    picture = Picture.new("RGBA", (_SIDE, _SIDE), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    draw.polygon(_hexagon(0.49), fill=layout.colour)
    draw.line([*_hexagon(0.44), _hexagon(0.44)[0]], fill=layout.ink, width=_SIDE // 128, joint="curve")
    for line in layout.lines:
        draw.text((_SIDE / 2, line.middle), line.text, font=_font(line.size), fill=layout.ink, anchor="mm")
    picture = picture.resize((SIZE, SIZE), Picture.Resampling.LANCZOS)
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def draw_badge_svg(name: str, *, code: str = "", issuer: str = "", level: str = "", colour: str | None = None) -> str:
    """The same as an SVG, whose words a screen reader reads. Raises ValueError for another colour."""
    layout = _laid_out(name, code=code, issuer=issuer, level=level, colour=colour)
    said = ", ".join(filter(None, map(_clean, (name, code, level, issuer))))
    texts = "".join(
        f'<text x="{SIZE // 2}" y="{_shown(line.middle)}" font-size="{_shown(line.size)}">{escape(line.text)}</text>'
        for line in layout.lines
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}" role="img" '
        f"aria-label={quoteattr(said)}><title>{escape(said)}</title>"
        f'<polygon points="{_points(0.49)}" fill="{layout.colour}"/>'
        f'<polygon points="{_points(0.44)}" fill="none" stroke="{layout.ink}" stroke-width="{SIZE // 128}"/>'
        f'<g fill="{layout.ink}" font-family="Helvetica, Arial, sans-serif" text-anchor="middle" '
        f'dominant-baseline="central">{texts}</g></svg>'
    )


def contrast(one: str, other: str) -> float:
    """How well two colours can be told apart, from 1 to 21: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio"""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    middle: float
    size: int


@dataclass(frozen=True, slots=True)
class _Layout:
    """What stands where, in the larger picture."""

    colour: str
    ink: str
    lines: tuple[_Line, ...]


def _laid_out(name: str, *, code: str, issuer: str, level: str, colour: str | None) -> _Layout:
    if colour is None:
        colour = _COLOURS[hashlib.sha256(name.encode()).digest()[0] % len(_COLOURS)]
    elif not _COLOUR.fullmatch(colour):
        raise ValueError(f"{colour} is no colour like #0b4f6c")
    draw = ImageDraw.Draw(Picture.new("L", (1, 1)))
    texts, font = _fit(draw, _clean(name), width=int(_SIDE * 0.66), height=int(_SIDE * 0.36))
    height = font.size * _LINE_HEIGHT
    top = _SIDE / 2 - height * len(texts) / 2
    lines = [_Line(text, top + height * (number + 0.5), int(font.size)) for number, text in enumerate(texts)]
    small = _font(_SMALL)
    for words, place in ((code, 0.235), (level, 0.715), (issuer, 0.765)):
        if text := _clean(words):
            lines.append(_Line(_shortened(draw, text, small, _SIDE * 0.4), _SIDE * place, _SMALL))
    return _Layout(colour, max(_INKS, key=lambda ink: contrast(ink, colour)), tuple(lines))


def _luminance(colour: str) -> float:
    """https://www.w3.org/TR/WCAG22/#dfn-relative-luminance"""
    shares = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (share / 12.92 if share <= _DARK else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _hexagon(radius: float) -> list[tuple[float, float]]:
    return [
        (
            _SIDE / 2 + _SIDE * radius * math.sin(math.radians(angle)),
            _SIDE / 2 - _SIDE * radius * math.cos(math.radians(angle)),
        )
        for angle in range(0, 360, 60)
    ]


def _points(radius: float) -> str:
    return " ".join(f"{_shown(x)},{_shown(y)}" for x, y in _hexagon(radius))


def _shown(length: float) -> str:
    return f"{length / _SCALE:.1f}"


def _clean(text: str) -> str:
    """The text on one line, without what nothing can draw and XML cannot hold: https://www.w3.org/TR/xml/#charsets"""
    return "".join(character for character in " ".join(text.split()) if character.isprintable())


def _font(size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise RuntimeError("this Pillow was built without FreeType, which draws the text")  # noqa: TRY004  # a build, not a type
    return font


def _fit(draw: ImageDraw.ImageDraw, text: str, *, width: int, height: int) -> tuple[list[str], ImageFont.FreeTypeFont]:
    """The text in lines, in the largest size at which it fits; at the smallest it is cut with an ellipsis."""
    for size in range(height // 3, height // 12, -height // 60):
        font = _font(size)
        lines = _wrap(draw, text, font, width)
        widest = max(draw.textlength(line, font=font) for line in lines)
        if len(lines) <= _LINES and widest <= width and len(lines) * size * _LINE_HEIGHT <= height:
            return lines, font
    font = _font(height // 12)
    lines = _wrap(draw, text, font, width)
    shown = [_shortened(draw, line, font, width) for line in lines[:_LINES]]
    if len(lines) > _LINES:
        shown[-1] = _shortened(draw, shown[-1] + " …", font, width)
    return shown, font


def _wrap(draw: ImageDraw.ImageDraw, text: str, font: ImageFont.FreeTypeFont, width: float) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if not lines[-1] or draw.textlength(longer, font=font) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _shortened(draw: ImageDraw.ImageDraw, text: str, font: ImageFont.FreeTypeFont, width: float) -> str:
    if draw.textlength(text, font=font) <= width:
        return text
    while text and draw.textlength(text + "…", font=font) > width:
        text = text[:-1]
    return text.rstrip() + "…"
