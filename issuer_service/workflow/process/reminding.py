"""Reminding of tasks whose time is over: who a task is for by its name, and staff by how many there are.

Asked again and again by a job, at any moment: each task is reminded of once, late where turns were missed, and not when
it was done meanwhile or nobody can expect it any more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from issuer_service.installation import Installation
from issuer_service.notices.purposes import NoticePurpose
from issuer_service.notices.tables import Notice
from issuer_service.notices.texts import day_in_words
from issuer_service.notices.writing import Occasion, Recipient, notice_for, put_down
from issuer_service.people.tables import Membership, Organisation, Person
from issuer_service.workflow.process.definition import Definition
from issuer_service.workflow.process.library import definition_of
from issuer_service.workflow.process.looking import where_to_look
from issuer_service.workflow.process.tables import CaseTask, ProcessCase

__all__ = ["LATE_FOR", "remind_of_tasks"]

LATE_FOR: Final = timedelta(days=14)
"""What was due longer ago is not reminded of any more: people know, or nobody looks."""
_AT_ONCE: Final = 200
_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)
_DAYS: Final = LATE_FOR.days + 1
"""When somebody was told before that, nothing of what they were told of is reminded of any more."""
_MORNING: Final = 7
"""From this hour on staff are told what was due since the last time, once a day."""


def remind_of_tasks(here: Installation, *, now: datetime) -> int:
    """Write to everybody who has a task that was due, and to staff whose roles have. Gives the number of notices."""
    return _remind_people(here, now) + _remind_staff(here, now)


def _remind_people(here: Installation, now: datetime) -> int:
    zone, count = ZoneInfo(here.settings.time_zone), 0
    told = exists().where(Notice.about_id == CaseTask.id, Notice.purpose == str(NoticePurpose.TASK_DUE))
    due = (
        select(CaseTask, ProcessCase, Person, Organisation.name)
        .join(ProcessCase, ProcessCase.id == CaseTask.case_id)
        .join(Person, Person.id == CaseTask.person_id)
        .join(Organisation, Organisation.id == CaseTask.organisation_id)
        .where(CaseTask.due_at <= now, CaseTask.due_at > now - LATE_FOR, Person.erased_at.is_(None), ~told)
        .order_by(CaseTask.due_at, CaseTask.id)
        .limit(_AT_ONCE)
    )
    while True:
        with here.transaction() as session:
            rows = session.execute(due).all()
            notices = []
            for row in rows:
                task, person = row.CaseTask, row.Person
                occasion = Occasion(NoticePurpose.TASK_DUE, task.organisation_id, row.name, task.id)
                values = {
                    "task": _title(definition_of(session, row.ProcessCase), task, person.language),
                    "day": day_in_words(task.due_at, person.language, zone),
                    "link": where_to_look(session, row.ProcessCase, person.id, base_url=here.base_url),
                }
                recipient = Recipient(person.id, person.name, person.language)
                notices.append(notice_for(recipient, occasion, values, now=now, randomness=here.randomness))
            put_down(session, notices)
        count += len(rows)
        if len(rows) < _AT_ONCE:
            return count


def _remind_staff(here: Installation, now: datetime) -> int:
    local = now.astimezone(ZoneInfo(here.settings.time_zone))
    if local.hour < _MORNING:
        return 0
    values = {"link": f"{here.base_url}/work"}
    # One for each day: the other turns of that day find it written.
    today, until = local.date().toordinal(), now + timedelta(days=1)
    notices = []
    with here.transaction() as session:
        due = _due_by_role(session, now)
        for member in _staff(session, due, since=today - _DAYS):
            count = sum(1 for role in member.roles for moment in due[role] if moment > member.told_at)
            if count:
                organisation_id, issuer = member.organisation
                about = Occasion(NoticePurpose.WORK_DUE, organisation_id, issuer, organisation_id, today, until=until)
                given = {**values, "count": count}
                notices.append(notice_for(member.recipient, about, given, now=now, randomness=here.randomness))
        put_down(session, notices)
    return len(notices)


_Role = tuple[str, str]
"""A role, in an organisation."""


@dataclass(slots=True)
class _Member:
    recipient: Recipient
    organisation: tuple[str, str]
    told_at: datetime
    roles: list[_Role] = field(default_factory=list)


def _due_by_role(session: Session, now: datetime) -> Mapping[_Role, list[datetime]]:
    """When the tasks were due that wait for whoever has a role."""
    query = select(CaseTask.organisation_id, CaseTask.role, CaseTask.due_at).where(
        CaseTask.person_id.is_(None), CaseTask.due_at <= now, CaseTask.due_at > now - LATE_FOR
    )
    due = defaultdict(list)
    for row in session.execute(query):
        due[row.organisation_id, row.role].append(row.due_at)
    return due


def _staff(session: Session, due: Mapping[_Role, list[datetime]], *, since: int) -> Iterable[_Member]:
    """Who has one of these roles, with when they were last told since that day."""
    wanted = {role for _, role in due}
    # Of each a stretch of the key of notices, which ends in the day: not whatever anybody was ever told.
    told_at = (
        select(func.max(Notice.written_at))
        .where(
            Notice.person_id == Person.id,
            Notice.purpose == str(NoticePurpose.WORK_DUE),
            Notice.about_id == Membership.organisation_id,
            Notice.round >= since,
        )
        .scalar_subquery()
    )
    query = (
        select(Membership.organisation_id, Membership.role, Person.id, Person.name, Person.language)
        .add_columns(Organisation.name.label("issuer"), told_at.label("told_at"))
        .join(Person, Person.id == Membership.person_id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Membership.role.in_(wanted), Membership.ended_at.is_(None), Person.erased_at.is_(None))
        .order_by(Person.id)
    )
    members: dict[str, _Member] = {}
    for row in session.execute(query):
        if (row.organisation_id, row.role) in due:
            recipient = Recipient(row.id, row.name, row.language)
            member = _Member(recipient, (row.organisation_id, row.issuer), row.told_at or _LONG_AGO)
            members.setdefault(row.id, member).roles.append((row.organisation_id, row.role))
    return members.values()


def _title(definition: Definition, task: CaseTask, language: str) -> str:
    """What is to be done, in words; the name of it where the definition has it no more."""
    found = definition.task_by_key.get(task.what) or definition.route_by_key.get(task.what)
    if found is None:
        return task.what
    return found.title.nl if language == "nl" else found.title.en
