"""What is drawn: lines, the stations they call at in order, and how each station stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

__all__ = ["MAX_LINES", "MAX_STATIONS", "MAX_STOPS", "MapLine", "MapStation", "MapUnfit", "Network"]

MAX_STATIONS: Final = 160
"""More is no picture that anybody reads, and finding a way for its lines would keep a server busy."""
MAX_LINES: Final = 24
MAX_STOPS: Final = 240
"""Of all lines together: so many ways are to be found."""


class MapUnfit(ValueError):
    """This cannot be drawn; the message says which line or station, and why."""


@dataclass(frozen=True, slots=True)
class MapStation:
    """A stop. `key` is its own among the stations of a network; `note` stands under its name, and is short."""

    key: str
    name: str
    phase: int = 0
    hours: float | None = None
    note: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class MapLine:
    """A line, by the keys of its stations in the order in which they are travelled."""

    key: str
    name: str
    stations: tuple[str, ...]
    href: str = ""


@dataclass(frozen=True)
class Network:
    """Lines and their stations. Raises MapUnfit for what cannot be drawn."""

    lines: tuple[MapLine, ...]
    stations: tuple[MapStation, ...]
    title: str = ""
    places: Mapping[str, tuple[int, int]] = field(default_factory=dict, hash=False)
    """Stations that somebody put in a (column, row) of their own."""

    def __post_init__(self) -> None:
        keys = [station.key for station in self.stations]
        _must_be_few(len(self.lines), MAX_LINES, "lines")
        _must_be_few(len(keys), MAX_STATIONS, "stations")
        _must_be_few(sum(len(line.stations) for line in self.lines), MAX_STOPS, "stops")
        _must_differ(keys, "station")
        _must_differ([line.key for line in self.lines], "line")
        known = set(keys)
        called_at: set[str] = set()
        for line in self.lines:
            _must_differ(line.stations, f"station of line {line.key}")
            for key in line.stations:
                if key not in known:
                    raise MapUnfit(f"line {line.key} calls at {key}, which is no station")
            called_at.update(line.stations)
        if known - called_at:
            raise MapUnfit(f"no line calls at {min(known - called_at)}")
        if set(self.places) - known:
            raise MapUnfit(f"a place is given to {min(set(self.places) - known)}, which is no station")
        taken: dict[tuple[int, int], str] = {}
        for key, place in sorted(self.places.items()):
            if place in taken:
                raise MapUnfit(f"{taken[place]} and {key} are given the same place")
            taken[place] = key
            if not all(0 <= part < MAX_STATIONS for part in place):
                raise MapUnfit(f"{key} is given a place outside the map")

    @cached_property
    def station_of(self) -> dict[str, MapStation]:
        """The stations by their keys."""
        return {station.key: station for station in self.stations}

    @cached_property
    def lines_at(self) -> dict[str, list[str]]:
        """The keys of the lines that call at each station; more than one makes it a connection station."""
        found: dict[str, list[str]] = {station.key: [] for station in self.stations}
        for line in self.lines:
            for key in line.stations:
                found[key].append(line.key)
        return found


def _must_be_few(count: int, most: int, what: str) -> None:
    if count > most:
        raise MapUnfit(f"{count} {what} on one map; at most {most} can be drawn")


def _must_differ(keys: list[str] | tuple[str, ...], what: str) -> None:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            raise MapUnfit(f"there are two of {what} {key}")
        seen.add(key)
