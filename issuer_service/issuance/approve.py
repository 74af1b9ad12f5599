"""Approve: step 6 of the issuance cycle. A teacher stands for it that the badge is deserved."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from issuer_service.errors import NotAllowed, NotFound
from issuer_service.issuance.tables import Award
from issuer_service.jobs.port import SIGN, Jobs
from issuer_service.people.service import Caller, Role

__all__ = ["approve", "award_of", "waiting_for_approval"]


def approve(session: Session, award_id: str, *, caller: Caller, jobs: Jobs, now: datetime) -> Award:
    """Approve an award and have it signed; approving twice changes nothing.

    Raises NotAllowed for another role than teacher, for one's own badge, and for what one assessed oneself
    where the programme wants four eyes; NotFound outside one's own organisation.
    """
    # 6. A teacher, never for themselves; another than the assessor where four eyes are wanted.
    caller.must_be(Role.TEACHER)
    award = award_of(session, award_id, organisation_id=caller.organisation_id)
    if award.person_id == caller.person_id:
        raise NotAllowed("nobody approves their own badge")
    if award.four_eyes and award.assessor_id == caller.person_id:
        raise NotAllowed("this programme wants four eyes: somebody else than the assessor approves")
    if award.approved_at is None:
        award.approved_by, award.approved_at = caller.person_id, now
        jobs.enqueue(session, SIGN, award.id, key=f"{SIGN}:{award.id}")
    return award


def waiting_for_approval(*, organisation_id: str) -> Select[Award]:
    """The awards of an organisation that nobody has approved yet, as a query."""
    return select(Award).where(Award.organisation_id == organisation_id, Award.approved_at.is_(None))


def award_of(session: Session, award_id: str, *, organisation_id: str) -> Award:
    """An award of this organisation. Raises NotFound, also for another's."""
    award = session.get(Award, award_id)
    if award is None or award.organisation_id != organisation_id:
        raise NotFound("there is no such award", field="award_id")
    return award
