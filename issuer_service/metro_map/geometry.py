"""Places, rectangles and straight parts of lines, in px."""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot

__all__ = ["Box", "Spot", "distance_to", "length_of"]

Spot = tuple[float, float]
"""A place in the picture, in px."""


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

    def distance_to(self, spot: Spot) -> float:
        """From a place to what is nearest of the rectangle; 0 within it."""
        x, y = spot
        return hypot(max(self.left - x, 0, x - self.right), max(self.top - y, 0, y - self.bottom))

    def wider(self, by: float) -> Box:
        """The same with so much more on every side."""
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)

    def hides(self, start: Spot, end: Spot) -> float:
        """How much of a straight part of a line lies within."""
        (x, y), (to_x, to_y) = start, end
        dx, dy = to_x - x, to_y - y
        first, last = 0.0, 1.0
        for step, before, after in ((dx, self.left - x, self.right - x), (dy, self.top - y, self.bottom - y)):
            if step:
                enters, leaves = sorted((before / step, after / step))
                first, last = max(first, enters), min(last, leaves)
            elif not before < 0 < after:
                return 0
        return max(0.0, last - first) * hypot(dx, dy)


def length_of(start: Spot, end: Spot) -> float:
    """From one place to another."""
    return hypot(end[0] - start[0], end[1] - start[1])


def distance_to(point: Spot, start: Spot, end: Spot) -> float:
    """How far a point is from a straight part of a line."""
    (x, y), (ax, ay), (bx, by) = point, start, end
    length = (bx - ax) ** 2 + (by - ay) ** 2
    along = max(0.0, min(1.0, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length)) if length else 0.0
    return hypot(x - ax - along * (bx - ax), y - ay - along * (by - ay))
