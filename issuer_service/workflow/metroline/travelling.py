"""Somebody's travel along a line over a database: registered, heard, present, assessed, evaluated, referred."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from sqlalchemy import String, bindparam, select
from sqlalchemy.orm import Session

from issuer_service.assessment.service import components_reached
from issuer_service.audit.events import AuditEvent
from issuer_service.catalogue.service import awardable_ulo
from issuer_service.errors import Conflict, NotAllowed, NotFound, Refused
from issuer_service.people.service import Role, add_role, person_of
from issuer_service.persistence.finding import find, find_and_lock
from issuer_service.persistence.identifiers import random_uuid
from issuer_service.programme.service import enrol
from issuer_service.programme.tables import Enrolment
from issuer_service.workflow.events import Event, EventKind
from issuer_service.workflow.metroline.canvases import CanvasKind, canvas_findings
from issuer_service.workflow.metroline.lines import Acting
from issuer_service.workflow.metroline.participations import NEXT, Component, ParticipationState
from issuer_service.workflow.metroline.reaching import last_assessment, reach, reached_by
from issuer_service.workflow.metroline.runs import RunState
from issuer_service.workflow.metroline.tables import (
    Attendance,
    LineStop,
    Metroline,
    Participation,
    ReachedOutcome,
    Station,
    StationAssessment,
    StationRun,
)
from issuer_service.workflow.metroline.telling import tell_who_is_new
from issuer_service.workflow.setting_out import Way, set_out

__all__ = [
    "assess",
    "drop_out",
    "evaluate",
    "hear",
    "participation_of",
    "record_attendance",
    "refer",
    "register",
]

_HELD: Final = frozenset({RunState.RUNNING, RunState.REFLECTED, RunState.CLOSED})
_INTAKE: Final = frozenset({"wishes", "expectations", "needs"})

# Asked for everybody who is at a station, and made once.
_KNOWN: Final = select(Attendance).where(
    Attendance.station_run_id == bindparam("of_run", String), Attendance.enrolment_id == bindparam("whose", String)
)
_STOP: Final = select(LineStop.station_id).where(
    LineStop.metroline_id == bindparam("of_line", String), LineStop.station_id == bindparam("at", String)
)


def register(session: Session, acting: Acting, line: Metroline, *, person_id: str, company: str = "") -> Participation:
    """Register somebody for a line; whoever is new to its programme is enrolled in it.

    Raises NotFound for whom the organisation does not know, and Conflict for whom is registered already.
    """
    person = person_of(session, person_id, organisation_id=acting.caller.organisation_id)
    enrolment = session.scalar(
        select(Enrolment).where(Enrolment.person_id == person.id, Enrolment.programme_id == line.programme_id)
    )
    if enrolment is None:
        enrolment = enrol(
            session,
            person_id=person.id,
            programme_id=line.programme_id,
            now=acting.now,
            randomness=acting.randomness,
        )
        session.flush()
    known = select(Participation.id).where(
        Participation.metroline_id == line.id, Participation.enrolment_id == enrolment.id
    )
    if session.scalar(known) is not None:
        raise Conflict("registered for this line already", field="person_id")
    add_role(
        session,
        person.id,
        Role.PARTICIPANT,
        organisation_id=acting.caller.organisation_id,
        randomness=acting.randomness,
    )
    participation = Participation(
        id=random_uuid(acting.randomness),
        organisation_id=acting.caller.organisation_id,
        metroline_id=line.id,
        enrolment_id=enrolment.id,
        company=company,
        state=str(ParticipationState.REGISTERED),
        intake={},
        evaluation={},
        referral={},
        registered_at=acting.now,
    )
    session.add(participation)
    set_out(
        session,
        Way.LINE,
        participation.id,
        organisation_id=participation.organisation_id,
        person_id=person.id,
        now=acting.now,
        randomness=acting.randomness,
    )
    session.flush()
    acting.record(session, AuditEvent.PARTICIPANT_REGISTERED, participation.id)
    tell_who_is_new(session, acting.telling, participation)
    earlier = last_assessment(session, person.id)
    if earlier is not None:
        reach(session, acting, enrolment, earlier, {})
    return participation


def participation_of(session: Session, participation_id: str) -> Participation:
    """A participation of the session's organisation. Raises NotFound."""
    found = find(session, Participation, participation_id)
    if found is None:
        raise NotFound("there is no such participation", field="participation_id")
    return found


def hear(session: Session, acting: Acting, participation: Participation, intake: Mapping[str, str]) -> Participation:
    """Record what somebody wishes, expects and needs (R29). Raises Refused for another field, or too late."""
    foreign = sorted(set(intake) - _INTAKE)
    if foreign:
        raise Refused(f"an intake has {', '.join(sorted(_INTAKE))}", field="intake", findings=tuple(foreign))
    _move(participation, ParticipationState.INTAKE)
    participation.intake = dict(intake)
    return _changed(session, acting, participation)


def record_attendance(
    session: Session, acting: Acting, run: StationRun, participation: Participation, *, attended: bool
) -> Attendance:
    """Record that somebody was at a run, or was not; a second time corrects the first.

    Raises Refused for a run that was not held, and for somebody whose line does not call at its station.
    """
    if run.state not in _HELD:
        raise Refused(f"this run is {run.state}; attendance is recorded from its beginning on", field="run_id")
    _must_call_at(session, participation, run.station_id)
    attendance = session.scalar(_KNOWN, {"of_run": run.id, "whose": participation.enrolment_id})
    if attendance is None:
        attendance = Attendance(
            id=random_uuid(acting.randomness),
            organisation_id=run.organisation_id,
            station_run_id=run.id,
            enrolment_id=participation.enrolment_id,
        )
        session.add(attendance)
    attendance.attended = attended
    attendance.recorded_by, attendance.recorded_at = acting.caller.person_id, acting.now
    if attended and participation.state in {ParticipationState.REGISTERED, ParticipationState.INTAKE}:
        _move(participation, ParticipationState.PARTICIPATING)
    session.flush()
    acting.record(session, AuditEvent.ATTENDANCE_RECORDED, attendance.id, attended=attended)
    if attended:
        told = Event(
            EventKind.STATION_ATTENDED, run.organisation_id, participation.enrolment_id, attendance.id, acting.now
        )
        acting.events.emit(session, told)
    return attendance


def assess(
    session: Session,
    acting: Acting,
    participation: Participation,
    station: Station,
    levels: Mapping[str, Mapping[str, str]],
    *,
    run: StationRun | None = None,
    recognised: bool = False,
) -> tuple[StationAssessment, list[ReachedOutcome]]:
    """A teacher records how somebody did at a station, by ULO and component; and what they newly reached by it.

    `recognised`: not at the station, but by what they brought with them; their way becomes shorter by it, and they were
    nowhere yet.
    Raises NotAllowed for another role or for oneself, and Refused for what the station does not lead to, for levels
    that the rubrics do not have, and for a run of another station.
    """
    acting.caller.must_be(Role.TEACHER)
    # Two who record at a time for one person: the second waits, and counts what the first recorded.
    enrolment = find_and_lock(session, Enrolment, participation.enrolment_id)
    if enrolment is None:
        raise NotFound("there is no such participation", field="participation_id")
    if enrolment.person_id == acting.caller.person_id:
        raise NotAllowed("nobody assesses themselves")
    _must_call_at(session, participation, station.id)
    if run is not None and run.station_id != station.id:
        raise Refused("this is a run of another station", field="run_id")
    reached = _judged(session, acting, station, levels)
    assessment = StationAssessment(
        id=random_uuid(acting.randomness),
        organisation_id=acting.caller.organisation_id,
        station_id=station.id,
        station_run_id=None if run is None else run.id,
        enrolment_id=enrolment.id,
        assessor_id=acting.caller.person_id,
        assessed_at=acting.now,
        levels={ulo: dict(by_component) for ulo, by_component in levels.items()},
        recognised=recognised,
    )
    session.add(assessment)
    if not recognised and participation.state in {ParticipationState.REGISTERED, ParticipationState.INTAKE}:
        _move(participation, ParticipationState.PARTICIPATING)
    session.flush()
    acting.record(session, AuditEvent.STATION_ASSESSED, assessment.id, reached=len(reached))
    return assessment, reach(session, acting, enrolment, assessment, reached)


def evaluate(session: Session, acting: Acting, participation: Participation, form: Mapping[str, Any]) -> Participation:
    """Record a participant's evaluation form: outcomes reached, goals of the company supported (R31).

    Raises Refused with each field that is amiss.
    """
    findings = canvas_findings(CanvasKind.EVALUATION, form)
    if findings:
        raise Refused("this form is not complete", field="evaluation", findings=tuple(findings))
    _move(participation, ParticipationState.EVALUATED)
    participation.evaluation = dict(form)
    return _changed(session, acting, participation)


def drop_out(session: Session, acting: Acting, participation: Participation) -> Participation:
    """Somebody leaves the line, and keeps what they earned. Raises Refused for whom it has ended."""
    _move(participation, ParticipationState.DROPPED_OUT)
    return _changed(session, acting, participation)


def refer(
    session: Session,
    acting: Acting,
    participation: Participation,
    *,
    programme_id: str,
    open_path: Callable[[Enrolment], tuple[str, bool]],
) -> Participation:
    """Refer somebody to a path of their own (R32): they become a candidate, and what they reached goes along.

    `open_path` gives the case of their path, and whether it was opened for it. Their badges are theirs, and stay; the
    referral lists the outcomes behind them, for whom exemptions are granted on.
    Raises Refused for whom is under way on the line, and what `open_path` raises.
    """
    _move(participation, ParticipationState.REFERRED)
    enrolment = session.get_one(Enrolment, participation.enrolment_id)
    case_id, opened = open_path(enrolment)
    add_role(
        session,
        enrolment.person_id,
        Role.CANDIDATE,
        organisation_id=acting.caller.organisation_id,
        randomness=acting.randomness,
    )
    outcomes = [
        {"kind": one.kind, "about_id": one.about_id, "component": one.component, "evidence_id": one.id}
        for one in reached_by(session, enrolment.person_id)
    ]
    participation.referral = {
        "programme_id": programme_id,
        "case_id": case_id,
        "opened": opened,
        "at": acting.now.isoformat(),
        "reached": outcomes,
    }
    return _changed(session, acting, participation)


def _judged(
    session: Session, acting: Acting, station: Station, levels: Mapping[str, Mapping[str, str]]
) -> dict[Component, str]:
    """The components that were reached, with the level of each."""
    reached: dict[Component, str] = {}
    if not levels:
        raise Refused("give the level of at least one component", field="levels")
    for ulo_version_id, by_component in levels.items():
        led_to = station.outcomes.get(ulo_version_id, ())
        foreign = tuple(one for one in by_component if one not in led_to)
        if foreign or not by_component:
            findings = tuple(f"levels.{ulo_version_id}.{one}: not an outcome of this station" for one in foreign)
            raise Refused("this station does not lead to that", field="levels", findings=findings)
        ulo = awardable_ulo(session, ulo_version_id, base_url=acting.base_url)
        for component in sorted(components_reached(ulo.rubric, by_component)):
            reached[ulo_version_id, component] = by_component[component]
    return reached


def _must_call_at(session: Session, participation: Participation, station_id: str) -> None:
    if participation.state == ParticipationState.DROPPED_OUT:
        raise Refused("they left this line", field="participation_id")
    if session.scalar(_STOP, {"of_line": participation.metroline_id, "at": station_id}) is None:
        raise Refused("the line does not call at this station", field="station_id")


def _move(participation: Participation, to: ParticipationState) -> None:
    state = ParticipationState(participation.state)
    if to not in NEXT[state]:
        ways = ", ".join(sorted(NEXT[state])) or "nowhere"
        raise Refused(f"from {state} one goes to {ways}", field="state")
    participation.state = str(to)


def _changed(session: Session, acting: Acting, participation: Participation) -> Participation:
    session.flush()
    acting.record(session, AuditEvent.PARTICIPATION_CHANGED, participation.id, state=participation.state)
    return participation
