"""Making notices, in the transaction of what causes them: both happen, or neither; and each once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import update
from sqlalchemy.orm import Session

from issuer_service.clock import Randomness
from issuer_service.notices.tables import Notice, NoticeState
from issuer_service.notices.texts import told
from issuer_service.persistence.identifiers import random_uuid
from issuer_service.persistence.upsert import insert_or_ignore

__all__ = ["Occasion", "Recipient", "notice_for", "overtake", "put_down"]

_ROWS_PER_STATEMENT: Final = 1000


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a notice is for. Their address is looked up when it is sent."""

    person_id: str
    name: str
    language: str


@dataclass(frozen=True, slots=True)
class Occasion:
    """What is told, by whom: `issuer` is the name of the organisation. See `Notice` for the rest."""

    purpose: str
    organisation_id: str
    issuer: str
    about_id: str
    round: int = 0
    until: datetime | None = None


def notice_for(
    recipient: Recipient,
    occasion: Occasion,
    values: Mapping[str, Any],
    *,
    now: datetime,
    randomness: Randomness,
    calendar: str = "",
) -> dict[str, Any]:
    """A notice as a row, for `put_down`. `values` is what its template asks for besides `person` and `issuer`."""
    subject, body = told(
        occasion.purpose, recipient.language, {**values, "person": recipient.name, "issuer": occasion.issuer}
    )
    return {
        "id": random_uuid(randomness),
        "organisation_id": occasion.organisation_id,
        "person_id": recipient.person_id,
        "purpose": str(occasion.purpose),
        "about_id": occasion.about_id,
        "round": occasion.round,
        "language": recipient.language,
        "subject": subject,
        "body": body,
        "calendar": calendar,
        "written_at": now,
        "until": occasion.until,
        "state": str(NoticeState.WAITING),
        "due_at": now,
        "attempts": 0,
    }


def put_down(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Write these notices but for those that were written before."""
    for start in range(0, len(rows), _ROWS_PER_STATEMENT):
        insert_or_ignore(session, Notice, rows[start : start + _ROWS_PER_STATEMENT])


def overtake(session: Session, about_id: str, purposes: Iterable[str], *, by: str) -> None:
    """Do not send what waits about this: who reads it after the newer one would believe it."""
    session.execute(
        update(Notice)
        .where(
            Notice.about_id == about_id,
            Notice.purpose.in_(list(map(str, purposes))),
            Notice.state == str(NoticeState.WAITING),
        )
        .values(state=str(NoticeState.DROPPED), last_outcome=by)
        .execution_options(synchronize_session=False)
    )
