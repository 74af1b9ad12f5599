"""The awarding table over HTTP: what an event would award, and why not."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel

from issuer_service.awarding.outlook import Line, LineInCase, lines_of_case, lines_of_programme
from issuer_service.errors import Kind
from issuer_service.problem_details import problems
from issuer_service.programme.service import programme_of
from issuer_service.web.dependencies import CallingToReadCases, CallingToReadProgrammes, Here
from issuer_service.web.texts import Identifier
from issuer_service.workflow.process.service import case_of

__all__ = ["router"]

router = APIRouter(prefix="/v1", tags=["awarding"])


class AwardingOfProgramme(BaseModel):
    """The awarding table of a programme."""

    lines: list[Line]


class AwardingOfCase(BaseModel):
    """The awarding table of a case."""

    lines: list[LineInCase]


@router.get("/programmes/{programme_id}/awarding", responses=problems(Kind.NOT_FOUND))
def get_awarding(programme_id: Identifier, here: Here, caller: CallingToReadProgrammes) -> AwardingOfProgramme:
    """What each event would award in this programme, and why not."""
    with here.reading_for(caller) as session:
        programme = programme_of(session, programme_id, organisation_id=caller.organisation_id)
        return AwardingOfProgramme(lines=lines_of_programme(session, programme.id))


@router.get("/cases/{case_id}/awarding", responses=problems(Kind.NOT_FOUND))
def get_awarding_of_case(case_id: Identifier, here: Here, caller: CallingToReadCases) -> AwardingOfCase:
    """What was awarded for what happened in this case, and what would be for what has not happened yet."""
    with here.reading_for(caller) as session:
        case, _, _ = case_of(session, case_id, caller)
        return AwardingOfCase(lines=lines_of_case(session, case))
