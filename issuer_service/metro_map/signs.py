"""The marks that a map is drawn with, and the signs of its stations: a shape for every standing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from issuer_service.metro_map.geometry import Spot
from issuer_service.metro_map.views import Standing

__all__ = ["Mark", "Shape", "Stroke", "Words", "sign_of"]

_EDGE: Final = 3.0
_RADIUS: Final = 9.0
_RING_EDGE: Final = 2.0


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line through points, in a colour by its name; round at its ends and bends."""

    points: tuple[Spot, ...]
    paint: str
    width: float
    dash: tuple[float, ...] = ()

    def moved(self, x: float, y: float) -> Stroke:
        """The same elsewhere."""
        return replace(self, points=_moved(self.points, x, y))


@dataclass(frozen=True, slots=True)
class Shape:
    """A closed shape: a disc when it has a radius, and otherwise a polygon."""

    points: tuple[Spot, ...]
    radius: float = 0
    fill: str = "paper"
    edge: str = ""
    width: float = 0
    dash: tuple[float, ...] = ()

    @classmethod
    def disc(
        cls, at: Spot, radius: float, *, fill: str, edge: str = "", width: float = 0, dash: tuple[float, ...] = ()
    ) -> Shape:
        """A disc."""
        return cls((at,), radius, fill, edge, width, dash)

    def moved(self, x: float, y: float) -> Shape:
        """The same elsewhere."""
        return replace(self, points=_moved(self.points, x, y))


@dataclass(frozen=True, slots=True)
class Words:
    """A row of text, from the left end of its baseline or around its middle. With a halo it is read on a line too."""

    text: str
    at: Spot
    size: float
    anchor: str = "start"
    strong: bool = False
    halo: bool = False

    def moved(self, x: float, y: float) -> Words:
        """The same elsewhere."""
        return replace(self, at=(self.at[0] + x, self.at[1] + y))


Mark = Stroke | Shape | Words


def sign_of(standing: Standing | None, at: Spot, *, ring: float = 0) -> list[Mark]:
    """A station's sign. Where lines meet there is a ring around it, which reaches so far."""
    radius = _RADIUS
    marks: list[Mark] = []
    if ring:
        marks.append(Shape.disc(at, ring - _RING_EDGE / 2, fill="paper", edge="edge", width=_RING_EDGE))
    match standing:
        case Standing.EARNED:
            marks += [_disc(at, radius, "good"), _tick(at)]
        case Standing.RECOGNISED:
            marks += [Shape(_diamond(at, radius + 2.5), fill="filled-accent", edge="edge", width=1.5), _tick(at)]
        case Standing.IN_PROGRESS:
            marks += [_disc(at, radius, "paper"), Shape(_left_half(at, radius - 1.5), fill="filled-accent")]
        case Standing.NEXT:
            marks += [
                Shape.disc(at, radius + 1, fill="paper", edge="accent", width=4.5),
                Shape.disc(at, 3.2, fill="filled-accent"),
            ]
        case Standing.EXPIRED:
            marks += [Shape.disc(at, radius, fill="paper", edge="edge", width=_EDGE, dash=(4, 3.1)), *_cross(at)]
        case Standing.NOT_YET:
            marks.append(Shape.disc(at, radius, fill="paper", edge="faint-edge", width=2))
        case None:
            marks.append(_disc(at, radius - 1 if ring else radius, "paper"))
    return marks


def _disc(at: Spot, radius: float, fill: str) -> Shape:
    return Shape.disc(at, radius, fill=fill, edge="edge", width=_EDGE)


def _tick(at: Spot) -> Stroke:
    x, y = at
    return Stroke(((x - 4.2, y + 0.3), (x - 1.2, y + 3.4), (x + 4.4, y - 3.6)), "stripe", 2.6)


def _cross(at: Spot) -> list[Mark]:
    x, y = at
    return [
        Stroke(((x - 3, y - 3), (x + 3, y + 3)), "edge", 2.2),
        Stroke(((x - 3, y + 3), (x + 3, y - 3)), "edge", 2.2),
    ]


def _diamond(at: Spot, size: float) -> tuple[Spot, ...]:
    x, y = at
    return (x, y - size), (x + size, y), (x, y + size), (x - size, y)


def _left_half(at: Spot, radius: float) -> tuple[Spot, ...]:
    x, y = at
    # Sixteen parts of half a turn: at this size nobody sees that it is no arc.
    return tuple((x + radius * dx, y + radius * dy) for dx, dy in _HALF_TURN)


_HALF_TURN: Final[tuple[Spot, ...]] = (
    (0.0, -1.0),
    (-0.195, -0.981),
    (-0.383, -0.924),
    (-0.556, -0.831),
    (-0.707, -0.707),
    (-0.831, -0.556),
    (-0.924, -0.383),
    (-0.981, -0.195),
    (-1.0, 0.0),
    (-0.981, 0.195),
    (-0.924, 0.383),
    (-0.831, 0.556),
    (-0.707, 0.707),
    (-0.556, 0.831),
    (-0.383, 0.924),
    (-0.195, 0.981),
    (0.0, 1.0),
)


def _moved(points: tuple[Spot, ...], x: float, y: float) -> tuple[Spot, ...]:
    return tuple((at + x, to + y) for at, to in points)
