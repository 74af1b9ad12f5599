"""Gathering: what workflows told becomes jobs, by which the awarding rules look at it.

An event that was not gathered says so itself. So whoever tells one enqueues nothing, and there is none that nobody
would look at: not after a crash at whatever moment, and not after a time without any worker.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import select, update

from issuer_service.installation import Installation
from issuer_service.jobs.port import AWARD
from issuer_service.workflow.events import WorkflowEvent

__all__ = ["gather_events"]

# Some tenths of a second of work in the one transaction: on SQLite everybody else waits for it. More wait for the next
# look.
_MOST: Final = 100
_WAITING: Final = (WorkflowEvent.handled_at.is_(None), WorkflowEvent.gathered_at.is_(None))
_IS_ANY: Final = select(WorkflowEvent.id).where(*_WAITING).limit(1)
_THOSE: Final = (
    select(WorkflowEvent.id)
    .where(*_WAITING)
    .order_by(WorkflowEvent.occurred_at)
    .limit(_MOST)
    # Another worker that looks at the same moment takes others, and does not wait.
    .with_for_update(skip_locked=True)
)


def gather_events(here: Installation) -> int:
    """Have the awarding rules look at every event that waits. The number of events."""
    with here.reading() as session:
        # Looked at many times a second; and on SQLite whoever may write keeps everybody else from writing.
        if session.scalar(_IS_ANY) is None:
            return 0
    with here.transaction() as session:
        events = list(session.scalars(_THOSE))
        session.execute(update(WorkflowEvent).where(WorkflowEvent.id.in_(events)).values(gathered_at=here.now()))
        for event_id in events:
            here.jobs.enqueue(session, AWARD, event_id, key=f"{AWARD}:{event_id}")
    return len(events)
