"""What a workflow can say happened, and the outbox it says it to.

An event is written in the transaction of the change that it tells of: both happen, or neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, Session, mapped_column

from issuer_service.persistence.columns import Table, UtcDateTime

__all__ = ["Event", "EventKind", "EventSink", "WorkflowEvent"]


class EventKind(StrEnum):
    """What happened."""

    MODULE_PASSED = "ModulePassed"
    LEARNING_COMPLETED = "LearningCompleted"
    PROGRAMME_COMPLETED = "ProgrammeCompleted"
    STATION_ATTENDED = "StationAttended"
    COMPONENT_REACHED = "ComponentReached"
    STATION_OUTCOME_REACHED = "StationOutcomeReached"
    ULO_REACHED = "UloReached"
    LINE_COMPLETED = "LineCompleted"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to one enrolment. `evidence_id` is the record that shows it."""

    kind: EventKind
    enrolment_id: str
    evidence_id: str
    occurred_at: datetime


class EventSink(Protocol):
    """Takes events in, within the session's transaction."""

    def emit(self, session: Session, event: Event) -> str:
        """Record the event; the same kind and evidence is recorded once. Gives the event's id."""

    def emit_new(self, session: Session, events: Sequence[Event]) -> list[str]:
        """Record events whose evidence was made in this transaction, and which nobody can have told before."""


class WorkflowEvent(Table):
    """An event that was recorded. Append-only, but for when it was looked at by the awarding rules."""

    __tablename__ = "workflow_event"
    __tenant_by__ = "enrolment_id"
    __table_args__ = (UniqueConstraint("kind", "evidence_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    enrolment_id: Mapped[str] = mapped_column(ForeignKey("enrolment.id"))
    evidence_id: Mapped[str] = mapped_column(String(36))
    occurred_at: Mapped[datetime] = mapped_column(UtcDateTime)
    handled_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)

    def as_event(self) -> Event:
        """The event as it was emitted."""
        return Event(EventKind(self.kind), self.enrolment_id, self.evidence_id, self.occurred_at)
