"""How a line is put together: what the working method advises of stations, hours and phases. Warnings, never errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final

from issuer_service.workflow.process.definition import Words

__all__ = ["FEWEST", "LONGEST", "MOST", "PHASES", "SHORTEST", "Arranged", "WorkForm", "names_of_phases", "warnings_of"]

FEWEST, MOST = 4, 8
"""Stations of a line."""
SHORTEST, LONGEST = 2.0, 8.0
"""Hours of a station."""
PHASES: Final = 3
_FIRST_PHASES: Final[Mapping[str, Words]] = {
    "activation_and_inspiration": Words(nl="Activatie en inspiratie", en="Activation and inspiration"),
    "inspiration": Words(nl="Inspiratie", en="Inspiration"),
}
_LATER_PHASES: Final = (
    Words(nl="Vertrouwd raken", en="Becoming familiar"),
    Words(nl="In de eigen context", en="In one's own context"),
)


def names_of_phases(first_phase: str) -> tuple[Words, ...]:
    """What the phases of a line are called; of the first the working methods differ (D33)."""
    return _FIRST_PHASES[first_phase], *_LATER_PHASES


class WorkForm(StrEnum):
    """How a station is held."""

    WORKSHOP = "workshop"
    MASTERCLASS = "masterclass"
    COMPANY_VISIT = "company-visit"
    PRACTICAL = "practical"
    E_LEARNING = "e-learning"
    LEARNING_COMMUNITY = "learning-community"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Arranged:
    """A station as it stands in a line: `outcomes` maps versions of ULOs to the components it leads to."""

    title: str
    hours: float
    phase: int
    outcomes: Mapping[str, frozenset[str]]


def warnings_of(stations: Sequence[Arranged], *, wanted: Mapping[str, frozenset[str]]) -> list[str]:
    """What is unlike the working method's advice. `wanted` are the components of the line's ULOs."""
    found = []
    if not FEWEST <= len(stations) <= MOST:
        found.append(f"stations: {len(stations)}; a line has {FEWEST} to {MOST}")
    found += [
        f"{one.title}: {one.hours:g} hours; a station takes {SHORTEST:g} to {LONGEST:g}"
        for one in stations
        if not SHORTEST <= one.hours <= LONGEST
    ]
    found += [
        f"{after.title}: phase {after.phase} after phase {before.phase}"
        for before, after in pairwise(stations)
        if after.phase < before.phase
    ]
    for ulo, components in wanted.items():
        led_to = frozenset().union(*(one.outcomes.get(ulo, frozenset()) for one in stations))
        found += [f"{ulo}: no station leads to {component}" for component in sorted(components - led_to)]
    return found
