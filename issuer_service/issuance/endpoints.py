"""Approving awards and revoking badges over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select

from issuer_service.errors import Kind
from issuer_service.installation import Installation
from issuer_service.issuance.approve import approve, approve_many, award_of, waiting_for_approval
from issuer_service.issuance.refuse import refuse
from issuer_service.issuance.standing import change, credential_of, standing_of
from issuer_service.issuance.tables import Award, AwardRefusal, Credential
from issuer_service.people.service import Caller
from issuer_service.problem_details import problems
from issuer_service.status_lists.service import Standing
from issuer_service.web.dependencies import CallingToApprove, CallingToReadAwards, CallingToRevoke, Here
from issuer_service.web.paging import Page, Paging, page_of
from issuer_service.web.texts import Identifier, LongText
from openbadges_kit.documents import parse_json_object

__all__ = ["router"]

router = APIRouter(prefix="/v1", tags=["issuance"])


class AwardShown(BaseModel):
    """An accepted award."""

    id: str
    person_id: str
    ulo_version_id: str | None = Field(description="The ULO's version that it is for; null for another achievement.")
    achievement_version_id: str | None = Field(description="The version of another achievement; null for a ULO.")
    accepted_at: datetime
    approved_at: datetime | None
    refused_at: datetime | None = Field(default=None, description="When a teacher said no. Then it is not approved.")
    refusal_reason: str | None = None
    credential_id: str | None = Field(description="The badge, once it is signed.")


class AwardWaiting(AwardShown):
    """An award that waits for approval, with what would be signed."""

    unsigned: dict[str, Any]


class Approvals(BaseModel):
    """Awards to approve together."""

    model_config = ConfigDict(extra="forbid")

    award_ids: list[Identifier] = Field(
        min_length=1, max_length=500, examples=[["3f1c9c6e-8a54-4f0e-9a53-0c1d7f6b2a10"]]
    )


class ApprovalsMade(BaseModel):
    """What became of them."""

    approved: list[str]
    refused: dict[str, str] = Field(description="By the id of an award, why it was not approved.")


class CredentialShown(BaseModel):
    """A signed badge, as its issuer sees it."""

    id: str
    award_id: str
    signed_at: datetime
    standing: Standing
    suspended_at: datetime | None
    revoked_at: datetime | None
    revocation_reason: str | None
    erased_at: datetime | None = Field(description="When its content was erased, with its holder.")


class RefusalReason(BaseModel):
    """Why an award is refused. Whom it was for is told."""

    model_config = ConfigDict(extra="forbid")

    reason: LongText = Field(
        min_length=1, max_length=500, examples=["Het remmen is niet beoordeeld; doe de toets op 3 december opnieuw."]
    )


class Reason(BaseModel):
    """Why a badge's standing changes. Its holder is told."""

    model_config = ConfigDict(extra="forbid")

    reason: LongText = Field(min_length=1, max_length=500, examples=["Bij de verkeerde persoon vastgelegd"])


@router.get("/awards")
def get_awards_waiting(here: Here, caller: CallingToReadAwards, paging: Paging) -> Page[AwardWaiting]:
    """The awards that wait for approval, oldest first."""
    with here.reading_for(caller) as session:
        return page_of(
            session,
            waiting_for_approval(organisation_id=caller.organisation_id),
            paging,
            order=[Award.accepted_at, Award.id],
            show=lambda award: AwardWaiting(
                **_shown(award, None).model_dump(), unsigned=parse_json_object(award.document)
            ),
        )


@router.get("/awards/{award_id}", responses=problems(Kind.NOT_FOUND))
def get_award(award_id: Identifier, here: Here, caller: CallingToReadAwards) -> AwardShown:
    """One award."""
    with here.reading_for(caller) as session:
        award = award_of(session, award_id, organisation_id=caller.organisation_id)
        signed = session.scalar(select(Credential.id).where(Credential.award_id == award.id))
        return _shown(award, signed, session.get(AwardRefusal, award.id))


@router.post("/awards/{award_id}/approval", responses=problems(Kind.NOT_FOUND, Kind.CONFLICT))
def post_approval(award_id: Identifier, here: Here, caller: CallingToApprove) -> AwardShown:
    """Approve an award: it is signed within moments. Approving twice changes nothing. For teachers."""
    with here.transaction_for(caller) as session:
        award = approve(session, award_id, caller=caller, now=here.now())
        signed = session.scalar(select(Credential.id).where(Credential.award_id == award.id))
    return _shown(award, signed)


@router.post("/awards/{award_id}/refusal", responses=problems(Kind.NOT_FOUND, Kind.CONFLICT))
def post_refusal(award_id: Identifier, body: RefusalReason, here: Here, caller: CallingToApprove) -> AwardShown:
    """Refuse an award, for good, and say why. Refusing twice changes nothing. For teachers.

    Whom it was for is told; a new result, or other evidence, asks for an award of its own.
    """
    with here.transaction_for(caller) as session:
        refusal = refuse(session, award_id, caller=caller, reason=body.reason, jobs=here.jobs, now=here.now())
        return _shown(session.get_one(Award, award_id), None, refusal)


@router.post("/award-approvals")
def post_approvals(body: Approvals, here: Here, caller: CallingToApprove) -> ApprovalsMade:
    """Approve up to 500 awards together. One that may not be approved does not stop the others. For teachers."""
    with here.transaction_for(caller) as session:
        done = approve_many(
            session,
            body.award_ids,
            caller=caller,
            jobs=here.jobs,
            now=here.now(),
            randomness=here.randomness,
        )
    return ApprovalsMade(approved=list(done.approved), refused=done.refused)


@router.get("/credentials/{credential_id}", responses=problems(Kind.NOT_FOUND))
def get_credential(credential_id: Identifier, here: Here, caller: CallingToReadAwards) -> CredentialShown:
    """A signed badge, with whether it was revoked."""
    with here.reading_for(caller) as session:
        credential, _ = credential_of(session, credential_id, organisation_id=caller.organisation_id)
        return _credential(credential)


@router.post("/credentials/{credential_id}/revocation", responses=problems(Kind.NOT_FOUND))
def post_revocation(credential_id: Identifier, body: Reason, here: Here, caller: CallingToRevoke) -> CredentialShown:
    """Revoke a badge, for good. The status list says so within moments. A second time changes nothing."""
    return _change(credential_id, Standing.REVOKED, body, here, caller)


@router.post("/credentials/{credential_id}/suspension", responses=problems(Kind.NOT_FOUND))
def post_suspension(credential_id: Identifier, body: Reason, here: Here, caller: CallingToRevoke) -> CredentialShown:
    """Suspend a badge that was issued as suspendable, until it is reinstated."""
    return _change(credential_id, Standing.SUSPENDED, body, here, caller)


@router.post("/credentials/{credential_id}/reinstatement", responses=problems(Kind.NOT_FOUND))
def post_reinstatement(credential_id: Identifier, body: Reason, here: Here, caller: CallingToRevoke) -> CredentialShown:
    """End the suspension of a badge."""
    return _change(credential_id, Standing.VALID, body, here, caller)


def _change(
    credential_id: str, standing: Standing, body: Reason, here: Installation, caller: Caller
) -> CredentialShown:
    with here.transaction_for(caller) as session:
        credential = change(
            session,
            credential_id,
            standing,
            caller=caller,
            reason=body.reason,
            jobs=here.jobs,
            now=here.now(),
            randomness=here.randomness,
        )
    return _credential(credential)


def _credential(credential: Credential) -> CredentialShown:
    return CredentialShown(
        id=credential.id,
        award_id=credential.award_id,
        signed_at=credential.signed_at,
        standing=standing_of(credential),
        suspended_at=credential.suspended_at,
        revoked_at=credential.revoked_at,
        revocation_reason=credential.revocation_reason,
        erased_at=credential.erased_at,
    )


def _shown(award: Award, credential_id: str | None, refusal: AwardRefusal | None = None) -> AwardShown:
    return AwardShown(
        id=award.id,
        person_id=award.person_id,
        ulo_version_id=award.ulo_version_id,
        achievement_version_id=award.achievement_version_id,
        accepted_at=award.accepted_at,
        approved_at=award.approved_at,
        refused_at=refusal.refused_at if refusal is not None else None,
        refusal_reason=refusal.reason if refusal is not None else None,
        credential_id=credential_id,
    )
