"""Where the names of stations are written.

Every name has a home, with room for as much as is ever written there; homes do not overlap, whatever the names are.
Once it is known where the lines go, a name under which one would pass moves to the first place about its station where
fewer do, and where nothing else is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from issuer_service.drawing.lettering import shortened, width_of, wrapped
from issuer_service.metro_map.geometry import Box, Spot
from issuer_service.metro_map.network import MapStation
from issuer_service.metro_map.sizes import GAP, LETTERS, LINE_HEIGHT, LINE_WIDTH, NAME_LINES, ROOMS, Direction

__all__ = ["NameBearer", "PlacedName", "home_of", "place_names"]

_OFFSET: Final = GAP + 2
# A name moves only for what can be seen: so many px of line less beneath it than one place sooner in the order.
_WORTH_MOVING: Final = 2.0
_NARROW: Final = 0.65


@dataclass(frozen=True, slots=True)
class PlacedName:
    """A station's name and its note as they are written: their lines, the top of the first, how they are aligned."""

    lines: tuple[str, ...]
    note: str
    at: Spot
    anchor: str
    box: Box

    def rows(self) -> Iterator[Box]:
        """Where each row of letters is."""
        for number, line in enumerate((*self.lines, self.note) if self.note else self.lines):
            width = width_of(line, LETTERS)
            left = self.at[0] - {"start": 0.0, "middle": width / 2, "end": width}[self.anchor]
            top = self.box.top + number * LINE_HEIGHT
            yield Box(left, top, left + width, top + LINE_HEIGHT)


@dataclass(frozen=True, slots=True)
class NameBearer:
    """A station whose name is to be written: where it is, how far its sign reaches, and whether its home is above."""

    station: MapStation
    at: Spot
    reach: float
    above: bool


def home_of(bearer: NameBearer, direction: Direction) -> Box:
    """The room that is kept for a name, with a row for a note, whether there is one or not."""
    lines = wrapped(bearer.station.name, ROOMS[direction].name_width, LETTERS, lines=NAME_LINES)
    width = max(width_of(line, LETTERS) for line in lines)
    return next(_places(bearer, direction, width, LINE_HEIGHT * (len(lines) + 1)))[1]


def place_names(
    bearers: Sequence[NameBearer], parts: Sequence[tuple[Spot, Spot]], direction: Direction
) -> Mapping[str, PlacedName]:
    """The names of all stations, by their keys, among these straight parts of lines."""
    written = {one.station.key: next(_ways_to_write(one, direction)) for one in bearers}
    taken = {key: name.box for key, name in written.items()}
    for bearer in bearers:
        name = written[bearer.station.key]
        near = Box(*bearer.at, *bearer.at).wider(bearer.reach + GAP + ROOMS[direction].name_width)
        lines = [part for part in parts if near.overlaps(_around(part))]
        others = [box for key, box in taken.items() if key != bearer.station.key and box.overlaps(near)]
        signs = [(one.at, one.reach) for one in bearers if one is not bearer and near.distance_to(one.at) < one.reach]
        least = _hidden(name, lines)
        for number, other in enumerate(_ways_to_write(bearer, direction)):
            if least <= _WORTH_MOVING * number:
                break
            hidden = _hidden(other, lines) + _WORTH_MOVING * number
            if hidden < least and _is_free(other.box, others, signs):
                name, least = other, hidden
        written[bearer.station.key] = name
        taken[bearer.station.key] = name.box
    return written


def _ways_to_write(bearer: NameBearer, direction: Direction) -> Iterator[PlacedName]:
    """At home first; then elsewhere, and on narrower lines, which fit between two lines that part."""
    room = ROOMS[direction].name_width
    note = shortened(bearer.station.note, room, LETTERS - 1)
    wide = wrapped(bearer.station.name, room, LETTERS, lines=NAME_LINES)
    narrow = wrapped(bearer.station.name, room * _NARROW, LETTERS, lines=NAME_LINES)
    # Words are broken or shortened where there is no other way, and not for this.
    shapes = [wide, narrow] if narrow != wide and " ".join(narrow).split() == bearer.station.name.split() else [wide]
    sizes = []
    for lines in shapes:
        widths = [width_of(line, LETTERS) for line in lines] + ([width_of(note, LETTERS - 1)] if note else [])
        sizes.append((max(widths), LINE_HEIGHT * len(widths)))
    for places in zip(*(_places(bearer, direction, *size) for size in sizes), strict=True):
        for lines, (anchor, box) in zip(shapes, places, strict=True):
            x = {"start": box.left, "middle": (box.left + box.right) / 2, "end": box.right}[anchor]
            yield PlacedName(lines, note, (x, box.top), anchor, box)


def _places(bearer: NameBearer, direction: Direction, width: float, height: float) -> Iterator[tuple[str, Box]]:
    """Where a name of such a size may be written, and how it is aligned there; its home comes first."""
    (x, y), reach = bearer.at, bearer.reach
    if direction is Direction.RIGHTWARDS:
        below, above = y + reach + GAP, y - reach - GAP - height
        for top in (above, below) if bearer.above else (below, above):
            yield "middle", Box(x - width / 2, top, x + width / 2, top + height)
        for top in (above, below) if bearer.above else (below, above):
            yield "end", Box(x + reach - width, top, x + reach, top + height)
            yield "start", Box(x - reach, top, x - reach + width, top + height)
    else:
        left, right = x - reach - _OFFSET, x + reach + _OFFSET
        for top in (y - height / 2, y - height + LINE_HEIGHT / 2, y - LINE_HEIGHT / 2):
            yield "start", Box(right, top, right + width, top + height)
        for top in (y - height / 2, y - height + LINE_HEIGHT / 2, y - LINE_HEIGHT / 2):
            yield "end", Box(left - width, top, left, top + height)


def _hidden(name: PlacedName, parts: Sequence[tuple[Spot, Spot]]) -> float:
    """How many px of lines would pass under its letters."""
    around = name.box.wider(LINE_WIDTH / 2)
    under = [part for part in parts if around.hides(*part)]
    return sum(row.wider(LINE_WIDTH / 2).hides(*part) for row in name.rows() for part in under) if under else 0


def _is_free(box: Box, others: Sequence[Box], signs: Sequence[tuple[Spot, float]]) -> bool:
    inside = box.left >= GAP and box.top >= GAP
    wider = box.wider(GAP / 2)
    return (
        inside
        and not any(wider.overlaps(other) for other in others)
        and all(wider.distance_to(at) > reach for at, reach in signs)
    )


def _around(part: tuple[Spot, Spot]) -> Box:
    (x, y), (to_x, to_y) = part
    return Box(min(x, to_x) - 1, min(y, to_y) - 1, max(x, to_x) + 1, max(y, to_y) + 1)
