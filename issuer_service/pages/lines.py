"""Pages on which a line is designed: its canvases, its stations and their order, the steps of its cycle, its people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from issuer_service.errors import Conflict, NotFound, Refused
from issuer_service.installation import Installation
from issuer_service.pages.assessing_modules import Sent
from issuer_service.pages.learners import learners_of
from issuer_service.pages.line_forms import Unreadable, read_run, read_station
from issuer_service.pages.line_view import asked_for_run, asked_for_station, judged_ulos, line_view
from issuer_service.pages.metroline_words import STAGES, findings_in_words
from issuer_service.pages.plain_forms import id_of, inputs, several_of, text_of
from issuer_service.pages.process_words import Said, in_words
from issuer_service.pages.rendering import render
from issuer_service.people.roles import Scope
from issuer_service.people.service import Caller
from issuer_service.programme.tables import Programme
from issuer_service.web.dependencies import Here, Language, Speaking
from issuer_service.web.sessions import SignedIn, SignedInSending, Visitor
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

_PRIVATE: Final = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
_MOST: Final = 200
_LONGEST: Final = 4
_PHASES: Final = frozenset(str(one) for one in range(1, PHASES + 1))


@router.get("/lines")
def lines_page(here: Here, visitor: SignedIn, language: Speaking) -> Response:
    """The lines of the organisation, and a form to open one."""
    caller = visitor.caller
    may_look(caller)
    with here.reading_for(caller) as session:
        lines = session.scalars(select(Metroline).order_by(Metroline.opened_at.desc()).limit(_MOST)).all()
        programmes = session.execute(
            select(Programme.id, Programme.title)
            .where(Programme.organisation_id == caller.organisation_id)
            .order_by(Programme.title)
            .limit(_MOST)
        ).all()
        page = render(
            "lines.html",
            language,
            visitor=visitor,
            lines=[(one.id, one.title, in_words(STAGES[Stage(one.stage)], language)) for one in lines],
            programmes=[(row.id, row.title) for row in programmes],
            ulos=judged_ulos(session) if Scope.METROLINES_WRITE in caller.scopes else [],
            may_write=Scope.METROLINES_WRITE in caller.scopes,
        )
    return _private(page)


@router.post("/lines")
def open_page(
    here: Here,
    visitor: SignedInSending,
    language: Speaking,
    programme_id: Annotated[Identifier, Form()],
    title: Annotated[Named, Form()],
    outcomes: Annotated[list[Identifier] | None, Form(max_length=20)] = None,
) -> Response:
    """Open a line within a programme."""
    visitor.caller.must_have(Scope.METROLINES_WRITE)
    with here.transaction_for(visitor.caller) as session:
        doing = acting(here, visitor.caller)
        made = open_line(session, doing, programme_id=programme_id, title=title, outcomes=outcomes or [])
        return _to(made.id, language)


@router.get("/lines/{metroline_id}")
def line_page(metroline_id: Identifier, here: Here, visitor: SignedIn, language: Speaking) -> Response:
    """A line: how far its design is and what is missing, its stations with their runs, and who travels."""
    return _line_page(metroline_id, here, visitor, language)


@router.post("/lines/{metroline_id}/stage")
def stage_page(
    metroline_id: Identifier,
    here: Here,
    visitor: SignedInSending,
    language: Speaking,
    stage: Annotated[Stage, Form()],
) -> Response:
    """Take a step of the design cycle."""
    visitor.caller.must_have(Scope.METROLINES_WRITE)

    def do(session: Session, line: Metroline) -> None:
        go_to(session, acting(here, visitor.caller), line, stage)

    return _done(metroline_id, here, visitor, language, do)


@router.post("/lines/{metroline_id}/stations")
def station_page(
    metroline_id: Identifier, here: Here, visitor: SignedInSending, language: Speaking, sent: Sent
) -> Response:
    """Add a station at the end of the line."""
    visitor.caller.must_have(Scope.METROLINES_WRITE)

    def do(session: Session, line: Metroline) -> None:
        doing = acting(here, visitor.caller)
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

    return _done(metroline_id, here, visitor, language, do, form="station", sent=sent)


@router.post("/lines/{metroline_id}/stops")
def stops_page(
    metroline_id: Identifier, here: Here, visitor: SignedInSending, language: Speaking, sent: Sent
) -> Response:
    """Have the line call at its stations in another order, at fewer of them, or at one that is there already."""
    visitor.caller.must_have(Scope.METROLINES_WRITE)

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
        arrange(session, acting(here, visitor.caller), line, stops)

    return _done(metroline_id, here, visitor, language, do)


@router.post("/lines/{metroline_id}/runs")
def plan_page(
    metroline_id: Identifier, here: Here, visitor: SignedInSending, language: Speaking, sent: Sent
) -> Response:
    """Plan a run of one of the line's stations."""
    visitor.caller.must_have(Scope.METROLINES_RUN)

    def do(session: Session, line: Metroline) -> None:
        station_id = text_of(sent, "station")
        if station_id not in {station.id for _, station in stops_of(session, line)}:
            raise NotFound("there is no such station on this line")
        details = read_run(sent, here.settings.time_zone)
        plan_run(session, acting(here, visitor.caller), station_id, details)

    return _done(metroline_id, here, visitor, language, do, form="run", sent=sent)


@router.post("/lines/{metroline_id}/participations")
def register_page(
    metroline_id: Identifier,
    here: Here,
    visitor: SignedInSending,
    language: Speaking,
    person_id: Annotated[Identifier, Form()],
    company: Annotated[Named | Literal[""], Form()] = "",
) -> Response:
    """Register somebody for the line."""
    visitor.caller.must_have(Scope.METROLINES_RUN)

    def do(session: Session, line: Metroline) -> None:
        register(session, acting(here, visitor.caller), line, person_id=person_id, company=company)

    return _done(metroline_id, here, visitor, language, do)


def _done(
    metroline_id: str,
    here: Installation,
    visitor: Visitor,
    language: Language,
    do: Callable[[Session, Metroline], None],
    *,
    form: str = "",
    sent: FormData | None = None,
) -> Response:
    """Do something with the line; what is refused is said on its page, where what was typed still stands."""
    try:
        with here.transaction_for(visitor.caller) as session:
            do(session, line_of(session, metroline_id))
    except Unreadable as error:
        problems = error.said(language)
        return _line_page(metroline_id, here, visitor, language, form=form, sent=sent, problems=problems)
    except (Conflict, Refused) as error:
        reasons = findings_in_words(error.findings or [str(error)], language)
        return _line_page(metroline_id, here, visitor, language, form=form, sent=sent, reasons=reasons)
    return _to(metroline_id, language)


def _line_page(
    metroline_id: str,
    here: Installation,
    visitor: Visitor,
    language: Language,
    *,
    form: str = "",
    sent: FormData | None = None,
    problems: dict[str, str] | None = None,
    reasons: Sequence[Said] = (),
) -> Response:
    caller = visitor.caller
    may_look(caller)
    may_write, may_run = Scope.METROLINES_WRITE in caller.scopes, Scope.METROLINES_RUN in caller.scopes
    with here.reading_for(caller) as session:
        line = line_of(session, metroline_id)
        doing = acting(here, caller)
        there = [station.id for _, station in stops_of(session, line)]
        others = session.execute(
            select(Station.id, Station.title).where(Station.id.not_in(there)).order_by(Station.title).limit(_MOST)
        )

        def fields(name: str, asked: Any) -> Any:  # inputs
            mine = form == name
            return inputs(name, asked, language, sent=sent if mine else None, problems=problems if mine else None)

        page = render(
            "line.html",
            language,
            status=422 if problems or reasons else 200,
            visitor=visitor,
            line=line_view(session, doing, line, language),
            reasons=reasons,
            station_fields=fields("station", asked_for_station(session, line, here.base_url, language)),
            run_fields=fields("run", asked_for_run()),
            run_station=text_of(sent, "station") if sent is not None and form == "run" else "",
            others=[(row.id, row.title) for row in others],
            learners=learners_of(session, caller) if may_run else [],
            may_write=may_write,
            may_run=may_run,
        )
    return _private(page)


def _stop(station_id: str, phase: int, required: bool, place: list[int] | None) -> Stop:  # noqa: FBT001  # as a row has it
    return Stop(station_id, phase, required, None if place is None else (place[0], place[1]))


def may_look(caller: Caller) -> None:
    """Raise NotAllowed for who neither arranges nor holds lines."""
    if Scope.METROLINES_RUN not in caller.scopes:
        caller.must_have(Scope.METROLINES_WRITE)


def _to(metroline_id: str, language: Language) -> Response:
    return _private(RedirectResponse(f"/desk/lines/{metroline_id}?lang={language}", 303))


def _private(answer: Response) -> Response:
    answer.headers.update(_PRIVATE)
    return answer
