"""The event sink in use: a row in the transaction of what it tells of, which `awarding/gather.py` finds."""

from __future__ import annotations

from sqlalchemy.orm import Session

from issuer_service.clock import Randomness
from issuer_service.persistence.identifiers import random_uuid
from issuer_service.persistence.upsert import insert_or_ignore
from issuer_service.workflow.events import Event, WorkflowEvent

__all__ = ["Outbox"]


class Outbox:
    """Records events, each once."""

    def __init__(self, randomness: Randomness) -> None:
        self._randomness = randomness

    def emit(self, session: Session, *events: Event) -> None:
        """See `EventSink.emit`."""
        rows = [
            {
                "id": random_uuid(self._randomness),
                "organisation_id": event.organisation_id,
                "kind": str(event.kind),
                "enrolment_id": event.enrolment_id,
                "evidence_id": event.evidence_id,
                "occurred_at": event.occurred_at,
            }
            for event in events
        ]
        # What it points at may be new in this very transaction.
        session.flush()
        insert_or_ignore(session, WorkflowEvent, rows)
