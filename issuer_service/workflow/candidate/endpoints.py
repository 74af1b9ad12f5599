"""Recording module results, and looking at the job market, over HTTP."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from issuer_service.errors import Kind
from issuer_service.people.roles import Role
from issuer_service.problem_details import problems
from issuer_service.programme.service import programme_of
from issuer_service.web.dependencies import CallingToReadCases, CallingToRecordResults, Here
from issuer_service.web.idempotency import Asked, RequestKey, once
from issuer_service.web.texts import Identifier
from issuer_service.workflow.candidate.job_market import job_market_of
from issuer_service.workflow.candidate.modules import RecordModuleResult, record_module_result
from issuer_service.workflow.outbox import Outbox

__all__ = ["router"]

router = APIRouter(prefix="/v1", tags=["candidate path"])


class NewModuleResult(BaseModel):
    """How a learner did in a module."""

    model_config = ConfigDict(extra="forbid")

    enrolment_id: Identifier
    module_id: Identifier
    levels: dict[str, str] = Field(
        description="The level reached, by component of the ULO.",
        examples=[{"RO001": "voldoende", "VO001": "goed"}],
    )


class ModuleResultMade(BaseModel):
    """The recorded result."""

    id: str
    passed: bool = Field(description="Was every required level reached? If so, a badge was asked for.")
    assessed_at: datetime


class Date(BaseModel):
    """A candidate and a company who talk with each other."""

    candidate_id: str
    company_id: str = Field(description="Who speaks for the company.")


class Answered(BaseModel):
    """What became of a wish."""

    company_id: str
    reason: str = Field(examples=["both wish it"])


class Proposed(BaseModel):
    """Where a candidate might go."""

    candidate_id: str
    company_id: str | None
    because: list[Answered]


class JobMarketShown(BaseModel):
    """Who might talk with whom, and who might go where. It is a proposal: people decide, with the step `match`."""

    rounds: list[list[Date]]
    proposals: list[Proposed]
    without_wishes: list[str] = Field(description="Who has not said yet whom they wish.", examples=[[]])


@router.get("/programmes/{programme_id}/job-market", responses=problems(Kind.NOT_FOUND))
def get_job_market(programme_id: Identifier, here: Here, caller: CallingToReadCases) -> JobMarketShown:
    """Speed-dates, and a stable proposal from the wishes of both sides. For who prepares the job market."""
    caller.must_be(Role.AM_CANDIDATES, Role.AM_COMPANIES, Role.COACH)
    with here.reading_for(caller) as session:
        programme = programme_of(session, programme_id, organisation_id=caller.organisation_id)
        market = job_market_of(session, programme.id, organisation_id=caller.organisation_id)
        return JobMarketShown(
            rounds=[[Date(candidate_id=one, company_id=other) for one, other in some] for some in market.rounds],
            proposals=[
                Proposed(
                    candidate_id=one.candidate,
                    company_id=one.company,
                    because=[Answered(company_id=company, reason=reason) for company, reason in one.because],
                )
                for one in market.proposals
            ],
            without_wishes=list(market.without_wishes),
        )


@router.post("/module-results", status_code=201, responses=problems(Kind.NOT_FOUND))
def post_module_result(
    body: NewModuleResult, here: Here, caller: CallingToRecordResults, request_key: RequestKey = None
) -> ModuleResultMade:
    """Record a result. For teachers."""
    with here.transaction_for(caller) as session:

        def make() -> ModuleResultMade:
            result = record_module_result(
                session,
                RecordModuleResult(body.enrolment_id, body.module_id, body.levels),
                caller=caller,
                events=Outbox(here.randomness),
                here=here,
            )
            return ModuleResultMade(id=result.id, passed=result.passed, assessed_at=result.assessed_at)

        asked = Asked(request_key, caller, "/v1/module-results", body)
        return once(session, asked, now=here.now(), answer=ModuleResultMade, make=make)
