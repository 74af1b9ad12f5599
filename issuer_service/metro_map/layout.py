"""A network laid out: where each station and its name stands, and by which points each line goes.

Every part of a line is straight, or at 45 degrees; no two stations stand in one place; a line keeps off the stations
that it does not call at; no name lies over another. What a station is given as room is as large as its name may be, so
that the last holds for whatever the names are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import hypot

from issuer_service.metro_map.geometry import Spot
from issuer_service.metro_map.names import NameBearer, PlacedName, place_names
from issuer_service.metro_map.network import MapLine, Network
from issuer_service.metro_map.placement import Place
from issuer_service.metro_map.routing import bends_of
from issuer_service.metro_map.sizes import LINE_WIDTH, UNIT, Direction, spacing_of
from issuer_service.metro_map.ways import Plan, plan_of

__all__ = ["MapLayout", "PlacedStation", "Stretch", "lay_out"]


@dataclass(frozen=True, slots=True)
class PlacedStation:
    """A station in the picture. `reach` is how far its sign goes from its middle, in px."""

    key: str
    place: Place
    at: Spot
    reach: float
    name: PlacedName


@dataclass(frozen=True, slots=True)
class Stretch:
    """A line's way from one station to the next, and how wide it is. Lines that go together lie beside each other."""

    line: str
    start: str
    end: str
    points: tuple[Spot, ...]
    width: float


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
    plan = plan_of(network, direction)
    stretches = tuple(stretch for line in network.lines for stretch in _stretches(line, plan))
    at = {key: (float(x * UNIT), float(y * UNIT)) for key, (x, y) in plan.points.items()}
    bearers = [NameBearer(network.station_of[key], at[key], plan.reach[key], key in plan.above) for key in plan.places]
    names = place_names(bearers, [part for one in stretches for part in pairwise(one.points)], direction)
    stations = tuple(
        PlacedStation(key, place, at[key], plan.reach[key], names[key]) for key, place in plan.places.items()
    )
    spots = [spot for stretch in stretches for spot in stretch.points]
    right = max([station.name.box.right for station in stations] + [x for x, _ in spots])
    bottom = max([station.name.box.bottom for station in stations] + [y for _, y in spots])
    return MapLayout(network, direction, int(right + UNIT), int(bottom + UNIT), stations, stretches)


def _stretches(line: MapLine, plan: Plan) -> list[Stretch]:
    made = []
    for start, end in pairwise(line.stations):
        way, lines = plan.ways[frozenset((start, end))], plan.lines[frozenset((start, end))]
        spacing = spacing_of(len(lines))
        shift = (lines.index(line.key) - (len(lines) - 1) / 2) * spacing
        spots = _beside([(x * UNIT, y * UNIT) for x, y in bends_of(way)], shift)
        there = way[0] == plan.points[start]
        made.append(Stretch(line.key, start, end, tuple(spots if there else spots[::-1]), min(LINE_WIDTH, spacing)))
    return made


def _beside(points: Sequence[Spot], shift: float) -> list[Spot]:
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
