"""Whose map it is: the lines as anybody sees them, a person's, and a company's.

A view is a network with what is to be said of each station. That is said once, here, for the picture, the list beside
it and the data alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from issuer_service.metro_map.network import MapStation, Network
from issuer_service.metro_map.words import Language, say, say_hours

__all__ = [
    "SMALLEST_GROUP",
    "MapView",
    "Numbers",
    "Standing",
    "company_view",
    "hours_to_go",
    "line_view",
    "person_view",
    "with_next",
]

SMALLEST_GROUP: Final = 5
"""Of fewer people no number is shown: whoever knows who was there would know how they did."""


class Standing(StrEnum):
    """How a person stands with a station."""

    EARNED = "earned"
    RECOGNISED = "recognised"
    IN_PROGRESS = "in-progress"
    NEXT = "next"
    EXPIRED = "expired"
    NOT_YET = "not-yet"


_DONE: Final = frozenset({Standing.EARNED, Standing.RECOGNISED})


@dataclass(frozen=True, slots=True)
class Numbers:
    """How many of a company's people reached a station, and how many are at it."""

    reached: int = 0
    in_progress: int = 0


@dataclass(frozen=True, slots=True)
class MapView:
    """What is to be drawn, and what is said of it as a whole."""

    network: Network
    language: Language
    description: str
    standings: Mapping[str, Standing] = field(default_factory=dict)
    numbers: Mapping[str, Numbers] = field(default_factory=dict)

    def number_of(self, line: str) -> int:
        """Lines are numbered in their order: the number is on the line, in the list, and in what is read out."""
        return [one.key for one in self.network.lines].index(line) + 1

    def about(self, key: str, *, on_line: str | None = None) -> str:
        """A station in one sentence; seen from a line, or else with all its lines."""
        station = self.network.station_of[key]
        others = [line for line in self.network.lines_at[key] if line != on_line]
        parts = [station.name]
        if station.phase:
            parts.append(say(self.language, "phase", number=station.phase))
        if station.hours is not None:
            parts.append(say_hours(self.language, station.hours))
        if key in self.standings:
            parts.append(say(self.language, str(self.standings[key])))
        if key in self.numbers:
            parts.append(_counted(self.numbers[key], self.language))
        if on_line is None:
            parts.append(self._lines(others))
        elif others:
            parts.append(say(self.language, "change", lines=self._lines(others)))
        return ", ".join(parts)

    def _lines(self, keys: Iterable[str]) -> str:
        numbers = [say(self.language, "line-number", number=self.number_of(key)) for key in keys]
        return _and(numbers, self.language)


def line_view(network: Network, language: Language) -> MapView:
    """The lines as anybody may see them, with how long each station takes."""
    stations = (
        station if station.hours is None else replace(station, note=say_hours(language, station.hours))
        for station in network.stations
    )
    return MapView(_with(network, stations), language, _described(network, language))


def person_view(network: Network, standings: Mapping[str, Standing], language: Language) -> MapView:
    """A person's: what of it is behind them, what comes next, and how much there is to go."""
    known = {station.key: standings.get(station.key, Standing.NOT_YET) for station in network.stations}
    stations = (
        station
        if known[station.key] is Standing.NOT_YET
        else replace(station, note=say(language, str(known[station.key])))
        for station in network.stations
    )
    counts = [f"{say(language, str(one))}: {sum(value is one for value in known.values())}" for one in Standing]
    description = [_described(network, language), ", ".join(counts) + "."]
    hours = hours_to_go(network, known)
    if hours:
        description.append(say(language, "left", hours=say_hours(language, hours)))
    return MapView(_with(network, stations), language, " ".join(description), standings=known)


def company_view(network: Network, numbers: Mapping[str, Numbers], language: Language) -> MapView:
    """A company's: how many of its people are where. Small groups are not told."""
    known = {station.key: numbers.get(station.key, Numbers()) for station in network.stations}
    stations = (replace(station, note=_counted_shortly(known[station.key], language)) for station in network.stations)
    return MapView(_with(network, stations), language, _described(network, language), numbers=known)


def with_next(network: Network, lines: Iterable[str], standings: Mapping[str, Standing]) -> dict[str, Standing]:
    """The standings, and on each line that the person travels the first station that is still to come as the next one.

    What was recognised is passed over, so that recognition shortens the way.
    """
    wanted, found = set(lines), dict(standings)
    for line in network.lines:
        if line.key in wanted:
            to_come = [key for key in line.stations if found.get(key, Standing.NOT_YET) not in _DONE]
            if to_come and found.get(to_come[0], Standing.NOT_YET) is Standing.NOT_YET:
                found[to_come[0]] = Standing.NEXT
    return found


def hours_to_go(network: Network, standings: Mapping[str, Standing]) -> float:
    """How long what is neither earned nor recognised takes."""
    return sum(station.hours or 0 for station in network.stations if standings.get(station.key) not in _DONE)


def _with(network: Network, stations: Iterable[MapStation]) -> Network:
    return replace(network, stations=tuple(stations))


def _described(network: Network, language: Language) -> str:
    count = len(network.stations)
    stations = say(language, "one-station" if count == 1 else "some-stations", number=count)
    lines = "one-line" if len(network.lines) == 1 else "some-lines"
    sentence = say(language, lines, stations=stations, lines=len(network.lines))
    meetings = [network.station_of[key].name for key, found in network.lines_at.items() if len(found) > 1]
    if meetings:
        sentence += " " + say(language, "meets", stations=_and(meetings, language))
    return sentence


def _counted(numbers: Numbers, language: Language) -> str:
    return say(language, "numbers", reached=_few(numbers.reached, language), busy=_few(numbers.in_progress, language))


def _counted_shortly(numbers: Numbers, language: Language) -> str:
    if numbers == Numbers():
        return ""
    reached, busy = (
        f"<{SMALLEST_GROUP}" if 0 < one < SMALLEST_GROUP else str(one) for one in (numbers.reached, numbers.in_progress)
    )
    return say(language, "numbers-short", reached=reached, busy=busy)


def _few(number: int, language: Language) -> str:
    return say(language, "fewer", number=SMALLEST_GROUP) if 0 < number < SMALLEST_GROUP else str(number)


def _and(texts: list[str], language: Language) -> str:
    return say(language, "and").join([", ".join(texts[:-1]), texts[-1]]) if len(texts) > 1 else "".join(texts)
