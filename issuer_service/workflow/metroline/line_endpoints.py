"""Lines, their canvases, their stations and their design cycle, over HTTP."""

from __future__ import annotations

from fastapi import APIRouter
from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.errors import Kind
from issuer_service.installation import Installation
from issuer_service.people.service import Caller
from issuer_service.problem_details import problems
from issuer_service.programme.service import settings_of
from issuer_service.web.dependencies import CallingToReadProgrammes, CallingToWriteMetrolines, Here
from issuer_service.web.idempotency import Asked, RequestKey, once
from issuer_service.web.paging import Page, Paging, page_of
from issuer_service.web.texts import Identifier
from issuer_service.workflow.metroline.arranging import names_of_phases
from issuer_service.workflow.metroline.bodies import (
    CanvasShown,
    LineShown,
    NewCanvas,
    NewLine,
    NewStation,
    NewStops,
    StationShown,
    StopShown,
    ToStage,
)
from issuer_service.workflow.metroline.canvases import CanvasKind, value_proposition_sentence
from issuer_service.workflow.metroline.design import Stage, next_stages
from issuer_service.workflow.metroline.lines import (
    Acting,
    Stop,
    add_station,
    arrange,
    go_to,
    line_of,
    line_warnings,
    open_line,
    stops_of,
    write_canvas,
)
from issuer_service.workflow.metroline.tables import Metroline, MetrolineCanvas, Station
from issuer_service.workflow.outbox import Outbox

__all__ = ["acting", "router"]

router = APIRouter(prefix="/v1", tags=["metrolines"])


def acting(here: Installation, caller: Caller) -> Acting:
    """Who calls, at this moment."""
    events = Outbox(here.randomness)
    settings = here.settings
    return Acting(
        caller,
        here.now(),
        here.randomness,
        here.base_url,
        events,
        time_zone=settings.time_zone,
        mail_from=settings.mail_from,
    )


@router.get("/metrolines")
def get_metrolines(here: Here, caller: CallingToReadProgrammes, paging: Paging) -> Page[LineShown]:
    """The lines of your organisation, each with its stations."""
    with here.reading_for(caller) as session:
        doing = acting(here, caller)
        return page_of(
            session,
            select(Metroline),
            paging,
            order=[Metroline.id],
            show=lambda line: _shown(session, doing, line),
        )


@router.post("/metrolines", status_code=201, responses=problems(Kind.NOT_FOUND))
def post_metroline(
    body: NewLine, here: Here, caller: CallingToWriteMetrolines, request_key: RequestKey = None
) -> LineShown:
    """Open a line within a programme."""
    with here.transaction_for(caller) as session:
        doing = acting(here, caller)

        def make() -> LineShown:
            made = open_line(
                session,
                doing,
                programme_id=body.programme_id,
                title=body.title,
                outcomes=body.outcomes,
                badge_ulo_version_id=body.badge_ulo_version_id,
            )
            return _shown(session, doing, made)

        asked = Asked(request_key, caller, "/v1/metrolines", body)
        return once(session, asked, now=here.now(), answer=LineShown, make=make)


@router.get("/metrolines/{metroline_id}", responses=problems(Kind.NOT_FOUND))
def get_metroline(metroline_id: Identifier, here: Here, caller: CallingToReadProgrammes) -> LineShown:
    """A line: how far its design is, its stations, and what is unlike the working method's advice."""
    with here.reading_for(caller) as session:
        return _shown(session, acting(here, caller), line_of(session, metroline_id))


@router.get("/metrolines/{metroline_id}/canvases", responses=problems(Kind.NOT_FOUND))
def get_canvases(
    metroline_id: Identifier, here: Here, caller: CallingToReadProgrammes, paging: Paging
) -> Page[CanvasShown]:
    """What was written down of a line, from the first to the last."""
    with here.reading_for(caller) as session:
        line = line_of(session, metroline_id)
        statement = select(MetrolineCanvas).where(MetrolineCanvas.metroline_id == line.id)
        return page_of(session, statement, paging, order=[MetrolineCanvas.number], show=_canvas_shown)


@router.post("/metrolines/{metroline_id}/canvases", status_code=201, responses=problems(Kind.NOT_FOUND))
def post_canvas(
    metroline_id: Identifier,
    body: NewCanvas,
    here: Here,
    caller: CallingToWriteMetrolines,
    request_key: RequestKey = None,
) -> CanvasShown:
    """Write a canvas: a value proposition, how-might-we questions, an empathy map, a sailboat, the line's canvas."""
    with here.transaction_for(caller) as session:
        doing = acting(here, caller)

        def make() -> CanvasShown:
            line = line_of(session, metroline_id)
            return _canvas_shown(write_canvas(session, doing, line, kind=body.kind, content=body.content))

        asked = Asked(request_key, caller, f"/v1/metrolines/{metroline_id}/canvases", body)
        return once(session, asked, now=here.now(), answer=CanvasShown, make=make)


@router.post("/metrolines/{metroline_id}/stage", responses=problems(Kind.NOT_FOUND))
def post_stage(metroline_id: Identifier, body: ToStage, here: Here, caller: CallingToWriteMetrolines) -> LineShown:
    """Take a step of the design cycle, forward, back, or round again. What is still missing is said, all of it."""
    with here.transaction_for(caller) as session:
        doing, line = acting(here, caller), line_of(session, metroline_id)
        go_to(session, doing, line, body.stage)
        return _shown(session, doing, line)


@router.put("/metrolines/{metroline_id}/stops", responses=problems(Kind.NOT_FOUND))
def put_stops(metroline_id: Identifier, body: NewStops, here: Here, caller: CallingToWriteMetrolines) -> LineShown:
    """Have a line call at these stations, in this order. A station may be one of several lines: there they meet."""
    with here.transaction_for(caller) as session:
        doing, line = acting(here, caller), line_of(session, metroline_id)
        stops = [Stop(one.station_id, one.phase, one.required, _place(one.place)) for one in body.stops]
        arrange(session, doing, line, stops)
        return _shown(session, doing, line)


@router.get("/stations")
def get_stations(here: Here, caller: CallingToReadProgrammes, paging: Paging) -> Page[StationShown]:
    """The stations of your organisation."""
    with here.reading_for(caller) as session:
        return page_of(session, select(Station), paging, order=[Station.id], show=StationShown.of)


@router.post("/stations", status_code=201, responses=problems(Kind.NOT_FOUND))
def post_station(
    body: NewStation, here: Here, caller: CallingToWriteMetrolines, request_key: RequestKey = None
) -> StationShown:
    """Add a station, with the components of ULOs that it leads to."""
    with here.transaction_for(caller) as session:
        doing = acting(here, caller)

        def make() -> StationShown:
            return StationShown.of(
                add_station(
                    session,
                    doing,
                    title=body.title,
                    hours=body.hours,
                    work_form=body.work_form,
                    provider=body.provider,
                    outcomes=body.outcomes,
                    badge_ulo_version_id=body.badge_ulo_version_id,
                )
            )

        asked = Asked(request_key, caller, "/v1/stations", body)
        return once(session, asked, now=here.now(), answer=StationShown, make=make)


def _place(given: list[int] | None) -> tuple[int, int] | None:
    return None if given is None else (given[0], given[1])


def _shown(session: Session, doing: Acting, line: Metroline) -> LineShown:
    stops = [StopShown.of(stop, title=station.title, hours=station.hours) for stop, station in stops_of(session, line)]
    return LineShown.of(
        line,
        next_stages=[str(one) for one in next_stages(Stage(line.stage))],
        warnings=line_warnings(session, doing, line) if stops else [],
        phases=list(names_of_phases(settings_of(session, line.programme_id).first_phase)),
        stops=stops,
    )


def _canvas_shown(canvas: MetrolineCanvas) -> CanvasShown:
    is_proposition = canvas.kind == CanvasKind.VALUE_PROPOSITION
    return CanvasShown.of(canvas, sentence=value_proposition_sentence(canvas.content) if is_proposition else None)
