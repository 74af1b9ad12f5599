"""Published sets of criteria, version by version; whose proofs count, and for what theirs count here."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from issuer_service.persistence.columns import Table, UtcDateTime

__all__ = ["CriteriaVersion", "CrosswalkEntry", "TrustedIssuer"]


class CriteriaVersion(Table):
    """One version of a set of criteria: a draft until it is published, and unchanged from then on.

    `cohorts_until` is what its author said. `superseded_from` is the first day of the cohorts of the version that
    followed: an open end is closed by the next publication, and what was published stays as it was.
    """

    __tablename__ = "criteria_version"
    __table_args__ = (UniqueConstraint("organisation_id", "slug", "version"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    slug: Mapped[str] = mapped_column(String(80))
    version: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[dict[str, str]] = mapped_column(JSON)
    rule: Mapped[dict[str, Any]] = mapped_column(JSON)
    cohorts_from: Mapped[date]
    cohorts_until: Mapped[date | None] = mapped_column(default=None)
    superseded_from: Mapped[date | None] = mapped_column(default=None)
    written_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"), default=None)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)


class TrustedIssuer(Table):
    """An issuer elsewhere whose proofs count at this organisation, and on what ground. Ended, it counts no more."""

    __tablename__ = "trusted_issuer"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    issuer: Mapped[str] = mapped_column(String(2000))
    name: Mapped[str] = mapped_column(String(200))
    ground: Mapped[str] = mapped_column(Text)
    added_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"), default=None)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)


class CrosswalkEntry(Table):
    """That somebody matched an outcome of another catalogue to one of ours, how strong, and on what ground."""

    __tablename__ = "crosswalk_entry"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    theirs: Mapped[str] = mapped_column(String(2000))
    ours: Mapped[str] = mapped_column(String(2000))
    match: Mapped[str] = mapped_column(String(100))
    ground: Mapped[str] = mapped_column(Text)
    added_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"), default=None)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
