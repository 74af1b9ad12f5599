"""What a map is made of, before it is SVG or PNG: strokes, shapes and words, each with the name of its colour.

A line differs from the next by its colour, by the stripe that runs in it, and by the number that it bears; a station's
standing by its shape. So the map can be read in grey, and by who does not tell colours apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from issuer_service.drawing.lettering import width_of, wrapped
from issuer_service.drawing.style import LINES
from issuer_service.metro_map.geometry import Box, Spot, distance_to, length_of
from issuer_service.metro_map.layout import MapLayout, PlacedStation, Stretch
from issuer_service.metro_map.signs import Mark, Shape, Stroke, Words, sign_of
from issuer_service.metro_map.sizes import LETTERS, LINE_HEIGHT, LINE_WIDTH, UNIT, reach_of
from issuer_service.metro_map.views import MapView, Standing
from issuer_service.metro_map.words import say

__all__ = ["Group", "Scene", "compose"]

_STRIPES: Final[tuple[tuple[float, ...] | None, ...]] = (None, (), (12, 9), (0.1, 8), (14, 7, 0.1, 7))
"""What runs in the middle of a line: nothing, an unbroken stripe, dashes, dots, dashes and dots."""
_STRIPE_WIDTH: Final = 2.6
_BULLET: Final = 10.25
_SHARES: Final = (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8)
_CLEAR: Final = 3.0
_FREE: Final = 24.0
_LEGEND_ROW: Final = 30
_LEGEND_GAP: Final = 28
_LEGEND_SPACE: Final = 9
_SWATCH: Final = 46
_SIGN: Final = 26
_NARROWEST: Final = 340


@dataclass(frozen=True, slots=True)
class Group:
    """Marks that belong together. With a label they are one thing that is walked through and read out."""

    marks: tuple[Mark, ...]
    label: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Scene:
    """A whole map, in px."""

    width: int
    height: int
    groups: tuple[Group, ...]


def compose(layout: MapLayout, view: MapView) -> Scene:
    """The map of a view, and under it what its signs mean."""
    width = max(layout.width, _NARROWEST)
    legend, height = _legend(view, top=layout.height, width=width)
    groups = [
        Group(tuple(_line_marks(layout, view))),
        Group(tuple(_bullets(layout, view))),
        *(_station(one, view) for one in _in_order(layout)),
        Group(tuple(legend)),
    ]
    return Scene(width, height, tuple(groups))


def _in_order(layout: MapLayout) -> list[PlacedStation]:
    """Station by station along the first line, then along the next: as the list has them, each once."""
    placed = {station.key: station for station in layout.stations}
    keys = dict.fromkeys(key for line in layout.network.lines for key in line.stations)
    return [placed[key] for key in keys]


def _line_marks(layout: MapLayout, view: MapView) -> list[Mark]:
    marks: list[Mark] = []
    for line in layout.network.lines:
        for stretch in layout.of_line(line.key):
            marks += _stripes(stretch.points, view.number_of(line.key), stretch.width)
    return marks


def _stripes(points: tuple[Spot, ...], number: int, width: float = LINE_WIDTH) -> list[Mark]:
    stripe = _STRIPES[(number - 1) % len(_STRIPES)]
    marks: list[Mark] = [Stroke(points, _paint(number), width)]
    if stripe is not None and width > 2 * _STRIPE_WIDTH:
        marks.append(Stroke(points, "stripe", _STRIPE_WIDTH, stripe))
    return marks


def _paint(number: int) -> str:
    return f"line-{(number - 1) % LINES + 1}"


def _bullets(layout: MapLayout, view: MapView) -> list[Mark]:
    """A line's number, near its beginning and, where it is a long one, near its end."""
    marks: list[Mark] = []
    taken = [(station.at, station.reach) for station in layout.stations]
    names = [station.name.box for station in layout.stations]
    for line in layout.network.lines:
        stretches = layout.of_line(line.key)
        others = [part for one in layout.stretches if one.line != line.key for part in pairwise(one.points)]
        halves = (stretches, stretches[::-1][: len(stretches) // 2]) if len(stretches) > 3 else (stretches,)  # noqa: PLR2004
        numbered: list[Stretch] = []
        for half in halves:
            found = _spot_for_number([one for one in half if one not in numbered], taken, others, names)
            if found is not None:
                numbered.append(found[0])
                taken.append((found[1], _BULLET))
                marks += _bullet(found[1], view.number_of(line.key))
    return marks


def _spot_for_number(
    stretches: list[Stretch], taken: list[tuple[Spot, float]], others: list[tuple[Spot, Spot]], names: list[Box]
) -> tuple[Stretch, Spot] | None:
    """The first stretch on which there is room beside other lines; failing that, where most is. None without any."""
    best: tuple[float, Stretch, Spot] | None = None
    for stretch in stretches:
        for share in _SHARES:
            spot = _along(stretch.points, share)
            if any(length_of(spot, at) < radius + _BULLET + _CLEAR for at, radius in taken):
                continue
            if any(name.distance_to(spot) < _BULLET + _CLEAR for name in names):
                continue
            free = min(_FREE, min((distance_to(spot, a, b) for a, b in others), default=_FREE))
            if best is None or free > best[0]:
                best = (free, stretch, spot)
        if best is not None and best[0] == _FREE:
            break
    return best and best[1:]


def _bullet(at: Spot, number: int) -> list[Mark]:
    x, y = at
    return [
        Shape.disc(at, _BULLET - 1.25, fill="paper", edge=_paint(number), width=2.5),
        Words(str(number), (x, y + 4), 12, anchor="middle", strong=True),
    ]


def _along(points: tuple[Spot, ...], share: float) -> Spot:
    """The place at such a share of the way."""
    left = share * sum(length_of(a, b) for a, b in pairwise(points))
    for (x, y), (to_x, to_y) in pairwise(points):
        length = length_of((x, y), (to_x, to_y))
        if left <= length:
            return x + (to_x - x) * left / length, y + (to_y - y) * left / length
        left -= length
    return points[-1]


def _station(placed: PlacedStation, view: MapView) -> Group:
    station, name = view.network.station_of[placed.key], placed.name
    marks = sign_of(view.standings.get(placed.key), placed.at, ring=_ring(placed, view))
    x, top = name.at
    for number, line in enumerate(name.lines):
        baseline = top + LINE_HEIGHT * (number + 0.78)
        marks.append(Words(line, (x, baseline), LETTERS, anchor=name.anchor, halo=True))
    if name.note:
        baseline = top + LINE_HEIGHT * (len(name.lines) + 0.78)
        strong = view.standings.get(placed.key) is Standing.NEXT
        marks.append(Words(name.note, (x, baseline), LETTERS - 1, anchor=name.anchor, halo=True, strong=strong))
    return Group(tuple(marks), view.about(placed.key), station.href)


def _ring(placed: PlacedStation, view: MapView) -> float:
    return placed.reach if len(view.network.lines_at[placed.key]) > 1 else 0


def _legend(view: MapView, *, top: float, width: float) -> tuple[list[Mark], int]:
    """Items in rows, as many beside each other as there is room for; and the height of the whole picture."""
    items: list[tuple[list[Mark], int, str]] = []
    for number, line in enumerate(view.network.lines, start=1):
        swatch = [*_stripes(((0, 0), (_SWATCH, 0)), number), *_bullet((_SWATCH / 2, 0), number)]
        items.append((swatch, _SWATCH, line.name))
    items += [
        (sign_of(one, (_SIGN / 2, 0)), _SIGN, say(view.language, str(one)))
        for one in sorted(set(view.standings.values()), key=list(Standing).index)
    ]
    if any(len(lines) > 1 for lines in view.network.lines_at.values()):
        items.append((sign_of(None, (_SIGN / 2, 0), ring=reach_of(2, 1)), _SIGN, say(view.language, "connection")))
    marks: list[Mark] = [Stroke(((UNIT, top), (width - UNIT, top)), "rule", 1)]
    x, y = float(UNIT), top + _LEGEND_ROW
    for drawn, drawn_width, text in items:
        before = drawn_width + _LEGEND_SPACE
        (short,) = wrapped(text, width - 2 * UNIT - before, LETTERS, lines=1)
        needed = before + width_of(short, LETTERS)
        if x > UNIT and x + needed > width - UNIT:
            x, y = float(UNIT), y + _LEGEND_ROW
        marks += [one.moved(x, y) for one in drawn]
        marks.append(Words(short, (x + before, y + 5), LETTERS))
        x += needed + _LEGEND_GAP
    return marks, int(y + _LEGEND_ROW)
