"""The outbox as staff read it: what their roles may see, without links that are for one person alone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from issuer_service.audit.events import AuditEvent
from issuer_service.audit.trail import record
from issuer_service.errors import Conflict, NotFound
from issuer_service.notices.purposes import families_for
from issuer_service.notices.tables import Notice, NoticeState
from issuer_service.people.service import Caller
from issuer_service.people.tables import Person

__all__ = ["names_of", "notice_of", "readable", "send_again", "text_for_staff"]

_FOR_ONE_PERSON: Final = re.compile(r"(/claim/)[^\s]+")


def readable(caller: Caller, *, state: NoticeState | None = None, person_id: str | None = None) -> Select[Notice]:
    """The notices that this caller may read, as a query."""
    families = [Notice.purpose.startswith(f"{family}-") for family in families_for(caller.scopes)]
    query = select(Notice).where(Notice.organisation_id == caller.organisation_id, or_(False, *families))  # noqa: FBT003  # none at all for who may read none
    if state is not None:
        query = query.where(Notice.state == str(state))
    return query if person_id is None else query.where(Notice.person_id == person_id)


def notice_of(session: Session, notice_id: str, caller: Caller) -> Notice:
    """A notice that this caller may read. Raises NotFound."""
    found = session.scalar(readable(caller).where(Notice.id == notice_id))
    if found is None:
        raise NotFound("there is no such notice", field="notice_id")
    return found


def names_of(session: Session, notices: Iterable[Notice]) -> dict[str, str]:
    """By id, the names of whom these notices are for."""
    wanted = {notice.person_id for notice in notices}
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(wanted)))
    return {row.id: row.name for row in rows}


def text_for_staff(notice: Notice) -> str:
    """The text; a claim link gives a badge to whoever has it, and is cut short."""
    return _FOR_ONE_PERSON.sub(r"\1…", notice.body)


def send_again(session: Session, notice_id: str, *, caller: Caller, now: datetime) -> Notice:
    """Have a notice that was given up tried anew, from now on. Raises NotFound, and Conflict for any other."""
    notice = notice_of(session, notice_id, caller)
    if notice.state != NoticeState.GIVEN_UP or not notice.body:
        raise Conflict("only a notice that was given up, and has its text yet, is sent again", field="notice_id")
    # As if it were written now: what is old is not sent.
    notice.state, notice.attempts, notice.due_at, notice.written_at = str(NoticeState.WAITING), 0, now, now
    session.flush()
    record(
        session,
        AuditEvent.NOTICE_SENT_AGAIN,
        about=notice.id,
        organisation_id=notice.organisation_id,
        actor_id=caller.person_id,
    )
    return notice
