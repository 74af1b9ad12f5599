"""Runs of stations over HTTP: planned, announced, put off, held, closed, and in everybody's calendar."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.errors import Kind
from issuer_service.installation import Installation
from issuer_service.notices.calendar import MEDIA_TYPE, as_calendar
from issuer_service.people.tables import Organisation
from issuer_service.problem_details import problems
from issuer_service.web.dependencies import CallingToReadProgrammes, CallingToRunMetrolines, Here
from issuer_service.web.idempotency import Asked, RequestKey, once
from issuer_service.web.paging import Page, Paging, page_of
from issuer_service.web.texts import Identifier
from issuer_service.workflow.metroline.bodies import (
    AttendanceShown,
    NewAttendance,
    NewRun,
    RunChange,
    RunShown,
    ToMoment,
    ToRunState,
)
from issuer_service.workflow.metroline.holding import (
    advance_run,
    change_run,
    plan_run,
    put_off,
    run_of,
    warnings_of_run,
)
from issuer_service.workflow.metroline.line_endpoints import acting
from issuer_service.workflow.metroline.lines import station_of
from issuer_service.workflow.metroline.runs import RunState
from issuer_service.workflow.metroline.tables import StationRun
from issuer_service.workflow.metroline.telling import calendar_event
from issuer_service.workflow.metroline.travelling import participation_of, record_attendance

__all__ = ["router"]

router = APIRouter(prefix="/v1", tags=["metrolines"])


@router.get("/stations/{station_id}/runs", responses=problems(Kind.NOT_FOUND))
def get_runs(station_id: Identifier, here: Here, caller: CallingToReadProgrammes, paging: Paging) -> Page[RunShown]:
    """The runs of a station."""
    with here.reading_for(caller) as session:
        station = station_of(session, station_id)
        statement = select(StationRun).where(StationRun.station_id == station.id)
        return page_of(session, statement, paging, order=[StationRun.id], show=lambda run: _shown(session, here, run))


@router.post("/stations/{station_id}/runs", status_code=201, responses=problems(Kind.NOT_FOUND))
def post_run(
    station_id: Identifier, body: NewRun, here: Here, caller: CallingToRunMetrolines, request_key: RequestKey = None
) -> RunShown:
    """Plan a run: a draft, of the station's own length and provider where nothing else is said."""
    with here.transaction_for(caller) as session:

        def make() -> RunShown:
            run = plan_run(session, acting(here, caller), station_id, body.model_dump(exclude_none=True))
            return _shown(session, here, run)

        asked = Asked(request_key, caller, f"/v1/stations/{station_id}/runs", body)
        return once(session, asked, now=here.now(), answer=RunShown, make=make)


@router.get("/station-runs/{run_id}", responses=problems(Kind.NOT_FOUND))
def get_run(run_id: Identifier, here: Here, caller: CallingToReadProgrammes) -> RunShown:
    """A run."""
    with here.reading_for(caller) as session:
        return _shown(session, here, run_of(session, run_id))


@router.patch("/station-runs/{run_id}", responses=problems(Kind.NOT_FOUND))
def patch_run(run_id: Identifier, body: RunChange, here: Here, caller: CallingToRunMetrolines) -> RunShown:
    """Fill in what is known of a run: location, materials, what was ticked, the reflection."""
    with here.transaction_for(caller) as session:
        details = body.model_dump(exclude_none=True, exclude={"checked"})
        run = change_run(session, acting(here, caller), run_of(session, run_id), details, checked=body.checked)
        return _shown(session, here, run)


@router.post("/station-runs/{run_id}/state", responses=problems(Kind.NOT_FOUND))
def post_run_state(run_id: Identifier, body: ToRunState, here: Here, caller: CallingToRunMetrolines) -> RunShown:
    """Take a run to its next state, or cancel it. It is announced at least a week ahead."""
    with here.transaction_for(caller) as session:
        return _shown(
            session, here, advance_run(session, acting(here, caller), run_of(session, run_id), RunState(body.state))
        )


@router.post("/station-runs/{run_id}/rescheduling", responses=problems(Kind.NOT_FOUND))
def post_rescheduling(run_id: Identifier, body: ToMoment, here: Here, caller: CallingToRunMetrolines) -> RunShown:
    """Put a run off. What was announced is to be announced again."""
    with here.transaction_for(caller) as session:
        return _shown(session, here, put_off(session, acting(here, caller), run_of(session, run_id), body.starts_at))


@router.post("/station-runs/{run_id}/attendances", status_code=201, responses=problems(Kind.NOT_FOUND))
def post_attendance(
    run_id: Identifier,
    body: NewAttendance,
    here: Here,
    caller: CallingToRunMetrolines,
    request_key: RequestKey = None,
) -> AttendanceShown:
    """Record that somebody was at a run, or was not. It proves no skill."""
    with here.transaction_for(caller) as session:

        def make() -> AttendanceShown:
            run, who = run_of(session, run_id), participation_of(session, body.participation_id)
            return AttendanceShown.of(
                record_attendance(session, acting(here, caller), run, who, attended=body.attended)
            )

        asked = Asked(request_key, caller, f"/v1/station-runs/{run_id}/attendances", body)
        return once(session, asked, now=here.now(), answer=AttendanceShown, make=make)


@router.get(
    "/station-runs/{run_id}/calendar",
    response_class=Response,
    responses={200: {"content": {"text/calendar": {}}}, **problems(Kind.NOT_FOUND)},
)
def get_calendar(run_id: Identifier, here: Here, caller: CallingToReadProgrammes) -> Response:
    """The run as an iCalendar file (RFC 5545); the same run when it was put off, and cancelled when it was."""
    with here.reading_for(caller) as session:
        run = run_of(session, run_id)
        event = calendar_event(
            run,
            station_of(session, run.station_id),
            base_url=here.base_url,
            provider=session.get_one(Organisation, caller.organisation_id).name,
            mail_from=here.settings.mail_from,
        )
    text = as_calendar([event], method="CANCEL" if event.cancelled else "PUBLISH")
    return Response(
        text, media_type=MEDIA_TYPE, headers={"Content-Disposition": f'attachment; filename="{run_id}.ics"'}
    )


def _shown(session: Session, here: Installation, run: StationRun) -> RunShown:
    return RunShown.of(run, warnings=warnings_of_run(session, run, now=here.now()))
