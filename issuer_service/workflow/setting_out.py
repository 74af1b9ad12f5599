"""That somebody set out, on a path or along a line, and that nobody looked yet at what they bring with them.

Written in the transaction in which they set out, and taken away in the one that looked: so there is none at whom nobody
looks, whatever is killed meanwhile. What they bring is known above workflows; it is looked for from there, and here is
only that it is to be.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from issuer_service.clock import Randomness
from issuer_service.persistence.columns import Table, UtcDateTime
from issuer_service.persistence.identifiers import random_uuid

__all__ = ["SettingOut", "Way", "set_out"]


class Way(StrEnum):
    """On what somebody set out."""

    PATH = "path"
    LINE = "line"


class SettingOut(Table):
    """That somebody set out, until it was looked at what they bring. `about_id` is the case or the participation.

    `due_at` is from when on a worker looks: at once, and where it could not be done, again later.
    """

    __tablename__ = "setting_out"
    # A worker looks some times a second.
    __table_args__ = (Index("setting_out_due", "due_at"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    way: Mapped[str] = mapped_column(String(10))
    about_id: Mapped[str] = mapped_column(String(36))
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)


def set_out(
    session: Session,
    way: Way,
    about_id: str,
    *,
    organisation_id: str,
    person_id: str,
    now: datetime,
    randomness: Randomness,
) -> None:
    """Have it looked at what somebody brings who sets out, if and when the session's transaction commits."""
    session.add(
        SettingOut(
            id=random_uuid(randomness),
            organisation_id=organisation_id,
            person_id=person_id,
            way=str(way),
            about_id=about_id,
            due_at=now,
        )
    )
