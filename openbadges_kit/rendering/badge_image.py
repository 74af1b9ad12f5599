"""A picture for an achievement, drawn from its name: the same name gives the same bytes."""

from __future__ import annotations

import hashlib
import io
import math
from typing import Final

from PIL import Image as Picture
from PIL import ImageDraw, ImageFont

__all__ = ["SIZE", "draw_badge"]

SIZE: Final = 512
# Drawn larger and scaled down: Pillow's shapes have no smooth edges of their own.
_SCALE: Final = 4
_LINES: Final = 4
# Dark enough that white text on them has a contrast of at least 7 to 1 (WCAG AAA).
_COLOURS: Final = ("#0b4f6c", "#14532d", "#5b2a86", "#7a1f3d", "#1e3a8a", "#5c3d00", "#115e59", "#4a044e")
_INK: Final = "#ffffff"


def draw_badge(name: str, *, code: str = "", issuer: str = "") -> bytes:
    """A PNG of 512 by 512 pixels with the name, a short code above it and the issuer below it."""
    side = SIZE * _SCALE
    picture = Picture.new("RGBA", (side, side), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    colour = _COLOURS[hashlib.sha256(name.encode()).digest()[0] % len(_COLOURS)]
    draw.polygon(_hexagon(side, 0.49), fill=colour)
    draw.line([*_hexagon(side, 0.44), _hexagon(side, 0.44)[0]], fill=_INK, width=side // 128, joint="curve")
    lines, font = _fit(draw, name, width=int(side * 0.66), height=int(side * 0.36))
    height = font.size * 1.22
    top = side / 2 - height * len(lines) / 2
    for number, line in enumerate(lines):
        draw.text((side / 2, top + height * (number + 0.5)), line, font=font, fill=_INK, anchor="mm")
    small = _font(side // 22)
    draw.text((side / 2, side * 0.235), _shortened(draw, code, small, side * 0.4), font=small, fill=_INK, anchor="mm")
    draw.text(
        (side / 2, side * 0.765),
        _shortened(draw, issuer, small, side * 0.4),
        font=small,
        fill=_INK,
        anchor="mm",
    )
    picture = picture.resize((SIZE, SIZE), Picture.Resampling.LANCZOS)
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _hexagon(side: int, radius: float) -> list[tuple[float, float]]:
    return [
        (
            side / 2 + side * radius * math.sin(math.radians(angle)),
            side / 2 - side * radius * math.cos(math.radians(angle)),
        )
        for angle in range(0, 360, 60)
    ]


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
        if len(lines) <= _LINES and widest <= width and len(lines) * size * 1.22 <= height:
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
