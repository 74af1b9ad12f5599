"""Status lists and their entries: one truth, published as a Bitstring list and as a Token Status List."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from issuer_service.persistence.columns import Table, UtcDateTime

__all__ = ["StatusEntry", "StatusList"]


class StatusList(Table):
    """A list of an issuer, and what was last published of it.

    `version` is that of the entries and `published_version` that of what is published: while they differ, a
    publication is on its way, and further changes go with it.
    """

    __tablename__ = "status_list"
    __table_args__ = (Index("status_list_number", "organisation_id", "purpose", "number", unique=True),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    purpose: Mapped[str] = mapped_column(String(20))
    number: Mapped[int]
    entries: Mapped[int]
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=0)
    published_version: Mapped[int] = mapped_column(default=0)
    published: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)
    published_token: Mapped[str | None] = mapped_column(Text, default=None)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)


class StatusEntry(Table):
    """A place in a list, given to one badge. The primary key is what keeps two from having the same."""

    __tablename__ = "status_entry"
    __tenant_by__ = "status_list_id"

    status_list_id: Mapped[str] = mapped_column(ForeignKey("status_list.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    set_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    suspended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
