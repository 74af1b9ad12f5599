"""Turning a recorded event into a request for issuance, however often it is told."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.assessment.tables import ModuleResult
from issuer_service.audit.events import AuditEvent
from issuer_service.audit.tables import AuditEntry
from issuer_service.audit.trail import record
from issuer_service.awarding.achievements import Publishing
from issuer_service.awarding.metroline import METROLINE_EVENTS, Earned, earned_by
from issuer_service.awarding.rules import rules_for
from issuer_service.clock import Randomness
from issuer_service.issuance.accept import accept
from issuer_service.issuance.request import IssuanceRequest
from issuer_service.issuance.tables import Award
from issuer_service.programme.service import settings_of
from issuer_service.programme.tables import Enrolment, Module, Programme
from issuer_service.workflow.events import Event, WorkflowEvent
from issuer_service.workflow.process.tables import CaseEvent

__all__ = ["awards_for_event", "tell_refused", "unhandled_events"]

# A reconciler that comes back every minute need not take everything at once.
_MOST_EVENTS: Final = 1000


def awards_for_event(
    session: Session, event_id: str, *, base_url: str, now: datetime, randomness: Randomness
) -> list[Award]:
    """The awards for an event; none where the programme gives none. The same event gives the same awards."""
    recorded = session.get(WorkflowEvent, event_id)
    if recorded is None:
        # Erased, with whom it happened to, while the job waited.
        return []
    recorded.handled_at = recorded.handled_at or now
    event = recorded.as_event()
    enrolment = session.get_one(Enrolment, event.enrolment_id)
    settings = settings_of(session, enrolment.programme_id)
    programme = session.get_one(Programme, enrolment.programme_id)
    publishing = Publishing(session, programme.organisation_id, base_url=base_url, now=now, randomness=randomness)
    awards = []
    for rule in rules_for(event.kind):
        if rule.unless(settings) is not None:
            continue
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
        )
        awards.append(accept(session, request, base_url=base_url, now=now, randomness=randomness))
    return awards


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


def unhandled_events(session: Session, *, older_than: datetime) -> list[str]:
    """The events that were gathered before then, and that no awarding rule has looked at."""
    return list(
        session.scalars(
            select(WorkflowEvent.id)
            .where(WorkflowEvent.gathered_at < older_than, WorkflowEvent.handled_at.is_(None))
            .order_by(WorkflowEvent.gathered_at, WorkflowEvent.occurred_at)
            .limit(_MOST_EVENTS)
        )
    )
