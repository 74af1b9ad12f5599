"""An event that cannot be awarded as things stand waits longer each time, and says why and until when.

What is amiss is mended by people, in minutes or in days: to look again every half minute until then helps nobody. When
it is looked at again stands with the event, so that a worker which starts anew knows it too. Whoever mended it need not
wait: `tell_again` has it looked at right away.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.people.tables import Person
from issuer_service.programme.tables import Enrolment, Programme
from issuer_service.workflow.events import WorkflowEvent

__all__ = ["FIRST_WAIT", "LONGEST_WAIT", "PutOff", "put_off", "put_off_here", "wait_after"]

FIRST_WAIT: Final = timedelta(seconds=30)
LONGEST_WAIT: Final = timedelta(hours=1)
_MOST_DOUBLINGS: Final = 10
_MOST_TEXT: Final = 2000


@dataclass(frozen=True, slots=True)
class PutOff:
    """Something that somebody did and that could not be awarded; `refused` is the reason, `again_at` the next look."""

    kind: str
    enrolment_id: str
    person: str
    programme: str
    refused: str
    again_at: datetime


def wait_after(refusals: int) -> timedelta:
    """How long an event waits that was refused so often: twice as long each time, and an hour at most."""
    doublings = min(refusals - 1, _MOST_DOUBLINGS)
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


def put_off(session: Session, event_id: str, reason: Exception, *, now: datetime) -> None:
    """Have an event wait that could not be awarded. One that waits already, or was awarded meanwhile, is left alone."""
    event = session.get(WorkflowEvent, event_id, with_for_update=True)
    # A job that fails is done some times more within seconds: that is one refusal, and not several.
    if event is None or event.handled_at is not None or (event.again_at is not None and event.again_at > now):
        return
    event.refusals += 1
    event.again_at = now + wait_after(event.refusals)
    event.refused = "; ".join([str(reason), *getattr(reason, "findings", ())])[:_MOST_TEXT]


def put_off_here(session: Session, organisation_id: str, *, limit: int) -> list[PutOff]:
    """What waits in an organisation, the longest first."""
    rows = session.execute(
        select(WorkflowEvent, Person.name, Programme.title)
        .join(Enrolment, Enrolment.id == WorkflowEvent.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Programme, Programme.id == Enrolment.programme_id)
        .where(
            WorkflowEvent.organisation_id == organisation_id,
            WorkflowEvent.handled_at.is_(None),
            WorkflowEvent.again_at.is_not(None),
        )
        .order_by(WorkflowEvent.occurred_at, WorkflowEvent.id)
        .limit(limit)
    )
    return [
        PutOff(
            kind=row.WorkflowEvent.kind,
            enrolment_id=row.WorkflowEvent.enrolment_id,
            person=row.name,
            programme=row.title,
            refused=row.WorkflowEvent.refused or "",
            again_at=row.WorkflowEvent.again_at,
        )
        for row in rows
    ]
