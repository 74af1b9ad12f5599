"""Sending what waits in the outbox: by whichever worker comes first, and again after a failure, or given up.

A notice is taken for some minutes, in which no other worker takes it, and is marked as sent in a transaction after the
mail server said that it has it. Whoever dies between the two leaves it to be sent a second time, with the same
Message-ID: the other order would lose it, and nobody would know.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from issuer_service.installation import Installation
from issuer_service.notices.mail_server import Connection, MailRefused, MailServer, ServerFailed, ServerPutsOff
from issuer_service.notices.message import Letter, as_message
from issuer_service.notices.tables import Notice, NoticeState
from issuer_service.outbound import PAUSES
from issuer_service.people.tables import Membership, Organisation, Person

__all__ = ["SENT_EVERY", "SENT_WITHIN", "TAKEN_FOR", "send_due"]

SENT_EVERY: Final = timedelta(seconds=20)
TAKEN_FOR: Final = timedelta(minutes=10)
"""How long a notice is a worker's own; it hands none in when half of that is over."""
SENT_WITHIN: Final = timedelta(days=14)
"""What is older is not sent any more: whoever gets it would think that it is new."""
_AT_ONCE: Final = 20
# Shorter than the time between two turns: they would come to fill the queue of what somebody waits for.
_SECONDS_PER_TURN: Final = 15.0
_LONGEST_PAUSE: Final = max(*PAUSES, TAKEN_FOR)


@dataclass(frozen=True, slots=True)
class _Taken:
    letter: Letter
    attempts: int


def send_due(here: Installation, server: MailServer) -> int:
    """Send what is due, the longest waiting first, until nothing is or the turn is over. The number that was sent."""
    ends, count = time.monotonic() + _SECONDS_PER_TURN, 0
    while time.monotonic() < ends:
        taken = _take(here)
        if not taken:
            break
        try:
            count += _send(here, server, taken)
        except ServerFailed as error:
            structlog.get_logger().warning("the mail server takes nothing", reason=str(error), notices=len(taken))
            break
    return count


def _take(here: Installation) -> list[_Taken]:
    now = here.now()
    with here.transaction() as session:
        _drop_what_is_of_no_use(session, now=now)
        rows = session.execute(
            select(Notice, Person, Organisation.name)
            .join(Person, Person.id == Notice.person_id)
            .join(Organisation, Organisation.id == Notice.organisation_id)
            .where(_due(now))
            .order_by(Notice.due_at, Notice.id)
            .limit(_AT_ONCE)
            .with_for_update(of=Notice, skip_locked=True)
        ).all()
        for row in rows:
            row.Notice.attempts += 1
            row.Notice.due_at = now + TAKEN_FOR
        return [_Taken(_letter(row.Notice, row.Person, row.name), row.Notice.attempts) for row in rows]


def _due(now: datetime) -> ColumnElement[bool]:
    """Also what is to be tried later than any pause is long: the clock was set back, and nobody waits for it."""
    waits = Notice.state == str(NoticeState.WAITING)
    return and_(waits, or_(Notice.due_at <= now, Notice.due_at > now + _LONGEST_PAUSE))


def _drop_what_is_of_no_use(session: Session, *, now: datetime) -> None:
    # Of a badge whoever has it is told, wherever they are; of the rest, whoever left is told that they did.
    still_here = select(Membership.id).where(
        Membership.person_id == Notice.person_id,
        or_(Membership.ended_at.is_(None), Membership.ended_at >= Notice.written_at),
    )
    for condition, reason in (
        (Notice.until <= now, "too late: what it is about was over"),
        (Notice.written_at < now - SENT_WITHIN, f"not sent within {SENT_WITHIN.days} days"),
        (and_(*(Notice.purpose.not_like(f"{one}-%") for one in ("award", "badge")), ~still_here.exists()), "they left"),
    ):
        session.execute(
            update(Notice)
            .where(_due(now), condition)
            .values(state=str(NoticeState.DROPPED), last_outcome=reason)
            .execution_options(synchronize_session=False)
        )


def _send(here: Installation, server: MailServer, taken: Sequence[_Taken]) -> int:
    """Hand these in, one after the other. Raises ServerFailed when the server cannot be reached, or breaks off."""
    left, count = list(taken), 0
    ends = time.monotonic() + TAKEN_FOR.total_seconds() / 2
    # When it cannot be reached, that was an attempt of all of them.
    tried = left
    try:
        with server.connected() as connection:
            while left and time.monotonic() < ends:
                tried = left[:1]
                sent, outcome = _hand_in(left[0], connection, server, now=here.now())
                _settle(here, left.pop(0), sent=sent, outcome=outcome)
                count += sent is True
    except ServerFailed as error:
        for one in tried:
            _settle(here, one, sent=None, outcome=f"the mail server: {error}")
        # It may have been about that one: the others do not share what becomes of it.
        _give_back(here, left[len(tried) :])
        raise
    return count


def _hand_in(one: _Taken, connection: Connection, server: MailServer, *, now: datetime) -> tuple[bool | None, str]:
    """Whether it was taken over, None where it may be later; and what was said."""
    letter = one.letter
    try:
        message = as_message(letter, sender=server.sender, now=now)
        return True, connection.send(message, sender=server.sender.addr_spec, to=letter.email)
    except (ValueError, MailRefused) as error:
        return False, f"refused: {error}"
    except ServerPutsOff as error:
        return None, f"put off: {error}"


def _settle(here: Installation, one: _Taken, *, sent: bool | None, outcome: str) -> None:
    """Record an attempt. Whoever took so long that another worker took it over has nothing to record."""
    now = here.now()
    values: dict[str, object] = {"last_tried_at": now, "last_outcome": outcome[:300]}
    if sent:
        values |= {"state": str(NoticeState.SENT), "sent_at": now}
    elif sent is None and one.attempts <= len(PAUSES):
        values["due_at"] = now + PAUSES[one.attempts - 1]
    else:
        values["state"] = str(NoticeState.GIVEN_UP)
    with here.transaction() as session:
        session.execute(
            update(Notice)
            .where(
                Notice.id == one.letter.notice_id,
                Notice.attempts == one.attempts,
                Notice.state == str(NoticeState.WAITING),
            )
            .values(values)
            .execution_options(synchronize_session=False)
        )


def _give_back(here: Installation, untried: Sequence[_Taken]) -> None:
    """Let these be taken again at once."""
    with here.transaction() as session:
        session.execute(
            update(Notice)
            .where(Notice.id.in_([one.letter.notice_id for one in untried]), Notice.state == str(NoticeState.WAITING))
            .values(due_at=here.now())
            .execution_options(synchronize_session=False)
        )


def _letter(notice: Notice, person: Person, issuer: str) -> Letter:
    return Letter(
        notice.id,
        issuer,
        person.name,
        person.email,
        notice.language,
        notice.subject,
        notice.body,
        notice.calendar,
    )
