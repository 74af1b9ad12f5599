"""Status lists and their entries."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from issuer_service.persistence.columns import Table, UtcDateTime

__all__ = ["StatusEntry", "StatusList"]


class StatusList(Table):
    """A list of an issuer, and the signed credential that was last published of it."""

    __tablename__ = "status_list"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    purpose: Mapped[str] = mapped_column(String(20))
    entries: Mapped[int]
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=0)
    published: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)


class StatusEntry(Table):
    """A place in a list, given to one badge. The primary key is what keeps two from having the same."""

    __tablename__ = "status_entry"
    __tenant_by__ = "status_list_id"

    status_list_id: Mapped[str] = mapped_column(ForeignKey("status_list.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    set_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
