"""Offers of badges, and the messages about them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from issuer_service.persistence.columns import Table, UtcDateTime

__all__ = ["Offer", "OutgoingMessage"]


class Offer(Table):
    """A badge that lies ready for its holder."""

    __tablename__ = "offer"
    __tenant_by__ = "credential_id"

    credential_id: Mapped[str] = mapped_column(ForeignKey("credential.id"), primary_key=True)
    offered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)


class OutgoingMessage(Table):
    """A message to a person; once per purpose and subject, however often the job is done."""

    __tablename__ = "outgoing_message"
    __tenant_by__ = "person_id"
    __table_args__ = (UniqueConstraint("person_id", "purpose", "about_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    purpose: Mapped[str] = mapped_column(String(40))
    about_id: Mapped[str] = mapped_column(String(36))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
