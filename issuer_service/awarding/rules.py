"""The one table from (event, programme) to what is awarded.

Pure: no database and no badge in here. What is asked of a rule is only whether it awards, and what.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final

from issuer_service.programme.settings import ProgrammeSettings
from issuer_service.workflow.events import EventKind

__all__ = ["MOMENTS", "NO_OTHER", "RULES", "OtherMoment", "Rule", "outstanding_lines"]


def _nothing_named(_settings: ProgrammeSettings) -> str | None:
    return None


@dataclass(frozen=True, slots=True)
class OtherMoment:
    """What became of a line at the other moment of the same case at which it may be awarded.

    `awarded`: there, and so not here. `passed`: it was looked at there and not awarded, and here not looked at yet.
    """

    awarded: bool = False
    passed: bool = False


NO_OTHER: Final = OtherMoment()


@dataclass(frozen=True, slots=True)
class Rule:
    """What an event is worth. `unless` gives the reason why a programme does not award it, or None.

    `elsewhen` is for what is awarded once in a case, at one of two moments: the reason why it is the other one.
    `names` is the achievement that the programme itself names for it, by the id of its version; None where the
    achievement is that of what happened, as a module's is.
    """

    key: str
    event: EventKind
    description: str
    unless: Callable[[ProgrammeSettings], str | None]
    names: Callable[[ProgrammeSettings], str | None] = _nothing_named
    elsewhen: Callable[[ProgrammeSettings], str | None] | None = None

    def why_not(self, settings: ProgrammeSettings, other: OtherMoment = NO_OTHER) -> str | None:
        """The reason why it is not awarded for this event, or None.

        Of two moments the one that the settings name: as they stand when it is looked at, and they may have changed
        between the two. So what was awarded at one is not at the other, and what one let pass the other awards.
        """
        if self.elsewhen is None:
            return self.unless(settings)
        if other.awarded:
            return self.elsewhen(settings) or "it was awarded at the other moment of this path"
        return (None if other.passed else self.elsewhen(settings)) or self.unless(settings)


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


def _later(settings: ProgrammeSettings) -> str | None:
    if settings.certificate_at != "learning_completed":
        return "this programme gives its certificate when the whole path is completed"
    return None


def _earlier(settings: ProgrammeSettings) -> str | None:
    if settings.certificate_at != "completed":
        return "this programme gives its certificate when the learning part is completed"
    return None


def _no_certificate(settings: ProgrammeSettings) -> str | None:
    named = settings.certificate_ulo_version_id
    return None if named else "this programme names no achievement for its certificate: certificate_ulo_version_id"


def _no_completion(settings: ProgrammeSettings) -> str | None:
    named = settings.completion_ulo_version_id
    return None if named else "this programme names no achievement for its completion: completion_ulo_version_id"


RULES: Final[tuple[Rule, ...]] = (
    Rule(
        "module",
        EventKind.MODULE_PASSED,
        "the ULO to which the module leads (R18, A18, A20)",
        _no_module_badges,
    ),
    Rule(
        "certificate",
        EventKind.LEARNING_COMPLETED,
        "the certificate of the provider for the learning part (A21, G1)",
        _no_certificate,
        lambda settings: settings.certificate_ulo_version_id,
        _later,
    ),
    Rule(
        "certificate",
        EventKind.PROGRAMME_COMPLETED,
        "the certificate of the provider for the whole path (A24, G1)",
        _no_certificate,
        lambda settings: settings.certificate_ulo_version_id,
        _earlier,
    ),
    Rule(
        "completion",
        EventKind.PROGRAMME_COMPLETED,
        "that the whole path was completed (A24)",
        _no_completion,
        lambda settings: settings.completion_ulo_version_id,
    ),
    Rule("attendance", EventKind.STATION_ATTENDED, "that somebody was at a station (B-2)", _no_attendance_proofs),
    Rule("component", EventKind.COMPONENT_REACHED, "a component of a ULO (R08, B-3)", _no_component_badges),
    Rule("station", EventKind.STATION_OUTCOME_REACHED, "the outcomes of a station (B-3)", _no_station_badges),
    Rule(
        "ulo",
        EventKind.ULO_REACHED,
        "the ULO of which every component was reached, over stations and lines",
        _always,
    ),
    Rule(
        "line",
        EventKind.LINE_COMPLETED,
        "a line of which every station needed was reached (B-3)",
        _no_line_badges,
    ),
)


MOMENTS: Final = frozenset(rule.event for rule in RULES if rule.elsewhen is not None)
"""The events of which a line may be awarded for another one of the same case."""


def outstanding_lines(
    event: EventKind, settings: ProgrammeSettings, made: Collection[str], other: OtherMoment = NO_OTHER
) -> tuple[Rule, ...]:
    """The lines that this programme awards for an event, and that nothing was awarded for yet."""
    return tuple(
        rule for rule in RULES if rule.event == event and rule.key not in made and rule.why_not(settings, other) is None
    )
