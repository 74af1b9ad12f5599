"""What waits for somebody: steps of cases, the most urgent first, and the runs of stations that are near."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from issuer_service.pages.case_words import day, name_of, names_of, numbered
from issuer_service.pages.process_words import in_words
from issuer_service.people.service import Caller
from issuer_service.programme.tables import Enrolment
from issuer_service.web.dependencies import Language
from issuer_service.workflow.metroline.runs import NEXT, RunState
from issuer_service.workflow.metroline.tables import Metroline, Participation, Station, StationRun
from issuer_service.workflow.process.library import definition_of
from issuer_service.workflow.process.service import PERSONAL_ROLES
from issuer_service.workflow.process.tables import CaseParty, ProcessCase
from issuer_service.workflow.process.worklist import work_of

__all__ = ["NearRun", "OwnPath", "Waits", "near_runs", "own_paths", "own_travels", "waits_for"]

_MOST: Final = 50
_NEAR: Final = timedelta(days=14)
_LONG_AGO: Final = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Waits:
    """A step that waits for somebody: in which case, and since when it stands there."""

    case_id: str
    what: str
    title: str
    person: str
    stage: str
    since: str
    due: str
    late: bool


@dataclass(frozen=True, slots=True)
class OwnPath:
    """A case in which somebody has a part of their own."""

    case_id: str
    title: str
    person: str
    stage: str


@dataclass(frozen=True, slots=True)
class NearRun:
    """A run of a station that is near, or was held and is not closed."""

    run_id: str
    station: str
    state: str
    day: str
    is_today: bool


def waits_for(session: Session, caller: Caller, *, now: datetime, language: Language) -> list[Waits]:
    """The steps that wait for this caller, the most urgent first."""
    rows = work_of(session, caller, personal=PERSONAL_ROLES, limit=_MOST)
    # What was recorded is most of a case, and no line of the list shows it.
    query = select(ProcessCase).options(defer(ProcessCase.facts))
    cases = {case.id: case for case in session.scalars(query.where(ProcessCase.id.in_([row.case_id for row in rows])))}
    names = names_of(session, [case.person_id for case in cases.values()])
    found = []
    for row in rows:
        case = cases[row.case_id]
        definition = definition_of(session, case)
        owner = definition.task_by_key.get(row.what) or definition.route_by_key[row.what]
        found.append(
            Waits(
                case.id,
                row.what,
                in_words(owner.title, language),
                names.get(case.person_id or "", ""),
                numbered(definition, case.stage, language),
                day(case.entered_at),
                day(row.due_at),
                late=row.due_at < now,
            )
        )
    return found


def own_paths(session: Session, caller: Caller, *, language: Language) -> list[OwnPath]:
    """The cases in which this caller has a part of their own: as a candidate, a learner or a company."""
    query = (
        select(ProcessCase)
        .options(defer(ProcessCase.facts))
        .join(CaseParty, CaseParty.case_id == ProcessCase.id)
        .where(CaseParty.person_id == caller.person_id)
        .distinct()
        .order_by(ProcessCase.began_at.desc(), ProcessCase.id)
        .limit(_MOST)
    )
    found = []
    for case in session.scalars(query):
        definition = definition_of(session, case)
        title, stage = in_words(definition.title, language), numbered(definition, case.stage, language)
        found.append(OwnPath(case.id, title, name_of(session, case.person_id), stage))
    return found


def own_travels(session: Session, caller: Caller) -> list[tuple[str, str]]:
    """The lines that this caller travels: the participation, and what the line is called."""
    query = (
        select(Participation.id, Metroline.title)
        .join(Metroline, Metroline.id == Participation.metroline_id)
        .join(Enrolment, Enrolment.id == Participation.enrolment_id)
        .where(Enrolment.person_id == caller.person_id)
        .order_by(Participation.registered_at.desc(), Participation.id)
        .limit(_MOST)
    )
    return [(row.id, row.title) for row in session.execute(query)]


def near_runs(session: Session, *, now: datetime, zone: str) -> list[NearRun]:
    """The runs of the coming two weeks, and those held lately that are not closed, in the order of their days."""
    still = [str(state) for state in RunState if NEXT[state] and state is not RunState.DRAFT]
    query = (
        select(StationRun, Station.title)
        .join(Station, Station.id == StationRun.station_id)
        .where(StationRun.state.in_(still), StationRun.starts_at.between(now - _LONG_AGO, now + _NEAR))
        .order_by(StationRun.starts_at, StationRun.id)
        .limit(_MOST)
    )
    return [
        NearRun(
            row.StationRun.id,
            row.title,
            row.StationRun.state,
            _local(row.StationRun.starts_at, zone).strftime("%d-%m-%Y %H:%M"),
            is_today=_local(row.StationRun.starts_at, zone).date() == _local(now, zone).date(),
        )
        for row in session.execute(query)
    ]


def _local(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone))
