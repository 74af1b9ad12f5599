"""The one table from (event, programme) to what is awarded.

Pure: no database and no badge in here. What is asked of a rule is only whether it awards.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from issuer_service.programme.settings import ProgrammeSettings
from issuer_service.workflow.events import EventKind

__all__ = ["RULES", "Rule"]


@dataclass(frozen=True, slots=True)
class Rule:
    """What an event is worth. `unless` gives the reason why a programme does not award it, or None."""

    description: str
    unless: Callable[[ProgrammeSettings], str | None]


def _no_module_badges(settings: ProgrammeSettings) -> str | None:
    return None if settings.badge_per_module else "this programme gives no badge per module"


def _always(_: ProgrammeSettings) -> str | None:
    return None


def _no_component_badges(settings: ProgrammeSettings) -> str | None:
    return None if settings.badge_per_component else "this programme gives no badge per component"


def _no_station_badges(settings: ProgrammeSettings) -> str | None:
    return None if settings.badge_per_station else "this programme gives no badge per station"


def _no_line_badges(settings: ProgrammeSettings) -> str | None:
    return None if settings.badge_per_line else "this programme gives no badge for a line"


def _no_attendance_proofs(settings: ProgrammeSettings) -> str | None:
    return None if settings.attendance_proof else "being there proves no skill, and this programme gives no proof of it"


RULES: Final[Mapping[EventKind, Rule]] = MappingProxyType(
    {
        EventKind.MODULE_PASSED: Rule("the ULO to which the module leads (R18, A18, A20)", _no_module_badges),
        EventKind.STATION_ATTENDED: Rule("that somebody was at a station (B-2)", _no_attendance_proofs),
        EventKind.COMPONENT_REACHED: Rule("a component of a ULO (R08, B-3)", _no_component_badges),
        EventKind.STATION_OUTCOME_REACHED: Rule("the outcomes of a station (B-3)", _no_station_badges),
        EventKind.ULO_REACHED: Rule("the ULO of which every component was reached, over stations and lines", _always),
        EventKind.LINE_COMPLETED: Rule("a line of which every station needed was reached (B-3)", _no_line_badges),
    }
)
