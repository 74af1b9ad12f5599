"""Refuse: the other answer of step 6 of the issuance cycle. A teacher says that the badge is not deserved, and why."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from issuer_service.errors import Conflict, NotAllowed, Refused
from issuer_service.issuance.approve import award_to_decide_on, why_not
from issuer_service.issuance.tables import AwardRefusal
from issuer_service.issuance.telling import tell_refused
from issuer_service.jobs.port import REFUSED, Jobs
from issuer_service.people.service import Caller, Role

__all__ = ["refuse"]


def refuse(session: Session, award_id: str, *, caller: Caller, reason: str, jobs: Jobs, now: datetime) -> AwardRefusal:
    """Refuse an award, for good; refusing twice changes nothing, the first reason stays.

    Its id and its place in a status list are not used again. A new result, or other evidence, asks for an award of
    its own. Raises NotAllowed for another role than teacher, for one's own badge, and for what one assessed oneself
    where the programme wants four eyes; Conflict for one that is approved; NotFound outside one's own organisation;
    Refused without a reason.
    """
    caller.must_be(Role.TEACHER)
    if not reason.strip():
        raise Refused("say why", field="reason")
    award = award_to_decide_on(session, award_id, organisation_id=caller.organisation_id)
    if (not_theirs := why_not(award, caller)) is not None:
        raise NotAllowed(not_theirs)
    known = session.get(AwardRefusal, award.id)
    if known is not None:
        return known
    if award.approved_at is not None:
        raise Conflict("this award is approved; once it is signed, the badge can be revoked")
    refusal = AwardRefusal(award_id=award.id, refused_by=caller.person_id, refused_at=now, reason=reason.strip())
    session.add(refusal)
    session.flush()
    jobs.enqueue(session, REFUSED, award.id, key=f"{REFUSED}:{award.id}")
    tell_refused(session, award.id, organisation_id=award.organisation_id, actor_id=caller.person_id)
    return refusal
