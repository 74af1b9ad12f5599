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


def _no_component_badges(_: ProgrammeSettings) -> str | None:
    return "a component has no badge of its own; its ULO and its station have"


def _no_attendance_badges(_: ProgrammeSettings) -> str | None:
    return "being there proves no skill (G11): it is told, and no badge is given for it"


RULES: Final[Mapping[EventKind, Rule]] = MappingProxyType(
    {
        EventKind.MODULE_PASSED: Rule("the ULO to which the module leads (R18, A18, A20)", _no_module_badges),
        EventKind.STATION_ATTENDED: Rule("that somebody was at a station (B-2)", _no_attendance_badges),
        EventKind.COMPONENT_REACHED: Rule("a component of a ULO (R08, B-3)", _no_component_badges),
        EventKind.STATION_OUTCOME_REACHED: Rule("what a station names as its badge (B-3)", _always),
        EventKind.ULO_REACHED: Rule("the ULO of which every component was reached, over stations and lines", _always),
        EventKind.LINE_COMPLETED: Rule("what a line names as its badge (B-3)", _always),
    }
)
