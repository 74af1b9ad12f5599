"""The map as SVG: named and described, its stations walked through with the keyboard in the order of the list."""

from __future__ import annotations

from issuer_service.drawing.drawing import Drawing
from issuer_service.drawing.markup import Element, element, number
from issuer_service.metro_map.layout import lay_out
from issuer_service.metro_map.scene import Group, compose
from issuer_service.metro_map.signs import Mark, Shape, Stroke, Words
from issuer_service.metro_map.sizes import Direction
from issuer_service.metro_map.views import MapView

__all__ = ["draw"]


def draw(view: MapView, *, key: str, direction: Direction = Direction.RIGHTWARDS) -> Drawing:
    """The drawing of a view. `key` begins its ids. Raises MapUnfit where there is no way for a line."""
    scene = compose(lay_out(view.network, direction=direction), view)
    # On paper of its own: light letters on the white that some programs put behind a drawing could not be read.
    paper = element("rect", width=scene.width, height=scene.height, class_="paper")
    return Drawing(
        key=key,
        title=view.network.title,
        description=view.description,
        language=view.language,
        width=scene.width,
        height=scene.height,
        content=(paper, *map(_group, scene.groups)),
        role="group",
    )


def _group(group: Group) -> Element:
    marks = map(_mark, group.marks)
    if not group.label:
        return element("g", *marks, aria_hidden="true")
    if group.href:
        return element("a", *marks, href=group.href, aria_label=group.label)
    return element("g", *marks, role="img", tabindex=0, aria_label=group.label)


def _mark(mark: Mark) -> Element:
    match mark:
        case Stroke():
            return element(
                "polyline",
                points=_points(mark.points),
                class_=mark.paint,
                fill="none",
                stroke_width=mark.width,
                stroke_dasharray=_dash(mark.dash),
                stroke_linecap="round",
                stroke_linejoin="round",
            )
        case Shape():
            classes = f"{mark.fill} {mark.edge}".strip()
            outline = {"class_": classes, "stroke_width": mark.width or None, "stroke_dasharray": _dash(mark.dash)}
            if mark.radius:
                ((x, y),) = mark.points
                return element("circle", cx=x, cy=y, r=mark.radius, **outline)
            return element("polygon", points=_points(mark.points), **outline)
        case Words():
            named = {mark.anchor: mark.anchor != "start", "strong": mark.strong, "halo": mark.halo}
            classes = " ".join(name for name, wanted in named.items() if wanted)
            x, y = mark.at
            return element("text", mark.text, x=x, y=y, font_size=mark.size, class_=classes or None)


def _points(points: tuple[tuple[float, float], ...]) -> str:
    return " ".join(f"{number(x)},{number(y)}" for x, y in points)


def _dash(dash: tuple[float, ...]) -> str | None:
    return " ".join(map(number, dash)) or None
