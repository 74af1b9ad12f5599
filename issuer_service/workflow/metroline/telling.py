"""Telling of runs whoever travels there: announced, changed, soon, cancelled, each with what their calendars need.

Nobody registers for a run. It is for everybody who is under way on a line that calls at its station, and was not there
yet. Who was told of a run is told of what becomes of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session

from issuer_service.audit.events import AuditEvent
from issuer_service.audit.trail import record
from issuer_service.clock import Randomness
from issuer_service.errors import Refused
from issuer_service.installation import Installation
from issuer_service.notices.calendar import CalendarEvent, as_calendar
from issuer_service.notices.purposes import NoticePurpose
from issuer_service.notices.tables import Notice
from issuer_service.notices.texts import LANGUAGES, span_in_words
from issuer_service.notices.writing import Occasion, Recipient, notice_for, overtake, put_down
from issuer_service.people.tables import Organisation, Person
from issuer_service.persistence.tenancy import Mostly
from issuer_service.programme.tables import Enrolment
from issuer_service.workflow.metroline.participations import ParticipationState
from issuer_service.workflow.metroline.runs import REMIND_WITHIN, Run, RunState
from issuer_service.workflow.metroline.tables import (
    Attendance,
    LineStop,
    Participation,
    Station,
    StationAssessment,
    StationRun,
)

__all__ = ["Telling", "calendar_event", "remind_of_runs", "tell_of_change", "tell_who_is_new"]

_UNDER_WAY: Final = tuple(
    map(str, (ParticipationState.REGISTERED, ParticipationState.INTAKE, ParticipationState.PARTICIPATING))
)
_TO_COME: Final = tuple(map(str, (RunState.ANNOUNCED, RunState.REMINDED, RunState.PREPARED)))
_WHEN_IT_IS: Final = (NoticePurpose.RUN_ANNOUNCED, NoticePurpose.RUN_CHANGED)
_OF_RUNS: Final = (*_WHEN_IT_IS, NoticePurpose.RUN_REMINDER)
_OVERTAKING: Final = frozenset({NoticePurpose.RUN_CHANGED, NoticePurpose.RUN_CANCELLED})


@dataclass(frozen=True, slots=True)
class Telling:
    """What telling takes: the moment, chance, and how this installation is reached and tells the time."""

    now: datetime
    randomness: Randomness
    base_url: str
    time_zone: str
    mail_from: str | None = None


@dataclass(frozen=True, slots=True)
class _Traveller(Recipient):
    """Somebody on a line that calls at the station, and their travel along it: whose it is sees its page."""

    participation_id: str


def tell_of_change(session: Session, telling: Telling, row: StationRun, *, before: Run) -> None:
    """Tell of what became of a run, where it is something to be told; `before` is what was known of it."""
    state = RunState(row.state)
    if state is RunState.CANCELLED:
        _tell(session, telling, row, NoticePurpose.RUN_CANCELLED, _who_was_told(session, row))
    elif row.sequence > before.sequence:
        _tell(session, telling, row, NoticePurpose.RUN_CHANGED, _who_was_told(session, row))
    elif state is RunState.ANNOUNCED and before.state is not state:
        known = {one.person_id for one in _who_was_told(session, row, in_round=row.sequence)}
        new = [one for one in _travellers(session, row) if one.person_id not in known]
        _tell(session, telling, row, NoticePurpose.RUN_ANNOUNCED, new)
    elif state is RunState.REMINDED and before.state is not state:
        _tell(session, telling, row, NoticePurpose.RUN_REMINDER, _to_be_reminded(session, row))


def tell_who_is_new(session: Session, telling: Telling, participation: Participation) -> None:
    """Tell somebody who registers of what was announced on their line already, and is still to come."""
    runs = session.scalars(
        select(StationRun)
        .join(LineStop, LineStop.station_id == StationRun.station_id)
        .where(
            LineStop.metroline_id == participation.metroline_id,
            StationRun.state.in_(_TO_COME),
            StationRun.starts_at > telling.now,
        )
        .order_by(StationRun.starts_at, StationRun.id)
    ).all()
    for row in runs:
        new = _travellers(session, row, enrolment_id=participation.enrolment_id)
        _tell(session, telling, row, NoticePurpose.RUN_ANNOUNCED, new)


def remind_of_runs(here: Installation, *, now: datetime) -> int:
    """Remind of every run that is soon; late where a turn was missed, and of none that began. Gives how many runs."""
    told = exists().where(
        Notice.about_id == StationRun.id,
        Notice.purpose == str(NoticePurpose.RUN_REMINDER),
        Notice.round == StationRun.sequence,
    )
    soon = (
        StationRun.state.in_((str(RunState.ANNOUNCED), str(RunState.PREPARED))),
        StationRun.starts_at > now,
        StationRun.starts_at <= now + REMIND_WITHIN,
    )
    wanted = select(StationRun.id).where(*soon, ~told).order_by(StationRun.starts_at, StationRun.id)
    with here.reading() as session:
        ids = session.scalars(wanted).all()
    telling = Telling(now, here.randomness, here.base_url, here.settings.time_zone, here.settings.mail_from)
    count = 0
    for run_id in ids:
        with here.transaction() as session:
            # Looked at again: somebody may have cancelled it meanwhile.
            row = session.scalar(select(StationRun).where(StationRun.id == run_id, *soon).with_for_update())
            if row is None:
                continue
            _tell(session, telling, row, NoticePurpose.RUN_REMINDER, _to_be_reminded(session, row))
            if row.state == RunState.ANNOUNCED:
                row.state, row.changed_at = str(RunState.REMINDED), now
                details = {"state": row.state, "sequence": row.sequence}
                record(
                    session,
                    AuditEvent.RUN_CHANGED,
                    about=row.id,
                    organisation_id=row.organisation_id,
                    details=details,
                )
            count += 1
    return count


def calendar_event(
    row: StationRun, station: Station, *, base_url: str, provider: str = "", mail_from: str | None = None
) -> CalendarEvent:
    """The run as it stands in a calendar. Raises Refused for one that has no moment yet."""
    if row.starts_at is None:
        raise Refused("this run has no date yet", field="starts_at")
    host = urlsplit(base_url).hostname or "localhost"
    return CalendarEvent(
        uid=f"run-{row.id}@{host}",
        starts_at=row.starts_at,
        ends_at=row.starts_at + timedelta(hours=row.hours),
        changed_at=row.changed_at,
        summary=station.title,
        location=row.location,
        description="\n".join(text for text in (row.preparation, row.materials) if text),
        sequence=row.sequence,
        cancelled=row.state == RunState.CANCELLED,
        organizer=None if mail_from is None else (provider, mail_from),
    )


def _tell(
    session: Session,
    telling: Telling,
    row: StationRun,
    purpose: NoticePurpose,
    recipients: Sequence[_Traveller],
) -> None:
    if purpose in _OVERTAKING:
        overtake(session, row.id, _OF_RUNS, by="overtaken by a newer notice")
    if not recipients or row.starts_at is None:
        return
    station = session.get_one(Station, row.station_id)
    provider = session.get_one(Organisation, row.organisation_id).name
    calendar = ""
    if purpose is not NoticePurpose.RUN_REMINDER:
        event = calendar_event(row, station, base_url=telling.base_url, provider=provider, mail_from=telling.mail_from)
        calendar = as_calendar([event], method="CANCEL" if event.cancelled else "PUBLISH")
    zone, length = ZoneInfo(telling.time_zone), timedelta(hours=row.hours)
    values: dict[str, Any] = {
        "station": station.title,
        "location": row.location,
        "preparation": row.preparation,
        "materials": row.materials,
    }
    when = {language: span_in_words(row.starts_at, length, language, zone) for language in LANGUAGES}
    occasion = Occasion(purpose, row.organisation_id, provider, row.id, row.sequence, until=row.starts_at)
    notices = [
        notice_for(
            one,
            occasion,
            {
                **values,
                "when": when[one.language],
                "link": f"{telling.base_url}/desk/participations/{one.participation_id}",
            },
            now=telling.now,
            randomness=telling.randomness,
            calendar=calendar,
        )
        for one in recipients
    ]
    put_down(session, notices)


def _travellers(session: Session, row: StationRun, *, enrolment_id: str | None = None) -> list[_Traveller]:
    """Who is under way on a line that calls there, and neither was there nor need go."""
    was_there = exists().where(
        Attendance.enrolment_id == Enrolment.id,
        Attendance.attended,
        Attendance.station_run_id.in_(select(StationRun.id).where(StationRun.station_id == row.station_id)),
    )
    need_not = exists().where(
        StationAssessment.enrolment_id == Enrolment.id,
        StationAssessment.station_id == row.station_id,
        StationAssessment.recognised,
    )
    wanted = _people_on_lines(row, _UNDER_WAY).where(~was_there, ~need_not)
    if enrolment_id is not None:
        wanted = wanted.where(Enrolment.id == enrolment_id)
    return _recipients(session.execute(wanted).all())


def _who_was_told(session: Session, row: StationRun, *, in_round: int | None = None) -> list[_Traveller]:
    """Who knows when the run was to be, and did not leave its lines."""
    told = select(Notice.person_id).where(Notice.about_id == row.id, Notice.purpose.in_(list(map(str, _WHEN_IT_IS))))
    if in_round is not None:
        told = told.where(Notice.round == in_round)
    staying = [str(state) for state in ParticipationState if state is not ParticipationState.DROPPED_OUT]
    return _recipients(session.execute(_people_on_lines(row, staying).where(Person.id.in_(told))).all())


def _to_be_reminded(session: Session, row: StationRun) -> list[_Traveller]:
    """Who was told of it long enough ago to have forgotten."""
    if row.starts_at is None:
        return []
    long_ago = select(Notice.person_id).where(
        Notice.about_id == row.id,
        Notice.purpose.in_(list(map(str, _WHEN_IT_IS))),
        Notice.round == row.sequence,
        Notice.written_at <= row.starts_at - REMIND_WITHIN,
    )
    wanted = _people_on_lines(row, _UNDER_WAY).where(Person.id.in_(long_ago))
    return _recipients(session.execute(wanted).all())


def _people_on_lines(row: StationRun, states: Iterable[str]) -> Select[str, str, str, str]:
    return (
        # Who travels along several lines that call there is told once.
        select(Person.id, Person.name, Person.language, func.min(Participation.id).label("participation_id"))
        .join(Enrolment, Enrolment.person_id == Person.id)
        .join(Participation, Participation.enrolment_id == Enrolment.id)
        .join(LineStop, LineStop.metroline_id == Participation.metroline_id)
        .where(
            Mostly(Participation.organisation_id == row.organisation_id),
            LineStop.station_id == row.station_id,
            Participation.state.in_(tuple(states)),
            Person.erased_at.is_(None),
        )
        .group_by(Person.id, Person.name, Person.language)
        .order_by(Person.id)
    )


def _recipients(rows: Iterable[Any]) -> list[_Traveller]:
    return [_Traveller(row.id, row.name, row.language, row.participation_id) for row in rows]
