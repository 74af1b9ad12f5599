"""Runs of stations over a database: planned, announced, put off, held, closed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any, Final

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from issuer_service.audit.events import AuditEvent
from issuer_service.errors import NotFound, Refused
from issuer_service.persistence.finding import find
from issuer_service.persistence.identifiers import random_uuid
from issuer_service.workflow.metroline.lines import Acting, station_of
from issuer_service.workflow.metroline.runs import (
    CHECKS,
    Run,
    RunRefused,
    RunState,
    advance,
    is_over,
    reschedule,
    run_warnings,
    still_missing,
)
from issuer_service.workflow.metroline.tables import Attendance, Station, StationAssessment, StationRun
from issuer_service.workflow.metroline.telling import tell_of_change

__all__ = ["advance_run", "change_run", "missing_for", "plan_run", "put_off", "run_of", "warnings_of_run"]

_COLUMNS: Final = tuple(field.name for field in fields(Run) if field.name not in {"attended", "unassessed"})


def plan_run(session: Session, acting: Acting, station_id: str, details: Mapping[str, Any]) -> StationRun:
    """A draft of a run, of the station's own length and provider where nothing else is said. Raises NotFound."""
    station = station_of(session, station_id)
    values = {"hours": station.hours, "provider": station.provider, **details}
    run = StationRun(
        id=random_uuid(acting.randomness),
        organisation_id=acting.caller.organisation_id,
        station_id=station.id,
        state=str(RunState.DRAFT),
        checked=[],
        changed_at=acting.now,
        **values,
    )
    session.add(run)
    session.flush()
    acting.record(session, AuditEvent.RUN_PLANNED, run.id)
    return run


def change_run(
    session: Session, acting: Acting, row: StationRun, details: Mapping[str, Any], *, checked: Collection[str] | None
) -> StationRun:
    """Fill in what is known of a run. When it is held is changed by planning, or by putting it off.

    Raises Refused for a run that is over, for a moment that was fixed, and for a check that is none.
    """
    if is_over(RunState(row.state)):
        raise Refused(f"this run is {row.state}", field="state")
    fixed = [name for name in ("starts_at", "hours") if name in details and row.state != RunState.DRAFT]
    if fixed:
        raise Refused("put the run off, so that everybody hears of it", field=fixed[0])
    if checked is not None:
        foreign = sorted(set(checked) - set(CHECKS))
        if foreign:
            raise Refused(f"give some of {', '.join(CHECKS)}", field="checked", findings=tuple(foreign))
        row.checked = sorted(set(checked))
    before = _of_row(row, attended=0, unassessed=0)
    for name, value in details.items():
        setattr(row, name, value)
    if row.state != RunState.DRAFT and row.location != before.location:
        row.sequence += 1
    row.changed_at = acting.now
    session.flush()
    acting.record(session, AuditEvent.RUN_CHANGED, row.id, fields=sorted(details))
    tell_of_change(session, acting.telling, row, before=before)
    return row


def advance_run(session: Session, acting: Acting, row: StationRun, to: RunState) -> StationRun:
    """The run in its next state. Raises Refused with everything that is missing."""
    return _become(session, acting, row, lambda run: advance(run, to, now=acting.now))


def put_off(session: Session, acting: Acting, row: StationRun, starts_at: datetime) -> StationRun:
    """The run at another moment, to be announced again. Raises Refused for one that began or ended."""
    return _become(session, acting, row, lambda run: reschedule(run, starts_at, now=acting.now))


def run_of(session: Session, run_id: str) -> StationRun:
    """A run of the session's organisation. Raises NotFound."""
    run = find(session, StationRun, run_id)
    if run is None:
        raise NotFound("there is no such run", field="run_id")
    return run


def missing_for(session: Session, row: StationRun, *, now: datetime) -> dict[RunState, list[str]]:
    """By each state that a run can go to, everything that is missing for it."""
    return still_missing(_read(session, row), now=now)


def warnings_of_run(session: Session, row: StationRun, *, now: datetime) -> list[str]:
    """What is allowed, and unlike the working method's advice."""
    return run_warnings(_read(session, row), now=now)


def _become(session: Session, acting: Acting, row: StationRun, change: Any) -> StationRun:  # from a Run to the next
    try:
        before = _read(session, row)
        run: Run = change(before)
    except RunRefused as refused:
        raise Refused(str(refused), field="state", findings=refused.findings) from refused
    for name in _COLUMNS:
        value = getattr(run, name)
        setattr(row, name, sorted(value) if name == "checked" else str(value) if name == "state" else value)
    row.changed_at = acting.now
    session.flush()
    acting.record(session, AuditEvent.RUN_CHANGED, row.id, state=row.state, sequence=row.sequence)
    tell_of_change(session, acting.telling, row, before=before)
    return row


def _read(session: Session, row: StationRun) -> Run:
    there = select(func.count()).where(Attendance.station_run_id == row.id, Attendance.attended)
    assessed = exists().where(
        StationAssessment.station_run_id == row.id, StationAssessment.enrolment_id == Attendance.enrolment_id
    )
    attended = session.scalar(there) or 0
    station = session.get_one(Station, row.station_id)
    # Where a station leads to nothing, there is nothing to be assessed.
    unassessed = (session.scalar(there.where(~assessed)) or 0) if station.outcomes else 0
    return _of_row(row, attended=attended, unassessed=unassessed)


def _of_row(row: StationRun, *, attended: int, unassessed: int) -> Run:
    known = {name: getattr(row, name) for name in _COLUMNS}
    known |= {"state": RunState(row.state), "checked": frozenset(row.checked)}
    return Run(**known, attended=attended, unassessed=unassessed)
