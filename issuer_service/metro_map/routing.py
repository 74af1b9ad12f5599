"""The way of a line from one station to the next: straight on, or with a bend of 45 degrees.

A* over the points of a grid, each with eight neighbours, and with the direction in which one comes: what a way costs
is its length, its bends, and what it passes too near to. The points of other stations cannot be passed.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import pairwise
from typing import Final

from issuer_service.metro_map.network import MapUnfit

__all__ = ["DIRECTIONS", "Point", "Router", "bends_of"]

Point = tuple[int, int]
"""A point of the grid, x to the right and y downwards."""

DIRECTIONS: Final[tuple[Point, ...]] = ((1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1))

_STRAIGHT: Final = 10
_DIAGONAL: Final = 14
_BEND: Final[tuple[int, ...]] = (0, 16, 60, 300, 600)
"""What it costs to turn by so many times 45 degrees."""
_NEAR_A_STATION: Final = 30
_OVER_A_NAME: Final = 26
_ON_ANOTHER_LINE: Final = 400
_THROUGH_ANOTHER_LINE: Final = 14
_INTO_A_STATION: Final[tuple[int, ...]] = (0, 6, 24)
"""What it costs to come in or leave along the map's direction, at 45 degrees to it, and across it."""
# Where many lines lie close together, there may be no way that keeps off all of them, and to find that out would take
# minutes. Whoever has looked so long takes the shortest way past the stations.
_MOST_LOOKED_AT: Final = 5_000
_MOST_IN_ALL: Final = 40_000


@dataclass(slots=True)
class Router:
    """Finds ways over a grid, and remembers them so that a later line keeps off an earlier one."""

    size: Point
    stations: AbstractSet[Point]
    names: Mapping[Point, int]
    """How many names lie over a point."""
    across: int
    """The number of the direction that is across the map's own."""
    _used: set[frozenset[Point]] = field(default_factory=set)
    _passed: set[Point] = field(default_factory=set)
    _near: dict[Point, int] = field(default_factory=dict)
    _looked_at: int = 0

    def __post_init__(self) -> None:
        for x, y in self.stations:
            for dx, dy in DIRECTIONS:
                self._near[x + dx, y + dy] = self._near.get((x + dx, y + dy), 0) + 1

    def find(self, start: Point, end: Point, *, arriving: int | None, leaving: int | None) -> list[Point]:
        """The points of the way, with both ends.

        `arriving` is the direction in which the line comes to its start, `leaving` that in which it goes on from its
        end, where these are known.
        """
        way = self._search(start, end, arriving, leaving, most=min(_MOST_LOOKED_AT, _MOST_IN_ALL - self._looked_at))
        if way is None:
            way = self._search(start, end, None, None, most=None)
        if way is None:
            # Only where stations were put all around one by hand.
            raise MapUnfit(f"no line can get from {start} to {end}: there are stations all around")
        self._used.update(frozenset(pair) for pair in pairwise(way))
        self._passed.update(way[1:-1])
        return way

    def _search(
        self, start: Point, end: Point, arriving: int | None, leaving: int | None, *, most: int | None
    ) -> list[Point] | None:
        """The way that costs least; without a limit, the shortest. None where none was found."""
        # In the queue: the estimate, the cost, the point, the direction. Equal costs go by place, so that the same
        # network always gives the same map.
        first = -1 if arriving is None else arriving
        queue: list[tuple[int, int, Point, int]] = [(_estimate(start, end), 0, start, first)]
        came_from: dict[tuple[Point, int], tuple[Point, int] | None] = {(start, first): None}
        costs = {(start, first): 0}
        until = None if most is None else self._looked_at + most
        while queue and (until is None or self._looked_at < until):
            self._looked_at += 1
            _, cost, point, direction = heappop(queue)
            if point == end:
                return _way_back(came_from, (point, direction))
            if cost > costs[point, direction]:
                continue
            for number, (dx, dy) in enumerate(DIRECTIONS):
                to = (point[0] + dx, point[1] + dy)
                if not self._may_pass(to, end):
                    continue
                total = cost + (_DIAGONAL if number % 2 else _STRAIGHT)
                total += _turning(direction, number) if direction >= 0 else 0
                if most is not None:
                    total += self._in_the_way(point, to, number, start, end)
                if to == end and leaving is not None:
                    total += _turning(number, leaving)
                state = (to, number)
                if total < costs.get(state, total + 1):
                    costs[state] = total
                    came_from[state] = (point, direction)
                    heappush(queue, (total + _estimate(to, end), total, to, number))
        return None

    def _may_pass(self, point: Point, end: Point) -> bool:
        inside = 0 <= point[0] < self.size[0] and 0 <= point[1] < self.size[1]
        return inside and (point == end or point not in self.stations)

    def _in_the_way(self, point: Point, to: Point, number: int, start: Point, end: Point) -> int:
        """What it costs to be near to something else."""
        cost = 0
        if start in {point, to} or end in {point, to}:
            cost += _INTO_A_STATION[2 - abs((number - self.across + 2) % 4 - 2)]
        if frozenset((point, to)) in self._used:
            cost += _ON_ANOTHER_LINE
        if to in self._passed:
            cost += _THROUGH_ANOTHER_LINE
        own = _touches(to, start) + _touches(to, end)
        cost += _NEAR_A_STATION * max(0, self._near.get(to, 0) - own)
        return cost + _OVER_A_NAME * self.names.get(to, 0)


def bends_of(way: list[Point]) -> list[Point]:
    """The way without the points at which it goes straight on."""
    kept = way[:1]
    for before, point, after in zip(way, way[1:], way[2:], strict=False):
        if (point[0] - before[0], point[1] - before[1]) != (after[0] - point[0], after[1] - point[1]):
            kept.append(point)
    return [*kept, way[-1]]


def _turning(one: int, other: int) -> int:
    turn = abs(one - other) % 8
    return _BEND[min(turn, 8 - turn)]


def _estimate(point: Point, end: Point) -> int:
    dx, dy = abs(point[0] - end[0]), abs(point[1] - end[1])
    return _STRAIGHT * max(dx, dy) + (_DIAGONAL - _STRAIGHT) * min(dx, dy)


def _touches(point: Point, station: Point) -> int:
    return int(max(abs(point[0] - station[0]), abs(point[1] - station[1])) == 1)


def _way_back(came_from: Mapping[tuple[Point, int], tuple[Point, int] | None], state: tuple[Point, int]) -> list[Point]:
    way: list[Point] = []
    at: tuple[Point, int] | None = state
    while at is not None:
        way.append(at[0])
        at = came_from[at]
    return way[::-1]
