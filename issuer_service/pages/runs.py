"""The page of a run of a station: what is known of it, who was there, what is missing for what comes next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Form
from fastapi.responses import Response
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from issuer_service.pages.desk import Again, Desk, Looking, Sending, Sent, attempt
from issuer_service.pages.line_forms import Unreadable, read_run
from issuer_service.pages.line_view import asked_for_run
from issuer_service.pages.metroline_words import CHECKED, RUNS, STEPS, findings_in_words
from issuer_service.pages.plain_forms import Asked, Input, moment_of, several_of, text_of
from issuer_service.pages.process_words import in_words
from issuer_service.people.roles import Role, Scope
from issuer_service.people.tables import Person
from issuer_service.programme.tables import Enrolment
from issuer_service.web.texts import Identifier
from issuer_service.workflow.metroline.holding import (
    advance_run,
    change_run,
    missing_for,
    put_off,
    run_of,
    warnings_of_run,
)
from issuer_service.workflow.metroline.line_endpoints import acting
from issuer_service.workflow.metroline.participations import ParticipationState
from issuer_service.workflow.metroline.runs import CHECKS, NEXT, RunState, is_over
from issuer_service.workflow.metroline.tables import (
    Attendance,
    LineStop,
    Metroline,
    Participation,
    Station,
    StationAssessment,
    StationRun,
)
from issuer_service.workflow.metroline.travelling import participation_of, record_attendance
from issuer_service.workflow.process.definition import Words

__all__ = ["router"]

router = APIRouter(prefix="/desk/runs", include_in_schema=False)

_HELD: Final = frozenset({RunState.RUNNING, RunState.REFLECTED})
_MOST: Final = 200
_LONG: Final = 2000
_GOOD: Final = Asked("good", Words(nl="Wat ging goed", en="What went well"), "text")
_IMPROVE: Final = Asked("improve", Words(nl="Wat kan beter", en="What can be better"), "text")


@router.get("/{run_id}")
def run_page(run_id: Identifier, desk: Looking) -> Response:
    """A run: what is known of it, what is missing for its next state, who was there."""
    return _page(run_id, desk, Again())


@router.post("/{run_id}")
def change_page(run_id: Identifier, desk: Sending, sent: Sent) -> Response:
    """Fill in what is known of a run; while it is a draft, also when it is."""

    def do(session: Session, run: StationRun) -> None:
        details = read_run(sent, desk.here.settings.time_zone, with_moment=run.state == RunState.DRAFT)
        change_run(session, acting(desk.here, desk.caller), run, details, checked=None)

    return _done(run_id, desk, do, form="run", sent=sent)


@router.post("/{run_id}/checks")
def check_page(run_id: Identifier, desk: Sending, sent: Sent) -> Response:
    """Tick what lies ready."""

    def do(session: Session, run: StationRun) -> None:
        change_run(session, acting(desk.here, desk.caller), run, {}, checked=several_of(sent, "checked"))

    return _done(run_id, desk, do)


@router.post("/{run_id}/reflection")
def reflect_page(run_id: Identifier, desk: Sending, sent: Sent) -> Response:
    """Write down what went well and what can be better."""

    def do(session: Session, run: StationRun) -> None:
        details = {key: text_of(sent, key) for key in ("good", "improve")}
        problems = {key: "long" for key, text in details.items() if len(text) > _LONG or "\0" in text}
        if problems:
            raise Unreadable(problems)
        change_run(session, acting(desk.here, desk.caller), run, details, checked=None)

    return _done(run_id, desk, do, form="reflection", sent=sent)


@router.post("/{run_id}/state")
def state_page(run_id: Identifier, desk: Sending, state: Annotated[RunState, Form()]) -> Response:
    """Take the run to its next state, or cancel it."""

    def do(session: Session, run: StationRun) -> None:
        advance_run(session, acting(desk.here, desk.caller), run, state)

    return _done(run_id, desk, do)


@router.post("/{run_id}/moment")
def moment_page(run_id: Identifier, desk: Sending, sent: Sent) -> Response:
    """Put the run off; what was announced is announced again."""

    def do(session: Session, run: StationRun) -> None:
        starts_at = moment_of(sent, "moved_to", desk.here.settings.time_zone)
        if starts_at is None:
            raise Unreadable({"moved_to": "moment"})
        put_off(session, acting(desk.here, desk.caller), run, starts_at)

    return _done(run_id, desk, do, form="moment", sent=sent)


@router.post("/{run_id}/attendances")
def attendance_page(run_id: Identifier, desk: Sending, sent: Sent) -> Response:
    """Write down who was there, of all who were expected."""

    def do(session: Session, run: StationRun) -> None:
        doing, there = acting(desk.here, desk.caller), set(several_of(sent, "there"))
        for one in _expected(session, run):
            if (one["id"] in there) != one["attended"]:
                who = participation_of(session, one["id"])
                record_attendance(session, doing, run, who, attended=one["id"] in there)

    return _done(run_id, desk, do)


def _done(
    run_id: str,
    desk: Desk,
    do: Callable[[Session, StationRun], object],
    *,
    form: str = "",
    sent: FormData | None = None,
) -> Response:
    desk.caller.must_have(Scope.METROLINES_RUN)
    again = attempt(desk, lambda session: do(session, run_of(session, run_id)), form=form, sent=sent)
    return desk.to(f"/desk/runs/{run_id}") if again is None else _page(run_id, desk, again)


def _page(run_id: str, desk: Desk, again: Again) -> Response:
    here, language = desk.here, desk.language
    desk.caller.must_have(Scope.METROLINES_RUN)
    zone = ZoneInfo(here.settings.time_zone)
    with here.reading_for(desk.caller) as session:
        run = run_of(session, run_id)
        state, station = RunState(run.state), session.get_one(Station, run.station_id)
        starts_at = None if run.starts_at is None else run.starts_at.astimezone(zone)
        known = {
            "starts_at": "" if starts_at is None else starts_at.strftime("%Y-%m-%dT%H:%M"),
            "capacity": str(run.capacity or ""),
            **{key: getattr(run, key) for key in ("location", "preparation", "materials", "good", "improve")},
        }
        moved = Asked("moved_to", Words(nl="Nieuw moment", en="New moment"), "moment")

        def fields(name: str, *asked: Asked) -> tuple[Input, ...]:
            return again.inputs(name, asked, language, known=known)

        asked = [one for one in asked_for_run() if one.key != "starts_at" or state is RunState.DRAFT]
        missing = missing_for(session, run, now=here.now())
        lines = session.execute(
            select(Metroline.id, Metroline.title)
            .join(LineStop, LineStop.metroline_id == Metroline.id)
            .where(LineStop.station_id == station.id)
            .order_by(Metroline.title)
        )
        return desk.page(
            "run.html",
            status=again.status,
            id=run.id,
            station=station,
            lines=[(row.id, row.title) for row in lines],
            state=in_words(RUNS[state], language),
            when="" if starts_at is None else starts_at.strftime("%d-%m-%Y %H:%M"),
            over=is_over(state),
            held=state in _HELD,
            location=run.location,
            steps=[
                (str(one), in_words(STEPS[one], language), findings_in_words(missing[one], language))
                for one in RunState
                if one in NEXT[state]
            ],
            checks=[(one, in_words(CHECKED[one], language), one in run.checked) for one in CHECKS],
            checking=state in {RunState.ANNOUNCED, RunState.REMINDED},
            movable=state in {RunState.SCHEDULED, RunState.ANNOUNCED, RunState.REMINDED, RunState.PREPARED},
            run_fields=fields("run", *asked),
            moment_fields=fields("moment", moved),
            reflection_fields=fields("reflection", _GOOD, _IMPROVE),
            expected=_expected(session, run),
            may_assess=Role.TEACHER in desk.caller.roles,
            warnings=findings_in_words(warnings_of_run(session, run, now=here.now()), language),
            reasons=again.reasons,
        )


def _expected(session: Session, run: StationRun) -> list[dict[str, Any]]:
    """Who travels a line that calls at this station, whether they were there, and whether they were assessed here."""
    rows = session.execute(
        select(Participation.id, Participation.enrolment_id, Person.name)
        .join(LineStop, LineStop.metroline_id == Participation.metroline_id)
        .join(Enrolment, Enrolment.id == Participation.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(
            LineStop.station_id == run.station_id,
            Participation.state != str(ParticipationState.DROPPED_OUT),
        )
        .order_by(Person.name, Participation.id)
        .limit(_MOST)
    ).all()
    there = set(
        session.scalars(select(Attendance.enrolment_id).where(Attendance.station_run_id == run.id, Attendance.attended))
    )
    assessed = set(
        session.scalars(select(StationAssessment.enrolment_id).where(StationAssessment.station_run_id == run.id))
    )
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        # Of two lines that meet here, one travel is enough to be there once.
        found.setdefault(
            row.enrolment_id,
            {
                "id": row.id,
                "name": row.name,
                "attended": row.enrolment_id in there,
                "assessed": row.enrolment_id in assessed,
            },
        )
    return list(found.values())
