"""Designations (aanwijzingen): VOP, VP and WV, each a separate act within one scheme, never the fruit of a course.

A VOP is designated for tasks, by a VP or WV of the same scheme; a VP and a WV on proofs of what they can do.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from issuer_service.audit.events import AuditEvent
from issuer_service.audit.trail import record
from issuer_service.catalogue.achievements import address_of, published_achievement
from issuer_service.errors import Conflict, NotAllowed, NotFound, Refused
from issuer_service.installation import Installation
from issuer_service.issuance.accept import accept
from issuer_service.issuance.approve import approve
from issuer_service.issuance.request import BadgeDetails, IssuanceRequest
from issuer_service.issuance.standing import change, standing_of
from issuer_service.issuance.tables import Award, Credential
from issuer_service.people.roles import Role
from issuer_service.people.service import Caller, person_of
from issuer_service.persistence.identifiers import random_uuid
from issuer_service.recognition.achievements import (
    DESIGNATION,
    designation_achievement,
    designation_slug,
)
from issuer_service.recognition.cashing_tables import Designation
from issuer_service.recognition.requests import STAFF
from issuer_service.status_lists.service import Standing

__all__ = ["DesignationKind", "NewDesignation", "designate", "designations_of", "end_designation"]

_LONGEST: Final = timedelta(days=3653)


class DesignationKind(StrEnum):
    """What somebody may be designated as."""

    VOP = "VOP"  # voldoende opgeleid persoon: tasks, under supervision
    VP = "VP"  # vakbekwaam persoon: acts on their own
    WV = "WV"  # werkverantwoordelijke: answers for the quality of the work


_MAY_DESIGNATE: Final = (str(DesignationKind.VP), str(DesignationKind.WV))


@dataclass(frozen=True, slots=True)
class NewDesignation:
    """What is asked for. `grounds` are ids of badges of ours; `designated_by` is who said so within the scheme."""

    person_id: str
    scheme: str
    scheme_title: str
    kind: DesignationKind
    designated_by: str
    valid_from: date
    valid_until: date
    tasks: tuple[str, ...] = ()
    grounds: tuple[str, ...] = ()
    experience: str = ""
    register_number: str = ""


def designate(session: Session, asked: NewDesignation, *, caller: Caller, here: Installation) -> Designation:
    """Designate somebody, by the decision of a teacher who is not that person; the badge for it is signed at once.

    Raises NotAllowed for another role and for oneself, NotFound for whom the organisation does not know, Conflict for
    a designation that they have already, and Refused with every condition of the scheme that is not met.
    """
    caller.must_be(Role.TEACHER)
    if asked.person_id in {caller.person_id, asked.designated_by}:
        raise NotAllowed("nobody designates themselves")
    for person_id in (asked.person_id, asked.designated_by):
        person_of(session, person_id, organisation_id=caller.organisation_id)
    as_what = _standing_in(session, asked.designated_by, asked.scheme, here.now().date(), caller.organisation_id)
    findings = [*_unmet(asked, as_what), *_of_grounds(session, asked, caller.organisation_id)]
    if findings:
        raise Refused("the conditions of this designation are not met", field="kind", findings=tuple(findings))
    held = designations_of(caller, person_id=asked.person_id).where(
        Designation.scheme == asked.scheme,
        Designation.kind == str(asked.kind),
        Designation.ended_at.is_(None),
        Designation.valid_until >= asked.valid_from,
    )
    if session.scalar(held.limit(1)) is not None:
        raise Conflict("they are designated so already: end that first", field="kind")
    row = Designation(
        id=random_uuid(here.randomness),
        organisation_id=caller.organisation_id,
        person_id=asked.person_id,
        scheme=asked.scheme,
        scheme_title=asked.scheme_title,
        kind=str(asked.kind),
        tasks=list(asked.tasks),
        grounds=list(asked.grounds),
        experience=asked.experience,
        register_number=asked.register_number,
        valid_from=asked.valid_from,
        valid_until=asked.valid_until,
        designated_by=asked.designated_by,
        designated_as=None if as_what is None else as_what.id,
        decided_by=caller.person_id,
        decided_at=here.now(),
    )
    session.add(row)
    session.flush()
    row.award_id = _award(session, row, caller, here).id
    _tell(session, AuditEvent.DESIGNATED, row, caller)
    return row


def _unmet(asked: NewDesignation, as_what: Designation | None) -> list[str]:
    findings = []
    if not asked.valid_from < asked.valid_until <= asked.valid_from + _LONGEST:
        findings.append("valid_until: after valid_from, and within ten years")
    if asked.kind is DesignationKind.VOP:
        if not asked.tasks:
            findings.append("tasks: a VOP is designated for specific tasks")
        if as_what is None:
            findings.append("designated_by: a VOP is designated by a VP or WV of the same scheme")
    else:
        if not asked.grounds:
            findings.append("grounds: a VP or WV has proofs of professional competence")
        if asked.kind is DesignationKind.VP and not asked.experience:
            findings.append("experience: a VP has demonstrable relevant experience")
    return findings


def _of_grounds(session: Session, asked: NewDesignation, organisation_id: str) -> list[str]:
    found = session.execute(
        select(Credential, Award.person_id)
        .join(Award, Award.id == Credential.award_id)
        .where(Credential.id.in_(asked.grounds), Award.organisation_id == organisation_id)
    ).all()
    whose = {row.Credential.id: row.person_id for row in found}
    standing = {row.Credential.id: standing_of(row.Credential) for row in found}
    findings = []
    for number, one in enumerate(asked.grounds):
        if whose.get(one) != asked.person_id:
            findings.append(f"grounds.{number}: they have no such badge")
        elif standing[one] is not Standing.VALID:
            findings.append(f"grounds.{number}: this badge is {standing[one]}")
    return findings


def _standing_in(
    session: Session, person_id: str, scheme: str, today: date, organisation_id: str
) -> Designation | None:
    """By which designation somebody is a VP or WV of the scheme on that day, if they are."""
    return session.scalar(
        select(Designation)
        .where(
            Designation.organisation_id == organisation_id,
            Designation.person_id == person_id,
            Designation.scheme == scheme,
            Designation.kind.in_(_MAY_DESIGNATE),
            Designation.ended_at.is_(None),
            Designation.valid_from <= today,
            Designation.valid_until >= today,
        )
        .limit(1)
    )


def designations_of(caller: Caller, *, person_id: str | None = None) -> Select[Designation]:
    """The designations that the caller may see: their own; staff those of the organisation."""
    query = select(Designation).where(Designation.organisation_id == caller.organisation_id)
    if STAFF.isdisjoint(caller.roles):
        query = query.where(Designation.person_id == caller.person_id)
    return query if person_id is None else query.where(Designation.person_id == person_id)


def end_designation(
    session: Session, designation_id: str, *, reason: str, caller: Caller, here: Installation
) -> Designation:
    """End a designation before its time, and revoke the badge for it. Twice changes nothing.

    Raises NotFound, NotAllowed for another role than teacher, and Conflict while its badge is being signed.
    """
    caller.must_be(Role.TEACHER)
    query = designations_of(caller).where(Designation.id == designation_id)
    row = session.scalar(query.with_for_update())
    if row is None:
        raise NotFound("there is no such designation", field="designation_id")
    if row.ended_at is not None:
        return row
    credential = session.scalar(select(Credential.id).where(Credential.award_id == row.award_id))
    if credential is None:
        raise Conflict("its badge is being signed: try again in a moment")
    change(
        session,
        credential,
        Standing.REVOKED,
        caller=caller,
        reason=reason,
        jobs=here.jobs,
        now=here.now(),
        randomness=here.randomness,
    )
    row.ended_by, row.ended_at, row.ended_because = caller.person_id, here.now(), reason
    _tell(session, AuditEvent.DESIGNATION_ENDED, row, caller)
    return row


def _award(session: Session, row: Designation, caller: Caller, here: Installation) -> Award:
    slug = designation_slug(
        row.kind, scheme=row.scheme, scheme_title=row.scheme_title, publisher_id=row.organisation_id
    )
    iri = address_of(slug, base_url=here.base_url)
    version = published_achievement(
        session,
        kind=DESIGNATION,
        slug=slug,
        content=designation_achievement(row.kind, scheme=row.scheme, scheme_title=row.scheme_title, iri=iri),
        publisher_id=row.organisation_id,
        now=here.now(),
        randomness=here.randomness,
    )
    tasks = "\n".join(f"- {task}" for task in row.tasks)
    details = BadgeDetails(
        evidence=tuple({"id": f"urn:uuid:{one}", "type": ["Evidence"], "genre": "credential"} for one in row.grounds),
        role=row.kind,
        license_number=row.register_number,
        narrative=f"Taken, onder toezicht:\n\n{tasks}" if tasks else "",
        # Its last day is a day on which it holds.
        valid_until=datetime.combine(row.valid_until + timedelta(days=1), time(), UTC),
    )
    request = IssuanceRequest(
        organisation_id=row.organisation_id,
        person_id=row.person_id,
        subject_id=random_uuid(here.randomness),
        ulo_version_id="",
        achievement_version_id=version.id,
        evidence_id=row.id,
        assessor_id=caller.person_id,
        awarded_at=here.now(),
        four_eyes=False,
        details=details,
    )
    award = accept(session, request, base_url=here.base_url, now=here.now(), randomness=here.randomness)
    return approve(session, award.id, caller=caller, now=here.now())


def _tell(session: Session, what: AuditEvent, row: Designation, caller: Caller) -> None:
    record(
        session,
        what,
        about=row.id,
        organisation_id=caller.organisation_id,
        actor_id=caller.person_id,
        details={"kind": row.kind},
    )
