"""The outbox: every notice to a person, with where it stands on its way."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from issuer_service.persistence.columns import Table, UtcDateTime

__all__ = ["Notice", "NoticeState"]


class NoticeState(StrEnum):
    """Where a notice is."""

    WAITING = "waiting"  # to be sent, or sent again; or, without a server, to be read here
    SENT = "sent"  # a mail server took it over
    GIVEN_UP = "given-up"  # it could not be sent, and `last_outcome` says why
    DROPPED = "dropped"  # it was of no use any more before it was sent


class Notice(Table):
    """A notice to a person; once per purpose, subject and round, however often what causes it is done.

    `about_id` is what it is about, and `round` counts how often that was changed in a way that is to be told anew. The
    plain text is kept, and what else is sent follows from it. After `until` it is of no use. `due_at` is when it is
    tried next, and `attempts` tells two workers apart that try at once.
    """

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("person_id", "purpose", "about_id", "round"),
        Index("notice_about", "about_id"),
        Index("notice_organisation", "organisation_id", "written_at", "id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    purpose: Mapped[str] = mapped_column(String(40))
    about_id: Mapped[str] = mapped_column(String(36))
    round: Mapped[int] = mapped_column(default=0)
    language: Mapped[str] = mapped_column(String(2))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    calendar: Mapped[str] = mapped_column(Text, default="")
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    state: Mapped[str] = mapped_column(String(10), default=str(NoticeState.WAITING))
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    last_tried_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    last_outcome: Mapped[str | None] = mapped_column(String(300), default=None)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)


_WAITS = Notice.state == str(NoticeState.WAITING)
# Of those that wait only: they are few among all that were ever written.
Index("notice_due", Notice.due_at, sqlite_where=_WAITS, postgresql_where=_WAITS)
_ENDS = Notice.until.is_not(None)
Index("notice_until", Notice.purpose, Notice.until, sqlite_where=_ENDS, postgresql_where=_ENDS)
