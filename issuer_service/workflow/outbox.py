"""The event sink in use: a row, and the job that awards what it is worth, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.clock import Randomness
from issuer_service.jobs.port import AWARD, Jobs
from issuer_service.persistence.identifiers import random_uuid
from issuer_service.workflow.events import Event, WorkflowEvent

__all__ = ["Outbox"]


class Outbox:
    """Records events, and has each looked at by the awarding rules."""

    def __init__(self, jobs: Jobs, randomness: Randomness) -> None:
        self._jobs = jobs
        self._randomness = randomness

    def emit(self, session: Session, event: Event) -> str:
        """See `EventSink.emit`."""
        known = session.scalar(
            select(WorkflowEvent.id).where(
                WorkflowEvent.kind == str(event.kind), WorkflowEvent.evidence_id == event.evidence_id
            )
        )
        if known is not None:
            return known
        (row_id,) = self.emit_new(session, [event])
        return row_id

    def emit_new(self, session: Session, events: Sequence[Event]) -> list[str]:
        """See `EventSink.emit_new`."""
        rows = [
            WorkflowEvent(
                id=random_uuid(self._randomness),
                kind=str(event.kind),
                enrolment_id=event.enrolment_id,
                evidence_id=event.evidence_id,
                occurred_at=event.occurred_at,
            )
            for event in events
        ]
        session.add_all(rows)
        session.flush()
        for row in rows:
            self._jobs.enqueue(session, AWARD, row.id, key=f"{AWARD}:{row.id}")
        return [row.id for row in rows]
