"""A map measured from its picture and its data, as with a ruler, and not from the layout that made them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree as ET  # what is read was made here

from issuer_service.drawing.lettering import width_of
from issuer_service.metro_map.data import as_data
from issuer_service.metro_map.network import Network
from issuer_service.metro_map.sizes import Direction
from issuer_service.metro_map.svg import draw
from issuer_service.metro_map.views import MapView

__all__ = ["Disc", "Part", "Pictured", "Rectangle", "distance", "measured"]

_SVG = "{http://www.w3.org/2000/svg}"
Point = tuple[float, float]


@dataclass(frozen=True)
class Rectangle:
    """Where a row of letters is."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Rectangle) -> bool:
        """Is there a point within both?"""
        apart = self.right <= other.left or other.right <= self.left
        return not (apart or self.bottom <= other.top or other.bottom <= self.top)

    def distance_to(self, x: float, y: float) -> float:
        """From a point to what is nearest of it."""
        beside, beyond = max(self.left - x, 0, x - self.right), max(self.top - y, 0, y - self.bottom)
        return float((beside**2 + beyond**2) ** 0.5)


@dataclass(frozen=True)
class Disc:
    """A round sign, with its edge."""

    x: float
    y: float
    radius: float


@dataclass(frozen=True)
class Part:
    """A straight part of a line between two of its stations, and how wide it is drawn."""

    line: str
    between: frozenset[str]
    start: Point
    end: Point
    width: float


@dataclass(frozen=True)
class Pictured:
    """What is to be seen. Stations and names are by the station's key."""

    network: Network
    data: dict[str, Any]
    width: float
    height: float
    signs: dict[str, Disc]
    names: dict[str, list[Rectangle]]
    parts: list[Part]
    bullets: list[Disc]


def measured(view: MapView, direction: Direction) -> Pictured:
    """The picture and the data of a view. That they are of the same lines and stations is checked."""
    data = as_data(view, direction=direction)
    root = ET.fromstring(draw(view, key="map", direction=direction).file())  # noqa: S314  # made here
    lines, bullets, *_ = [one for one in root if one.tag == f"{_SVG}g" and one.get("aria-hidden")]
    order = list(dict.fromkeys(key for line in view.network.lines for key in line.stations))
    groups = [one for one in root if one.get("aria-label") and one.tag == f"{_SVG}g"]
    signs = {key: max(_discs(group), key=lambda one: one.radius) for key, group in zip(order, groups, strict=True)}
    at = {one["key"]: tuple(one["at"]) for one in data["stations"]}
    assert {key: (sign.x, sign.y) for key, sign in signs.items()} == at
    return Pictured(
        view.network,
        data,
        float(root.get("width", 0)),
        float(root.get("height", 0)),
        signs,
        {key: list(map(_rectangle, group.iter(f"{_SVG}text"))) for key, group in zip(order, groups, strict=True)},
        list(_parts(lines, data)),
        list(_discs(bullets)),
    )


def distance(x: float, y: float, part: Part) -> float:
    """From a point to a straight part of a line."""
    (ax, ay), (bx, by) = part.start, part.end
    length = (bx - ax) ** 2 + (by - ay) ** 2
    share = min(1.0, max(0.0, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length))
    return float(((ax + share * (bx - ax) - x) ** 2 + (ay + share * (by - ay) - y) ** 2) ** 0.5)


def _parts(lines: ET.Element, data: dict[str, Any]) -> Iterator[Part]:
    ways = [
        (line["key"], frozenset(stations), [tuple(point) for point in way])
        for line in data["lines"]
        for stations, way in zip(pairwise(line["stations"]), line["ways"], strict=True)
    ]
    drawn = [one for one in lines if (one.get("class") or "").startswith("line-")]
    for (line, between, way), stroke in zip(ways, drawn, strict=True):
        points = [tuple(map(float, one.split(","))) for one in (stroke.get("points") or "").split()]
        assert points == way
        for start, end in pairwise(points):
            yield Part(line, between, (start[0], start[1]), (end[0], end[1]), float(stroke.get("stroke-width", 0)))


def _discs(group: ET.Element) -> Iterator[Disc]:
    for one in group.iter(f"{_SVG}circle"):
        x, y, radius = (float(one.get(name, 0)) for name in ("cx", "cy", "r"))
        yield Disc(x, y, radius + float(one.get("stroke-width", 0)) / 2)


def _rectangle(text: ET.Element) -> Rectangle:
    x, y, size = (float(text.get(name, 0)) for name in ("x", "y", "font-size"))
    width, classes = width_of(text.text or "", size), (text.get("class") or "").split()
    left = x - width / 2 if "middle" in classes else x - width if "end" in classes else x
    return Rectangle(left, y - 0.8 * size, left + width, y + 0.22 * size)
