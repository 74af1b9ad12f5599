"""Writing a ULO: drafts, hints for whoever writes, review, and what experts find of it.

A draft is its organisation's own until it is published. Hints say what a reader may stumble over, and stop nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.audit.events import AuditEvent
from issuer_service.audit.trail import record
from issuer_service.catalogue.addresses import ulo_iri
from issuer_service.catalogue.life_cycle import DraftStatus, Step, next_status
from issuer_service.catalogue.qualifications import catalogue_of, own_qualification
from issuer_service.catalogue.service import content_of, must_be_new, rubric_from_json
from issuer_service.catalogue.tables import Qualification, UloDraft, UloValidation, UloVersion
from issuer_service.clock import Randomness
from issuer_service.errors import Conflict, NotAllowed, NotFound, Refused
from issuer_service.people.roles import Role
from issuer_service.people.service import Caller, roles_of
from issuer_service.persistence.identifiers import random_uuid
from openbadges_kit.errors import MalformedDocument
from openbadges_kit.skills.achievement import achievement_from_ulo
from openbadges_kit.skills.ulo import Ulo
from openbadges_kit.skills.ulo_json import ulo_from_json

__all__ = [
    "Finding",
    "Method",
    "Written",
    "change_draft",
    "draft_of",
    "hold_draft",
    "return_draft",
    "revise",
    "submit",
    "ulo_of_draft",
    "validate",
    "validations_of",
    "write_draft",
]


class Method(StrEnum):
    """How experts were heard."""

    WORKSHOP = "workshop"
    INTERVIEW = "interview"


@dataclass(frozen=True, slots=True)
class Written:
    """What an author writes: the unit as `ulo_to_json` has it, its rubric, and where it comes from."""

    content: dict[str, Any]
    rubric: Sequence[dict[str, Any]]
    source: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What experts found, when and how they were heard."""

    method: Method
    held_on: date
    agreed: bool
    notes: str = ""


def write_draft(
    session: Session,
    written: Written,
    *,
    qualification_id: str,
    number: str,
    version: str,
    caller: Caller,
    base_url: str,
    now: datetime,
    randomness: Randomness,
) -> UloDraft:
    """Begin a draft. Raises Refused, naming the place, for what makes no ULO, and Conflict for a version that is there.

    Whether it was published before or is being written makes no difference: a version is one thing.
    """
    shelf = own_qualification(session, qualification_id, publisher_id=caller.organisation_id)
    must_be_new(session, shelf.slug, number, version)
    if session.scalar(
        select(UloDraft.id).where(
            UloDraft.qualification_id == shelf.id, UloDraft.number == number, UloDraft.version == version
        )
    ):
        raise Conflict(f"ULO {number} version {version} is being written already", field="version")
    ulo = _checked(session, shelf, written, number=number, version=version, base_url=base_url)
    draft = UloDraft(
        id=random_uuid(randomness),
        organisation_id=caller.organisation_id,
        qualification_id=shelf.id,
        number=number,
        version=version,
        title=ulo.title,
        source=written.source,
        content=content_of(ulo),
        rubric=list(written.rubric),
        status=str(DraftStatus.DRAFT),
        author_id=caller.person_id,
        created_at=now,
        changed_at=now,
        returned_because="",
    )
    session.add(draft)
    session.flush()
    record(session, AuditEvent.ULO_DRAFTED, about=draft.id, organisation_id=caller.organisation_id)
    return draft


def change_draft(session: Session, draft_id: str, written: Written, *, base_url: str, now: datetime) -> UloDraft:
    """Write a draft anew. Raises as `write_draft` does, and Refused for one that is not a draft any more."""
    draft = hold_draft(session, draft_id)
    draft.status = next_status(draft.status, Step.CHANGE)
    shelf = session.get_one(Qualification, draft.qualification_id)
    ulo = _checked(session, shelf, written, number=draft.number, version=draft.version, base_url=base_url)
    draft.title, draft.source, draft.content = ulo.title, written.source, content_of(ulo)
    draft.rubric, draft.changed_at = list(written.rubric), now
    record(session, AuditEvent.ULO_CHANGED, about=draft.id, organisation_id=draft.organisation_id)
    return draft


def revise(
    session: Session, ulo_version_id: str, *, version: str, caller: Caller, now: datetime, randomness: Randomness
) -> UloDraft:
    """A draft for the next version of a published unit, with what the last one says.

    Raises NotFound for a version that is not this organisation's, and Conflict for one that is being written.
    """
    stored = session.get(UloVersion, ulo_version_id)
    if stored is None or stored.publisher_id != caller.organisation_id:
        raise NotFound("there is no such version of a ULO of yours")
    shelf = session.scalars(select(Qualification).where(Qualification.slug == stored.qualification_slug)).one()
    must_be_new(session, shelf.slug, stored.number, version)
    if session.scalar(
        select(UloDraft.id).where(
            UloDraft.qualification_id == shelf.id, UloDraft.number == stored.number, UloDraft.version == version
        )
    ):
        raise Conflict(f"ULO {stored.number} version {version} is being written already", field="version")
    draft = UloDraft(
        id=random_uuid(randomness),
        organisation_id=caller.organisation_id,
        qualification_id=shelf.id,
        number=stored.number,
        version=version,
        title=stored.title,
        source=stored.source,
        content=stored.content,
        rubric=stored.rubric,
        status=str(DraftStatus.DRAFT),
        author_id=caller.person_id,
        created_at=now,
        changed_at=now,
        returned_because="",
    )
    session.add(draft)
    session.flush()
    details = {"revises": stored.id}
    record(session, AuditEvent.ULO_DRAFTED, about=draft.id, organisation_id=caller.organisation_id, details=details)
    return draft


def submit(session: Session, draft_id: str, *, now: datetime) -> UloDraft:
    """Lay a draft before reviewers and experts. What experts said of an earlier state does not count for this one."""
    draft = hold_draft(session, draft_id)
    draft.status, draft.submitted_at = next_status(draft.status, Step.SUBMIT), now
    draft.returned_because = ""
    record(session, AuditEvent.ULO_SUBMITTED, about=draft.id, organisation_id=draft.organisation_id)
    return draft


def return_draft(session: Session, draft_id: str, *, reason: str) -> UloDraft:
    """Give a draft back to its author, with the reason."""
    draft = hold_draft(session, draft_id)
    draft.status, draft.returned_because = next_status(draft.status, Step.RETURN), reason
    record(session, AuditEvent.ULO_RETURNED, about=draft.id, organisation_id=draft.organisation_id)
    return draft


def validate(
    session: Session,
    draft_id: str,
    finding: Finding,
    *,
    expert_ids: Sequence[str],
    caller: Caller,
    now: datetime,
    randomness: Randomness,
) -> UloDraft:
    """Record what experts found: those who are named or, without any, whoever is calling.

    Validated is a draft with which an expert agrees and to which none objects. Raises Refused for who is no expert of
    this organisation, and NotAllowed for the author: nobody validates what they wrote themselves (R07).
    """
    draft = hold_draft(session, draft_id)
    experts = list(dict.fromkeys(expert_ids or [caller.person_id]))
    for expert in experts:
        roles = {one.role for one in roles_of(session, expert, organisation_id=caller.organisation_id)}
        if Role.EXPERT not in roles:
            raise Refused("only experts of this organisation validate: give them that role first", field="expert_ids")
        if expert == draft.author_id:
            raise NotAllowed("nobody validates what they wrote themselves (R07)")
    # Is it in review at all?
    next_status(draft.status, Step.VALIDATE if finding.agreed else Step.OBJECT)
    for expert in experts:
        session.add(
            UloValidation(
                id=random_uuid(randomness),
                draft_id=draft.id,
                expert_id=expert,
                method=str(finding.method),
                held_on=finding.held_on,
                agreed=finding.agreed,
                notes=finding.notes,
                recorded_by=caller.person_id,
                recorded_at=now,
            )
        )
    session.flush()
    last_words = {one.expert_id: one.agreed for one in validations_of(session, draft)}
    step = Step.VALIDATE if all(last_words.values()) else Step.OBJECT
    draft.status = next_status(draft.status, step)
    told = AuditEvent.ULO_VALIDATED if finding.agreed else AuditEvent.ULO_OBJECTED
    record(session, told, about=draft.id, organisation_id=draft.organisation_id, details={"experts": experts})
    return draft


def validations_of(session: Session, draft: UloDraft) -> Sequence[UloValidation]:
    """What experts found of a draft as it was last submitted, in the order in which it was recorded."""
    query = select(UloValidation).where(UloValidation.draft_id == draft.id)
    if draft.submitted_at is not None:
        query = query.where(UloValidation.recorded_at >= draft.submitted_at)
    return session.scalars(query.order_by(UloValidation.recorded_at, UloValidation.id)).all()


def draft_of(session: Session, draft_id: str) -> UloDraft:
    """A draft. Raises NotFound, also for another organisation's."""
    return _found(session.get(UloDraft, draft_id))


def hold_draft(session: Session, draft_id: str) -> UloDraft:
    """A draft, held for whoever changes it: nobody else does until this transaction has ended. Raises NotFound."""
    return _found(session.scalar(select(UloDraft).where(UloDraft.id == draft_id).with_for_update()))


def ulo_of_draft(session: Session, draft: UloDraft, *, base_url: str) -> Ulo:
    """The unit as it would be published."""
    shelf = session.get_one(Qualification, draft.qualification_id)
    return ulo_from_json(
        draft.content,
        iri=ulo_iri(base_url, shelf.slug, draft.number, draft.version),
        number=draft.number,
        version=draft.version,
        qualification=shelf.title,
        catalogue=catalogue_of(session, shelf).title,
    )


def _found(draft: UloDraft | None) -> UloDraft:
    if draft is None:
        raise NotFound("there is no such draft", field="draft_id")
    return draft


def _checked(
    session: Session, shelf: Qualification, written: Written, *, number: str, version: str, base_url: str
) -> Ulo:
    try:
        ulo = ulo_from_json(
            written.content,
            path="$.content",
            iri=ulo_iri(base_url, shelf.slug, number, version),
            number=number,
            version=version,
            qualification=shelf.title,
            catalogue=catalogue_of(session, shelf).title,
        )
    except MalformedDocument as error:
        raise Refused(str(error), field=error.path.removeprefix("$.")) from error
    try:
        achievement_from_ulo(ulo, rubric=rubric_from_json(written.rubric))
    except MalformedDocument as error:
        raise Refused(str(error), field="rubric") from error
    return ulo
