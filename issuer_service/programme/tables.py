"""Programmes, their modules, and who is enrolled."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from issuer_service.persistence.columns import Table, UtcDateTime

__all__ = ["Enrolment", "Module", "Programme"]


class Programme(Table):
    """A working method as one provider carries it out."""

    __tablename__ = "programme"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    title: Mapped[str] = mapped_column(String(200))
    preset: Mapped[str] = mapped_column(String(20))
    settings: Mapped[dict[str, Any]] = mapped_column(JSON)


class Module(Table):
    """A part of a programme that leads to one version of a ULO."""

    __tablename__ = "module"
    __tenant_by__ = "programme_id"
    __table_args__ = (Index("module_programme", "programme_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    programme_id: Mapped[str] = mapped_column(ForeignKey("programme.id"))
    title: Mapped[str] = mapped_column(String(200))
    phase: Mapped[str] = mapped_column(String(20))
    ulo_version_id: Mapped[str] = mapped_column(ForeignKey("ulo_version.id"))


class Enrolment(Table):
    """From here on a candidate is a learner (cursist) of the provider.

    `subject_id` stands for the person in this provider's badges. It is drawn for this enrolment's provider
    and person, so that two providers' badges cannot be laid side by side to follow somebody.
    """

    __tablename__ = "enrolment"
    __tenant_by__ = "programme_id"
    __table_args__ = (UniqueConstraint("person_id", "programme_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    programme_id: Mapped[str] = mapped_column(ForeignKey("programme.id"))
    subject_id: Mapped[str] = mapped_column(String(36))
    enrolled_at: Mapped[datetime] = mapped_column(UtcDateTime)
