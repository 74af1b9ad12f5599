"""The page of somebody's travel along a line: their map, what they earned, and what whoever runs the line records."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Final

from fastapi import APIRouter, Form
from fastapi.responses import Response
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from issuer_service.awarding.map_endpoints import personal_map
from issuer_service.catalogue.service import published_ulo
from issuer_service.errors import NotFound, Refused
from issuer_service.installation import Installation
from issuer_service.metro_map.sizes import Direction
from issuer_service.metro_map.twin import as_list
from issuer_service.pages.assessing_modules import Judged, judged
from issuer_service.pages.badges_of import badges_of
from issuer_service.pages.case_words import name_of
from issuer_service.pages.desk import Again, Desk, Looking, Sending, Sent, attempt
from issuer_service.pages.line_forms import Unreadable
from issuer_service.pages.line_view import asked_for_canvas
from issuer_service.pages.metro_maps import drawn
from issuer_service.pages.metroline_words import PARTICIPATIONS
from issuer_service.pages.plain_forms import Asked, id_of, lines_of, text_of
from issuer_service.pages.process_words import in_words
from issuer_service.people.roles import Role, Scope
from issuer_service.people.service import Caller
from issuer_service.programme.tables import Enrolment, Programme
from issuer_service.web.dependencies import Language
from issuer_service.web.texts import Identifier
from issuer_service.workflow.candidate.definition import CANDIDATE_PATH
from issuer_service.workflow.cases.endpoints import doing_in
from issuer_service.workflow.cases.referring import REFERRED_BY, paths_to_refer_to, refer_to_path
from issuer_service.workflow.metroline.canvases import CanvasKind
from issuer_service.workflow.metroline.holding import run_of
from issuer_service.workflow.metroline.line_endpoints import acting
from issuer_service.workflow.metroline.lines import station_of, stops_of
from issuer_service.workflow.metroline.participations import NEXT, ParticipationState
from issuer_service.workflow.metroline.tables import Metroline, Participation, Station
from issuer_service.workflow.metroline.travelling import assess, drop_out, evaluate, hear, participation_of
from issuer_service.workflow.process.definition import Words
from issuer_service.workflow.process.service import case_of

__all__ = ["router"]

router = APIRouter(prefix="/desk/participations", include_in_schema=False)

_LONG: Final = 2000
_INTAKE: Final = (
    Asked("wishes", Words(nl="Wensen", en="Wishes"), "text", required=False),
    Asked("expectations", Words(nl="Verwachtingen", en="Expectations"), "text", required=False),
    Asked("needs", Words(nl="Behoeften", en="Needs"), "text", required=False),
)


@router.get("/{participation_id}")
def participation_page(participation_id: Identifier, desk: Looking) -> Response:
    """Somebody's travel; whose it is may see it too."""
    return _page(participation_id, desk, Again())


@router.post("/{participation_id}/intake")
def intake_page(participation_id: Identifier, desk: Sending, sent: Sent) -> Response:
    """Record what somebody wishes, expects and needs."""

    def do(session: Session, who: Participation) -> None:
        intake = {one.key: text_of(sent, one.key) for one in _INTAKE}
        if any(len(text) > _LONG or "\0" in text for text in intake.values()):
            raise Refused("an intake has texts of at most 2000 characters", field="intake")
        hear(session, acting(desk.here, desk.caller), who, intake)

    return _done(participation_id, desk, do, form="intake", sent=sent)


@router.post("/{participation_id}/evaluation")
def evaluation_page(participation_id: Identifier, desk: Sending, sent: Sent) -> Response:
    """Record the form with which somebody looks back."""

    def do(session: Session, who: Participation) -> None:
        answers = {"yes": True, "no": False}
        form: dict[str, Any] = {
            key: answers[text_of(sent, key)]
            for key in ("outcomes_reached", "company_goals_supported")
            if text_of(sent, key) in answers
        }
        form |= {key: lines_of(sent, key) for key in ("good", "improve") if lines_of(sent, key)}
        try:
            evaluate(session, acting(desk.here, desk.caller), who, form)
        except Refused as error:
            raise Unreadable.to_fill_in(error) from error

    return _done(participation_id, desk, do, form="evaluation", sent=sent)


@router.post("/{participation_id}/referral")
def referral_page(
    participation_id: Identifier,
    desk: Sending,
    programme_id: Annotated[Identifier, Form()],
) -> Response:
    """Refer somebody to a path of their own."""

    def do(session: Session, who: Participation) -> None:
        doing = doing_in(desk.here, CANDIDATE_PATH)
        refer_to_path(session, acting(desk.here, desk.caller), who.id, programme_id=programme_id, doing=doing)

    return _done(participation_id, desk, do)


@router.post("/{participation_id}/dropping-out")
def leaving_page(participation_id: Identifier, desk: Sending) -> Response:
    """Somebody leaves the line, and keeps what they earned."""

    def do(session: Session, who: Participation) -> None:
        drop_out(session, acting(desk.here, desk.caller), who)

    return _done(participation_id, desk, do)


@router.get("/{participation_id}/stations/{station_id}")
def station_page(
    participation_id: Identifier,
    station_id: Identifier,
    desk: Looking,
    run_id: Identifier | None = None,
) -> Response:
    """A station with the rubrics of what it leads to."""
    return _station_page(participation_id, station_id, desk, Again(), run_id=run_id or "")


@router.post("/{participation_id}/stations/{station_id}")
def assess_page(
    participation_id: Identifier,
    station_id: Identifier,
    desk: Sending,
    sent: Sent,
) -> Response:
    """Record how somebody did at a station: of some of its components, or of all."""
    desk.caller.must_have(Scope.RESULTS_WRITE)
    run_id = id_of(sent, "run")

    def do(session: Session) -> None:
        levels: dict[str, dict[str, str]] = {}
        for key, value in sent.items():
            ulo, _, code = key.removeprefix("level.").partition(".")
            if key.startswith("level.") and str(value):
                levels.setdefault(ulo, {})[code] = str(value)
        who, station = participation_of(session, participation_id), station_of(session, station_id)
        run = run_of(session, run_id) if run_id else None
        recognised = text_of(sent, "recognised") == "yes"
        assess(session, acting(desk.here, desk.caller), who, station, levels, run=run, recognised=recognised)

    again = attempt(desk, do, sent=sent)
    if again is not None:
        return _station_page(participation_id, station_id, desk, again, run_id=run_id)
    return desk.to(f"/desk/runs/{run_id}" if run_id else f"/desk/participations/{participation_id}")


def _done(
    participation_id: str,
    desk: Desk,
    do: Callable[[Session, Participation], object],
    *,
    form: str = "",
    sent: FormData | None = None,
) -> Response:
    desk.caller.must_have(Scope.METROLINES_RUN)
    again = attempt(
        desk, lambda session: do(session, participation_of(session, participation_id)), form=form, sent=sent
    )
    return (
        desk.to(f"/desk/participations/{participation_id}") if again is None else _page(participation_id, desk, again)
    )


def _page(participation_id: str, desk: Desk, again: Again) -> Response:
    caller, language = desk.caller, desk.language
    with desk.here.reading_for(caller) as session:
        who = participation_of(session, participation_id)
        enrolment = session.get_one(Enrolment, who.enrolment_id)
        _may_look(caller, enrolment)
        line, state = session.get_one(Metroline, who.metroline_id), ParticipationState(who.state)
        view = personal_map(session, who, language, now=desk.here.now()) if stops_of(session, line) else None
        may_refer = not caller.roles.isdisjoint(REFERRED_BY)
        return desk.page(
            "participation.html",
            status=again.status,
            id=who.id,
            person=name_of(session, enrolment.person_id),
            company=who.company,
            line=line,
            state=in_words(PARTICIPATIONS[state], language),
            next={str(one) for one in NEXT[state]},
            view=view,
            wide=None if view is None else drawn(view, Direction.RIGHTWARDS),
            narrow=None if view is None else drawn(view, Direction.DOWNWARDS),
            twin=None if view is None else as_list(view),
            badges=badges_of(session, enrolment.person_id, enrolment.id),
            stations=[(station.id, station.title) for _, station in stops_of(session, line) if station.outcomes],
            programmes=paths_to_refer_to(session, caller) if may_refer else [],
            may_refer=may_refer,
            referral=_referral(session, who, caller),
            intake_fields=again.inputs("intake", _INTAKE, language, known=who.intake),
            evaluation_fields=again.inputs("evaluation", asked_for_canvas(CanvasKind.EVALUATION, language), language),
            may_run=Scope.METROLINES_RUN in caller.scopes,
            may_assess=Role.TEACHER in caller.roles and state is not ParticipationState.DROPPED_OUT,
            reasons=again.reasons,
        )


def _station_page(
    participation_id: str,
    station_id: str,
    desk: Desk,
    again: Again,
    *,
    run_id: str,
) -> Response:
    here, language = desk.here, desk.language
    desk.caller.must_have(Scope.RESULTS_WRITE)
    with here.reading_for(desk.caller) as session:
        who, station = participation_of(session, participation_id), station_of(session, station_id)
        enrolment = session.get_one(Enrolment, who.enrolment_id)
        return desk.page(
            "assess_station.html",
            status=again.status,
            id=who.id,
            person=name_of(session, enrolment.person_id),
            line=session.get_one(Metroline, who.metroline_id),
            station=station,
            run_id=run_id,
            criteria=_criteria(session, station, here, again.sent, language),
            recognised=again.sent is not None and text_of(again.sent, "recognised") == "yes",
            reasons=again.reasons,
        )


def _criteria(
    session: Session, station: Station, here: Installation, sent: FormData | None, language: Language
) -> list[tuple[str, tuple[Judged, ...]]]:
    """By unit what is judged of it at this station. Not everything need be: nothing chosen is nothing amiss."""
    found = []
    for ulo_version_id, codes in station.outcomes.items():
        ulo = published_ulo(session, ulo_version_id, base_url=here.base_url)
        some = judged(ulo, frozenset(codes), f"level.{ulo_version_id}.", sent, language, all_needed=False)
        found.append((ulo.ulo.title, some))
    return found


def _may_look(caller: Caller, enrolment: Enrolment) -> None:
    """Whoever runs lines, and whose travel it is; to others it is not there."""
    if Scope.METROLINES_RUN not in caller.scopes and enrolment.person_id != caller.person_id:
        raise NotFound("there is no such participation")


def _referral(session: Session, who: Participation, caller: Caller) -> dict[str, Any] | None:
    """Where somebody was referred to, with their case there for whoever sees it."""
    if not who.referral:
        return None
    programme = session.get(Programme, who.referral["programme_id"])
    # Whoever was referred before that opened a case has none.
    case_id = str(who.referral.get("case_id", ""))
    try:
        case_of(session, case_id, caller)
    except NotFound:
        case_id = ""
    return {
        "programme": "" if programme is None else programme.title,
        "case_id": case_id,
        "opened": who.referral.get("opened", True),
    }
