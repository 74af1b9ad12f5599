"""Where the stations of a network stand on the grid, and the ways between them.

This is what a map's time goes to, and it depends on nothing but what is drawn: the stations, their names and their
order, not on who looks or how they stand. So it is remembered by that, and a changed network is another one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

from issuer_service.metro_map.geometry import Box
from issuer_service.metro_map.names import NameBearer, home_of
from issuer_service.metro_map.network import MapLine, MapStation, Network
from issuer_service.metro_map.placement import Place, place_stations
from issuer_service.metro_map.routing import DIRECTIONS, Point, Router
from issuer_service.metro_map.sizes import GAP, ROOMS, UNIT, Direction, Room, half_width, reach_of

__all__ = ["Plan", "plan_of", "remembered_plan"]

# A plan of the largest network takes some 200 kB.
_MOST_REMEMBERED: Final = 64
# Points beyond the last stations, so that a line can go round one.
_ROUND: Final = 4
# Points more above the first row, where a name of it stands above.
_ABOVE: Final = 2

_Pair = frozenset[str]


@dataclass(frozen=True, slots=True)
class Plan:
    """Places and points by the keys of stations, which of them have their names above, and how far their signs reach.

    `ways` has, by two stations, the points between them, and `lines` the keys of the lines that go there, in order.
    """

    places: Mapping[str, Place]
    points: Mapping[str, Point]
    above: frozenset[str]
    reach: Mapping[str, float]
    ways: Mapping[_Pair, tuple[Point, ...]]
    lines: Mapping[_Pair, tuple[str, ...]]


def plan_of(network: Network, direction: Direction) -> Plan:
    """The plan of a network, the same for the same network. Raises MapUnfit where there is no way for a line."""
    lines = tuple(MapLine(line.key, "", line.stations) for line in network.lines)
    stations = tuple(MapStation(station.key, station.name) for station in network.stations)
    return remembered_plan(Network(lines, stations, places=dict(network.places)), direction)


@lru_cache(maxsize=_MOST_REMEMBERED)
def remembered_plan(network: Network, direction: Direction) -> Plan:
    """The plan of a network of which only that is left on which the plan depends."""
    room = ROOMS[direction]
    places = place_stations(network)
    above = _with_name_above(network, places) if direction is Direction.RIGHTWARDS else frozenset()
    top = _ABOVE if any(places[key][1] == 0 for key in above) else 0
    points = {key: _point(place, room, direction, top) for key, place in places.items()}
    lines = _lines_between(network)
    abreast = {key: max((len(lines[pair]) for pair in lines if key in pair), default=1) for key in places}
    reach = {key: reach_of(len(network.lines_at[key]), abreast[key]) for key in places}
    homes = [
        home_of(NameBearer(network.station_of[key], _px(points[key]), reach[key], key in above), direction)
        for key in places
    ]
    size = (max(x for x, _ in points.values()) + _ROUND, max(y for _, y in points.values()) + _ROUND)
    router = Router(size, {points[key]: reach[key] for key in places}, _under_names(homes), room.across_direction)
    return Plan(places, points, above, reach, _ways(network, points, lines, router), lines)


def _px(point: Point) -> tuple[float, float]:
    return float(point[0] * UNIT), float(point[1] * UNIT)


def _point(place: Place, room: Room, direction: Direction, top: int) -> Point:
    column, row = place
    along, across = column * room.along, row * room.across
    x, y = (along, across) if direction is Direction.RIGHTWARDS else (across, along)
    return x + room.margin[0], y + room.margin[1] + top


def _lines_between(network: Network) -> dict[_Pair, tuple[str, ...]]:
    found: dict[_Pair, tuple[str, ...]] = {}
    for line in network.lines:
        for pair in pairwise(line.stations):
            found[frozenset(pair)] = (*found.get(frozenset(pair), ()), line.key)
    return found


def _with_name_above(network: Network, places: Mapping[str, Place]) -> frozenset[str]:
    """The stations whose names are better above them: most of their lines go down, and nothing stands above."""
    taken = set(places.values())
    down = dict.fromkeys(places, 0)
    for line in network.lines:
        for one, other in pairwise(line.stations):
            difference = places[other][1] - places[one][1]
            if difference:
                down[one] += 1 if difference > 0 else -1
                down[other] += 1 if difference < 0 else -1
    return frozenset(key for key, (column, row) in places.items() if down[key] > 0 and (column, row - 1) not in taken)


def _under_names(homes: list[Box]) -> dict[Point, int]:
    found: dict[Point, int] = {}
    for box in homes:
        for x in range(round(box.left / UNIT), round(box.right / UNIT) + 1):
            for y in range(round(box.top / UNIT), round(box.bottom / UNIT) + 1):
                near = Box(x * UNIT - GAP, y * UNIT - GAP, x * UNIT + GAP, y * UNIT + GAP)
                if near.overlaps(box):
                    found[x, y] = found.get((x, y), 0) + 1
    return found


def _ways(
    network: Network, points: Mapping[str, Point], lines: Mapping[_Pair, tuple[str, ...]], router: Router
) -> dict[_Pair, tuple[Point, ...]]:
    """What can be straight goes first, so that it is; the others find their way around it."""
    ways: dict[_Pair, tuple[Point, ...]] = {}
    pairs = [(line.stations, number) for line in network.lines for number in range(len(line.stations) - 1)]
    for stations, number in sorted(pairs, key=lambda one: _bent(points, one[0][one[1] : one[1] + 2])):
        start, end = stations[number : number + 2]
        pair = frozenset((start, end))
        if pair not in ways:
            arriving = _heading(ways, points, stations[number - 1 : number + 1]) if number else None
            leaving = _heading(ways, points, stations[number + 1 : number + 3], first=True)
            width = half_width(len(lines[pair]))
            way = router.find(points[start], points[end], arriving=arriving, leaving=leaving, width=width)
            ways[pair] = tuple(way)
    return ways


def _bent(points: Mapping[str, Point], pair: tuple[str, ...]) -> int:
    """0 for what is straight, and then the longer the later."""
    (x, y), (to_x, to_y) = points[pair[0]], points[pair[1]]
    dx, dy = abs(to_x - x), abs(to_y - y)
    return min(dx, dy) and dx + dy


def _heading(
    ways: Mapping[_Pair, tuple[Point, ...]],
    points: Mapping[str, Point],
    pair: tuple[str, ...],
    *,
    first: bool = False,
) -> int | None:
    """The direction of the last step between two stations, or of the first; None where there is no way yet."""
    way = ways.get(frozenset(pair)) if len(pair) > 1 else None
    if way is None:
        return None
    way = way if way[0] == points[pair[0]] else way[::-1]
    (x, y), (to_x, to_y) = way[:2] if first else way[-2:]
    return DIRECTIONS.index((to_x - x, to_y - y))
