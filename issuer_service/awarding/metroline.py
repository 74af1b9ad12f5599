"""What is asked for when somebody reached something along a metroline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.awarding.achievements import Publishing
from issuer_service.programme.tables import Enrolment
from issuer_service.workflow.events import Event, EventKind
from issuer_service.workflow.metroline.reaching import COMPONENT
from issuer_service.workflow.metroline.tables import (
    Attendance,
    Metroline,
    ReachedOutcome,
    Station,
    StationAssessment,
    StationRun,
)

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
    """What is awarded: a version of a ULO with the levels that were reached, or one of another achievement."""

    assessor_id: str
    ulo_version_id: str = ""
    achievement_version_id: str = ""
    levels: Mapping[str, str] = field(default_factory=dict)


def earned_by(session: Session, event: Event, publishing: Publishing) -> Earned:
    """What is awarded for what happened on a line. What a station or a line names as its badge comes first."""
    if event.kind is EventKind.STATION_ATTENDED:
        attendance = session.get_one(Attendance, event.evidence_id)
        run = session.get_one(StationRun, attendance.station_run_id)
        return Earned(attendance.recorded_by, achievement_version_id=publishing.attendance(run.station_id))
    reached = session.get_one(ReachedOutcome, event.evidence_id)
    assessor_id = session.get_one(StationAssessment, reached.assessment_id).assessor_id
    named, made = None, ""
    match event.kind:
        case EventKind.ULO_REACHED:
            return Earned(assessor_id, reached.about_id, levels=_levels(session, event, reached.about_id))
        case EventKind.COMPONENT_REACHED:
            made = publishing.component(reached.about_id, reached.component)
        case EventKind.STATION_OUTCOME_REACHED:
            named = session.get_one(Station, reached.about_id).badge_ulo_version_id
            made = "" if named else publishing.station(reached.about_id)
        case EventKind.LINE_COMPLETED:
            named = session.get_one(Metroline, reached.about_id).badge_ulo_version_id
            made = "" if named else publishing.line(reached.about_id)
        case _:
            raise LookupError(f"{event.kind} does not happen on a line")
    return Earned(assessor_id, named or "", made)


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
