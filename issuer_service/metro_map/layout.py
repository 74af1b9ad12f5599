"""A network laid out: where each station and its name stands, and by which points each line goes.

Every part of a line is straight, or at 45 degrees; no two stations stand in one place; a line keeps off the stations
that it does not call at; no name lies over another. What a station is given as room is as large as its name may be, so
that the last holds for whatever the names are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from math import hypot
from typing import Final

from issuer_service.drawing.lettering import shortened, width_of, wrapped
from issuer_service.metro_map.network import MapLine, MapStation, Network
from issuer_service.metro_map.placement import Place, place_stations
from issuer_service.metro_map.routing import DIRECTIONS, Point, Router, bends_of

__all__ = [
    "LETTERS",
    "LINE_HEIGHT",
    "LINE_WIDTH",
    "RADIUS",
    "UNIT",
    "Box",
    "Direction",
    "MapLayout",
    "PlacedName",
    "PlacedStation",
    "Spot",
    "Stretch",
    "lay_out",
]

Spot = tuple[float, float]
"""A place in the picture, in px."""

UNIT: Final = 24
"""Between two points of the grid, in px."""
RADIUS: Final = 11
"""Of a station's sign, in px."""
LINE_WIDTH: Final = 7
LETTERS: Final = 14
"""The size of a name's letters, in px."""
LINE_HEIGHT: Final = 17
_BESIDE: Final = LINE_WIDTH + 1
_NAME_LINES: Final = 3
# Points beyond the last stations, so that a line can go round one.
_ROUND: Final = 4
# Points more above the first row, where a name of it stands above.
_ABOVE: Final = 2
_GAP: Final = 6


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, in px."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Box) -> bool:
        """Is there a point within both?"""
        beside = self.left < other.right and other.left < self.right
        return beside and self.top < other.bottom and other.top < self.bottom


class Direction(StrEnum):
    """Which way lines run. Downwards is for narrow screens."""

    RIGHTWARDS = "rightwards"
    DOWNWARDS = "downwards"


@dataclass(frozen=True, slots=True)
class _Room:
    """In points of the grid: how far stations are apart along a line and across, and the margin; names' width in px."""

    along: int
    across: int
    margin: Point
    name_width: float
    across_direction: int


_ROOMS: Final[Mapping[Direction, _Room]] = {
    Direction.RIGHTWARDS: _Room(along=6, across=5, margin=(3, 2), name_width=5.6 * UNIT, across_direction=2),
    Direction.DOWNWARDS: _Room(along=4, across=8, margin=(2, 2), name_width=6.4 * UNIT, across_direction=0),
}


@dataclass(frozen=True, slots=True)
class PlacedName:
    """A station's name and its note as they are written: their lines, the top of the first, how they are aligned."""

    lines: tuple[str, ...]
    note: str
    at: Spot
    anchor: str
    box: Box


@dataclass(frozen=True, slots=True)
class PlacedStation:
    """A station in the picture."""

    key: str
    place: Place
    at: Spot
    name: PlacedName


@dataclass(frozen=True, slots=True)
class Stretch:
    """A line's way from one station to the next. Lines that go together lie beside each other."""

    line: str
    start: str
    end: str
    points: tuple[Spot, ...]


@dataclass(frozen=True, slots=True)
class MapLayout:
    """What a picture is made of."""

    network: Network
    direction: Direction
    width: int
    height: int
    stations: tuple[PlacedStation, ...]
    stretches: tuple[Stretch, ...]

    def of_line(self, key: str) -> list[Stretch]:
        """The stretches of a line, in its order."""
        return [one for one in self.stretches if one.line == key]


def lay_out(network: Network, *, direction: Direction = Direction.RIGHTWARDS) -> MapLayout:
    """The layout of a network, the same for the same network. Raises MapUnfit where there is no way for a line."""
    room = _ROOMS[direction]
    places = place_stations(network)
    above = _with_name_above(network, places) if direction is Direction.RIGHTWARDS else frozenset()
    top = _ABOVE if any(places[key][1] == 0 for key in above) else 0
    points = {key: _point(place, room, direction, top) for key, place in places.items()}
    stations = tuple(
        _placed(network.station_of[key], places[key], points[key], direction, above=key in above) for key in places
    )
    size = (max(x for x, _ in points.values()) + _ROUND, max(y for _, y in points.values()) + _ROUND)
    router = Router(size, set(points.values()), _under_names(stations), room.across_direction)
    ways = _ways(network, points, router)
    stretches = tuple(stretch for line in network.lines for stretch in _stretches(line, points, ways))
    spots = [spot for stretch in stretches for spot in stretch.points]
    right = max([station.name.box.right for station in stations] + [x for x, _ in spots])
    bottom = max([station.name.box.bottom for station in stations] + [y for _, y in spots])
    return MapLayout(network, direction, int(right + UNIT), int(bottom + UNIT), stations, stretches)


def _with_name_above(network: Network, places: Mapping[str, Place]) -> frozenset[str]:
    """The stations whose names are better above them: most of their lines go down, and nothing stands above."""
    taken = set(places.values())
    found = set()
    for key, (column, row) in places.items():
        beside = [
            places[other][1]
            for line in network.lines
            for pair in pairwise(line.stations)
            if key in pair
            for other in pair
            if other != key
        ]
        goes_down = sum(other > row for other in beside) > sum(other < row for other in beside)
        if goes_down and (column, row - 1) not in taken:
            found.add(key)
    return frozenset(found)


def _point(place: Place, room: _Room, direction: Direction, top: int) -> Point:
    column, row = place
    along, across = column * room.along, row * room.across
    x, y = (along, across) if direction is Direction.RIGHTWARDS else (across, along)
    return x + room.margin[0], y + room.margin[1] + top


def _placed(station: MapStation, place: Place, point: Point, direction: Direction, *, above: bool) -> PlacedStation:
    at = (float(point[0] * UNIT), float(point[1] * UNIT))
    widest = _ROOMS[direction].name_width
    lines = wrapped(station.name, widest, LETTERS, lines=_NAME_LINES)
    note = shortened(station.note, widest, LETTERS - 1)
    written = [width_of(line, LETTERS) for line in lines] + ([width_of(note, LETTERS - 1)] if note else [])
    width, height = max(written), LINE_HEIGHT * len(written)
    if direction is Direction.RIGHTWARDS:
        top = at[1] - RADIUS - _GAP - height if above else at[1] + RADIUS + _GAP
        box = Box(at[0] - width / 2, top, at[0] + width / 2, top + height)
        return PlacedStation(station.key, place, at, PlacedName(lines, note, (at[0], top), "middle", box))
    left, top = at[0] + RADIUS + _GAP + 4, at[1] - height / 2
    box = Box(left, top, left + width, top + height)
    return PlacedStation(station.key, place, at, PlacedName(lines, note, (left, top), "start", box))


def _under_names(stations: tuple[PlacedStation, ...]) -> dict[Point, int]:
    found: dict[Point, int] = {}
    for station in stations:
        box = station.name.box
        for x in range(round(box.left / UNIT), round(box.right / UNIT) + 1):
            for y in range(round(box.top / UNIT), round(box.bottom / UNIT) + 1):
                near = Box(x * UNIT - _GAP, y * UNIT - _GAP, x * UNIT + _GAP, y * UNIT + _GAP)
                if near.overlaps(box):
                    found[x, y] = found.get((x, y), 0) + 1
    return found


_Ways = dict[frozenset[str], tuple[list[Point], list[str]]]
"""By its two ends: the way, from the first station of the line that was first, and the lines that go it."""


def _ways(network: Network, points: Mapping[str, Point], router: Router) -> _Ways:
    """What can be straight goes first, so that it is; the others find their way around it."""
    ways: _Ways = {}
    pairs = [(line, number) for line in network.lines for number in range(len(line.stations) - 1)]
    for line, number in sorted(pairs, key=lambda one: _bent(points, one[0].stations[one[1] : one[1] + 2])):
        start, end = line.stations[number : number + 2]
        known = ways.get(frozenset((start, end)))
        if known is not None:
            known[1].append(line.key)
            continue
        arriving = _heading(ways, points, line.stations[number - 1 : number + 1]) if number else None
        leaving = _heading(ways, points, line.stations[number + 1 : number + 3], first=True)
        way = router.find(points[start], points[end], arriving=arriving, leaving=leaving)
        ways[frozenset((start, end))] = (way, [line.key])
    return ways


def _bent(points: Mapping[str, Point], pair: tuple[str, ...]) -> int:
    """0 for what is straight, and then the longer the later."""
    (x, y), (to_x, to_y) = points[pair[0]], points[pair[1]]
    dx, dy = abs(to_x - x), abs(to_y - y)
    return min(dx, dy) and dx + dy


def _heading(ways: _Ways, points: Mapping[str, Point], pair: tuple[str, ...], *, first: bool = False) -> int | None:
    """The direction of the last step between two stations, or of the first; None where there is no way yet."""
    known = ways.get(frozenset(pair)) if len(pair) > 1 else None
    if known is None:
        return None
    way = known[0] if known[0][0] == points[pair[0]] else known[0][::-1]
    (x, y), (to_x, to_y) = way[:2] if first else way[-2:]
    return DIRECTIONS.index((to_x - x, to_y - y))


def _stretches(line: MapLine, points: Mapping[str, Point], ways: _Ways) -> list[Stretch]:
    made = []
    for start, end in pairwise(line.stations):
        way, lines = ways[frozenset((start, end))]
        shift = (lines.index(line.key) - (len(lines) - 1) / 2) * _BESIDE
        spots = _beside([(x * UNIT, y * UNIT) for x, y in bends_of(way)], shift)
        made.append(Stretch(line.key, start, end, tuple(spots if way[0] == points[start] else spots[::-1])))
    return made


def _beside(points: list[Point], shift: float) -> list[Spot]:
    """The way that lies so far to its left, each part at the same angle as before."""
    normals = [
        (-(to[1] - at[1]) / hypot(to[0] - at[0], to[1] - at[1]), (to[0] - at[0]) / hypot(to[0] - at[0], to[1] - at[1]))
        for at, to in pairwise(points)
    ]
    before, after = [normals[0], *normals], [*normals, normals[-1]]
    shifted = []
    for (x, y), (ax, ay), (bx, by) in zip(points, before, after, strict=True):
        # Where both parts' parallels meet.
        scale = shift / (1 + ax * bx + ay * by)
        shifted.append((round(x + (ax + bx) * scale, 2), round(y + (ay + by) * scale, 2)))
    return shifted
