"""Approve: step 6 of the issuance cycle. A teacher stands for it that the badge is deserved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from issuer_service.clock import Randomness
from issuer_service.errors import Conflict, NotAllowed, NotFound
from issuer_service.issuance.tables import Award, AwardRefusal
from issuer_service.issuance.telling import tell_approved
from issuer_service.jobs.port import SIGN, Jobs
from issuer_service.people.service import Caller, Role
from issuer_service.persistence.identifiers import random_uuid

__all__ = [
    "Approved",
    "approve",
    "approve_many",
    "approve_new",
    "award_of",
    "award_to_decide_on",
    "waiting_for_approval",
    "why_not",
]

_REFUSED: Final = "this award was refused; a new result asks for one of its own"


@dataclass(frozen=True, slots=True)
class Approved:
    """What became of an approval of many: the awards that are approved now, and for the others why not."""

    approved: tuple[str, ...]
    refused: dict[str, str]


def approve(session: Session, award_id: str, *, caller: Caller, now: datetime) -> Award:
    """Approve an award and have it signed, as soon as a worker gathers it; approving twice changes nothing.

    Raises NotAllowed for another role than teacher, for one's own badge, and for what one assessed oneself
    where the programme wants four eyes; Conflict for one that was refused; NotFound outside one's own organisation.
    """
    # 6. A teacher, never for themselves; another than the assessor where four eyes are wanted.
    caller.must_be(Role.TEACHER)
    award = award_to_decide_on(session, award_id, organisation_id=caller.organisation_id)
    if (reason := why_not(award, caller)) is not None:
        raise NotAllowed(reason)
    if session.get(AwardRefusal, award.id) is not None:
        raise Conflict(_REFUSED)
    if award.approved_at is None:
        award.approved_by, award.approved_at = caller.person_id, now
        tell_approved(session, award.id, [award.id], organisation_id=award.organisation_id, actor_id=caller.person_id)
    return award


def approve_new(award: Award, *, caller: Caller, now: datetime) -> None:
    """Approve an award that is not recorded yet, by the same rules. Raises NotAllowed."""
    caller.must_be(Role.TEACHER)
    if (reason := why_not(award, caller)) is not None:
        raise NotAllowed(reason)
    award.approved_by, award.approved_at = caller.person_id, now


def waiting_for_approval(*, organisation_id: str) -> Select[Award]:
    """The awards of an organisation that nobody has approved or refused yet, as a query."""
    return select(Award).where(
        Award.organisation_id == organisation_id,
        Award.approved_at.is_(None),
        ~exists().where(AwardRefusal.award_id == Award.id),
    )


def approve_many(
    session: Session,
    award_ids: Sequence[str],
    *,
    caller: Caller,
    jobs: Jobs,
    now: datetime,
    randomness: Randomness,
) -> Approved:
    """Approve awards together and have them signed as one chunk; one that may not be does not stop the others.

    Raises NotAllowed for another role than teacher.
    """
    caller.must_be(Role.TEACHER)
    # In one order for all, so that two approvals of the same awards cannot wait for each other.
    query = select(Award).where(Award.id.in_(award_ids), Award.organisation_id == caller.organisation_id)
    found = {award.id: award for award in session.scalars(query.order_by(Award.id).with_for_update())}
    refused = {award_id: "there is no such award" for award_id in award_ids if award_id not in found}
    refused.update({award.id: reason for award in found.values() if (reason := why_not(award, caller)) is not None})
    turned_down = session.scalars(select(AwardRefusal.award_id).where(AwardRefusal.award_id.in_(found)))
    refused.update(dict.fromkeys(turned_down, _REFUSED))
    chunk = random_uuid(randomness)
    fresh = [award for award in found.values() if award.id not in refused and award.approved_at is None]
    for award in fresh:
        award.approved_by, award.approved_at, award.signing_chunk = caller.person_id, now, chunk
    if fresh:
        jobs.enqueue(session, SIGN, chunk, key=f"{SIGN}:{chunk}")
    approved = [award.id for award in fresh]
    tell_approved(session, chunk, approved, organisation_id=caller.organisation_id, actor_id=caller.person_id)
    return Approved(tuple(award_id for award_id in found if award_id not in refused), refused)


def why_not(award: Award, caller: Caller) -> str | None:
    """Why this teacher may not approve the award, or None when they may."""
    if award.person_id == caller.person_id:
        return "nobody approves their own badge"
    if award.four_eyes and award.assessor_id == caller.person_id:
        return "this programme wants four eyes: somebody else than the assessor approves"
    return None


def award_to_decide_on(session: Session, award_id: str, *, organisation_id: str) -> Award:
    """An award of this organisation, held until the transaction ends: it is approved or refused, not both at once.

    Raises NotFound.
    """
    award = award_of(session, award_id, organisation_id=organisation_id)
    session.refresh(award, with_for_update=True)
    return award


def award_of(session: Session, award_id: str, *, organisation_id: str) -> Award:
    """An award of this organisation. Raises NotFound, also for another's."""
    award = session.get(Award, award_id)
    if award is None or award.organisation_id != organisation_id:
        raise NotFound("there is no such award", field="award_id")
    return award
