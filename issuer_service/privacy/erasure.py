"""Erasing a person: what is held on them goes, and what others rely on stays without them.

The rehearsal is the erasure itself, undone before it is committed: it cannot say anything but what will happen.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import and_, delete, func, or_, select, update
from sqlalchemy.orm import Session

from issuer_service.assessment.tables import ModuleResult
from issuer_service.audit.events import AuditEvent
from issuer_service.audit.trail import record
from issuer_service.bulk.tables import BulkRow, BulkRun, Recipient
from issuer_service.catalogue.tables import UloValidation
from issuer_service.clock import Randomness
from issuer_service.errors import Conflict
from issuer_service.installation import Installation
from issuer_service.issuance.tables import Award
from issuer_service.notices.tables import Notice
from issuer_service.people.roles import Role
from issuer_service.people.service import Caller, person_of
from issuer_service.people.tables import (
    ApiKey,
    Consent,
    ExternalIdentity,
    LoginLink,
    Membership,
    Person,
    WebSession,
)
from issuer_service.persistence.columns import Table
from issuer_service.persistence.identifiers import random_uuid
from issuer_service.privacy.forgetting import forget_badges
from issuer_service.privacy.forgetting_paths import forget_paths
from issuer_service.privacy.forgetting_recognition import forget_recognition
from issuer_service.privacy.tables import Erasure
from issuer_service.programme.tables import Enrolment
from issuer_service.web.idempotency import KeptAnswer
from issuer_service.webhooks.tables import WebhookDelivery
from issuer_service.workflow.events import WorkflowEvent
from issuer_service.workflow.metroline.tables import Attendance, Participation, ReachedOutcome, StationAssessment

__all__ = ["Erased", "OnlyARehearsal", "Step", "erase", "erase_now", "erasure_of", "rehearse"]

_ACTIONS: Final = {
    "award": "unlinked and emptied",
    "credential": "emptied; the standing stays",
    "status_change": "reason removed",
    "bulk_row": "emptied",
    "ulo_validation": "notes removed",
}
_LEFT: Final = "name and address removed; what they approved or recorded for others keeps their id"


@dataclass(frozen=True, slots=True)
class Step:
    """What happens to how many rows of a table."""

    table: str
    action: str
    rows: int


@dataclass(frozen=True, slots=True)
class Erased:
    """What erasing somebody did, or would do."""

    person_id: str
    erased_at: datetime
    steps: tuple[Step, ...]


class OnlyARehearsal(Exception):
    """Raised within the transaction of an erasure, it undoes it and gives what it would have done."""

    def __init__(self, erased: Erased) -> None:
        super().__init__("nothing was erased")
        self.erased = erased


def rehearse(person_id: str, *, here: Installation, caller: Caller) -> Erased:
    """What erasing this person would do; of whom was erased, what it did. Raises as `erase` does."""
    try:
        with here.transaction() as session:
            raise OnlyARehearsal(_erase_for(session, person_id, here, caller))
    except OnlyARehearsal as rehearsed:
        return rehearsed.erased


def erase_now(person_id: str, *, here: Installation, caller: Caller) -> Erased:
    """Erase somebody of the caller's organisation. Raises as `erase` does."""
    # Not confined: a person's own row goes after all by which they were this organisation's.
    with here.transaction() as session:
        return _erase_for(session, person_id, here, caller)


def erase(
    session: Session,
    person_id: str,
    *,
    organisation_id: str,
    requested_by: str | None,
    now: datetime,
    randomness: Randomness,
) -> Erased:
    """Erase somebody. A second time changes nothing, and gives what the first time did.

    Raises NotFound for whom the organisation never knew, and Conflict for its last administrator.
    """
    known = erasure_of(session, person_id, organisation_id=organisation_id)
    if known is not None:
        return known
    person = person_of(session, person_id, organisation_id=organisation_id)
    # Two who erase the same person: the second waits, and finds what the first did.
    session.execute(select(Person.id).where(Person.id == person.id).with_for_update())
    known = erasure_of(session, person_id, organisation_id=organisation_id)
    if known is not None:
        return known
    _must_not_be_the_last_administrator(session, person.id, organisation_id)
    steps = _forget(session, person, organisation_id=organisation_id, now=now, randomness=randomness)
    session.add(
        Erasure(
            id=random_uuid(randomness),
            organisation_id=organisation_id,
            person_id=person_id,
            requested_by=requested_by,
            erased_at=now,
            steps=[asdict(step) for step in steps],
        )
    )
    session.flush()
    record(
        session,
        AuditEvent.PERSON_ERASED,
        about=person_id,
        organisation_id=organisation_id,
        actor_id=requested_by,
        details={"rows": {step.table: step.rows for step in steps}},
    )
    return Erased(person_id, now, tuple(steps))


def erasure_of(session: Session, person_id: str, *, organisation_id: str) -> Erased | None:
    """What erasing this person did; None for who was not erased."""
    row = session.scalar(
        select(Erasure).where(Erasure.organisation_id == organisation_id, Erasure.person_id == person_id)
    )
    return None if row is None else Erased(row.person_id, row.erased_at, tuple(Step(**step) for step in row.steps))


def _erase_for(session: Session, person_id: str, here: Installation, caller: Caller) -> Erased:
    return erase(
        session,
        person_id,
        organisation_id=caller.organisation_id,
        requested_by=caller.person_id,
        now=here.now(),
        randomness=here.randomness,
    )


def _forget(
    session: Session, person: Person, *, organisation_id: str, now: datetime, randomness: Randomness
) -> list[Step]:
    """Everything, from what leans on other rows to what they lean on."""
    person_id = person.id
    enrolments = list(session.scalars(select(Enrolment.id).where(Enrolment.person_id == person_id)))
    events = list(session.scalars(select(WorkflowEvent.id).where(WorkflowEvent.enrolment_id.in_(enrolments))))
    memberships = list(session.scalars(select(Membership.id).where(Membership.person_id == person_id)))
    awards = list(session.scalars(select(Award.id).where(Award.person_id == person_id)))
    counts: dict[str, int] = {}

    def gone(table: type[Table], condition: Any) -> None:  # a condition
        done: Any = session.execute(delete(table).where(condition).execution_options(synchronize_session=False))
        counts[table.__tablename__] = counts.get(table.__tablename__, 0) + done.rowcount

    # What was decided leans on awards; those that were not signed are gone below.
    forget_recognition(session, person_id, gone=gone)
    counts |= forget_badges(session, awards, organisation_id=organisation_id, now=now, randomness=randomness)
    forget_paths(session, person_id, gone=gone)
    counts["bulk_row"] += _empty_rows(session, person, organisation_id)
    counts["ulo_validation"] = _empty_notes(session, person_id)
    gone(WebhookDelivery, WebhookDelivery.about_id.in_(events))
    gone(Notice, Notice.person_id == person_id)
    gone(Recipient, Recipient.person_id == person_id)
    for table in (ReachedOutcome, StationAssessment, Attendance, Participation):
        gone(table, table.enrolment_id.in_(enrolments))
    gone(ModuleResult, ModuleResult.enrolment_id.in_(enrolments))
    gone(WorkflowEvent, WorkflowEvent.id.in_(events))
    gone(Enrolment, Enrolment.id.in_(enrolments))
    # What was answered about them to others, as well as what was answered to them.
    about_them = or_(KeptAnswer.person_id == person_id, KeptAnswer.answer.contains(person_id))
    gone(KeptAnswer, and_(KeptAnswer.organisation_id == organisation_id, about_them))
    gone(Consent, Consent.person_id == person_id)
    gone(ApiKey, ApiKey.membership_id.in_(memberships))
    gone(WebSession, WebSession.person_id == person_id)
    gone(LoginLink, LoginLink.person_id == person_id)
    gone(ExternalIdentity, ExternalIdentity.person_id == person_id)
    gone(Membership, Membership.id.in_(memberships))
    others_rely = any(_mentions(session, person_id))
    if others_rely:
        values = {"name": "", "email": "", "age_group": None, "erased_at": now}
        session.execute(update(Person).where(Person.id == person_id).values(values))
        counts["person"] = 1
    else:
        gone(Person, Person.id == person_id)
    actions = {**_ACTIONS, "person": _LEFT if others_rely else "removed"}
    return [Step(table, actions.get(table, "removed"), rows) for table, rows in sorted(counts.items()) if rows]


def _empty_rows(session: Session, person: Person, organisation_id: str) -> int:
    """Rows of bulk runs that name this person and became no award."""
    references = list(session.scalars(select(Recipient.reference).where(Recipient.person_id == person.id)))
    runs = select(BulkRun.id).where(BulkRun.organisation_id == organisation_id)
    done: Any = session.execute(
        update(BulkRow)
        .where(
            BulkRow.bulk_run_id.in_(runs),
            or_(
                BulkRow.content["reference"].as_string().in_(references),
                func.lower(BulkRow.content["email"].as_string()) == person.email.lower(),
            ),
        )
        .values(content={}, findings=[])
        .execution_options(synchronize_session=False)
    )
    return int(done.rowcount)


def _empty_notes(session: Session, person_id: str) -> int:
    """What somebody wrote of learning outcomes as an expert; that they agreed is what the outcomes stand on."""
    done: Any = session.execute(
        update(UloValidation)
        .where(UloValidation.expert_id == person_id)
        .values(notes="")
        .execution_options(synchronize_session=False)
    )
    return int(done.rowcount)


def _must_not_be_the_last_administrator(session: Session, person_id: str, organisation_id: str) -> None:
    administrators = set(
        session.scalars(
            select(Membership.person_id).where(
                Membership.organisation_id == organisation_id,
                Membership.role.in_([str(Role.ADMINISTRATOR), str(Role.OPERATOR)]),
            )
        )
    )
    if administrators == {person_id}:
        raise Conflict("this is the last administrator; make another one first", field="person_id")


def _mentions(session: Session, person_id: str) -> list[bool]:
    """Whether each column of each table that names a person still names this one."""
    found = []
    for mapper in Table.registry.mappers:
        for attribute in mapper.column_attrs:
            (column,) = attribute.columns
            if mapper.class_ is not Membership and any(
                key.target_fullname == "person.id" for key in column.foreign_keys
            ):
                entity = getattr(mapper.class_, attribute.key)
                found.append(session.scalar(select(entity).where(entity == person_id).limit(1)) is not None)
    return found
