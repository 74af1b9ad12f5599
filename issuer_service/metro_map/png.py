"""The map as a PNG, for a letter or a slide: in the colours of light, or in the greys of print."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from io import BytesIO
from itertools import pairwise
from math import hypot, sqrt
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from issuer_service.drawing.style import STYLESHEET
from issuer_service.metro_map.geometry import Spot
from issuer_service.metro_map.layout import lay_out
from issuer_service.metro_map.scene import compose
from issuer_service.metro_map.signs import Mark, Shape, Stroke, Words
from issuer_service.metro_map.sizes import Direction
from issuer_service.metro_map.views import MapView

__all__ = ["draw_png"]

_SCALE: Final = 2
_SMOOTH: Final = 2
"""It is drawn so much larger and made smaller again, which leaves edges smooth."""
_MOST_PIXELS: Final = 24_000_000
_HALO: Final = 2
# What a class of the stylesheet says of a shape's edge, by the name of its colour there.
_PAINTS: Final[Mapping[str, str]] = {"stripe": "paper", "edge": "ink", "faint-edge": "rule"}


def draw_png(view: MapView, *, direction: Direction = Direction.RIGHTWARDS, grey: bool = False) -> bytes:
    """The picture, at two pixels per px, or fewer for a very large map. Raises MapUnfit as `lay_out` does."""
    scene = compose(lay_out(view.network, direction=direction), view)
    wanted = _SCALE * _SMOOTH
    scale = min(wanted, sqrt(_MOST_PIXELS / (scene.width * scene.height)))
    size = (round(scene.width * scale), round(scene.height * scale))
    colours = _colours(grey=grey)
    image = Image.new("RGB", size, colours["paper"])
    pen = _Pen(ImageDraw.Draw(image), scale, colours)
    for group in scene.groups:
        for mark in group.marks:
            pen.draw(mark)
    small = image.resize((max(1, size[0] // _SMOOTH), max(1, size[1] // _SMOOTH)), Image.Resampling.LANCZOS)
    out = BytesIO()
    small.save(out, "PNG", optimize=True)
    return out.getvalue()


class _Pen:
    def __init__(self, canvas: ImageDraw.ImageDraw, scale: float, colours: Mapping[str, str]) -> None:
        self._canvas = canvas
        self._scale = scale
        self._colours = colours

    def draw(self, mark: Mark) -> None:
        match mark:
            case Stroke():
                for part in _dashed(mark.points, mark.dash):
                    self._line(part, self._paint(mark.paint), mark.width)
            case Shape():
                self._shape(mark)
            case Words():
                self._words(mark)

    def _paint(self, name: str) -> str:
        name = _PAINTS.get(name, name).removeprefix("filled-")
        return self._colours[name]

    def _line(self, points: tuple[Spot, ...], colour: str, width: float) -> None:
        spots = [self._at(point) for point in points]
        self._canvas.line(spots, fill=colour, width=round(width * self._scale), joint="curve")
        radius = width * self._scale / 2
        for x, y in (spots[0], spots[-1]):
            self._canvas.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)

    def _shape(self, shape: Shape) -> None:
        points, edge = shape.points, shape.edge
        if shape.radius:
            self._disc(points[0], shape.radius, self._paint(shape.fill))
            if edge:
                (x, y), half = points[0], shape.width / 2
                outline = tuple((x + shape.radius * dx, y + shape.radius * dy) for dx, dy in _circle())
                if shape.dash:
                    for part in _dashed(outline, shape.dash):
                        self._line(part, self._paint(edge), shape.width)
                else:
                    self._disc(points[0], shape.radius + half, self._paint(edge))
                    self._disc(points[0], shape.radius - half, self._paint(shape.fill))
            return
        self._canvas.polygon([self._at(point) for point in points], fill=self._paint(shape.fill))
        if edge:
            self._line((*points, points[0]), self._paint(edge), shape.width)

    def _disc(self, at: Spot, radius: float, colour: str) -> None:
        (x, y), r = self._at(at), radius * self._scale
        self._canvas.ellipse((x - r, y - r, x + r, y + r), fill=colour)

    def _words(self, words: Words) -> None:
        font = ImageFont.load_default(max(1, round(words.size * self._scale)))
        bold = round(self._scale * 0.22) if words.strong else 0
        if words.halo:
            halo = round(_HALO * self._scale)
            self._text(words, font, self._colours["paper"], halo)
        self._text(words, font, self._colours["ink"], bold)

    def _text(self, words: Words, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, colour: str, around: int) -> None:
        anchor = {"middle": "ms", "end": "rs"}.get(words.anchor, "ls")
        at = self._at(words.at)
        self._canvas.text(
            at, words.text, font=font, fill=colour, anchor=anchor, stroke_width=around, stroke_fill=colour
        )

    def _at(self, point: Spot) -> Spot:
        return point[0] * self._scale, point[1] * self._scale


def _colours(*, grey: bool) -> dict[str, str]:
    """The colours as the stylesheet has them: its first block is that of light, and there is one of print."""
    block = STYLESHEET.partition("@media print")[2] if grey else STYLESHEET
    return dict(re.findall(r"--drawing-([a-z0-9-]+): (#[0-9a-f]{6});", block.partition("@media")[0]))


def _dashed(points: tuple[Spot, ...], dash: tuple[float, ...]) -> Iterator[tuple[Spot, ...]]:
    """The parts of a way that are drawn."""
    if not dash:
        yield points
        return
    number, left, part = 0, dash[0], [points[0]]
    for start, end in pairwise(points):
        at, length = start, hypot(end[0] - start[0], end[1] - start[1])
        while length > left:
            share = left / length
            at = (at[0] + (end[0] - at[0]) * share, at[1] + (end[1] - at[1]) * share)
            length -= left
            if number % 2 == 0:
                yield (*part, at)
            number += 1
            left, part = dash[number % len(dash)], [at]
        left -= length
        part.append(end)
    if number % 2 == 0:
        yield tuple(part)


def _circle() -> Iterator[Spot]:
    corners = 48
    x, y = 1.0, 0.0
    # Turned step by step by an angle of which the cosine and the sine are known to every digit that is needed.
    cosine, sine = 0.9914448613738104, 0.13052619222005157
    for _ in range(corners + 1):
        yield x, y
        x, y = x * cosine - y * sine, x * sine + y * cosine
