"""Catalogues, their qualifications, what is being written for them, and what was published."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Date, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from issuer_service.persistence.columns import Table, UtcDateTime

__all__ = [
    "AchievementVersion",
    "Qualification",
    "SkillsCatalogue",
    "UloDraft",
    "UloEndorsement",
    "UloValidation",
    "UloVersion",
]


class SkillsCatalogue(Table):
    """A catalogue of one organisation. `texts` has its title in other languages; an example says that it is one."""

    __tablename__ = "catalogue"
    __tenant_by__ = "shared"
    __table_args__ = (UniqueConstraint("publisher_id", "slug"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    publisher_id: Mapped[str | None] = mapped_column(ForeignKey("organisation.id"))
    slug: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(200))
    texts: Mapped[dict[str, str]] = mapped_column(JSON)
    language: Mapped[str] = mapped_column(String(10))
    licence: Mapped[str] = mapped_column(String(300))
    source: Mapped[str] = mapped_column(String(500))
    is_example: Mapped[bool] = mapped_column(Boolean)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Qualification(Table):
    """A qualification of a catalogue. `slug` is its name in addresses, and never changes; `scheme` its regeling."""

    __tablename__ = "qualification"
    __tenant_by__ = "shared"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    catalogue_id: Mapped[str] = mapped_column(ForeignKey("catalogue.id"), index=True)
    publisher_id: Mapped[str | None] = mapped_column(ForeignKey("organisation.id"))
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    texts: Mapped[dict[str, str]] = mapped_column(JSON)
    scheme: Mapped[str] = mapped_column(String(300))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)


class UloDraft(Table):
    """A version of a ULO on its way to publication, seen by the organisation that writes it and by nobody else.

    Published, the version has the draft's id. `submitted_at` is when it went into review the last time: who validated
    it before, validated something else.
    """

    __tablename__ = "ulo_draft"
    __table_args__ = (UniqueConstraint("qualification_id", "number", "version"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    qualification_id: Mapped[str] = mapped_column(ForeignKey("qualification.id"))
    number: Mapped[str] = mapped_column(String(20))
    version: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(String(500))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    rubric: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    status: Mapped[str] = mapped_column(String(20))
    author_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    returned_because: Mapped[str] = mapped_column(String(500))


class UloValidation(Table):
    """What one expert found of a draft, in a workshop or an interview (R07)."""

    __tablename__ = "ulo_validation"
    __tenant_by__ = "draft_id"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    draft_id: Mapped[str] = mapped_column(ForeignKey("ulo_draft.id"), index=True)
    expert_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    method: Mapped[str] = mapped_column(String(20))
    held_on: Mapped[date] = mapped_column(Date)
    agreed: Mapped[bool] = mapped_column(Boolean)
    notes: Mapped[str] = mapped_column(String(2000))
    recorded_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class UloVersion(Table):
    """A published version of a ULO, and the rubric by which it is judged. What it says never changes.

    What may change is how it stands: deprecated when another followed it, or withdrawn. `validation` says by how many
    experts it was validated, how and when, and who they are not.
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
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    rubric: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    validation: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    status: Mapped[str] = mapped_column(String(20))
    status_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    status_reason: Mapped[str] = mapped_column(String(500))
    replaced_by_id: Mapped[str | None] = mapped_column(ForeignKey("ulo_version.id"))


class UloEndorsement(Table):
    """An organisation's signed word for a published version: asked for, and signed by a job."""

    __tablename__ = "ulo_endorsement"
    __tenant_by__ = "shared"
    __table_args__ = (UniqueConstraint("ulo_version_id", "organisation_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    ulo_version_id: Mapped[str] = mapped_column(ForeignKey("ulo_version.id"))
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    comment: Mapped[str] = mapped_column(String(500))
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    document: Mapped[bytes | None] = mapped_column(LargeBinary)
    signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AchievementVersion(Table):
    """A version of what can be awarded beside a whole ULO: a component, a module, a station, a line, a set.

    `content` is what the library makes the Achievement of. What it says never changes.
    """

    __tablename__ = "achievement_version"
    __tenant_by__ = "shared"
    __table_args__ = (UniqueConstraint("slug", "version"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    publisher_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[str] = mapped_column(String(20))
    slug: Mapped[str] = mapped_column(String(80))
    version: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    status: Mapped[str] = mapped_column(String(20))
    status_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    status_reason: Mapped[str] = mapped_column(String(500))
