"""Turning a recorded event into a request for issuance, however often it is told."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from issuer_service.assessment.tables import ModuleResult
from issuer_service.audit.events import AuditEvent
from issuer_service.audit.tables import AuditEntry
from issuer_service.audit.trail import record
from issuer_service.awarding.achievements import Publishing
from issuer_service.awarding.metroline import METROLINE_EVENTS, Earned, earned_by
from issuer_service.awarding.moments import hold_moments, moments_of, other_moment
from issuer_service.awarding.rules import MOMENTS, NO_OTHER, outstanding_lines
from issuer_service.clock import Randomness
from issuer_service.issuance.accept import accept
from issuer_service.issuance.request import BadgeDetails, IssuanceRequest
from issuer_service.jobs.port import AWARD, Jobs
from issuer_service.people.service import Caller
from issuer_service.persistence.identifiers import random_uuid
from issuer_service.programme.service import settings_of
from issuer_service.programme.tables import Enrolment, Module, Programme
from issuer_service.workflow.events import Event, EventKind, WorkflowEvent
from issuer_service.workflow.process.tables import CaseEvent

__all__ = ["awards_for_event", "tell_again", "tell_refused", "unhandled_events"]

# A reconciler that comes back every minute need not take everything at once.
_MOST_EVENTS: Final = 1000


def awards_for_event(
    session: Session, event_id: str, *, base_url: str, now: datetime, randomness: Randomness
) -> Mapping[str, str]:
    """The awards for an event, by line of the table; none where the programme gives none.

    Told again, it gives the same, and adds what the programme did not award then and does now.
    """
    # Held: of two who look at it at a time, the second sees what the first made of it.
    recorded = session.get(WorkflowEvent, event_id, with_for_update=True)
    if recorded is None:
        # Erased, with whom it happened to, while the job waited.
        return {}
    event = recorded.as_event()
    other = NO_OTHER
    if event.kind in MOMENTS:
        hold_moments(session, event.enrolment_id)
        other = other_moment(moments_of(session, event.enrolment_id), event_id)
    recorded.handled_at = recorded.handled_at or now
    enrolment = session.get_one(Enrolment, event.enrolment_id)
    settings = settings_of(session, enrolment.programme_id)
    programme = session.get_one(Programme, enrolment.programme_id)
    publishing = Publishing(session, programme.organisation_id, base_url=base_url, now=now, randomness=randomness)
    made = dict(recorded.awards)
    for rule in outstanding_lines(event.kind, settings, made, other):
        earned = _earned_by(session, event, rule.names(settings), publishing)
        request = IssuanceRequest(
            organisation_id=programme.organisation_id,
            person_id=enrolment.person_id,
            subject_id=enrolment.subject_id,
            ulo_version_id=earned.ulo_version_id,
            achievement_version_id=earned.achievement_version_id,
            evidence_id=event.evidence_id,
            assessor_id=earned.assessor_id,
            awarded_at=event.occurred_at,
            four_eyes=settings.four_eyes,
            levels=earned.levels,
            details=BadgeDetails(valid_until=_until(event.occurred_at, settings.badges_valid_months)),
        )
        made[rule.key] = accept(session, request, base_url=base_url, now=now, randomness=randomness).id
    recorded.awards = made
    recorded.refusals, recorded.refused, recorded.again_at = 0, None, None
    return made


def _until(earned: datetime, months: int | None) -> datetime | None:
    """The same day so many months later; the last one of a month that has no such day."""
    if months is None:
        return None
    year, month = divmod(earned.year * 12 + earned.month - 1 + months, 12)
    return earned.replace(year=year, month=month + 1, day=min(earned.day, monthrange(year, month + 1)[1]))


def tell_again(
    session: Session, enrolment: Enrolment, *, caller: Caller, jobs: Jobs, now: datetime, randomness: Randomness
) -> int:
    """Have everything that happened to an enrolment looked at again, where a line of the table is still to be awarded.

    For what a programme awards only now, or could not award then. The number of events.
    """
    settings = settings_of(session, enrolment.programme_id)
    query = select(WorkflowEvent).where(WorkflowEvent.enrolment_id == enrolment.id)
    moments = moments_of(session, enrolment.id)
    told = [
        one
        for one in session.scalars(query)
        if outstanding_lines(EventKind(one.kind), settings, one.awards, other_moment(moments, one.id))
    ]
    again = random_uuid(randomness)
    for event in told:
        # As if it was just gathered: should its job be lost, it is found.
        event.gathered_at, event.handled_at = now, None
        # Whoever asks has mended what was amiss, or wants to know whether it is.
        event.refusals, event.refused, event.again_at = 0, None, None
        jobs.enqueue(session, AWARD, event.id, key=f"{AWARD}:{event.id}:{again}")
    record(
        session,
        AuditEvent.EVENTS_TOLD_AGAIN,
        about=enrolment.id,
        organisation_id=caller.organisation_id,
        actor_id=caller.person_id,
        details={"events": len(told)},
    )
    return len(told)


def _earned_by(session: Session, event: Event, named: str | None, publishing: Publishing) -> Earned:
    if event.kind in METROLINE_EVENTS:
        return earned_by(session, event, publishing)
    if named is not None:
        # Whoever took the step says that it is deserved: only a teacher can.
        return Earned(session.get_one(CaseEvent, event.evidence_id).by_id, named)
    result = session.get_one(ModuleResult, event.evidence_id)
    module = session.get_one(Module, result.module_id)
    return Earned(result.assessor_id, module.ulo_version_id, levels=result.levels)


def tell_refused(session: Session, event_id: str) -> None:
    """Tell, once, that what somebody did could not become a badge. What was amiss may quote them, and is not told."""
    enrolment_id = session.get_one(WorkflowEvent, event_id).enrolment_id
    programme = session.get_one(Programme, session.get_one(Enrolment, enrolment_id).programme_id)
    known = select(AuditEntry.number).where(
        AuditEntry.organisation_id == programme.organisation_id,
        AuditEntry.about == event_id,
        AuditEntry.event == str(AuditEvent.AWARDS_REFUSED),
    )
    # A job that is refused is tried again, and refused again.
    if session.scalar(known.limit(1)) is None:
        record(session, AuditEvent.AWARDS_REFUSED, about=event_id, organisation_id=programme.organisation_id)


def unhandled_events(session: Session, *, older_than: datetime, now: datetime) -> list[str]:
    """The events that no awarding rule has looked at: gathered before then, or refused and due again."""
    return list(
        session.scalars(
            select(WorkflowEvent.id)
            .where(
                WorkflowEvent.handled_at.is_(None),
                or_(
                    WorkflowEvent.again_at <= now,
                    and_(WorkflowEvent.again_at.is_(None), WorkflowEvent.gathered_at < older_than),
                ),
            )
            .order_by(WorkflowEvent.gathered_at, WorkflowEvent.occurred_at)
            .limit(_MOST_EVENTS)
        )
    )
