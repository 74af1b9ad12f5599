"""What somebody reached along their lines over a database: components, stations, ULOs, lines.

What is reached is written with its event in one transaction, and each thing once for one person: asked twice, or by two
assessors at a time, the second adds nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import String, bindparam, select
from sqlalchemy.orm import Session

from issuer_service.catalogue.service import judged_components
from issuer_service.persistence.identifiers import random_uuid
from issuer_service.programme.tables import Enrolment
from issuer_service.workflow.events import Event, EventKind
from issuer_service.workflow.metroline.lines import Acting
from issuer_service.workflow.metroline.participations import Component, Outcome, ParticipationState, what_is_reached
from issuer_service.workflow.metroline.tables import (
    LineStop,
    Participation,
    ReachedOutcome,
    Station,
    StationAssessment,
)

__all__ = ["COMPONENT", "LINE", "STATION", "ULO", "last_assessment", "reach", "reached_by"]

COMPONENT: Final = "component"
STATION: Final = "station"
ULO: Final = "ulo"
LINE: Final = "line"
_EVENTS: Final[Mapping[str, EventKind]] = {
    COMPONENT: EventKind.COMPONENT_REACHED,
    STATION: EventKind.STATION_OUTCOME_REACHED,
    ULO: EventKind.ULO_REACHED,
    LINE: EventKind.LINE_COMPLETED,
}
_UNDER_WAY: Final = (
    str(ParticipationState.REGISTERED),
    str(ParticipationState.INTAKE),
    str(ParticipationState.PARTICIPATING),
)

# Asked with every assessment, and made once.
_RECORDED: Final = (
    select(ReachedOutcome.kind, ReachedOutcome.about_id, ReachedOutcome.component)
    .join(Enrolment, Enrolment.id == ReachedOutcome.enrolment_id)
    .where(Enrolment.person_id == bindparam("whose", String))
)
_STOPS: Final = (
    select(LineStop.metroline_id, LineStop.required, Station.id, Station.outcomes)
    .join(Station, Station.id == LineStop.station_id)
    .join(Participation, Participation.metroline_id == LineStop.metroline_id)
    .where(
        Participation.enrolment_id == bindparam("whose", String),
        Participation.state != str(ParticipationState.DROPPED_OUT),
    )
    .order_by(LineStop.metroline_id, LineStop.position)
)


def reach(
    session: Session,
    acting: Acting,
    enrolment: Enrolment,
    assessment: StationAssessment,
    assessed: Mapping[Component, str],
) -> list[ReachedOutcome]:
    """Write what is new, and tell it, on every line that the person travels within this programme.

    What is new is what holds and was not written before, however it came about: a line that is joined when its stations
    were all reached is completed too.
    """
    recorded = {tuple(row) for row in session.execute(_RECORDED, {"whose": enrolment.person_id})}
    now = {(about, code) for kind, about, code in recorded if kind == COMPONENT} | set(assessed)
    wanted = judged_components(session, {ulo for ulo, _ in now})
    found: list[tuple[str, str, str]] = []
    for line_id, outcomes in _lines_of(session, enrolment.id).items():
        reached = what_is_reached((), now, line=outcomes, wanted=wanted)
        found += [(COMPONENT, ulo, code) for ulo, code in sorted(reached.components)]
        found += [(STATION, station, "") for station in sorted(reached.stations)]
        found += [(ULO, ulo, "") for ulo in sorted(reached.ulos)]
        if reached.line:
            found.append((LINE, line_id, ""))
    new = [one for one in dict.fromkeys(found) if one not in recorded]
    _complete(session, enrolment.id, [about for kind, about, _ in new if kind == LINE])
    rows = [
        ReachedOutcome(
            id=random_uuid(acting.randomness),
            organisation_id=assessment.organisation_id,
            enrolment_id=enrolment.id,
            kind=kind,
            about_id=about,
            component=code,
            level=assessed.get((about, code), ""),
            assessment_id=assessment.id,
            reached_at=acting.now,
        )
        for kind, about, code in new
    ]
    session.add_all(rows)
    session.flush()
    acting.events.emit(
        session,
        *(Event(_EVENTS[row.kind], row.organisation_id, enrolment.id, row.id, acting.now) for row in rows),
    )
    return rows


def _lines_of(session: Session, enrolment_id: str) -> dict[str, list[Outcome]]:
    lines: dict[str, list[Outcome]] = {}
    for row in session.execute(_STOPS, {"whose": enrolment_id}):
        components = frozenset((ulo, code) for ulo, codes in row.outcomes.items() for code in codes)
        lines.setdefault(row.metroline_id, []).append(Outcome(row.id, components, row.required))
    return lines


def _complete(session: Session, enrolment_id: str, lines: Sequence[str]) -> None:
    if not lines:
        return
    query = select(Participation).where(
        Participation.enrolment_id == enrolment_id,
        Participation.metroline_id.in_(lines),
        Participation.state.in_(_UNDER_WAY),
    )
    for participation in session.scalars(query):
        participation.state = str(ParticipationState.LINE_COMPLETED)


def reached_by(session: Session, person_id: str) -> list[ReachedOutcome]:
    """What somebody reached along all lines, the earliest first."""
    query = (
        select(ReachedOutcome)
        .join(Enrolment, Enrolment.id == ReachedOutcome.enrolment_id)
        .where(Enrolment.person_id == person_id)
        .order_by(ReachedOutcome.reached_at, ReachedOutcome.id)
    )
    return list(session.scalars(query))


def last_assessment(session: Session, person_id: str) -> StationAssessment | None:
    """The latest time that somebody was judged at any station."""
    query = (
        select(StationAssessment)
        .join(Enrolment, Enrolment.id == StationAssessment.enrolment_id)
        .where(Enrolment.person_id == person_id)
        .order_by(StationAssessment.assessed_at.desc(), StationAssessment.id)
    )
    return session.scalars(query.limit(1)).first()
