"""Assessment plans, assessments, second looks and the badges that come of them, over HTTP."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Final, Self

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from sqlalchemy.orm import Session

from issuer_service.assessing.assessments import (
    ReviewKind,
    State,
    appeal,
    assessment_of,
    assessments_of,
    decide_appeal,
    moderate,
    outcomes_of,
    record_assessment,
    reviews_of,
    state_of,
)
from issuer_service.assessing.awards import award_components
from issuer_service.assessing.plans import change_plan, draft_plan, plan_of, plans_of, publish_plan
from issuer_service.assessment.matrix import Conditions, Score, TestMatrix
from issuer_service.assessment.matrix import State as Mastery
from issuer_service.assessment.outcome import Criterion, Plan
from issuer_service.assessment.tables import Assessment, AssessmentPlan
from issuer_service.errors import Kind, Refused
from issuer_service.problem_details import problems
from issuer_service.web.dependencies import (
    CallingAboutAssessments,
    CallingToApprove,
    CallingToReadProgrammes,
    CallingToWriteCatalogue,
    Here,
)
from issuer_service.web.idempotency import Asked, RequestKey, once
from issuer_service.web.paging import Page, Paging, page_of
from issuer_service.web.texts import Identifier, Named, Reason

__all__ = ["router"]

router = APIRouter(prefix="/v1", tags=["assessment"])

Slug = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Address = Annotated[str, Field(max_length=2000, pattern=r"^[A-Za-z][A-Za-z0-9+.-]*:[\x21-\x7e]+$")]
_COMPONENT: Final = "https://badges.example/ulo/vakmanschap-warmtepompen/1.1/v1/VO001"
_SCORE: Final = {"component": _COMPONENT, "form": "http://data.europa.eu/snb/assessment/6a4db9f11d", "right": 4}
_MATRIX: Final = {"rows": [{**_SCORE, "questions": 5}]}
_MATRIX["rows"][0].pop("right")
_MOMENT: Final = "2026-11-20T09:00:00Z"


class ChangedPlan(BaseModel):
    """A draft, written anew."""

    model_config = ConfigDict(extra="forbid")

    title: Named = Field(examples=["Toetsplan warmtepompen"])
    matrix: TestMatrix | None = Field(default=None, description="What is tested in which form.", examples=[_MATRIX])
    rubric: list[Criterion] = Field(default=[], max_length=200, description="What is judged.", examples=[[]])

    def as_plan(self) -> Plan:
        """Checked as a whole. Raises Refused."""
        try:
            return Plan(matrix=self.matrix, rubric=tuple(self.rubric))
        except ValidationError as error:
            findings = tuple(str(one["msg"]).removeprefix("Value error, ") for one in error.errors())
            raise Refused("this plan cannot be meant", field="matrix", findings=findings) from error


class NewPlan(ChangedPlan):
    """How the components of a unit, or of a set of criteria, are assessed."""

    slug: Slug = Field(examples=["toetsplan-warmtepompen"])
    ulo_version_id: Identifier | None = None
    criteria_id: Identifier | None = Field(default=None, examples=[None])

    @model_validator(mode="after")
    def _of_one_thing(self) -> Self:
        if (self.ulo_version_id is None) == (self.criteria_id is None):
            raise ValueError("give ulo_version_id or criteria_id")
        return self


class PlanShown(BaseModel):
    """A version of a plan."""

    id: str
    slug: str
    version: int
    title: str
    ulo_version_id: str | None
    criteria_id: str | None
    components: list[str]
    matrix: TestMatrix | None = Field(examples=[_MATRIX])
    rubric: list[Criterion] = Field(examples=[[]])
    published_at: datetime | None = Field(description="Null for a draft. A published version never changes.")


class Evidence(BaseModel):
    """Something that shows it: its name, its hash, and where it is kept, which is not here."""

    model_config = ConfigDict(extra="forbid")

    name: Named = Field(examples=["Werkstuk adviesgesprek.pdf"])
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$", examples=["a" * 64])
    url: Address | None = None


class Found(BaseModel):
    """What was scored and judged."""

    model_config = ConfigDict(extra="forbid")

    scores: list[Score] = Field(default=[], max_length=500, examples=[[_SCORE]])
    levels: dict[Address, Named] = Field(default={}, max_length=200, examples=[{_COMPONENT: "zelfstandig"}])


class NewAssessment(Found):
    """How somebody did. For oneself it is a self-assessment, and marked as one."""

    plan_id: Identifier
    person_id: Identifier
    taken_at: datetime = Field(examples=[_MOMENT])
    conditions: Conditions = Conditions()
    evidence: list[Evidence] = Field(default=[], max_length=50)


class ComponentShown(BaseModel):
    """What is mastered of one component, and what is still missing."""

    component: str
    state: Mastery
    score: Decimal | None = Field(description="In percents, where it was tested.", examples=["81.3"])
    level: str | None
    missing: list[str] = Field(examples=[["scored 40.0 of the needed 55"]])


class ReviewShown(BaseModel):
    """A second look: moderation, or an appeal."""

    id: str
    kind: ReviewKind
    grounds: str
    opened_at: datetime
    due_at: datetime | None = Field(description="By when an appeal is decided.")
    changed: bool | None
    reason: str | None
    decided_at: datetime | None


class AssessmentShown(BaseModel):
    """An assessment as it stands."""

    id: str
    plan_id: str
    person_id: str
    assessor_id: str
    self_assessed: bool = Field(description="By whom it is about. No badge comes of it.")
    taken_at: datetime
    recorded_at: datetime
    state: State
    outcome: list[ComponentShown]
    evidence: list[Evidence]
    reviews: list[ReviewShown]


class Review(BaseModel):
    """A second look: other scores and levels, or null for those that stay; and why."""

    model_config = ConfigDict(extra="forbid")

    scores: list[Score] | None = Field(default=None, max_length=500, examples=[None])
    levels: dict[Address, Named] | None = Field(default=None, max_length=200, examples=[None])
    reason: Reason = Field(examples=["De tweede lezing komt op hetzelfde uit."])


class NewAppeal(BaseModel):
    """Why somebody does not agree with how they were assessed."""

    model_config = ConfigDict(extra="forbid")

    grounds: Reason = Field(examples=["Vraag 3 hoorde niet bij dit onderdeel."])


class ToAward(BaseModel):
    """For which components to give a badge."""

    model_config = ConfigDict(extra="forbid")

    components: list[Address] = Field(min_length=1, max_length=200, examples=[[_COMPONENT]])


class Awarded(BaseModel):
    """The awards, which wait for approval, by component."""

    awards: dict[str, str] = Field(examples=[{_COMPONENT: "3f1c9c6e-8a54-4f0e-9a53-0c1d7f6b2a10"}])


@router.get("/assessment-plans")
def get_plans(here: Here, caller: CallingToReadProgrammes, paging: Paging) -> Page[PlanShown]:
    """The organisation's plans, drafts among them."""
    with here.reading_for(caller) as session:
        order = [AssessmentPlan.slug, AssessmentPlan.version]
        return page_of(session, plans_of(caller.organisation_id), paging, order=order, show=_plan)


@router.post("/assessment-plans", status_code=201, responses=problems(Kind.NOT_FOUND, Kind.CONFLICT))
def post_plan(body: NewPlan, here: Here, caller: CallingToWriteCatalogue, request_key: RequestKey = None) -> PlanShown:
    """Draft a plan, or the next version of the plan with this slug."""
    with here.transaction_for(caller) as session:

        def make() -> PlanShown:
            row = draft_plan(
                session,
                body.as_plan(),
                slug=body.slug,
                title=body.title,
                ulo_version_id=body.ulo_version_id,
                criteria_id=body.criteria_id,
                caller=caller,
                base_url=here.base_url,
                now=here.now(),
                randomness=here.randomness,
            )
            return _plan(row)

        asked = Asked(request_key, caller, "/v1/assessment-plans", body)
        return once(session, asked, now=here.now(), answer=PlanShown, make=make)


@router.get("/assessment-plans/{plan_id}", responses=problems(Kind.NOT_FOUND))
def get_plan(plan_id: Identifier, here: Here, caller: CallingToReadProgrammes) -> PlanShown:
    """One version of a plan."""
    with here.reading_for(caller) as session:
        return _plan(plan_of(session, plan_id, organisation_id=caller.organisation_id))


@router.put("/assessment-plans/{plan_id}", responses=problems(Kind.NOT_FOUND, Kind.CONFLICT))
def put_plan(plan_id: Identifier, body: ChangedPlan, here: Here, caller: CallingToWriteCatalogue) -> PlanShown:
    """Write a draft anew."""
    with here.transaction_for(caller) as session:
        return _plan(change_plan(session, plan_id, body.as_plan(), title=body.title, caller=caller, now=here.now()))


@router.post("/assessment-plans/{plan_id}/publication", responses=problems(Kind.NOT_FOUND))
def post_plan_publication(plan_id: Identifier, here: Here, caller: CallingToWriteCatalogue) -> PlanShown:
    """Publish a plan, for good. One that leaves a component unassessed is refused, and it is named."""
    with here.transaction_for(caller) as session:
        return _plan(publish_plan(session, plan_id, caller=caller, now=here.now()))


@router.get("/assessments")
def get_assessments(here: Here, caller: CallingAboutAssessments, paging: Paging) -> Page[AssessmentShown]:
    """One's own; for assessors and teachers those of the organisation."""
    with here.reading_for(caller) as session:
        order = [Assessment.recorded_at, Assessment.id]
        return page_of(session, assessments_of(caller), paging, order=order, show=lambda row: _shown(session, row))


@router.post("/assessments", status_code=201, responses=problems(Kind.NOT_FOUND))
def post_assessment(
    body: NewAssessment, here: Here, caller: CallingAboutAssessments, request_key: RequestKey = None
) -> AssessmentShown:
    """Record how somebody did, by a published plan. For assessors and teachers; of oneself for everybody who learns."""
    with here.transaction_for(caller) as session:

        def make() -> AssessmentShown:
            if body.taken_at.tzinfo is None:
                raise Refused("say in which time zone", field="taken_at")
            row = record_assessment(
                session,
                plan_id=body.plan_id,
                person_id=body.person_id,
                taken_at=body.taken_at,
                taken_under=body.conditions,
                scores=body.scores,
                levels=body.levels,
                evidence=[one.model_dump(mode="json") for one in body.evidence],
                caller=caller,
                now=here.now(),
                randomness=here.randomness,
            )
            return _shown(session, row)

        asked = Asked(request_key, caller, "/v1/assessments", body)
        return once(session, asked, now=here.now(), answer=AssessmentShown, make=make)


@router.get("/assessments/{assessment_id}", responses=problems(Kind.NOT_FOUND))
def get_assessment(assessment_id: Identifier, here: Here, caller: CallingAboutAssessments) -> AssessmentShown:
    """One assessment, with what is still missing of each component."""
    with here.reading_for(caller) as session:
        return _shown(session, assessment_of(session, assessment_id, caller=caller))


@router.post("/assessments/{assessment_id}/moderation", responses=problems(Kind.NOT_FOUND, Kind.CONFLICT))
def post_moderation(
    assessment_id: Identifier, body: Review, here: Here, caller: CallingAboutAssessments
) -> AssessmentShown:
    """Confirm what a colleague found, or change it. For assessors and teachers."""
    with here.transaction_for(caller) as session:
        moderate(
            session,
            assessment_id,
            scores=body.scores,
            levels=body.levels,
            reason=body.reason,
            caller=caller,
            now=here.now(),
            randomness=here.randomness,
        )
        return _shown(session, assessment_of(session, assessment_id, caller=caller))


@router.post("/assessments/{assessment_id}/appeal", responses=problems(Kind.CONFLICT))
def post_appeal(
    assessment_id: Identifier, body: NewAppeal, here: Here, caller: CallingAboutAssessments
) -> AssessmentShown:
    """Appeal against how one was assessed, within six weeks."""
    with here.transaction_for(caller) as session:
        now, randomness = here.now(), here.randomness
        appeal(session, assessment_id, grounds=body.grounds, caller=caller, now=now, randomness=randomness)
        return _shown(session, assessment_of(session, assessment_id, caller=caller))


@router.post("/assessments/{assessment_id}/appeal-decision", responses=problems(Kind.NOT_FOUND, Kind.CONFLICT))
def post_appeal_decision(
    assessment_id: Identifier, body: Review, here: Here, caller: CallingToApprove
) -> AssessmentShown:
    """Decide on an appeal. For a teacher who had no part in the assessment."""
    with here.transaction_for(caller) as session:
        decide_appeal(
            session,
            assessment_id,
            scores=body.scores,
            levels=body.levels,
            reason=body.reason,
            caller=caller,
            now=here.now(),
        )
        return _shown(session, assessment_of(session, assessment_id, caller=caller))


@router.post("/assessments/{assessment_id}/awards", responses=problems(Kind.NOT_FOUND, Kind.CONFLICT))
def post_awards(assessment_id: Identifier, body: ToAward, here: Here, caller: CallingToApprove) -> Awarded:
    """A badge for each of these components. Refused, saying what is missing, for what is not mastered."""
    with here.transaction_for(caller) as session:
        awards = award_components(session, assessment_id, body.components, caller=caller, here=here)
    return Awarded(awards=dict(zip(dict.fromkeys(body.components), [one.id for one in awards], strict=True)))


def _plan(row: AssessmentPlan) -> PlanShown:
    return PlanShown.model_validate(row, from_attributes=True)


def _shown(session: Session, row: Assessment) -> AssessmentShown:
    more: dict[str, Any] = {
        "state": state_of(session, row),
        "outcome": [one.model_dump() for one in outcomes_of(row)],
        "reviews": [ReviewShown.model_validate(one, from_attributes=True) for one in reviews_of(session, row)],
    }
    names = AssessmentShown.model_fields.keys() - more.keys()
    return AssessmentShown(**{name: getattr(row, name) for name in names}, **more)
