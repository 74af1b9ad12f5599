"""Pages for recognition (verzilveren): ask for it, hand in badges, see what they are worth, judge what waits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Form, Query, UploadFile
from fastapi.responses import Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.errors import Refused
from issuer_service.installation import Installation
from issuer_service.pages.desk import Desk, Looking, Sending
from issuer_service.pages.learners import learners_of
from issuer_service.pages.process_words import Said
from issuer_service.pages.recognition_view import shown_request, title_of
from issuer_service.pages.refusals import said
from issuer_service.people.roles import Scope
from issuer_service.people.service import Caller
from issuer_service.people.tables import Person
from issuer_service.programme.tables import Module, Programme
from issuer_service.recognition.cashing_tables import RecognitionRequest
from issuer_service.recognition.deciding import DecisionVerdict, Exempted, decide, verify_again
from issuer_service.recognition.handing_in import Looked, hand_in, look_at_badge
from issuer_service.recognition.proofs import Level
from issuer_service.recognition.requests import (
    STAFF,
    decision_on,
    must_be_open,
    open_request,
    request_of,
    requests_of,
    withdraw,
)
from issuer_service.recognition.tables import CriteriaVersion
from issuer_service.recognition.weighing import confirm, decide_match, match_of
from issuer_service.web.dependencies import Language
from issuer_service.web.texts import Identifier, Reason
from openbadges_kit.errors import MalformedDocument

__all__ = ["router"]

router = APIRouter(prefix="/desk/recognition", include_in_schema=False)

_MAX_UPLOAD: Final = 20 * 1024 * 1024
_SHOWN: Final = 200
Added = Annotated[list[Identifier] | None, Query(max_length=100)]


@router.get("")
def requests_page(desk: Looking) -> Response:
    """One's own requests; for who looks after others, those of the organisation. And a form to begin one."""
    here, caller, language = desk.here, desk.caller, desk.language
    caller.must_have(Scope.RECOGNITION)
    with here.reading_for(caller) as session:
        rows = session.scalars(requests_of(caller).order_by(RecognitionRequest.opened_at.desc()).limit(_SHOWN)).all()
        is_staff = not STAFF.isdisjoint(caller.roles)
        return desk.page(
            "requests.html",
            requests=[_in_a_list(session, row, language) for row in rows],
            criteria=_criteria(session, caller, language),
            people=learners_of(session, caller) if is_staff else [],
            today=here.now().date().isoformat(),
        )


@router.post("")
def open_page(
    desk: Sending,
    criteria: Annotated[str, Form(max_length=80)],
    began_on: Annotated[date, Form()],
    person_id: Annotated[Identifier | None, Form()] = None,
) -> Response:
    """Begin a request."""
    here, caller = desk.here, desk.caller
    caller.must_have(Scope.RECOGNITION)
    with here.transaction_for(caller) as session:
        row = open_request(
            session,
            person_id=person_id,
            slug=criteria,
            began_on=began_on,
            caller=caller,
            now=here.now(),
            randomness=here.randomness,
        )
        return desk.to(_at(row.id))


@router.get("/{request_id}")
def request_page(request_id: Identifier, desk: Looking, added: Added = None) -> Response:
    """A request: its badges with what verifying found, their matches, and the proof tree."""
    return _request_page(request_id, desk, added=added or [])


@router.post("/{request_id}/badges")
def hand_in_page(
    request_id: Identifier,
    desk: Sending,
    file: UploadFile | None = None,
    text: Annotated[str, Form(max_length=1_000_000)] = "",
) -> Response:
    """Hand in a file or a text. What cannot be kept is said on the page, and nothing is kept of it."""
    here, caller, language = desk.here, desk.caller, desk.language
    caller.must_have(Scope.RECOGNITION)
    # Before anything is fetched for it: who may not hand in has nothing verified.
    with here.reading_for(caller) as session:
        must_be_open(session, request_of(session, request_id, caller=caller))
    data = file.file.read(_MAX_UPLOAD + 1) if file is not None and file.filename else text.strip().encode()
    try:
        if len(data) > _MAX_UPLOAD:
            raise MalformedDocument(f"larger than {_MAX_UPLOAD} bytes")
        kept = _keep(request_id, look_at_badge(data, here=here), here, caller)
    except (MalformedDocument, Refused) as error:
        return _request_page(request_id, desk, added=[], problems=_said(error, language))
    return desk.to(_at(request_id), "".join(f"&added={one}" for one in kept))


@router.post("/{request_id}/decision")
def decide_page(
    request_id: Identifier,
    desk: Sending,
    verdict: Annotated[DecisionVerdict, Form()],
    reason: Annotated[Reason, Form()],
    module_id: Annotated[Identifier | Literal[""], Form()] = "",
    hours_saved: Annotated[float, Form(ge=0, le=5000)] = 0,
) -> Response:
    """Decide, for good. What is not proved is not recognised, and the page says what lacks."""
    here, caller, language = desk.here, desk.caller, desk.language
    caller.must_have(Scope.RECOGNITION_DECIDE)
    minutes = round(hours_saved * 60)
    exempted = [Exempted((), minutes, module_id)] if module_id and minutes else []
    fallen = verify_again(request_id, here=here, caller=caller)
    try:
        with here.transaction_for(caller) as session:
            decide(
                session,
                request_id,
                verdict=verdict,
                reason=reason,
                exemptions=exempted,
                fallen=fallen,
                caller=caller,
                here=here,
            )
    except Refused as error:
        problems = _said(error, language)
        return _request_page(request_id, desk, added=[], problems=problems, deciding=True)
    return desk.to(_at(request_id))


@router.post("/{request_id}/withdrawal")
def withdraw_page(request_id: Identifier, desk: Sending) -> Response:
    """Take a request back."""
    here, caller = desk.here, desk.caller
    caller.must_have(Scope.RECOGNITION)
    with here.transaction_for(caller) as session:
        withdraw(session, request_id, caller=caller, now=here.now())
    return desk.to(_at(request_id))


@router.post("/badges/{badge_id}/confirmation")
def confirm_page(badge_id: Identifier, desk: Sending, reason: Annotated[Reason, Form()]) -> Response:
    """Establish that a badge is this person's, and say how. Nobody does so for themselves."""
    here, caller = desk.here, desk.caller
    caller.must_have(Scope.RECOGNITION_DECIDE)
    with here.transaction_for(caller) as session:
        return desk.to(_at(confirm(session, badge_id, reason=reason, caller=caller).request_id))


@router.post("/matches/{match_id}/judgement")
def judge_page(
    match_id: Identifier,
    desk: Sending,
    accept: Annotated[bool, Form()],
    reason: Annotated[Reason, Form()],
    level: Annotated[int, Form(ge=0, le=100)] = 0,
) -> Response:
    """Say of a match whether it counts, at which level of our rubric, and why. Nobody does so for themselves."""
    here, caller = desk.here, desk.caller
    caller.must_have(Scope.RECOGNITION_DECIDE)
    with here.transaction_for(caller) as session:
        match, request = match_of(session, match_id, caller=caller)
        # A badge of ours names the description of a result as the scale of its levels.
        found = Level(f"{match.outcome}/result", level) if level else None
        decide_match(session, match_id, accept=accept, reason=reason, caller=caller, now=here.now(), level=found)
        return desk.to(_at(request.id))


def _request_page(
    request_id: str,
    desk: Desk,
    *,
    added: list[str],
    problems: Sequence[Said] = (),
    deciding: bool = False,
) -> Response:
    here, caller, language = desk.here, desk.caller, desk.language
    caller.must_have(Scope.RECOGNITION)
    with here.reading_for(caller) as session:
        row = request_of(session, request_id, caller=caller)
        shown = shown_request(session, row, added=added, caller=caller, here=here, language=language)
        modules = _modules(session, caller) if shown.may_decide else []
    status = 400 if problems else 200
    return desk.page(
        "request.html",
        status=status,
        request=shown,
        modules=modules,
        problems=problems,
        deciding=deciding,
    )


def _said(error: MalformedDocument | Refused, language: Language) -> list[Said]:
    """What is amiss with what the library could not read is said in English alone."""
    return [said(one, language) for one in (str(error), *(error.findings if isinstance(error, Refused) else ()))]


def _keep(request_id: str, looked: list[Looked], here: Installation, caller: Caller) -> list[str]:
    with here.transaction_for(caller) as session:
        row = request_of(session, request_id, caller=caller, hold=True)
        must_be_open(session, row)
        return [
            hand_in(
                session,
                row,
                one,
                caller=caller,
                base_url=here.base_url,
                now=here.now(),
                randomness=here.randomness,
            ).id
            for one in looked
        ]


def _in_a_list(session: Session, row: RecognitionRequest, language: Language) -> dict[str, str]:
    decision = decision_on(session, row)
    undecided = "open" if row.withdrawn_at is None else "withdrawn"
    return {
        "id": row.id,
        "person": session.get_one(Person, row.person_id).name,
        "title": title_of(session.get_one(CriteriaVersion, row.criteria_id), language),
        "opened": row.opened_at.strftime("%d-%m-%Y"),
        "standing": decision.verdict if decision is not None else undecided,
    }


def _criteria(session: Session, caller: Caller, language: Language) -> list[tuple[str, str]]:
    """The published sets by their slugs, each once, under the title of their latest version."""
    rows = session.scalars(
        select(CriteriaVersion)
        .where(CriteriaVersion.organisation_id == caller.organisation_id, CriteriaVersion.published_at.is_not(None))
        .order_by(CriteriaVersion.slug, CriteriaVersion.version)
        .limit(_SHOWN)
    )
    return list({row.slug: title_of(row, language) for row in rows}.items())


def _modules(session: Session, caller: Caller) -> list[tuple[str, str]]:
    """What somebody may be exempted from."""
    rows = session.execute(
        select(Module.id, Module.title)
        .join(Programme, Programme.id == Module.programme_id)
        .where(Programme.organisation_id == caller.organisation_id)
        .order_by(Module.title, Module.id)
        .limit(_SHOWN)
    )
    return [(row.id, row.title) for row in rows]


def _at(request_id: str) -> str:
    return f"/desk/recognition/{request_id}"
