"""Referring somebody from a metroline to a path of their own, over HTTP."""

from __future__ import annotations

from fastapi import APIRouter

from issuer_service.errors import Kind
from issuer_service.problem_details import problems
from issuer_service.web.dependencies import CallingToRunMetrolines, Here
from issuer_service.web.texts import Identifier
from issuer_service.workflow.candidate.definition import CANDIDATE_PATH
from issuer_service.workflow.cases.endpoints import doing_in
from issuer_service.workflow.cases.referring import refer_to_path
from issuer_service.workflow.metroline.bodies import NewReferral, ParticipationShown
from issuer_service.workflow.metroline.line_endpoints import acting

__all__ = ["router"]

router = APIRouter(prefix="/v1", tags=["metrolines"])


@router.post("/participations/{participation_id}/referral", responses=problems(Kind.NOT_FOUND, Kind.CONFLICT))
def post_referral(
    participation_id: Identifier, body: NewReferral, here: Here, caller: CallingToRunMetrolines
) -> ParticipationShown:
    """Refer somebody to a path of their own, and open their case there. For who looks after companies.

    `referral.case_id` is their case, and `referral.opened` whether it was opened now: who has one under way keeps that.
    What they reached goes along, and is at `/v1/cases/{case_id}/brought`.
    """
    with here.transaction_for(caller) as session:
        who, doing = acting(here, caller), doing_in(here, CANDIDATE_PATH)
        referred = refer_to_path(session, who, participation_id, programme_id=body.programme_id, doing=doing)
        return ParticipationShown.of(referred)
