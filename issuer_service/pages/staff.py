"""Pages for who works at a provider: signing in, and the awards that wait for approval."""

from __future__ import annotations

from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from issuer_service.awarding.putting_off import put_off_here
from issuer_service.awarding.service import tell_again
from issuer_service.errors import Conflict, NotAllowed, NotKnown
from issuer_service.installation import Installation
from issuer_service.issuance.approve import approve, waiting_for_approval
from issuer_service.issuance.tables import Award
from issuer_service.pages.case_words import clock_time
from issuer_service.pages.process_words import EVENTS, in_words
from issuer_service.pages.refusals import said
from issuer_service.pages.rendering import private, render
from issuer_service.pages.work_list import near_runs, own_paths, own_travels, waits_for
from issuer_service.people.roles import Scope
from issuer_service.people.tables import Organisation, Person
from issuer_service.programme.service import enrolment_of
from issuer_service.web.authentication import gates_of
from issuer_service.web.dependencies import Here, Language, Speaking
from issuer_service.web.returning import forget, going_to, remember
from issuer_service.web.sessions import (
    SignedIn,
    SignedInSending,
    clear_cookie,
    end_session,
    set_cookie,
    start_session,
    use_login_link,
)
from issuer_service.web.sign_in import begin, finish, people_of
from issuer_service.web.texts import Identifier
from issuer_service.workflow.events import EventKind
from openbadges_kit.documents import parse_json_object

__all__ = ["router"]

_COOKIE = "sign-in"
_SHOWN = 100
# What is on these pages is for one pair of eyes.

router = APIRouter(include_in_schema=False)


@router.get("/login")
def login_page(
    here: Here, request: Request, language: Speaking, to: Annotated[str, Query(max_length=4000)] = ""
) -> Response:
    """Where somebody signs in, and goes on to where they were going."""
    answer = render("login.html", language, provider=gates_of(request).identity.signs_people_in, link=None)
    remember(answer, here, to)
    return private(answer)


@router.get("/login/begin")
def login(here: Here, request: Request) -> Response:
    """Off to the identity provider.

    By a link and not by a form: `form-action 'self'` has browsers refuse a form that ends up elsewhere.
    """
    begun = begin(here, gates_of(request).identity)
    answer = RedirectResponse(begun.address, 303)
    secure = here.base_url.startswith("https://")
    answer.set_cookie(_COOKIE, begun.cookie, max_age=600, path="/login", secure=secure, httponly=True, samesite="lax")
    return private(answer)


@router.get("/login/callback")
def login_callback(
    here: Here,
    request: Request,
    code: Annotated[str, Query(max_length=4000)] = "",
    state: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """Back from the identity provider."""
    provider = gates_of(request).identity
    if not code:
        raise NotKnown("the identity provider let nobody in")
    claims = finish(here, provider, code=code, state=state, cookie=request.cookies.get(_COOKIE, ""))
    with here.transaction() as session:
        found = people_of(session, claims, issuer=provider.issuer, now=here.now(), randomness=here.randomness)
        person_id, organisation_id = found[0]
        token = start_session(session, person_id, organisation_id, now=here.now(), randomness=here.randomness)
    answer = RedirectResponse(going_to(request, otherwise="/work"), 303)
    set_cookie(answer, here, token)
    forget(answer)
    answer.delete_cookie(_COOKIE, path="/login")
    return private(answer)


@router.get("/login/link/{token}")
def login_link_page(token: str, language: Speaking) -> Response:
    """A link from the command line. Opening it does nothing yet: mail programs open links to look at them."""
    return private(render("login.html", language, provider=False, link=token))


@router.post("/login/link/{token}")
def login_link(token: str, here: Here, request: Request) -> Response:
    """Sign in by that link, once."""
    limits = gates_of(request).limits
    limits.must_not_be_guessing(request)
    try:
        with here.transaction() as session:
            person_id, organisation_id = use_login_link(session, token, now=here.now())
            cookie = start_session(session, person_id, organisation_id, now=here.now(), randomness=here.randomness)
    except NotKnown:
        limits.count_guess(request)
        raise
    answer = RedirectResponse(going_to(request, otherwise="/work"), 303)
    set_cookie(answer, here, cookie)
    forget(answer)
    return private(answer)


@router.post("/logout")
def logout(here: Here, visitor: SignedInSending) -> Response:
    """Sign out."""
    with here.transaction() as session:
        end_session(session, visitor.token)
    answer = RedirectResponse("/", 303)
    clear_cookie(answer, here)
    return private(answer)


@router.get("/work")
def work_page(
    here: Here,
    visitor: SignedIn,
    language: Speaking,
    approved: Annotated[int | None, Query(ge=0, le=10_000)] = None,
    refused: Annotated[int, Query(ge=0, le=10_000)] = 0,
    tried: Annotated[int, Query(ge=0, le=1)] = 0,
) -> Response:
    """What waits for somebody: steps of cases, runs of stations, and for a teacher awards."""
    caller = visitor.caller
    sees_cases, runs_lines = Scope.CASES_READ in caller.scopes, Scope.METROLINES_RUN in caller.scopes
    with here.reading_for(caller) as session:
        waiting = waiting_for_approval(organisation_id=caller.organisation_id)
        rows = session.execute(
            waiting.join(Person, Person.id == Award.person_id)
            .add_columns(Person.name)
            .order_by(Award.accepted_at, Award.id)
            .limit(_SHOWN)
        ).all()
        page = render(
            "work.html",
            language,
            visitor=visitor,
            me=session.get_one(Person, caller.person_id).name,
            organisation=session.get_one(Organisation, caller.organisation_id).name,
            may_see=Scope.AWARDS_READ in caller.scopes,
            may_approve=Scope.AWARDS_APPROVE in caller.scopes,
            may_award=Scope.AWARDS_WRITE in caller.scopes,
            tried=bool(tried),
            may_recognise=Scope.RECOGNITION in caller.scopes,
            may_map_skills=Scope.SKILLS in caller.scopes,
            sees_cases=sees_cases,
            sees_lines=Scope.METROLINES_WRITE in caller.scopes or runs_lines,
            tasks=waits_for(session, caller, now=here.now(), language=language) if sees_cases else [],
            paths=own_paths(session, caller, language=language) if sees_cases else [],
            may_read_notices=Scope.NOTICES in caller.scopes,
            travels=own_travels(session, caller),
            runs=near_runs(session, now=here.now(), zone=here.settings.time_zone) if runs_lines else [],
            awards=[_shown(row.Award, row.name, caller.person_id) for row in rows]
            if Scope.AWARDS_READ in caller.scopes
            else [],
            put_off=_put_off(session, here, caller.organisation_id, language)
            if Scope.AWARDS_READ in caller.scopes
            else [],
            total=session.scalar(select(func.count()).select_from(waiting.subquery())),
            approved=approved,
            refused=refused,
        )
    return private(page)


@router.post("/work-approvals")
def approve_awards(
    here: Here,
    visitor: SignedInSending,
    awards: Annotated[list[Identifier] | None, Form(max_length=_SHOWN)] = None,
    one: Annotated[Identifier | None, Form()] = None,
) -> Response:
    """Approve the one whose button was pressed, or all that were ticked.

    One that may not be approved does not stop the others.
    """
    visitor.caller.must_have(Scope.AWARDS_APPROVE)
    done = refused = 0
    with here.transaction_for(visitor.caller) as session:
        for award_id in [one] if one else awards or []:
            try:
                approve(session, award_id, caller=visitor.caller, now=here.now())
                done += 1
            except (Conflict, NotAllowed):
                refused += 1
    return private(RedirectResponse(f"/work?approved={done}&refused={refused}", 303))


@router.post("/work-awarding")
def award_now(here: Here, visitor: SignedInSending, enrolment_id: Annotated[Identifier, Form()]) -> Response:
    """Try at once what could not be awarded to somebody: whoever mended it need not wait."""
    caller = visitor.caller
    caller.must_have(Scope.AWARDS_WRITE)
    with here.transaction_for(caller) as session:
        enrolment = enrolment_of(session, enrolment_id, organisation_id=caller.organisation_id)
        tell_again(session, enrolment, caller=caller, jobs=here.jobs, now=here.now(), randomness=here.randomness)
    return private(RedirectResponse("/work?tried=1", 303))


def _put_off(session: Session, here: Installation, organisation_id: str, language: Language) -> list[dict[str, Any]]:
    """What happened and could not be awarded as things stand, why, and when it is tried again."""
    zone = ZoneInfo(here.settings.time_zone)
    return [
        {
            "enrolment_id": one.enrolment_id,
            "person": one.person,
            "programme": one.programme,
            "what": in_words(EVENTS[EventKind(one.kind)], language),
            "refused": said(one.refused, language),
            "again": clock_time(one.again_at, zone),
        }
        for one in put_off_here(session, organisation_id, limit=_SHOWN)
    ]


def _shown(award: Award, name: str, me: str) -> dict[str, Any]:
    document = parse_json_object(award.document)
    return {
        "id": award.id,
        "person": name,
        "badge": document["name"],
        "date": award.accepted_at.strftime("%d-%m-%Y"),
        "four_eyes": award.four_eyes and award.assessor_id == me,
    }
