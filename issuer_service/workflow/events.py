"""What a workflow can say happened, and the outbox it says it to.

An event is written in the transaction of the change that it tells of: both happen, or neither. What it is worth is
looked at later, by a worker that gathers what was told: a step waits for no job.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol

from sqlalchemy import JSON, ForeignKey, Index, Integer, String, Text, UniqueConstraint, column
from sqlalchemy.orm import Mapped, Session, mapped_column

from issuer_service.persistence.columns import Table, UtcDateTime

__all__ = ["Event", "EventKind", "EventSink", "WorkflowEvent"]

_UNHANDLED: Final = column("handled_at").is_(None)


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
    organisation_id: str
    enrolment_id: str
    evidence_id: str
    occurred_at: datetime


class EventSink(Protocol):
    """Takes events in, within the session's transaction."""

    def emit(self, session: Session, *events: Event) -> None:
        """Record what happened; the same kind and evidence is recorded once, however often it is told."""


class WorkflowEvent(Table):
    """An event that was recorded. Append-only, but for when a job was made for it, and what that made of it.

    Without `gathered_at` it waits for a worker to gather it, without `handled_at` no awarding rule has looked at it.
    `awards` has by line of the awarding table the award that was asked for: what an event was worth stays what it was
    worth, also when the programme, the line or the station that it is about is another by then. One that was `refused`
    so often as `refusals` says, for that reason, is not looked at again before `again_at`.
    """

    __tablename__ = "workflow_event"
    __table_args__ = (
        UniqueConstraint("kind", "evidence_id"),
        Index("workflow_event_enrolment", "enrolment_id"),
        # A worker looks some times a second for what was not gathered.
        Index(
            "workflow_event_unhandled",
            "gathered_at",
            "occurred_at",
            sqlite_where=_UNHANDLED,
            postgresql_where=_UNHANDLED,
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[str] = mapped_column(String(40))
    enrolment_id: Mapped[str] = mapped_column(ForeignKey("enrolment.id"))
    evidence_id: Mapped[str] = mapped_column(String(36))
    occurred_at: Mapped[datetime] = mapped_column(UtcDateTime)
    gathered_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    handled_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    awards: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    refusals: Mapped[int] = mapped_column(Integer, default=0)
    refused: Mapped[str | None] = mapped_column(Text, default=None)
    again_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)

    def as_event(self) -> Event:
        """The event as it was emitted."""
        kind = EventKind(self.kind)
        return Event(kind, self.organisation_id, self.enrolment_id, self.evidence_id, self.occurred_at)
