"""What is asked for when somebody reached something along a metroline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.programme.tables import Enrolment
from issuer_service.workflow.events import Event, EventKind
from issuer_service.workflow.metroline.tables import Metroline, ReachedOutcome, Station, StationAssessment
from issuer_service.workflow.metroline.travelling import COMPONENT

__all__ = ["METROLINE_EVENTS", "Earned", "earned_by"]

METROLINE_EVENTS: Final = frozenset(
    {
        EventKind.STATION_ATTENDED,
        EventKind.COMPONENT_REACHED,
        EventKind.STATION_OUTCOME_REACHED,
        EventKind.ULO_REACHED,
        EventKind.LINE_COMPLETED,
    }
)


@dataclass(frozen=True, slots=True)
class Earned:
    """The version of a ULO that is awarded, by whose judgement, and with which levels."""

    ulo_version_id: str
    assessor_id: str
    levels: Mapping[str, str]


def earned_by(session: Session, event: Event) -> Earned | None:
    """What is awarded for an event; None where a station or a line names no badge."""
    reached = session.get(ReachedOutcome, event.evidence_id)
    if reached is None:
        # Attendance: that somebody was there is no outcome.
        return None
    assessor_id = session.get_one(StationAssessment, reached.assessment_id).assessor_id
    match event.kind:
        case EventKind.ULO_REACHED:
            return Earned(reached.about_id, assessor_id, _levels(session, event, reached.about_id))
        case EventKind.STATION_OUTCOME_REACHED:
            badge = session.get_one(Station, reached.about_id).badge_ulo_version_id
        case EventKind.LINE_COMPLETED:
            badge = session.get_one(Metroline, reached.about_id).badge_ulo_version_id
        case _:
            badge = None
    return None if badge is None else Earned(badge, assessor_id, {})


def _levels(session: Session, event: Event, ulo_version_id: str) -> dict[str, str]:
    """The level of each component, wherever it was reached, and also in another programme of the same provider."""
    person_id = session.get_one(Enrolment, event.enrolment_id).person_id
    query = (
        select(ReachedOutcome.component, ReachedOutcome.level)
        .join(Enrolment, Enrolment.id == ReachedOutcome.enrolment_id)
        .where(
            Enrolment.person_id == person_id,
            ReachedOutcome.kind == COMPONENT,
            ReachedOutcome.about_id == ulo_version_id,
        )
        .order_by(ReachedOutcome.component)
    )
    return {row.component: row.level for row in session.execute(query)}
