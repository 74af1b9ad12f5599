"""The awarding table over HTTP: what an event would award, and why not; and telling again what happened."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel, Field

from issuer_service.awarding.outlook import Line, LineWithAward, lines_of_case, lines_of_enrolment, lines_of_programme
from issuer_service.awarding.service import tell_again
from issuer_service.errors import Kind
from issuer_service.problem_details import problems
from issuer_service.programme.service import enrolment_of, programme_of
from issuer_service.web.dependencies import (
    CallingToReadAwards,
    CallingToReadCases,
    CallingToReadProgrammes,
    CallingToWriteAwards,
    Here,
)
from issuer_service.web.texts import Identifier
from issuer_service.workflow.process.service import case_of

__all__ = ["router"]

router = APIRouter(prefix="/v1", tags=["awarding"])


class AwardingOfProgramme(BaseModel):
    """The awarding table of a programme."""

    lines: list[Line]


class AwardingOfSomebody(BaseModel):
    """The awarding table, with what happened to somebody."""

    lines: list[LineWithAward]


class ToldAgain(BaseModel):
    """What was told again."""

    events: int = Field(description="Of how many events something is still to be awarded. A worker does so.")


@router.get("/programmes/{programme_id}/awarding", responses=problems(Kind.NOT_FOUND))
def get_awarding(programme_id: Identifier, here: Here, caller: CallingToReadProgrammes) -> AwardingOfProgramme:
    """What each event would award in this programme, and why not."""
    with here.reading_for(caller) as session:
        programme = programme_of(session, programme_id, organisation_id=caller.organisation_id)
        return AwardingOfProgramme(lines=lines_of_programme(session, programme.id))


@router.get("/cases/{case_id}/awarding", responses=problems(Kind.NOT_FOUND))
def get_awarding_of_case(case_id: Identifier, here: Here, caller: CallingToReadCases) -> AwardingOfSomebody:
    """What was awarded for what happened in this case, and what would be for what has not happened yet."""
    with here.reading_for(caller) as session:
        case, _, _ = case_of(session, case_id, caller)
        return AwardingOfSomebody(lines=lines_of_case(session, case))


@router.get("/enrolments/{enrolment_id}/awarding", responses=problems(Kind.NOT_FOUND))
def get_awarding_of_enrolment(enrolment_id: Identifier, here: Here, caller: CallingToReadAwards) -> AwardingOfSomebody:
    """What was awarded for what happened to somebody in a programme, on a path and along metrolines."""
    with here.reading_for(caller) as session:
        enrolment = enrolment_of(session, enrolment_id, organisation_id=caller.organisation_id)
        return AwardingOfSomebody(lines=lines_of_enrolment(session, enrolment))


@router.post("/enrolments/{enrolment_id}/awarding", responses=problems(Kind.NOT_FOUND))
def post_awarding_of_enrolment(enrolment_id: Identifier, here: Here, caller: CallingToWriteAwards) -> ToldAgain:
    """Tell again what happened to somebody, for what a programme awards only now, or could not award then.

    Nothing is awarded a second time, also where the line or the station is another by now.
    """
    with here.transaction_for(caller) as session:
        enrolment = enrolment_of(session, enrolment_id, organisation_id=caller.organisation_id)
        now, randomness = here.now(), here.randomness
        return ToldAgain(
            events=tell_again(session, enrolment, caller=caller, jobs=here.jobs, now=now, randomness=randomness)
        )
