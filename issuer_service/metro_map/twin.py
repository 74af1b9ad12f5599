"""The map in words: a list of lines, and in each the list of its stations. What the picture says, this says too."""

from __future__ import annotations

from issuer_service.drawing.markup import Element, element
from issuer_service.metro_map.views import MapView
from issuer_service.metro_map.words import say

__all__ = ["as_list", "as_text"]


def as_list(view: MapView) -> Element:
    """Nested lists of HTML. Stations and lines that have a page lead to it."""
    network = view.network
    lines = []
    for number, line in enumerate(network.lines, start=1):
        name = say(view.language, "line", number=number, name=line.name)
        stations = [
            element("li", _linked(view.about(key, on_line=line.key), network.station_of[key].href))
            for key in line.stations
        ]
        lines.append(element("li", _linked(name, line.href), element("ol", *stations)))
    return element("ul", *lines, class_="metro-map-twin", lang=view.language)


def as_text(view: MapView) -> str:
    """The same as plain text, a station per row."""
    rows = []
    for number, line in enumerate(view.network.lines, start=1):
        rows.append(say(view.language, "line", number=number, name=line.name))
        rows += [f"  {place}. {view.about(key, on_line=line.key)}" for place, key in enumerate(line.stations, start=1)]
    return "\n".join(rows) + "\n"


def _linked(text: str, href: str) -> Element | str:
    return element("a", text, href=href) if href else text
