"""How large things are, and how far apart: what makes that nothing lies over anything else, whatever the network is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

__all__ = [
    "GAP",
    "LETTERS",
    "LINE_HEIGHT",
    "LINE_WIDTH",
    "NAME_LINES",
    "RADIUS",
    "ROOMS",
    "UNIT",
    "Direction",
    "Room",
    "half_width",
    "reach_of",
    "spacing_of",
]

UNIT: Final = 24
"""Between two points of the grid, in px."""
RADIUS: Final = 12.5
"""How far a station's sign reaches, in px."""
LINE_WIDTH: Final = 7
LETTERS: Final = 14
"""The size of a name's letters, in px."""
LINE_HEIGHT: Final = 17
NAME_LINES: Final = 3
GAP: Final = 6
_BESIDE: Final = LINE_WIDTH + 1
# So many lines beside each other have their full width; more share the same room, or they would lie over stations.
_MOST_AT_FULL_WIDTH: Final = 4


class Direction(StrEnum):
    """Which way lines run. Downwards is for narrow screens."""

    RIGHTWARDS = "rightwards"
    DOWNWARDS = "downwards"


@dataclass(frozen=True, slots=True)
class Room:
    """In points of the grid: how far stations are apart along a line and across, and the margin; names' width in px."""

    along: int
    across: int
    margin: tuple[int, int]
    name_width: float
    across_direction: int


# A name of three rows with a note under it, and the widest sign, fit between two stations: across a line when it runs
# rightwards, along its name when it runs downwards.
ROOMS: Final[Mapping[Direction, Room]] = {
    Direction.RIGHTWARDS: Room(along=6, across=5, margin=(3, 2), name_width=5.6 * UNIT, across_direction=2),
    Direction.DOWNWARDS: Room(along=4, across=8, margin=(2, 2), name_width=5.9 * UNIT, across_direction=0),
}


def spacing_of(abreast: int) -> float:
    """Between the middles of two lines, of so many that lie beside each other."""
    return min(_BESIDE, _BESIDE * (_MOST_AT_FULL_WIDTH - 1) / max(1, abreast - 1))


def half_width(abreast: int) -> float:
    """How far so many lines beside each other reach to either side."""
    return (spacing_of(abreast) * (abreast - 1) + min(LINE_WIDTH, spacing_of(abreast))) / 2


def reach_of(lines: int, abreast: int) -> float:
    """How far a station's sign reaches: where lines meet, a ring around all that come in beside each other."""
    return RADIUS if lines < 2 else max(RADIUS + 3.5, half_width(abreast) + 5)  # noqa: PLR2004
