"""Definitions, cases, who has a part in them, what they wait for, and everything that happened to them.

Each row names its organisation itself: with ten thousand cases, to look it up by way of the case would be most of the
time that a step takes.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from issuer_service.persistence.columns import Table, UtcDateTime

__all__ = ["CaseEvent", "CaseParty", "CaseTask", "ProcessCase", "ProcessDefinition"]


class ProcessDefinition(Table):
    """A version of a process as one organisation uses it. Never changed: what changes becomes the next version."""

    __tablename__ = "process_definition"
    __table_args__ = (UniqueConstraint("organisation_id", "name", "version"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str] = mapped_column(String(60))
    version: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ProcessCase(Table):
    """Where a case stands: what its events come to, kept so that nobody has to add them up.

    `number` counts the events, and is what two who take a step at once are told apart by. `about_id` is what it is
    about, where that is no person.
    """

    __tablename__ = "process_case"
    __table_args__ = (
        Index("process_case_programme", "organisation_id", "programme_id", "stage", "id"),
        Index("process_case_person", "person_id"),
        Index("process_case_enrolment", "enrolment_id"),
        Index("process_case_definition", "definition_id", "ended_at"),
        Index("process_case_about", "about_id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    definition_id: Mapped[str] = mapped_column(ForeignKey("process_definition.id"))
    programme_id: Mapped[str | None] = mapped_column(ForeignKey("programme.id"))
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    enrolment_id: Mapped[str | None] = mapped_column(ForeignKey("enrolment.id"), default=None)
    about_id: Mapped[str | None] = mapped_column(String(36), default=None)
    stage: Mapped[str] = mapped_column(String(60))
    number: Mapped[int] = mapped_column(Integer)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    outcome: Mapped[str | None] = mapped_column(String(20), default=None)

    # Whoever writes says which number they saw; where it is another by then, they were not the first.
    __mapper_args__: ClassVar[dict[str, Any]] = {"version_id_col": number, "version_id_generator": False}  # type: ignore[misc]  # how SQLAlchemy has it


class CaseParty(Table):
    """Who has a personal role in a case: the candidate or learner, and the employer."""

    __tablename__ = "case_party"
    __table_args__ = (Index("case_party_person", "person_id"),)

    case_id: Mapped[str] = mapped_column(ForeignKey("process_case.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(20), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))


class CaseTask(Table):
    """What a case waits for, until it was done: the work list. `person_id` is whose it is, where it is one person's."""

    __tablename__ = "case_task"
    __table_args__ = (
        UniqueConstraint("case_id", "what", "role"),
        Index("case_task_role", "organisation_id", "role", "due_at", "id"),
        Index("case_task_person", "person_id", "due_at", "id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    case_id: Mapped[str] = mapped_column(ForeignKey("process_case.id"))
    what: Mapped[str] = mapped_column(String(60))
    verb: Mapped[str] = mapped_column(String(10))
    role: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"), default=None)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CaseEvent(Table):
    """What happened to a case. Append-only; `confidential` is for the eyes that its task names, and has an end."""

    __tablename__ = "case_event"
    __table_args__ = (UniqueConstraint("case_id", "number"), Index("case_event_by", "by_id"))

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    case_id: Mapped[str] = mapped_column(ForeignKey("process_case.id"))
    number: Mapped[int] = mapped_column(Integer)
    act: Mapped[str] = mapped_column(String(10))
    what: Mapped[str] = mapped_column(String(60))
    role: Mapped[str] = mapped_column(String(20))
    by_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    to: Mapped[str] = mapped_column("to_stage", String(60))
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    confidential: Mapped[dict[str, Any]] = mapped_column(JSON)
    cleared: Mapped[list[str]] = mapped_column(JSON)
    tells: Mapped[list[str]] = mapped_column(JSON)
