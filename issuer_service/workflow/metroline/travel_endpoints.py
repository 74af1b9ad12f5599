"""Who travels along a line, over HTTP: registered, heard, assessed, evaluated. `workflow/cases` refers them."""

from __future__ import annotations

from fastapi import APIRouter
from sqlalchemy import select

from issuer_service.errors import Kind
from issuer_service.problem_details import problems
from issuer_service.web.dependencies import CallingToRecordResults, CallingToRunMetrolines, Here
from issuer_service.web.idempotency import Asked, RequestKey, once
from issuer_service.web.paging import Page, Paging, page_of
from issuer_service.web.texts import Identifier
from issuer_service.workflow.metroline.bodies import (
    AssessmentMade,
    Form,
    Intake,
    NewAssessment,
    NewParticipation,
    ParticipationShown,
)
from issuer_service.workflow.metroline.holding import run_of
from issuer_service.workflow.metroline.line_endpoints import acting
from issuer_service.workflow.metroline.lines import line_of, station_of
from issuer_service.workflow.metroline.tables import Participation
from issuer_service.workflow.metroline.travelling import (
    assess,
    drop_out,
    evaluate,
    hear,
    participation_of,
    register,
)

__all__ = ["router"]

router = APIRouter(prefix="/v1", tags=["metrolines"])


@router.get("/metrolines/{metroline_id}/participations", responses=problems(Kind.NOT_FOUND))
def get_participations(
    metroline_id: Identifier, here: Here, caller: CallingToRunMetrolines, paging: Paging
) -> Page[ParticipationShown]:
    """Who travels along a line."""
    with here.reading_for(caller) as session:
        line = line_of(session, metroline_id)
        statement = select(Participation).where(Participation.metroline_id == line.id)
        return page_of(session, statement, paging, order=[Participation.id], show=ParticipationShown.of)


@router.post(
    "/metrolines/{metroline_id}/participations",
    status_code=201,
    responses=problems(Kind.NOT_FOUND, Kind.CONFLICT),
)
def post_participation(
    metroline_id: Identifier,
    body: NewParticipation,
    here: Here,
    caller: CallingToRunMetrolines,
    request_key: RequestKey = None,
) -> ParticipationShown:
    """Register somebody for a line; whoever is new to its programme is enrolled in it."""
    with here.transaction_for(caller) as session:

        def make() -> ParticipationShown:
            line = line_of(session, metroline_id)
            return ParticipationShown.of(
                register(session, acting(here, caller), line, person_id=body.person_id, company=body.company)
            )

        asked = Asked(request_key, caller, f"/v1/metrolines/{metroline_id}/participations", body)
        return once(session, asked, now=here.now(), answer=ParticipationShown, make=make)


@router.get("/participations/{participation_id}", responses=problems(Kind.NOT_FOUND))
def get_participation(participation_id: Identifier, here: Here, caller: CallingToRunMetrolines) -> ParticipationShown:
    """Somebody's travel along a line."""
    with here.reading_for(caller) as session:
        return ParticipationShown.of(participation_of(session, participation_id))


@router.post("/participations/{participation_id}/intake", responses=problems(Kind.NOT_FOUND))
def post_intake(
    participation_id: Identifier, body: Intake, here: Here, caller: CallingToRunMetrolines
) -> ParticipationShown:
    """Record what somebody wishes, expects and needs, before they begin."""
    with here.transaction_for(caller) as session:
        who = participation_of(session, participation_id)
        return ParticipationShown.of(hear(session, acting(here, caller), who, body.model_dump()))


@router.post("/participations/{participation_id}/evaluation", responses=problems(Kind.NOT_FOUND))
def post_evaluation(
    participation_id: Identifier, body: Form, here: Here, caller: CallingToRunMetrolines
) -> ParticipationShown:
    """Record a participant's evaluation: were the outcomes reached, were the company's goals supported."""
    with here.transaction_for(caller) as session:
        who = participation_of(session, participation_id)
        form = {name: value for name, value in body.model_dump().items() if value != []}
        return ParticipationShown.of(evaluate(session, acting(here, caller), who, form))


@router.post("/participations/{participation_id}/dropping-out", responses=problems(Kind.NOT_FOUND))
def post_dropping_out(participation_id: Identifier, here: Here, caller: CallingToRunMetrolines) -> ParticipationShown:
    """Somebody leaves the line, and keeps what they earned."""
    with here.transaction_for(caller) as session:
        who = participation_of(session, participation_id)
        return ParticipationShown.of(drop_out(session, acting(here, caller), who))


@router.post("/station-assessments", status_code=201, responses=problems(Kind.NOT_FOUND))
def post_assessment(
    body: NewAssessment, here: Here, caller: CallingToRecordResults, request_key: RequestKey = None
) -> AssessmentMade:
    """Record how somebody did at a station. For teachers. What is newly reached is told once, and may earn a badge."""
    with here.transaction_for(caller) as session:

        def make() -> AssessmentMade:
            assessment, reached = assess(
                session,
                acting(here, caller),
                participation_of(session, body.participation_id),
                station_of(session, body.station_id),
                body.levels,
                run=None if body.run_id is None else run_of(session, body.run_id),
                recognised=body.recognised,
            )
            told = [{"kind": one.kind, "about_id": one.about_id, "component": one.component} for one in reached]
            return AssessmentMade(id=assessment.id, assessed_at=assessment.assessed_at, reached=told)

        asked = Asked(request_key, caller, "/v1/station-assessments", body)
        return once(session, asked, now=here.now(), answer=AssessmentMade, make=make)
