"""Versions of ULOs, kept as they were published."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from issuer_service.persistence.columns import Table, UtcDateTime

__all__ = ["UloVersion"]


class UloVersion(Table):
    """One version of a ULO: its rows as they were imported, and the rubric by which it is judged.

    A published version never changes; what changes becomes the next one.
    """

    __tablename__ = "ulo_version"
    __tenant_by__ = "shared"
    __table_args__ = (UniqueConstraint("qualification_slug", "number", "version"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    qualification_slug: Mapped[str] = mapped_column(String(80))
    number: Mapped[str] = mapped_column(String(20))
    version: Mapped[str] = mapped_column(String(20))
    catalogue: Mapped[str] = mapped_column(String(200))
    qualification: Mapped[str] = mapped_column(String(200))
    title: Mapped[str] = mapped_column(String(200))
    publisher_id: Mapped[str | None] = mapped_column(ForeignKey("organisation.id"))
    source: Mapped[str] = mapped_column(String(500))
    rows: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    rubric: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
