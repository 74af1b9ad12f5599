"""Bulk runs with their rows, and the recipients that providers know by numbers of their own."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from issuer_service.persistence.columns import Table, UtcDateTime

__all__ = ["BulkRow", "BulkRun", "Recipient"]


class Recipient(Table):
    """Somebody that a provider knows by its own number. `subject_id` stands for them in this provider's badges."""

    __tablename__ = "recipient"
    __table_args__ = (UniqueConstraint("organisation_id", "reference"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    reference: Mapped[str] = mapped_column(String(100))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    subject_id: Mapped[str] = mapped_column(String(36))


class BulkRun(Table):
    """Many rows that are dealt with together, in chunks, by jobs."""

    __tablename__ = "bulk_run"
    __table_args__ = (UniqueConstraint("organisation_id", "key"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    requested_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    key: Mapped[str] = mapped_column(String(100))
    content_sha256: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(20))
    dry_run: Mapped[bool]
    approve: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(500))
    row_count: Mapped[int]
    chunk_size: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class BulkRow(Table):
    """A row, what it says, and what became of it."""

    __tablename__ = "bulk_row"
    __tenant_by__ = "bulk_run_id"
    __table_args__ = (Index("bulk_row_award", "award_id"),)

    bulk_run_id: Mapped[str] = mapped_column(ForeignKey("bulk_run.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(10))
    award_id: Mapped[str | None] = mapped_column(ForeignKey("award.id"), default=None)
    findings: Mapped[list[str]] = mapped_column(JSON)
