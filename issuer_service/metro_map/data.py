"""The map as data, for whoever draws it another way: places on the grid, ways in px, and how stations stand."""

from __future__ import annotations

from typing import Any

from issuer_service.metro_map.layout import lay_out
from issuer_service.metro_map.sizes import Direction
from issuer_service.metro_map.views import MapView

__all__ = ["as_data"]


def as_data(view: MapView, *, direction: Direction = Direction.RIGHTWARDS) -> dict[str, Any]:
    """What the picture shows, as JSON. Raises MapUnfit where there is no way for a line."""
    network, layout = view.network, lay_out(view.network, direction=direction)
    stations = []
    for placed in layout.stations:
        station = network.station_of[placed.key]
        stations.append(
            {
                "key": station.key,
                "name": station.name,
                "phase": station.phase or None,
                "hours": station.hours,
                "href": station.href or None,
                "lines": network.lines_at[station.key],
                "place": list(placed.place),
                "at": list(placed.at),
                "standing": view.standings.get(station.key),
                "note": station.note or None,
                "about": view.about(station.key),
            }
        )
    lines = [
        {
            "key": line.key,
            "number": view.number_of(line.key),
            "name": line.name,
            "href": line.href or None,
            "stations": list(line.stations),
            "ways": [[list(point) for point in stretch.points] for stretch in layout.of_line(line.key)],
        }
        for line in network.lines
    ]
    return {
        "title": network.title,
        "description": view.description,
        "language": view.language,
        "direction": str(direction),
        "width": layout.width,
        "height": layout.height,
        "lines": lines,
        "stations": stations,
    }
