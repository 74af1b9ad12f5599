"""For how long what is kept, and what has had its time.

Each organisation, which is the controller, sets its own where the defaults do not suit it. A dry run asks the same
questions as the job and acts on none of the answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.audit.events import AuditEvent
from issuer_service.audit.trail import record
from issuer_service.clock import Randomness
from issuer_service.errors import Refused
from issuer_service.installation import Installation
from issuer_service.people.tables import Organisation
from issuer_service.privacy.due import RULES, DataClass, Turn
from issuer_service.privacy.tables import RetentionSetting

__all__ = ["DEFAULT_DAYS", "DataClass", "Due", "days_of", "expire", "set_days", "what_is_due"]

_AT_ONCE: Final = 250
_SHOWN: Final = 100
MOST_DAYS: Final = 36_525


DEFAULT_DAYS: Final[Mapping[DataClass, int]] = MappingProxyType(
    {
        DataClass.CANDIDATES: 28,  # four weeks after the procedure (AP); a year with permission
        DataClass.FAILED_RESULTS: 180,  # the time in which an assessment is appealed against
        DataClass.REVOKED_RESULTS: 180,
        DataClass.UNCLAIMED_BADGES: 112,  # an offer of 82 days and 30 days more, as edubadges has it
        DataClass.MESSAGES: 90,
        DataClass.BULK_ROWS: 30,
        DataClass.KEPT_ANSWERS: 7,
        DataClass.WEBHOOK_DELIVERIES: 30,
        DataClass.RECOGNITION_PROOFS: 180,  # as long as an assessment, after the decision
        DataClass.ASSESSMENTS: 365,  # long enough for an appeal, moderation and another try
        DataClass.SESSIONS: 1,
        DataClass.CASE_NOTES: 180,  # as long as somebody may ask why they were stopped
    }
)


@dataclass(frozen=True, slots=True)
class Due:
    """What of an organisation has had its time: how many, and the ids of the first hundred."""

    data_class: DataClass
    days: int
    count: int
    ids: tuple[str, ...]


def days_of(session: Session, organisation_id: str) -> dict[DataClass, int | None]:
    """For how many days an organisation keeps each class; None is for ever."""
    own = select(RetentionSetting).where(RetentionSetting.organisation_id == organisation_id)
    return {**DEFAULT_DAYS, **{DataClass(row.data_class): row.days for row in session.scalars(own)}}


def set_days(session: Session, organisation_id: str, wanted: Mapping[DataClass, int | None]) -> None:
    """Keep these classes for so many days from now on. Raises Refused for a number that is none of days."""
    for data_class, days in wanted.items():
        if days is not None and not 1 <= days <= MOST_DAYS:
            raise Refused(f"give 1 to {MOST_DAYS} days, or null for ever", field=str(data_class))
        row = session.get(RetentionSetting, (organisation_id, str(data_class)))
        if row is None:
            session.add(RetentionSetting(organisation_id=organisation_id, data_class=str(data_class), days=days))
        else:
            row.days = days
    record(
        session,
        AuditEvent.SETTINGS_CHANGED,
        about="retention",
        organisation_id=organisation_id,
        details={str(data_class): days for data_class, days in wanted.items()},
    )


def what_is_due(session: Session, organisation_id: str, *, now: datetime, randomness: Randomness) -> list[Due]:
    """A dry run: what the next turn of the job would take."""
    found = []
    for data_class, days in days_of(session, organisation_id).items():
        if days is not None:
            turn = Turn(organisation_id, now - timedelta(days=days), now, randomness)
            ids = RULES[data_class].find(session, turn, None)
            found.append(Due(data_class, days, len(ids), tuple(ids[:_SHOWN])))
    return found


def expire(here: Installation) -> dict[DataClass, int]:
    """Take everything that has had its time, in all organisations, a little per transaction. Gives how many of what."""
    with here.reading() as session:
        organisations = list(session.scalars(select(Organisation.id).order_by(Organisation.id)))
    done = dict.fromkeys(DataClass, 0)
    for organisation_id in organisations:
        with here.reading() as session:
            days_by_class = days_of(session, organisation_id)
        for data_class, days in days_by_class.items():
            if days is not None:
                turn = Turn(organisation_id, here.now() - timedelta(days=days), here.now(), here.randomness)
                done[data_class] += _expire_one(here, data_class, turn)
    return done


def _expire_one(here: Installation, data_class: DataClass, turn: Turn) -> int:
    rule, done = RULES[data_class], 0
    while True:
        with here.transaction() as session:
            ids = rule.find(session, turn, _AT_ONCE)
            if ids:
                rule.act(session, turn, ids)
                details = {"class": str(data_class), "count": len(ids)}
                record(session, AuditEvent.DATA_EXPIRED, organisation_id=turn.organisation_id, details=details)
        done += len(ids)
        if len(ids) < _AT_ONCE:
            return done
