"""Meetings that a path plans, a kick-off or a return event: who comes is invited, told what becomes of it, reminded.

Which task plans one and whom it invites stands in the definition. What is planned is what happened: the meeting has the
id of the step that first planned it, until it is called off or was held.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from issuer_service.clock import Randomness
from issuer_service.installation import Installation
from issuer_service.notices.calendar import CalendarEvent, as_calendar
from issuer_service.notices.purposes import NoticePurpose
from issuer_service.notices.tables import Notice
from issuer_service.notices.texts import span_in_words
from issuer_service.notices.writing import Occasion, Recipient, notice_for, overtake, put_down
from issuer_service.people.tables import Organisation, Person
from issuer_service.programme.tables import Programme
from issuer_service.workflow.process.definition import Definition, Meeting
from issuer_service.workflow.process.library import definition_of
from issuer_service.workflow.process.looking import where_to_look
from issuer_service.workflow.process.service import Doing
from issuer_service.workflow.process.tables import CaseEvent, ProcessCase
from issuer_service.workflow.process.worklist import parties_of

__all__ = ["CANCELLED", "PLANNED", "REMIND_WITHIN", "remind_of_meetings", "tell_of_meetings"]

PLANNED: Final = "meeting_planned"
CANCELLED: Final = "meeting_cancelled"
"""What a definition `tells` where something is planned, or moved; and where it is called off."""
REMIND_WITHIN: Final = timedelta(days=2)
"""Who was told before that is reminded in the last two days, as of runs."""
_AT_ONCE: Final = 200
_WHEN_IT_IS: Final = (NoticePurpose.MEETING_PLANNED, NoticePurpose.MEETING_MOVED)
_OF_MEETINGS: Final = (*_WHEN_IT_IS, NoticePurpose.MEETING_REMINDER)


@dataclass(frozen=True, slots=True)
class _Planned:
    """A meeting as it stands. `number` is that of the step that said so last: with each it goes up."""

    meeting: Meeting
    id: str
    number: int
    data: Mapping[str, Any]
    said_at: datetime

    @property
    def starts_at(self) -> datetime:
        return datetime.fromisoformat(self.data["starts_at"])

    @property
    def length(self) -> timedelta:
        return timedelta(hours=self.data["hours"])


def tell_of_meetings(session: Session, case: ProcessCase, event: CaseEvent, doing: Doing, here: Installation) -> None:
    """Tell what this step does to what is planned on the case: of a path that ended, that nothing of it goes on."""
    definition = definition_of(session, case)
    writing = _Writing(session, case, here, doing.now, doing.randomness)
    for key, task in definition.task_by_key.items():
        if task.plans is None:
            continue
        if event.what == key and PLANNED in event.tells:
            now = _planned(session, case, definition, key)
            # Recorded once more as it was, it is told to nobody.
            if now is not None and now.number == event.number:
                writing.invite(now, parties_of(session, case.id))
        elif (key in event.cleared and CANCELLED in event.tells) or (key in case.facts and case.ended_at is not None):
            before = _planned(session, case, definition, key, before=event.number)
            if before is not None:
                writing.call_off(before, event)


def remind_of_meetings(here: Installation, *, now: datetime) -> int:
    """Remind of every meeting that is soon; late where a turn was missed. Gives the number of notices."""
    reminder = aliased(Notice)
    told = exists().where(
        reminder.person_id == Notice.person_id,
        reminder.purpose == str(NoticePurpose.MEETING_REMINDER),
        reminder.about_id == Notice.about_id,
        reminder.round == Notice.round,
    )
    soon = (
        select(Notice)
        .where(Notice.purpose.in_(_WHEN_IT_IS), Notice.until > now, Notice.until <= now + REMIND_WITHIN, ~told)
        .order_by(Notice.id)
        .limit(_AT_ONCE)
    )
    count, after = 0, ""
    while True:
        with here.transaction() as session:
            notices = session.scalars(soon.where(Notice.id > after)).all()
            for notice in notices:
                if notice.until is not None and notice.written_at <= notice.until - REMIND_WITHIN:
                    count += _remind(session, here, notice, now)
        if len(notices) < _AT_ONCE:
            return count
        after = notices[-1].id


def _remind(session: Session, here: Installation, notice: Notice, now: datetime) -> int:
    """Looked at again: it may have been moved or called off, or was held, and the path may have ended."""
    first = session.get(CaseEvent, notice.about_id)
    case = None if first is None else session.get(ProcessCase, first.case_id)
    if first is None or case is None or case.ended_at is not None:
        return 0
    planned = _planned(session, case, definition_of(session, case), first.what)
    if planned is None or (planned.id, planned.number) != (notice.about_id, notice.round):
        return 0
    whose = _recipients(session, [notice.person_id])
    _Writing(session, case, here, now, here.randomness).tell(planned, NoticePurpose.MEETING_REMINDER, whose)
    return len(whose)


def _planned(
    session: Session, case: ProcessCase, definition: Definition, key: str, *, before: int | None = None
) -> _Planned | None:
    """What this task plans: now, or before this step. Recorded again as it was, it is what it was."""
    task = definition.task_by_key.get(key)
    if task is None or task.plans is None:
        return None
    rows = select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.number)
    found: _Planned | None = None
    for row in session.scalars(rows if before is None else rows.where(CaseEvent.number < before)):
        if row.what == key and (found is None or found.data != row.data):
            found = _Planned(task.plans, row.id if found is None else found.id, row.number, row.data, row.at)
        elif key in row.cleared:
            found = None
    return found


@dataclass(frozen=True, slots=True)
class _Writing:
    """Writing of the meetings of one case."""

    session: Session
    case: ProcessCase
    here: Installation
    now: datetime
    randomness: Randomness

    def invite(self, planned: _Planned, parties: Mapping[str, str]) -> None:
        """Invite who comes; who was told already hears that it is another time, another place, or something else."""
        overtake(self.session, planned.id, _OF_MEETINGS, by="overtaken by a newer notice")
        invited = {parties[role] for role in planned.meeting.invites if role in parties}
        known = self._who_was_told(planned) & invited
        self.tell(planned, NoticePurpose.MEETING_MOVED, _recipients(self.session, known))
        self.tell(planned, NoticePurpose.MEETING_PLANNED, _recipients(self.session, invited - known))

    def call_off(self, planned: _Planned, event: CaseEvent) -> None:
        """Tell who was told of it."""
        overtake(self.session, planned.id, _OF_MEETINGS, by="overtaken by a newer notice")
        whom = _recipients(self.session, self._who_was_told(planned))
        self.tell(planned, NoticePurpose.MEETING_CANCELLED, whom, called_off=event)

    def tell(
        self,
        planned: _Planned,
        purpose: NoticePurpose,
        whom: Sequence[Recipient],
        *,
        called_off: CaseEvent | None = None,
    ) -> None:
        """Write to them, while it is yet to come."""
        if not whom or planned.starts_at <= self.now:
            return
        issuer = self.session.get_one(Organisation, self.case.organisation_id).name
        number = planned.number if called_off is None else called_off.number
        occasion = Occasion(
            str(purpose), self.case.organisation_id, issuer, planned.id, number, until=planned.starts_at
        )
        rows = [
            notice_for(
                one,
                occasion,
                self._values(planned, one, called_off),
                now=self.now,
                randomness=self.randomness,
                calendar=self._calendar(planned, one.language, issuer, called_off)
                if purpose is not NoticePurpose.MEETING_REMINDER
                else "",
            )
            for one in whom
        ]
        put_down(self.session, rows)

    def _values(self, planned: _Planned, one: Recipient, called_off: CaseEvent | None) -> dict[str, Any]:
        zone = ZoneInfo(self.here.settings.time_zone)
        reason = called_off.data.get("reason") if called_off is not None and CANCELLED in called_off.tells else None
        return {
            "programme": self._programme(),
            "meeting": _called(planned, one.language),
            "when": span_in_words(planned.starts_at, planned.length, one.language, zone),
            "location": planned.data["location"],
            "words": planned.data.get("words") or "",
            "reason": reason or "",
            "link": where_to_look(self.session, self.case, one.person_id, base_url=self.here.base_url),
        }

    def _calendar(self, planned: _Planned, language: str, issuer: str, called_off: CaseEvent | None) -> str:
        sender = self.here.settings.mail_from
        event = CalendarEvent(
            uid=f"meeting-{planned.id}@{urlsplit(self.here.base_url).hostname or 'localhost'}",
            starts_at=planned.starts_at,
            ends_at=planned.starts_at + planned.length,
            changed_at=planned.said_at if called_off is None else called_off.at,
            summary=": ".join(filter(None, (_called(planned, language), self._programme()))),
            location=planned.data["location"],
            description=planned.data.get("words") or "",
            sequence=planned.number if called_off is None else called_off.number,
            cancelled=called_off is not None,
            organizer=None if sender is None else (issuer, sender),
        )
        return as_calendar([event], method="CANCEL" if event.cancelled else "PUBLISH")

    def _programme(self) -> str:
        programme_id = self.case.programme_id
        return "" if programme_id is None else self.session.get_one(Programme, programme_id).title

    def _who_was_told(self, planned: _Planned) -> set[str]:
        told = select(Notice.person_id).where(Notice.about_id == planned.id, Notice.purpose.in_(_WHEN_IT_IS))
        return set(self.session.scalars(told))


def _called(planned: _Planned, language: str) -> str:
    return planned.meeting.title.nl if language == "nl" else planned.meeting.title.en


def _recipients(session: Session, people: Iterable[str]) -> list[Recipient]:
    wanted = select(Person).where(Person.id.in_(list(people)), Person.erased_at.is_(None)).order_by(Person.id)
    return [Recipient(one.id, one.name, one.language) for one in session.scalars(wanted)]
