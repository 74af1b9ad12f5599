"""Each station's place: a column by how far along the lines it is, a row by the line it is on.

No two stations come into one place, whatever the lines look like: lines may meet, part, run beside each other, and run
against each other.
"""

from __future__ import annotations

from graphlib import TopologicalSorter
from itertools import pairwise
from statistics import median_low
from typing import Final

from issuer_service.metro_map.network import Network

__all__ = ["Place", "place_stations"]

Place = tuple[int, int]
"""A column and a row."""

_MOST_ROUNDS: Final = 20


def place_stations(network: Network) -> dict[str, Place]:
    """The place of every station; those that somebody gave a place have it."""
    columns = _columns(network)
    rows = _rows(network)
    places: dict[str, Place] = dict(network.places)
    taken = set(places.values())
    for key in sorted(columns, key=lambda one: (columns[one], rows[one], one)):
        if key in places:
            continue
        column, row = columns[key], rows[key]
        while (column, row) in taken:
            column += 1
        places[key] = (column, row)
        taken.add((column, row))
    return {station.key: places[station.key] for station in network.stations}


def _columns(network: Network) -> dict[str, int]:
    """After everything that comes before it on any line, and no sooner than what follows needs."""
    before: dict[str, set[str]] = {station.key: set() for station in network.stations}
    for line in network.lines:
        for earlier, later in pairwise(line.stations):
            # Where it does, this line runs against another: it will be seen to turn.
            if not _comes_before(later, earlier, before):
                before[later].add(earlier)
    order = list(TopologicalSorter({key: sorted(before[key]) for key in before}).static_order())
    column: dict[str, int] = {}
    for key in order:
        column[key] = max((column[one] + 1 for one in before[key]), default=0)
    after: dict[str, set[str]] = {key: set() for key in before}
    for later, earlier_ones in before.items():
        for earlier in earlier_ones:
            after[earlier].add(later)
    # A line that begins late begins where it is needed, and not with a long way of nothing before its first meeting.
    for key in reversed(order):
        if not before[key] or all(_follows_only(one, after, key) for one in before[key]):
            column[key] = min((column[one] - 1 for one in after[key]), default=column[key])
    return column


def _comes_before(one: str, other: str, before: dict[str, set[str]]) -> bool:
    known, to_see = {other}, [other]
    while to_see:
        new = before[to_see.pop()] - known
        known |= new
        to_see += new
    return one in known


def _follows_only(earlier: str, after: dict[str, set[str]], key: str) -> bool:
    return after[earlier] == {key}


def _rows(network: Network) -> dict[str, int]:
    """Each line has a row; a station where lines meet is on that of the middle one."""
    order = _order_of_lines(network)
    row_of_line = {key: row for row, key in enumerate(order)}
    rows = {key: median_low(sorted(row_of_line[line] for line in lines)) for key, lines in network.lines_at.items()}
    used = {row: number for number, row in enumerate(sorted(set(rows.values())))}
    return {key: used[row] for key, row in rows.items()}


def _order_of_lines(network: Network) -> list[str]:
    """Lines that meet lie near each other: two change places as long as that brings meetings nearer."""
    order = [line.key for line in network.lines]
    meetings = [lines for lines in network.lines_at.values() if len(lines) > 1]
    if not meetings:
        return order
    best = _distance(order, meetings)
    for _ in range(_MOST_ROUNDS):
        improved = False
        for one in range(len(order)):
            for other in range(one + 1, len(order)):
                order[one], order[other] = order[other], order[one]
                distance = _distance(order, meetings)
                if distance < best:
                    best, improved = distance, True
                else:
                    order[one], order[other] = order[other], order[one]
        if not improved:
            break
    return order


def _distance(order: list[str], meetings: list[list[str]]) -> int:
    row = {key: number for number, key in enumerate(order)}
    total = 0
    for lines in meetings:
        rows = [row[line] for line in lines]
        total += max(rows) - min(rows)
    return total
