"""The entries of the audit trail, and where each organisation's chain ends.

Triggers refuse changing and removing entries, and setting the end of a chain back. Who may drop triggers may still do
it, and is found by `verification.py`.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from issuer_service.persistence.columns import Table, UtcDateTime

__all__ = ["AuditEntry", "AuditHead"]


class AuditEntry(Table):
    """Something that was done. `details` is canonical JSON, so that what was hashed is what is stored.

    `actor_id` is a person's id, or none for the service itself; no foreign key: an erased person's stay.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (Index("audit_entry_about", "organisation_id", "about"),)

    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    event: Mapped[str] = mapped_column(String(40))
    actor_id: Mapped[str | None] = mapped_column(String(36), default=None)
    about: Mapped[str] = mapped_column(String(80))
    details: Mapped[str] = mapped_column(Text)
    previous_sha256: Mapped[str] = mapped_column(String(64))
    sha256: Mapped[str] = mapped_column(String(64))


class AuditHead(Table):
    """The last entry of a chain. `seal` is made with the installation's secret, which the database does not have."""

    __tablename__ = "audit_head"

    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    number: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    seal: Mapped[str] = mapped_column(String(64))
