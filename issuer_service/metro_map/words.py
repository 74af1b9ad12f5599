"""The map's own words, in Dutch and English."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

__all__ = ["Language", "say", "say_hours"]

Language = Literal["nl", "en"]

_WORDS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "line": ("Lijn {number}: {name}", "Line {number}: {name}"),
        "phase": ("fase {number}", "phase {number}"),
        "change": ("overstap op {lines}", "change to {lines}"),
        "line-number": ("lijn {number}", "line {number}"),
        "and": (" en ", " and "),
        "earned": ("behaald", "earned"),
        "recognised": ("erkend", "recognised"),
        "in-progress": ("bezig", "in progress"),
        "next": ("volgende", "next"),
        "expired": ("verlopen", "expired"),
        "not-yet": ("nog niet", "not yet"),
        "station": ("station", "station"),
        "connection": ("overstapstation", "connection station"),
        "one-line": ("{stations} op {lines} lijn.", "{stations} on {lines} line."),
        "some-lines": ("{stations} op {lines} lijnen.", "{stations} on {lines} lines."),
        "one-station": ("1 station", "1 station"),
        "some-stations": ("{number} stations", "{number} stations"),
        "meets": ("De lijnen komen samen in {stations}.", "The lines meet at {stations}."),
        "numbers": ("{reached} behaald, {busy} bezig", "{reached} earned, {busy} in progress"),
        "numbers-short": ("{reached} klaar · {busy} bezig", "{reached} done · {busy} at it"),
        "fewer": ("minder dan {number}", "fewer than {number}"),
        "left": ("Nog {hours} te gaan.", "{hours} to go."),
        "legend": ("Legenda", "Key"),
    }
)


def say(language: Language, key: str, **given: object) -> str:
    """A phrase with what is given filled in."""
    dutch, english = _WORDS[key]
    return (dutch if language == "nl" else english).format(**given)


def say_hours(language: Language, hours: float) -> str:
    """A duration: `4 uur`, `2,5 uur`, `1 hour`."""
    number = f"{hours:g}"
    if language == "nl":
        return f"{number.replace('.', ',')} uur"
    return f"{number} hour" if hours == 1 else f"{number} hours"
