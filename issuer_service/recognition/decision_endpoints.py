"""Decisions on requests, exemptions and designations over HTTP; and the achievements that they award, for everybody."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Self

from fastapi import APIRouter, Path
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.catalogue.tables import AchievementVersion
from issuer_service.errors import Kind, NotFound
from issuer_service.issuance.tables import Credential
from issuer_service.problem_details import problems
from issuer_service.recognition.cashing_tables import Designation, Exemption, RecognitionDecision
from issuer_service.recognition.deciding import DecisionVerdict, Exempted, decide, verify_again
from issuer_service.recognition.designations import (
    DesignationKind,
    NewDesignation,
    designate,
    designations_of,
    end_designation,
)
from issuer_service.recognition.requests import decision_on, request_of
from issuer_service.web.dependencies import CallingAboutRecognition, CallingToDecideOnRecognition, Here
from issuer_service.web.idempotency import Asked, RequestKey, once
from issuer_service.web.paging import Page, Paging, page_of
from issuer_service.web.texts import Identifier, Named, Reason
from openbadges_kit.vocabulary import CREDENTIALS_V2, OPEN_BADGES_3_0_3

__all__ = ["router"]

router = APIRouter(tags=["recognition"])

Address = Annotated[str, Field(max_length=2000, pattern=r"^[A-Za-z][A-Za-z0-9+.-]*:[\x21-\x7e]+$")]
_SOMEBODY = "3f1c9c6e-8a54-4f0e-9a53-0c1d7f6b2a10"
_OUTCOME = "https://badges.example/ulo/vakmanschap-warmtepompen/1.1/v1/VO001"


class NewExemption(BaseModel):
    """What somebody need not do again."""

    model_config = ConfigDict(extra="forbid")

    module_id: Identifier | None = None
    part: str = Field(default="", max_length=300, pattern=r"^[^\x00]*$", examples=["de theorie"])
    outcomes: list[Address] = Field(default=[], max_length=100, examples=[[_OUTCOME]])
    minutes_saved: int = Field(ge=1, le=60 * 5000, examples=[480])

    @model_validator(mode="after")
    def _of_something(self) -> Self:
        if self.module_id is None and not self.part:
            raise ValueError("say of which module, or of which part")
        if self.part and not self.outcomes:
            raise ValueError("outcomes: say by which outcomes this part is covered")
        return self


class NewDecision(BaseModel):
    """What is decided on a request, and why."""

    model_config = ConfigDict(extra="forbid")

    verdict: DecisionVerdict
    reason: Reason = Field(examples=["Alle onderdelen zijn aangetoond op het gevraagde niveau."])
    exemptions: list[NewExemption] = Field(default=[], max_length=100)


class ExemptionShown(BaseModel):
    """What somebody need not do again."""

    module_id: str | None
    part: str
    outcomes: list[str]
    minutes_saved: int


class DecisionShown(BaseModel):
    """What was decided, with the proof tree of that day."""

    id: str
    request_id: str
    verdict: DecisionVerdict
    reason: str
    decided_by: str
    decided_at: datetime
    award_id: str | None = Field(description="The signed decision.")
    credential_id: str | None = Field(description="The signed decision, once it is signed.")
    composite_award_id: str | None = Field(description="The badge for the whole set, which waits for approval.")
    exemptions: list[ExemptionShown]
    minutes_saved: int
    tree: dict[str, Any]


class DesignationAsked(BaseModel):
    """Whom to designate as what, in which scheme, on which grounds."""

    model_config = ConfigDict(extra="forbid")

    person_id: Identifier
    scheme: Address = Field(examples=["https://regeling.example/koudemiddelen"])
    scheme_title: Named = Field(examples=["Werken met koudemiddelen"])
    kind: DesignationKind
    designated_by: Identifier = Field(
        description="Who said so within the scheme; of a VOP a VP or WV of it.", examples=[_SOMEBODY]
    )
    valid_from: date = Field(examples=["2026-12-01"])
    valid_until: date = Field(examples=["2027-11-30"])
    tasks: list[Named] = Field(default=[], max_length=100, examples=[["Leidingen op lekkage controleren"]])
    grounds: list[Identifier] = Field(
        default=[], max_length=100, description="Ids of their badges, issued here.", examples=[[_SOMEBODY]]
    )
    experience: str = Field(default="", max_length=2000, pattern=r"^[^\x00]*$")
    register_number: str = Field(default="", max_length=100, pattern=r"^[^\x00-\x1f]*$", examples=["VP-2026-0042"])


class DesignationShown(BaseModel):
    """A designation."""

    id: str
    person_id: str
    scheme: str
    scheme_title: str
    kind: DesignationKind
    tasks: list[str]
    grounds: list[str]
    register_number: str
    valid_from: date
    valid_until: date
    designated_by: str
    designated_as: str | None = Field(description="The designation by which who designated a VOP may do so.")
    decided_by: str
    decided_at: datetime
    award_id: str | None
    ended_at: datetime | None
    ended_because: str | None


class WhyEnded(BaseModel):
    """Why a designation ends before its time. Its holder is told."""

    model_config = ConfigDict(extra="forbid")

    reason: Reason = Field(examples=["Werkt niet meer binnen deze regeling."])


@router.post(
    "/v1/recognition-requests/{request_id}/decision",
    status_code=201,
    responses=problems(Kind.NOT_FOUND, Kind.CONFLICT),
)
def post_decision(
    request_id: Identifier,
    body: NewDecision,
    here: Here,
    caller: CallingToDecideOnRecognition,
    *,
    request_key: RequestKey = None,
) -> DecisionShown:
    """Decide on a request, for good. For teachers, and never for oneself.

    The decision is signed, with the proofs as its evidence; it can be revoked as every badge. Recognised, the badge for
    the whole set waits for approval. Each badge is verified again first: it may have been revoked. What is exempted
    shortens the path and the lines that somebody is on, and those that they begin or join later.
    """
    fallen = verify_again(request_id, here=here, caller=caller)
    with here.transaction_for(caller) as session:

        def make() -> DecisionShown:
            decision = decide(
                session,
                request_id,
                verdict=body.verdict,
                reason=body.reason,
                exemptions=[
                    Exempted(tuple(one.outcomes), one.minutes_saved, one.module_id, one.part) for one in body.exemptions
                ],
                fallen=fallen,
                caller=caller,
                here=here,
            )
            return _shown(session, decision)

        asked = Asked(request_key, caller, f"/v1/recognition-requests/{request_id}/decision", body)
        return once(session, asked, now=here.now(), answer=DecisionShown, make=make)


@router.get("/v1/recognition-requests/{request_id}/decision", responses=problems(Kind.NOT_FOUND))
def get_decision(request_id: Identifier, here: Here, caller: CallingAboutRecognition) -> DecisionShown:
    """What was decided."""
    with here.reading_for(caller) as session:
        decision = decision_on(session, request_of(session, request_id, caller=caller))
        if decision is None:
            raise NotFound("nobody has decided on this request yet")
        return _shown(session, decision)


@router.get("/v1/designations")
def get_designations(here: Here, caller: CallingAboutRecognition, paging: Paging) -> Page[DesignationShown]:
    """One's own designations; for coaches, assessors and teachers those of the organisation."""
    with here.reading_for(caller) as session:
        order = [Designation.decided_at, Designation.id]
        return page_of(session, designations_of(caller), paging, order=order, show=_designation)


@router.post("/v1/designations", status_code=201, responses=problems(Kind.NOT_FOUND, Kind.CONFLICT))
def post_designation(
    body: DesignationAsked, here: Here, caller: CallingToDecideOnRecognition, request_key: RequestKey = None
) -> DesignationShown:
    """Designate somebody as VOP, VP or WV within one scheme. For teachers, and never for oneself."""
    with here.transaction_for(caller) as session:

        def make() -> DesignationShown:
            given = {name: getattr(body, name) for name in DesignationAsked.model_fields}
            asked = NewDesignation(**given | {"tasks": tuple(body.tasks), "grounds": tuple(body.grounds)})
            return _designation(designate(session, asked, caller=caller, here=here))

        key = Asked(request_key, caller, "/v1/designations", body)
        return once(session, key, now=here.now(), answer=DesignationShown, make=make)


@router.post("/v1/designations/{designation_id}/end", responses=problems(Kind.NOT_FOUND, Kind.CONFLICT))
def post_designation_end(
    designation_id: Identifier, body: WhyEnded, here: Here, caller: CallingToDecideOnRecognition
) -> DesignationShown:
    """End a designation before its time; its badge is revoked."""
    with here.transaction_for(caller) as session:
        return _designation(end_designation(session, designation_id, reason=body.reason, caller=caller, here=here))


@router.get("/achievements/{slug}/v{version}", responses=problems(Kind.NOT_FOUND), response_class=Response)
def get_achievement(
    slug: Annotated[str, Path(max_length=80)], version: Annotated[str, Path(max_length=20)], here: Here
) -> Response:
    """An achievement that is no whole ULO, for everybody: what a badge for it refers to."""
    with here.reading() as session:
        found = session.scalar(
            select(AchievementVersion).where(AchievementVersion.slug == slug, AchievementVersion.version == version)
        )
        if found is None:
            raise NotFound("there is no such achievement")
        document = {"@context": [CREDENTIALS_V2, OPEN_BADGES_3_0_3], **found.content}
    return JSONResponse(document, media_type="application/ld+json", headers={"Access-Control-Allow-Origin": "*"})


def _shown(session: Session, decision: RecognitionDecision) -> DecisionShown:
    exemptions = session.scalars(select(Exemption).where(Exemption.decision_id == decision.id).order_by(Exemption.id))
    shown = [ExemptionShown.model_validate(one, from_attributes=True) for one in exemptions]
    signed = select(Credential.id).where(Credential.award_id == decision.award_id)
    return DecisionShown(
        id=decision.id,
        request_id=decision.request_id,
        verdict=DecisionVerdict(decision.verdict),
        reason=decision.reason,
        decided_by=decision.decided_by,
        decided_at=decision.decided_at,
        award_id=decision.award_id,
        credential_id=session.scalar(signed),
        composite_award_id=decision.composite_award_id,
        exemptions=shown,
        minutes_saved=sum(one.minutes_saved for one in shown),
        tree=decision.tree,
    )


def _designation(row: Designation) -> DesignationShown:
    return DesignationShown.model_validate(row, from_attributes=True)
