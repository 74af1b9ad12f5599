"""Erasures that were done, and for how long an organisation keeps what."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from issuer_service.persistence.columns import Table, UtcDateTime

__all__ = ["Erasure", "RetentionSetting"]


class Erasure(Table):
    """That a person was erased. Their id is all that is left of them: by it, a restored backup is erased again."""

    __tablename__ = "erasure"
    __table_args__ = (UniqueConstraint("organisation_id", "person_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[str] = mapped_column(String(36))
    requested_by: Mapped[str | None] = mapped_column(String(36))
    erased_at: Mapped[datetime] = mapped_column(UtcDateTime)
    steps: Mapped[list[dict[str, Any]]] = mapped_column(JSON)


class RetentionSetting(Table):
    """For how long an organisation keeps a class of data, where it is not the default; no days is for ever."""

    __tablename__ = "retention_setting"

    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    data_class: Mapped[str] = mapped_column(String(30), primary_key=True)
    days: Mapped[int | None]
