"""Pages on which a line is designed: its canvases, its stations and their order, the steps of its cycle, its people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Form
from fastapi.responses import Response
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from issuer_service.errors import NotFound, Refused
from issuer_service.pages.desk import Again, Desk, Looking, Sending, Sent, attempt
from issuer_service.pages.learners import learners_of
from issuer_service.pages.line_forms import read_run, read_station
from issuer_service.pages.line_view import asked_for_run, asked_for_station, judged_ulos, line_view
from issuer_service.pages.metroline_words import STAGES
from issuer_service.pages.plain_forms import id_of, several_of, text_of
from issuer_service.pages.process_words import in_words
from issuer_service.people.roles import Scope
from issuer_service.people.service import Caller
from issuer_service.programme.tables import Programme
from issuer_service.web.texts import Identifier, Named
from issuer_service.workflow.metroline.arranging import PHASES
from issuer_service.workflow.metroline.design import Stage
from issuer_service.workflow.metroline.holding import plan_run
from issuer_service.workflow.metroline.line_endpoints import acting
from issuer_service.workflow.metroline.lines import (
    Stop,
    add_station,
    arrange,
    go_to,
    line_of,
    open_line,
    stops_of,
)
from issuer_service.workflow.metroline.tables import Metroline, Station
from issuer_service.workflow.metroline.travelling import register

__all__ = ["may_look", "router"]

router = APIRouter(prefix="/desk", include_in_schema=False)

_MOST: Final = 200
_LONGEST: Final = 4
_PHASES: Final = frozenset(str(one) for one in range(1, PHASES + 1))


@router.get("/lines")
def lines_page(desk: Looking) -> Response:
    """The lines of the organisation, and a form to open one."""
    caller, language = desk.caller, desk.language
    may_look(caller)
    with desk.here.reading_for(caller) as session:
        lines = session.scalars(select(Metroline).order_by(Metroline.opened_at.desc()).limit(_MOST)).all()
        programmes = session.execute(
            select(Programme.id, Programme.title)
            .where(Programme.organisation_id == caller.organisation_id)
            .order_by(Programme.title)
            .limit(_MOST)
        ).all()
        return desk.page(
            "lines.html",
            lines=[(one.id, one.title, in_words(STAGES[Stage(one.stage)], language)) for one in lines],
            programmes=[(row.id, row.title) for row in programmes],
            ulos=judged_ulos(session) if Scope.METROLINES_WRITE in caller.scopes else [],
            may_write=Scope.METROLINES_WRITE in caller.scopes,
        )


@router.post("/lines")
def open_page(
    desk: Sending,
    programme_id: Annotated[Identifier, Form()],
    title: Annotated[Named, Form()],
    outcomes: Annotated[list[Identifier] | None, Form(max_length=20)] = None,
) -> Response:
    """Open a line within a programme."""
    desk.caller.must_have(Scope.METROLINES_WRITE)
    with desk.here.transaction_for(desk.caller) as session:
        doing = acting(desk.here, desk.caller)
        made = open_line(session, doing, programme_id=programme_id, title=title, outcomes=outcomes or [])
        return desk.to(f"/desk/lines/{made.id}")


@router.get("/lines/{metroline_id}")
def line_page(metroline_id: Identifier, desk: Looking) -> Response:
    """A line: how far its design is and what is missing, its stations with their runs, and who travels."""
    return _line_page(metroline_id, desk, Again())


@router.post("/lines/{metroline_id}/stage")
def stage_page(
    metroline_id: Identifier,
    desk: Sending,
    stage: Annotated[Stage, Form()],
) -> Response:
    """Take a step of the design cycle."""
    desk.caller.must_have(Scope.METROLINES_WRITE)

    def do(session: Session, line: Metroline) -> None:
        go_to(session, acting(desk.here, desk.caller), line, stage)

    return _done(metroline_id, desk, do)


@router.post("/lines/{metroline_id}/stations")
def station_page(metroline_id: Identifier, desk: Sending, sent: Sent) -> Response:
    """Add a station at the end of the line."""
    desk.caller.must_have(Scope.METROLINES_WRITE)

    def do(session: Session, line: Metroline) -> None:
        doing = acting(desk.here, desk.caller)
        given = read_station(sent)
        station = add_station(
            session,
            doing,
            title=given.title,
            hours=given.hours,
            work_form=given.work_form,
            provider=given.provider,
            outcomes=given.outcomes,
        )
        stops = [_stop(stop.station_id, stop.phase, stop.required, stop.place) for stop, _ in stops_of(session, line)]
        arrange(session, doing, line, [*stops, Stop(station.id, given.phase)])

    return _done(metroline_id, desk, do, form="station", sent=sent)


@router.post("/lines/{metroline_id}/stops")
def stops_page(metroline_id: Identifier, desk: Sending, sent: Sent) -> Response:
    """Have the line call at its stations in another order, at fewer of them, or at one that is there already."""
    desk.caller.must_have(Scope.METROLINES_WRITE)

    def do(session: Session, line: Metroline) -> None:
        wanted: list[tuple[int, int, Stop]] = []
        for number, (stop, _) in enumerate(stops_of(session, line)):
            place = text_of(sent, f"position.{stop.station_id}")
            if not place:
                continue
            phase = text_of(sent, f"phase.{stop.station_id}")
            if not place.isdecimal() or len(place) > _LONGEST or phase not in _PHASES:
                raise Refused("give every station a number and a phase", field="stops")
            needed = bool(several_of(sent, f"required.{stop.station_id}"))
            wanted.append((int(place), number, _stop(stop.station_id, int(phase), needed, stop.place)))
        # By number; of two with one number the one that came first before.
        stops = [stop for _, _, stop in sorted(wanted, key=lambda one: one[:2])]
        known = id_of(sent, "add")
        if known:
            stops.append(Stop(known, stops[-1].phase if stops else 1))
        arrange(session, acting(desk.here, desk.caller), line, stops)

    return _done(metroline_id, desk, do)


@router.post("/lines/{metroline_id}/runs")
def plan_page(metroline_id: Identifier, desk: Sending, sent: Sent) -> Response:
    """Plan a run of one of the line's stations."""
    desk.caller.must_have(Scope.METROLINES_RUN)

    def do(session: Session, line: Metroline) -> None:
        station_id = text_of(sent, "station")
        if station_id not in {station.id for _, station in stops_of(session, line)}:
            raise NotFound("there is no such station on this line")
        details = read_run(sent, desk.here.settings.time_zone)
        plan_run(session, acting(desk.here, desk.caller), station_id, details)

    return _done(metroline_id, desk, do, form="run", sent=sent)


@router.post("/lines/{metroline_id}/participations")
def register_page(
    metroline_id: Identifier,
    desk: Sending,
    person_id: Annotated[Identifier, Form()],
    company: Annotated[Named | Literal[""], Form()] = "",
) -> Response:
    """Register somebody for the line."""
    desk.caller.must_have(Scope.METROLINES_RUN)

    def do(session: Session, line: Metroline) -> None:
        register(session, acting(desk.here, desk.caller), line, person_id=person_id, company=company)

    return _done(metroline_id, desk, do)


def _done(
    metroline_id: str,
    desk: Desk,
    do: Callable[[Session, Metroline], object],
    *,
    form: str = "",
    sent: FormData | None = None,
) -> Response:
    """Do something with the line; what is refused is said on its page, where what was typed still stands."""
    again = attempt(desk, lambda session: do(session, line_of(session, metroline_id)), form=form, sent=sent)
    return desk.to(f"/desk/lines/{metroline_id}") if again is None else _line_page(metroline_id, desk, again)


def _line_page(metroline_id: str, desk: Desk, again: Again) -> Response:
    here, caller, language = desk.here, desk.caller, desk.language
    may_look(caller)
    may_write, may_run = Scope.METROLINES_WRITE in caller.scopes, Scope.METROLINES_RUN in caller.scopes
    with here.reading_for(caller) as session:
        line = line_of(session, metroline_id)
        doing = acting(here, caller)
        there = [station.id for _, station in stops_of(session, line)]
        others = session.execute(
            select(Station.id, Station.title).where(Station.id.not_in(there)).order_by(Station.title).limit(_MOST)
        )

        return desk.page(
            "line.html",
            status=again.status,
            line=line_view(session, doing, line, language),
            reasons=again.reasons,
            station_fields=again.inputs("station", asked_for_station(session, line, here.base_url, language), language),
            run_fields=again.inputs("run", asked_for_run(), language),
            run_station=text_of(again.sent, "station") if again.sent is not None and again.form == "run" else "",
            others=[(row.id, row.title) for row in others],
            learners=learners_of(session, caller) if may_run else [],
            may_write=may_write,
            may_run=may_run,
        )


def _stop(station_id: str, phase: int, required: bool, place: list[int] | None) -> Stop:  # noqa: FBT001  # as a row has it
    return Stop(station_id, phase, required, None if place is None else (place[0], place[1]))


def may_look(caller: Caller) -> None:
    """Raise NotAllowed for who neither arranges nor holds lines."""
    if Scope.METROLINES_RUN not in caller.scopes:
        caller.must_have(Scope.METROLINES_WRITE)
