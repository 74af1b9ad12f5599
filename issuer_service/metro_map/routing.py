"""The way of a line from one station to the next: straight on, or with a bend of 45 degrees.

A* over the points of a grid, each with eight neighbours, and with the direction in which one comes: what a way costs
is its length, its bends, and what it passes too near to. The points of other stations cannot be passed.

Within a search a point is a number, and what it costs to be there is looked up by it: a map's time goes to this.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from heapq import heappop, heappush
from itertools import pairwise
from typing import Final

from issuer_service.metro_map.network import MapUnfit
from issuer_service.metro_map.sizes import UNIT

__all__ = ["DIRECTIONS", "Point", "Router", "bends_of"]

Point = tuple[int, int]
"""A point of the grid, x to the right and y downwards."""

DIRECTIONS: Final[tuple[Point, ...]] = ((1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1))
_NUMBER_OF: Final = {direction: number for number, direction in enumerate(DIRECTIONS)}

_STRAIGHT: Final = 10
_DIAGONAL: Final = 14
_BEND: Final[tuple[int, ...]] = (0, 16, 60, 300, 600)
"""What it costs to turn by so many times 45 degrees."""
_SHARPEST: Final = _BEND[2]
"""Only at a station may a line turn back."""
_NEAR_A_STATION: Final = 30
_OVER_A_NAME: Final = 32
_ON_ANOTHER_LINE: Final = 400
_THROUGH_ANOTHER_LINE: Final = 14
_INTO_A_STATION: Final[tuple[int, ...]] = (0, 6, 24)
"""What it costs to come in or leave along the map's direction, at 45 degrees to it, and across it."""
_ANY: Final = len(DIRECTIONS)
"""Where it is not known in which direction a line comes, or goes on: whichever it is, there is no bend."""
_TURNING: Final = tuple(
    tuple(0 if _ANY in {one, other} else _BEND[min((one - other) % 8, (other - one) % 8)] for other in range(_ANY + 1))
    for one in range(_ANY + 1)
)
# Where many lines lie close together, there may be no way that keeps off all of them, and to find that out would take
# minutes. Whoever has looked so long takes the shortest way past the stations.
_MOST_LOOKED_AT: Final = 5_000
_MOST_IN_ALL: Final = 40_000


class Router:
    """Finds ways over a grid, and remembers them so that a later line keeps off an earlier one."""

    def __init__(self, size: Point, reach: Mapping[Point, float], names: Mapping[Point, int], across: int) -> None:
        """`reach` has, by the points of stations, how far their signs go from them in px; `names` how many names lie
        over a point; `across` is the number of the direction that is across the map's own.
        """
        # A frame of points that cannot be passed spares asking, at every step, whether the map ends there. What lies at
        # 0 is among them: of a line there half would be outside the picture.
        self._width = size[0] + 1
        self._blocked = bytearray(b"\1") * (self._width * (size[1] + 1))
        for y in range(1, size[1]):
            row = self._index((1, y))
            self._blocked[row : row + size[0] - 1] = bytes(size[0] - 1)
        self._cost = [0] * len(self._blocked)
        self._used = bytearray(len(self._blocked) * len(DIRECTIONS))
        self._steps = tuple(dy * self._width + dx for dx, dy in DIRECTIONS)
        self._into = tuple(_INTO_A_STATION[2 - abs((number - across + 2) % 4 - 2)] for number in range(_ANY))
        self._looked_at = 0
        for (x, y), count in names.items():
            if 0 <= x < size[0] and 0 <= y < size[1]:
                self._cost[self._index((x, y))] += _OVER_A_NAME * count
        self._reach = {self._index(station): px for station, px in reach.items()}
        for station in self._reach:
            self._blocked[station] = True
            self._count_near(station, _NEAR_A_STATION)

    def find(self, start: Point, end: Point, *, arriving: int | None, leaving: int | None, width: float) -> list[Point]:
        """The points of the way, with both ends.

        `arriving` is the direction in which the line comes to its start, `leaving` that in which it goes on from its
        end, where these are known; `width` is how far what goes there reaches to either side, in px.
        """
        most = min(_MOST_LOOKED_AT, _MOST_IN_ALL - self._looked_at)
        first, last = _ANY if arriving is None else arriving, _ANY if leaving is None else leaving
        with self._between(self._index(start), self._index(end), width) as (here, there):
            way = self._search(here, there, first, last, most=most) or self._search(here, there, _ANY, _ANY, most=None)
        if way is None:
            # Only where stations were put all around one by hand.
            raise MapUnfit(f"no line can get from {start} to {end}: there are stations all around")
        self._remember(way)
        return [(index % self._width, index // self._width) for index in way]

    def _index(self, point: Point) -> int:
        return point[1] * self._width + point[0]

    def _count_near(self, station: int, cost: int) -> None:
        for step in self._steps:
            self._cost[station + step] += cost

    @contextmanager
    def _between(self, start: int, end: int, width: float) -> Iterator[tuple[int, int]]:
        """Meanwhile these two are not in the way, and beside the others there is no passing for what is too wide."""
        others = self._reach.keys() - {start, end}
        beside = {one + step for one in others if self._reach[one] + width >= UNIT for step in self._steps}
        closed = [point for point in beside if not self._blocked[point]]
        for point in closed:
            self._blocked[point] = True
        for station in (start, end):
            self._count_near(station, -_NEAR_A_STATION)
        self._blocked[end] = False
        try:
            yield start, end
        finally:
            for point in (*closed, end):
                self._blocked[point] = point == end
            for station in (start, end):
                self._count_near(station, _NEAR_A_STATION)

    def _remember(self, way: list[int]) -> None:
        for point, to in pairwise(way):
            number = self._steps.index(to - point)
            self._used[point * _ANY + number] = self._used[to * _ANY + (number + 4) % _ANY] = True
        for point in way[1:-1]:
            self._cost[point] += _THROUGH_ANOTHER_LINE

    def _search(self, start: int, end: int, first: int, last: int, *, most: int | None) -> list[int] | None:
        """The way that costs least; without a limit, the shortest. None where none was found."""
        # A state is a point and the direction in which one came to it. Of equal estimates the one that is farther
        # comes first, and then they go by place, so that the same network always gives the same map.
        blocked, in_the_way, used, into, steps = self._blocked, self._cost, self._used, self._into, self._steps
        estimate = _Estimate(end, self._width)
        begin = start * (_ANY + 1) + first
        queue: list[tuple[int, int, int]] = [(estimate(start, first), 0, begin)]
        came_from, costs = {begin: begin}, {begin: 0}
        done: set[int] = set()
        left = most
        while queue and left != 0:
            left = None if left is None else left - 1
            self._looked_at += most is not None
            _, minus_cost, state = heappop(queue)
            point, direction = divmod(state, _ANY + 1)
            if point == end:
                return _way_back(came_from, state)
            if state in done:
                continue
            done.add(state)
            turning = _TURNING[direction]
            for number, step in enumerate(steps):
                to = point + step
                # A station's corner cannot be cut: the way would touch its sign.
                if blocked[to] or (
                    number % 2 and (blocked[point + steps[number - 1]] or blocked[point + steps[number - 7]])
                ):
                    continue
                total = (_DIAGONAL if number % 2 else _STRAIGHT) + turning[number] - minus_cost
                if most is not None:
                    total += in_the_way[to] + used[point * _ANY + number] * _ON_ANOTHER_LINE
                    total += into[number] if point == start or to == end else 0
                if to == end:
                    total += _TURNING[number][last]
                next_state = to * (_ANY + 1) + number
                if total < costs.get(next_state, total + 1):
                    costs[next_state] = total
                    came_from[next_state] = state
                    heappush(queue, (total + estimate(to, number), -total, next_state))
        return None


class _Estimate:
    """What a way costs at least: its length, and the bends without which one does not get there."""

    def __init__(self, end: int, width: int) -> None:
        self._y, self._x = divmod(end, width)
        self._width = width

    def __call__(self, point: int, direction: int) -> int:
        y, x = divmod(point, self._width)
        dx, dy = self._x - x, self._y - y
        wide, high = abs(dx), abs(dy)
        if wide == high == 0:
            return 0
        right, down = (dx > 0) - (dx < 0), (dy > 0) - (dy < 0)
        length = _STRAIGHT * max(wide, high) + (_DIAGONAL - _STRAIGHT) * min(wide, high)
        # Straight on, at 45 degrees, or by both: the directions of every shortest way. Whoever comes in another has to
        # turn through all that lie between, and half a turn is the most that leads anywhere.
        one = _NUMBER_OF[right, down]
        other = one if wide in {high, 0} or high == 0 else _NUMBER_OF[(right, 0) if wide > high else (0, down)]
        return length + max(_LEAST_TURNING[direction][one], _LEAST_TURNING[direction][other])


_LEAST_TURNING: Final = tuple(
    tuple(0 if one == _ANY else _BEND[1] * min((one - other) % 8, (other - one) % 8) for other in range(_ANY))
    for one in range(_ANY + 1)
)


def bends_of(way: Sequence[Point]) -> list[Point]:
    """The way without the points at which it goes straight on."""
    kept = [way[0]]
    for before, point, after in zip(way, way[1:], way[2:], strict=False):
        if (point[0] - before[0], point[1] - before[1]) != (after[0] - point[0], after[1] - point[1]):
            kept.append(point)
    return [*kept, way[-1]]


def _way_back(came_from: Mapping[int, int], state: int) -> list[int]:
    way = [state // (_ANY + 1)]
    while came_from[state] != state:
        state = came_from[state]
        way.append(state // (_ANY + 1))
    return way[::-1]
