"""Requests for recognition (verzilveren): opened, looked at, withdrawn; and who may do so.

Whoever learns has requests of their own. A coach, an assessor and a teacher see everybody's in their organisation.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from issuer_service.audit.events import AuditEvent
from issuer_service.audit.trail import record
from issuer_service.clock import Randomness
from issuer_service.errors import Conflict, NotAllowed, NotFound, Refused
from issuer_service.people.roles import Role
from issuer_service.people.service import Caller, person_of
from issuer_service.persistence.identifiers import random_uuid
from issuer_service.recognition.cashing_tables import RecognitionDecision, RecognitionRequest
from issuer_service.recognition.criteria import listed
from issuer_service.recognition.tables import CriteriaVersion

__all__ = [
    "STAFF",
    "criteria_for_cohort",
    "decision_on",
    "must_be_open",
    "open_request",
    "request_of",
    "requests_of",
    "withdraw",
]

STAFF: Final = frozenset({Role.COACH, Role.ASSESSOR, Role.TEACHER})
_NOT_YOURS: Final = "you may look after requests of your own; a coach or a teacher looks after others'"


def open_request(
    session: Session,
    *,
    person_id: str | None,
    slug: str,
    began_on: date,
    caller: Caller,
    now: datetime,
    randomness: Randomness,
) -> RecognitionRequest:
    """Begin a request against the version of these criteria that applies to who began on that day.

    Raises NotAllowed for somebody else's without being staff, NotFound for whom the organisation does not know, and
    Refused when not exactly one version applies.
    """
    whose = person_id or caller.person_id
    if whose != caller.person_id and STAFF.isdisjoint(caller.roles):
        raise NotAllowed(_NOT_YOURS)
    person_of(session, whose, organisation_id=caller.organisation_id)
    criteria = criteria_for_cohort(session, slug, began_on, organisation_id=caller.organisation_id)
    row = RecognitionRequest(
        id=random_uuid(randomness),
        organisation_id=caller.organisation_id,
        person_id=whose,
        criteria_id=criteria.id,
        subject_id=random_uuid(randomness),
        challenge=random_uuid(randomness),
        opened_by=caller.person_id,
        opened_at=now,
    )
    session.add(row)
    session.flush()
    _tell(session, AuditEvent.RECOGNITION_ASKED, row, caller)
    return row


def criteria_for_cohort(session: Session, slug: str, began_on: date, *, organisation_id: str) -> CriteriaVersion:
    """The one published version for who began on that day. Raises Refused when there is none, or more than one."""
    query = listed(organisation_id, slug=slug, kind=None, published=True, began_on=began_on)
    found = session.scalars(query).all()
    if len(found) != 1:
        which = ", ".join(str(one.version) for one in found) or "none"
        detail = f"of the published criteria {slug!r}, {which} applies to who began on {began_on}"
        raise Refused(detail, field="began_on")
    return found[0]


def request_of(session: Session, request_id: str, *, caller: Caller, hold: bool = False) -> RecognitionRequest:
    """A request that the caller may look after. Raises NotFound, or NotAllowed for who only has their own."""
    query = select(RecognitionRequest).where(
        RecognitionRequest.id == request_id, RecognitionRequest.organisation_id == caller.organisation_id
    )
    row = session.scalar(query.with_for_update() if hold else query)
    if STAFF.isdisjoint(caller.roles):
        # The same for one that is not there: who asks learns of nobody else's.
        if row is None or row.person_id != caller.person_id:
            raise NotAllowed(_NOT_YOURS)
    elif row is None:
        raise NotFound("there is no such request", field="request_id")
    return row


def requests_of(caller: Caller, *, person_id: str | None = None) -> Select[RecognitionRequest]:
    """The requests that the caller may look after, as a query."""
    query = select(RecognitionRequest).where(RecognitionRequest.organisation_id == caller.organisation_id)
    if STAFF.isdisjoint(caller.roles):
        query = query.where(RecognitionRequest.person_id == caller.person_id)
    return query if person_id is None else query.where(RecognitionRequest.person_id == person_id)


def withdraw(session: Session, request_id: str, *, caller: Caller, now: datetime) -> RecognitionRequest:
    """Take a request back; twice changes nothing. Raises Conflict for one that is decided."""
    row = request_of(session, request_id, caller=caller, hold=True)
    if row.withdrawn_at is None:
        must_be_open(session, row)
        row.withdrawn_at = now
        _tell(session, AuditEvent.RECOGNITION_WITHDRAWN, row, caller)
    return row


def must_be_open(session: Session, row: RecognitionRequest) -> None:
    """Raise Conflict for a request that was decided or withdrawn: what it rests on changes no more."""
    if row.withdrawn_at is not None:
        raise Conflict("this request was withdrawn: open another one")
    if decision_on(session, row) is not None:
        raise Conflict("this request is decided: open another one for other proofs")


def decision_on(session: Session, row: RecognitionRequest) -> RecognitionDecision | None:
    """What was decided, if anything."""
    return session.scalar(select(RecognitionDecision).where(RecognitionDecision.request_id == row.id))


def _tell(session: Session, what: AuditEvent, row: RecognitionRequest, caller: Caller) -> None:
    details = {"criteria": row.criteria_id}
    record(
        session,
        what,
        about=row.id,
        organisation_id=caller.organisation_id,
        actor_id=caller.person_id,
        details=details,
    )
