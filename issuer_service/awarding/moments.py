"""What is awarded once in a case, at one of two moments: what became of it at the other one.

A programme may say meanwhile that it is the other moment. Neither the setting nor its history is asked, but the events
of the case: what was awarded for them is what is known for certain.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.awarding.rules import MOMENTS, NO_OTHER, RULES, OtherMoment
from issuer_service.programme.tables import Enrolment
from issuer_service.workflow.events import WorkflowEvent
from issuer_service.workflow.process.tables import CaseEvent

__all__ = ["Moment", "hold_moments", "moments_of", "other_moment", "other_moment_to_come"]

_LINES = frozenset(rule.key for rule in RULES if rule.elsewhen is not None)


@dataclass(frozen=True, slots=True)
class Moment:
    """One of the events of a case for which such a line may be awarded."""

    event_id: str
    case_id: str
    looked_at: bool
    awarded: bool


def hold_moments(session: Session, enrolment_id: str) -> None:
    """Of two who look at two moments of one person at a time, the second sees what the first made of its own."""
    session.execute(select(Enrolment.id).where(Enrolment.id == enrolment_id).with_for_update(key_share=True))


def moments_of(session: Session, enrolment_id: str) -> tuple[Moment, ...]:
    """The moments of all cases of an enrolment."""
    told = session.execute(
        select(WorkflowEvent.id, CaseEvent.case_id, WorkflowEvent.handled_at, WorkflowEvent.awards)
        .join(CaseEvent, CaseEvent.id == WorkflowEvent.evidence_id)
        .where(WorkflowEvent.enrolment_id == enrolment_id, WorkflowEvent.kind.in_(map(str, MOMENTS)))
    )
    return tuple(
        Moment(row.id, row.case_id, row.handled_at is not None, not _LINES.isdisjoint(row.awards)) for row in told
    )


def other_moment(moments: tuple[Moment, ...], event_id: str) -> OtherMoment:
    """What became of it at the other moment of the same case as this event's."""
    this = next((one for one in moments if one.event_id == event_id), None)
    if this is None:
        return NO_OTHER
    others = [one for one in moments if one.case_id == this.case_id and one.event_id != event_id]
    return _what_became(others, first_look=not this.looked_at)


def other_moment_to_come(moments: tuple[Moment, ...], case_id: str) -> OtherMoment:
    """As `other_moment`, of one that has not come yet."""
    return _what_became([one for one in moments if one.case_id == case_id], first_look=True)


def _what_became(others: list[Moment], *, first_look: bool) -> OtherMoment:
    return OtherMoment(
        awarded=any(one.awarded for one in others),
        passed=first_look and any(one.looked_at and not one.awarded for one in others),
    )
