"""Recording module results over HTTP."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from issuer_service.errors import Kind
from issuer_service.problem_details import problems
from issuer_service.web.dependencies import CallingToRecordResults, Here
from issuer_service.web.idempotency import Asked, RequestKey, once
from issuer_service.web.texts import Identifier
from issuer_service.workflow.candidate.modules import RecordModuleResult, record_module_result
from issuer_service.workflow.outbox import Outbox

__all__ = ["router"]

router = APIRouter(prefix="/v1/module-results", tags=["candidate path"])


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


@router.post("", status_code=201, responses=problems(Kind.NOT_FOUND))
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
                events=Outbox(here.jobs, here.randomness),
                base_url=here.base_url,
                now=here.now(),
                randomness=here.randomness,
            )
            return ModuleResultMade(id=result.id, passed=result.passed, assessed_at=result.assessed_at)

        asked = Asked(request_key, caller, "/v1/module-results", body)
        return once(session, asked, now=here.now(), answer=ModuleResultMade, make=make)
