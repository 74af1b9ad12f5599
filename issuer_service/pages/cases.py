"""Pages of cases: whose there are, where one stands, and the steps that whoever looks may take."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Final, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Form, Query
from fastapi.responses import Response
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import or_, select
from sqlalchemy.orm import Session, defer
from starlette.datastructures import FormData

from issuer_service.errors import Conflict, NotFound, Refused, ServiceError
from issuer_service.installation import Installation
from issuer_service.pages.case_forms import amiss, read
from issuer_service.pages.case_steps import Tried
from issuer_service.pages.case_view import view_of
from issuer_service.pages.case_words import day, names_of
from issuer_service.pages.desk import Desk, Looking, Sending, Sent
from issuer_service.pages.process_words import Said, in_words
from issuer_service.pages.refusals import said
from issuer_service.people.roles import Role, Scope
from issuer_service.people.service import Caller, add_person
from issuer_service.people.tables import Membership, Person
from issuer_service.programme.tables import Programme
from issuer_service.web.dependencies import Language
from issuer_service.web.texts import EmailText, Identifier, Named
from issuer_service.workflow.candidate.company import begin_company_path
from issuer_service.workflow.candidate.path import begin_path
from issuer_service.workflow.cases.endpoints import doing_in, involving
from issuer_service.workflow.process.definition import Definition
from issuer_service.workflow.process.library import definition_of
from issuer_service.workflow.process.reducer import Actor, Refusal, Step, decide
from issuer_service.workflow.process.service import case_of, context_of, state_of, take_step
from issuer_service.workflow.process.tables import CaseParty, ProcessCase
from issuer_service.workflow.processes import PROCESSES

__all__ = ["router"]

router = APIRouter(prefix="/desk/cases", include_in_schema=False)

_SHOWN: Final = 200
_NAME: Final = TypeAdapter[str](Named)
_ADDRESS: Final = TypeAdapter[str](EmailText)
_OF_WHOM: Final = {"candidate-path": Role.CANDIDATE, "company-path": Role.EMPLOYER}
Begun = Literal["candidate-path", "company-path"]


@router.get("")
def cases_page(
    desk: Looking,
    programme_id: Annotated[Identifier | Literal[""], Query()] = "",
    shown: Annotated[Literal["under-way", "all"], Query()] = "under-way",
) -> Response:
    """The cases in which somebody has a part, and a form to begin one for whoever may."""
    return _cases_page(desk, programme_id=programme_id, ended=shown == "all")


@router.post("")
def begin_page(
    desk: Sending,
    programme_id: Annotated[Identifier, Form()],
    process: Annotated[Begun, Form()] = "candidate-path",
    person_id: Annotated[Identifier | Literal[""], Form()] = "",
    name: Annotated[str, Form(max_length=1000)] = "",
    email: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """Begin somebody's path: of a person who is known, or of one who is new."""
    here, caller, language = desk.here, desk.caller, desk.language
    caller.must_have(Scope.CASES_WRITE)
    begin = begin_path if process == "candidate-path" else begin_company_path
    try:
        with here.transaction_for(caller) as session:
            chosen = person_id or _new_person(session, here, caller, name=name, email=email, role=_OF_WHOM[process])
            doing = doing_in(here, process)
            made = begin(session, programme_id=programme_id, person_id=chosen, caller=caller, doing=doing)
            return desk.to(f"/desk/cases/{made.id}")
    except (Conflict, Refused) as error:
        typed = {"process": process, "person_id": person_id, "name": name, "email": email}
        return _cases_page(desk, programme_id=programme_id, problem=said(str(error), language), typed=typed)


@router.get("/{case_id}")
def case_page(
    case_id: Identifier,
    desk: Looking,
    done: Annotated[str, Query(max_length=60)] = "",
) -> Response:
    """A case: where it stands, why it does not move, what may be done, and what happened."""
    return _case_page(case_id, desk, done=done)


@router.post("/{case_id}/steps")
def step_page(
    case_id: Identifier,
    desk: Sending,
    sent: Sent,
    verb: Annotated[Literal["record", "sign", "move"], Form()],
    what: Annotated[str, Form(max_length=60)],
    seen: Annotated[int, Form(ge=1, le=2**31 - 1)],
) -> Response:
    """Take a step. What is refused stands there as it was typed, with what to mend."""
    here, caller, language = desk.here, desk.caller, desk.language
    caller.must_have(Scope.CASES_WRITE)
    tried: Tried | None = None
    try:
        with here.transaction_for(caller) as session:
            case, definition, actor = case_of(session, case_id, caller)
            owner = definition.route_by_key.get(what) if verb == "move" else definition.task_by_key.get(what)
            if owner is None:
                raise NotFound("there is no such step here")
            step = Step(verb, what, {} if verb == "sign" else read(owner, sent, ZoneInfo(here.settings.time_zone)))
            refusal = _refusal(session, case, definition, step, actor, here)
            if refusal is not None:
                tried = _tried(refusal, step, sent, definition, language)
            else:
                take_step(session, case, step, actor, doing=doing_in(here, definition.name), seen=seen)
    except (Conflict, Refused) as error:
        # Something beside the process itself: somebody was earlier, or what the step does may not be done.
        problems, reasons = _of_effect(error, language)
        tried = Tried(what, verb, sent, problems, reasons)
    if tried is not None:
        return _case_page(case_id, desk, tried=tried)
    return desk.to(f"/desk/cases/{case_id}", f"&done={what}")


def _refusal(
    session: Session, case: ProcessCase, definition: Definition, step: Step, actor: Actor, here: Installation
) -> Refusal | None:
    """Asked beforehand, because what is raised says it in one language."""
    taken = decide(definition, context_of(session, case, now=here.now()), state_of(case), step, actor)
    return taken if isinstance(taken, Refusal) else None


def _tried(refusal: Refusal, step: Step, sent: FormData, definition: Definition, language: Language) -> Tried:
    owner = definition.route_by_key.get(step.what) or definition.task_by_key[step.what]
    problems = amiss(owner, refusal.why, language)
    if refusal.guards:
        reasons = [Said(in_words(guard.because, language), language) for guard in refusal.guards]
    else:
        reasons = [] if problems else [said(why, language) for why in refusal.why]
    return Tried(step.what, step.verb, sent, problems, reasons)


def _of_effect(error: ServiceError, language: Language) -> tuple[dict[str, str], Sequence[Said]]:
    message = said(str(error), language)
    if error.field.startswith("data."):
        return {error.field.removeprefix("data."): message.text}, []
    return {}, [message]


def _case_page(
    case_id: str,
    desk: Desk,
    *,
    tried: Tried | None = None,
    done: str = "",
) -> Response:
    here, caller, language = desk.here, desk.caller, desk.language
    caller.must_have(Scope.CASES_READ)
    with here.reading_for(caller) as session:
        case, definition, actor = case_of(session, case_id, caller)
        view = view_of(session, case, definition, actor, here=here, language=language, tried=tried)
        taken = definition.task_by_key.get(done) or definition.route_by_key.get(done)
    return desk.page(
        "case.html",
        status=422 if tried is not None else 200,
        case=view,
        done="" if taken is None else in_words(taken.title, language),
        tried=tried,
        may_write=Scope.CASES_WRITE in caller.scopes,
    )


def _cases_page(
    desk: Desk,
    *,
    programme_id: str,
    ended: bool = False,
    problem: Said | None = None,
    typed: dict[str, str] | None = None,
) -> Response:
    here, caller, language = desk.here, desk.caller, desk.language
    caller.must_have(Scope.CASES_READ)
    roles = set(map(str, caller.roles))
    with here.reading_for(caller) as session:
        mine = select(CaseParty.case_id).where(CaseParty.person_id == caller.person_id)
        theirs = ProcessCase.definition_id.in_(involving(session, caller))
        query = select(ProcessCase).options(defer(ProcessCase.facts)).where(or_(theirs, ProcessCase.id.in_(mine)))
        if programme_id:
            query = query.where(ProcessCase.programme_id == programme_id)
        if not ended:
            query = query.where(ProcessCase.ended_at.is_(None))
        rows = session.scalars(query.order_by(ProcessCase.entered_at, ProcessCase.id).limit(_SHOWN)).all()
        programmes = session.execute(
            select(Programme.id, Programme.title)
            .where(Programme.organisation_id == caller.organisation_id)
            .order_by(Programme.title)
            .limit(_SHOWN)
        ).all()
        titles = {row.id: row.title for row in programmes}
        reads_programmes = Scope.PROGRAMMES_READ in caller.scopes
        begins = [
            (name, in_words(process.shipped().title, language), _people(session, caller, _OF_WHOM[name]))
            for name, process in PROCESSES.items()
            if name in _OF_WHOM and roles & set(process.shipped().opened_by)
        ]
        names = names_of(session, [row.person_id for row in rows])
        return desk.page(
            "cases.html",
            status=422 if problem is not None else 200,
            cases=[_in_a_list(session, row, names, titles, language) for row in rows],
            programmes=list(titles.items()) if reads_programmes else [],
            programme_id=programme_id,
            ended=ended,
            begins=begins,
            may_add=Scope.PEOPLE_WRITE in caller.scopes,
            sees_market=not {Role.AM_CANDIDATES, Role.AM_COMPANIES, Role.COACH}.isdisjoint(caller.roles),
            problem=problem,
            typed=typed or {"process": "", "person_id": "", "name": "", "email": ""},
        )


def _in_a_list(
    session: Session, row: ProcessCase, names: dict[str, str], programmes: dict[str, str], language: Language
) -> dict[str, str]:
    definition = definition_of(session, row)
    stage = definition.stage_by_key.get(row.stage)
    return {
        "id": row.id,
        "person": names.get(row.person_id or "", ""),
        "process": in_words(definition.title, language),
        "programme": programmes.get(row.programme_id or "", ""),
        "stage": row.stage if stage is None else in_words(stage.title, language),
        "since": day(row.entered_at),
    }


def _people(session: Session, caller: Caller, role: Role) -> list[tuple[str, str]]:
    rows = session.execute(
        select(Person.id, Person.name)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.organisation_id == caller.organisation_id,
            Membership.role == str(role),
            Person.erased_at.is_(None),
        )
        .order_by(Person.name, Person.id)
        .limit(_SHOWN)
    )
    return [(row.id, row.name) for row in rows]


def _new_person(session: Session, here: Installation, caller: Caller, *, name: str, email: str, role: Role) -> str:
    caller.must_have(Scope.PEOPLE_WRITE)
    if not name.strip() or not email.strip():
        raise Refused("choose somebody, or give a name and an e-mail address", field="person_id")
    try:
        called, address = _NAME.validate_python(name), _ADDRESS.validate_python(email.strip())
    except ValidationError as error:
        raise Refused("this is no name, or no e-mail address", field="email") from error
    added = add_person(
        session,
        name=called,
        email=address,
        organisation_id=caller.organisation_id,
        role=role,
        randomness=here.randomness,
    )
    return added.person_id
