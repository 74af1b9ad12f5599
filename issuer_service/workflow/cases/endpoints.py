"""Cases and the work list over HTTP."""

from __future__ import annotations

import binascii
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import or_, select
from sqlalchemy.orm import Session, defer

from issuer_service.errors import Kind, Refused
from issuer_service.installation import Installation
from issuer_service.people.service import Caller
from issuer_service.problem_details import problems
from issuer_service.programme.service import programme_of
from issuer_service.web.dependencies import CallingToReadCases, CallingToReadProgrammes, CallingToWriteCases, Here
from issuer_service.web.idempotency import Asked, RequestKey, once
from issuer_service.web.paging import Page, Paging, page_of
from issuer_service.web.texts import Identifier
from issuer_service.workflow.candidate.company import begin_company_path
from issuer_service.workflow.candidate.definition import CANDIDATE_PATH
from issuer_service.workflow.candidate.path import begin_path
from issuer_service.workflow.candidate.telling import telling_on_path
from issuer_service.workflow.cases.bringing import Brought, brought_to
from issuer_service.workflow.cases.figures import Figures, figures_of
from issuer_service.workflow.cases.showing import (
    CaseShown,
    CaseSummary,
    EventShown,
    OffersShown,
    TaskShown,
    case_shown,
    event_shown,
    offers_shown,
    summary_of,
    task_shown,
    unknown_to,
)
from issuer_service.workflow.outbox import Outbox
from issuer_service.workflow.process.library import definition_of, read
from issuer_service.workflow.process.reducer import Step
from issuer_service.workflow.process.service import PERSONAL_ROLES, Doing, case_of, take_step
from issuer_service.workflow.process.tables import CaseEvent, CaseParty, ProcessCase, ProcessDefinition
from issuer_service.workflow.process.worklist import work_of
from issuer_service.workflow.processes import PROCESSES

__all__ = ["doing_in", "involving", "router"]

router = APIRouter(prefix="/v1", tags=["cases"])

_MOST_DATA: Final = 60


class NewCase(BaseModel):
    """Somebody who begins on a path: a candidate, or whoever speaks for a company."""

    model_config = ConfigDict(extra="forbid")

    process: Literal["candidate-path", "company-path"] = "candidate-path"
    person_id: Identifier = Field(examples=["3f1c9c6e-8a54-4f0e-9a53-0c1d7f6b2a10"])


class NewStep(BaseModel):
    """A step to be taken."""

    model_config = ConfigDict(extra="forbid")

    verb: Literal["record", "sign", "move"]
    what: str = Field(max_length=60, description="A task, or a route.", examples=["first_contact"])
    data: dict[str, Any] = Field(
        default_factory=dict, max_length=_MOST_DATA, examples=[{"channel": "email", "notice_shown": True}]
    )
    seen: int | None = Field(
        None, ge=1, le=2**31 - 1, description="The case's `number` that you saw; refused when it is another by now."
    )


class BroughtAlong(BaseModel):
    """What somebody brings along; nothing for who sees but a part of the case."""

    items: list[Brought] = Field(examples=[[]])


class StepTaken(BaseModel):
    """What came of a step."""

    case: CaseShown
    warnings: list[str] = Field(description="What was said, and stopped nobody.", examples=[[]])


def doing_in(here: Installation, process: str) -> Doing:
    """What a step of this process takes."""
    return Doing(
        Outbox(here.randomness), here.now(), here.randomness, PROCESSES[process].effects, telling_on_path(here)
    )


@router.post("/programmes/{programme_id}/cases", status_code=201, responses=problems(Kind.NOT_FOUND, Kind.CONFLICT))
def post_case(
    programme_id: Identifier, body: NewCase, here: Here, caller: CallingToWriteCases, request_key: RequestKey = None
) -> CaseShown:
    """Begin somebody's path through a programme, or a company's."""
    begin = begin_path if body.process == "candidate-path" else begin_company_path
    with here.transaction_for(caller) as session:

        def make() -> CaseShown:
            doing = doing_in(here, body.process)
            made = begin(session, programme_id=programme_id, person_id=body.person_id, caller=caller, doing=doing)
            case, definition, actor = case_of(session, made.id, caller)
            return case_shown(session, case, definition, actor, now=doing.now)

        asked = Asked(request_key, caller, f"/v1/programmes/{programme_id}/cases", body)
        return once(session, asked, now=here.now(), answer=CaseShown, make=make)


@router.get("/cases")
def get_cases(
    here: Here,
    caller: CallingToReadCases,
    paging: Paging,
    programme_id: Identifier | None = None,
    person_id: Identifier | None = None,
    stage: Annotated[str | None, Query(max_length=60)] = None,
    under_way: Annotated[bool | None, Query(description="Only those that have, or have not, ended.")] = None,
) -> Page[CaseSummary]:
    """The cases of your organisation; for candidates, learners and employers those that they have a part in."""
    with here.reading_for(caller) as session:
        mine = select(CaseParty.case_id).where(CaseParty.person_id == caller.person_id)
        theirs = ProcessCase.definition_id.in_(involving(session, caller))
        query = select(ProcessCase).options(defer(ProcessCase.facts)).where(or_(theirs, ProcessCase.id.in_(mine)))
        for column, value in (
            (ProcessCase.programme_id, programme_id),
            (ProcessCase.person_id, person_id),
            (ProcessCase.stage, stage),
        ):
            if value is not None:
                query = query.where(column == value)
        if under_way is not None:
            query = query.where(ProcessCase.ended_at.is_(None) if under_way else ProcessCase.ended_at.is_not(None))
        return page_of(
            session,
            query,
            paging,
            order=[ProcessCase.id],
            show=lambda case: summary_of(case, definition_of(session, case)),
        )


@router.get("/cases/{case_id}", responses=problems(Kind.NOT_FOUND))
def get_case(case_id: Identifier, here: Here, caller: CallingToReadCases) -> CaseShown:
    """Where a case stands, what was recorded, and what it waits for."""
    with here.reading_for(caller) as session:
        case, definition, actor = case_of(session, case_id, caller)
        return case_shown(session, case, definition, actor, now=here.now())


@router.get("/cases/{case_id}/brought", responses=problems(Kind.NOT_FOUND))
def get_brought(case_id: Identifier, here: Here, caller: CallingToReadCases) -> BroughtAlong:
    """What somebody reached along metrolines before, and which modules it may exempt them from."""
    with here.reading_for(caller) as session:
        case, definition, actor = case_of(session, case_id, caller)
        sees_all = bool(actor.roles & set(definition.sees_all))
        return BroughtAlong(items=brought_to(session, case) if sees_all else [])


@router.get("/cases/{case_id}/steps", responses=problems(Kind.NOT_FOUND))
def get_steps(case_id: Identifier, here: Here, caller: CallingToReadCases) -> OffersShown:
    """Every step that belongs to where the case stands and that you may know of, and why you may not take it."""
    with here.reading_for(caller) as session:
        case, definition, actor = case_of(session, case_id, caller)
        return offers_shown(session, case, definition, actor, now=here.now())


@router.post("/cases/{case_id}/steps", responses=problems(Kind.NOT_FOUND, Kind.CONFLICT))
def post_step(
    case_id: Identifier, body: NewStep, here: Here, caller: CallingToWriteCases, request_key: RequestKey = None
) -> StepTaken:
    """Take a step: record or sign something, or move on. What comes of it happens with it, or nothing does."""
    with here.transaction_for(caller) as session:

        def make() -> StepTaken:
            case, definition, actor = case_of(session, case_id, caller)
            doing = doing_in(here, definition.name)
            step = Step(body.verb, body.what, body.data)
            taken = take_step(session, case, step, actor, doing=doing, seen=body.seen)
            # Whoever was a candidate may be a learner by now.
            case, definition, actor = case_of(session, case_id, caller)
            shown = case_shown(session, case, definition, actor, now=doing.now)
            return StepTaken(case=shown, warnings=list(taken.warnings))

        asked = Asked(request_key, caller, f"/v1/cases/{case_id}/steps", body)
        return once(session, asked, now=here.now(), answer=StepTaken, make=make)


@router.get("/cases/{case_id}/events", responses=problems(Kind.NOT_FOUND))
def get_events(case_id: Identifier, here: Here, caller: CallingToReadCases, paging: Paging) -> Page[EventShown]:
    """Everything that happened to a case, as far as you may see it."""
    with here.reading_for(caller) as session:
        case, definition, actor = case_of(session, case_id, caller)
        query = select(CaseEvent).where(
            CaseEvent.case_id == case.id, CaseEvent.what.not_in(unknown_to(actor, definition))
        )
        return page_of(
            session, query, paging, order=[CaseEvent.number], show=lambda row: event_shown(row, definition, actor)
        )


@router.get("/tasks")
def get_tasks(here: Here, caller: CallingToReadCases, paging: Paging) -> Page[TaskShown]:
    """What waits for you, the most urgent first."""
    after = None if paging.cursor is None else _read(paging.cursor)
    with here.reading_for(caller) as session:
        rows = work_of(session, caller, personal=PERSONAL_ROLES, limit=paging.limit + 1, after=after)
        shown = rows[: paging.limit]
        # What was recorded is most of a case, and no line of the list shows it.
        query = select(ProcessCase).options(defer(ProcessCase.facts))
        found = session.scalars(query.where(ProcessCase.id.in_([row.case_id for row in shown])))
        cases = {case.id: case for case in found}
        items = [task_shown(row, cases[row.case_id], definition_of(session, cases[row.case_id])) for row in shown]
        return Page(items=items, next=_cursor(shown[-1].due_at, shown[-1].id) if len(rows) > len(shown) else None)


@router.get("/programmes/{programme_id}/figures", responses=problems(Kind.NOT_FOUND))
def get_figures(programme_id: Identifier, here: Here, caller: CallingToReadProgrammes) -> Figures:
    """How the candidates of a programme fare, as a group: nothing that is about fewer than five of them."""
    with here.reading_for(caller) as session:
        programme = programme_of(session, programme_id, organisation_id=caller.organisation_id)
        query = select(ProcessDefinition.id).where(ProcessDefinition.name == CANDIDATE_PATH)
        process = list(session.scalars(query))
        return figures_of(session, programme.id, organisation_id=caller.organisation_id, process=process)


def involving(session: Session, caller: Caller) -> list[str]:
    """The definitions in which the caller's roles have a part, by id: they see every case of these."""
    held = set(map(str, caller.roles)) - PERSONAL_ROLES
    return [row.id for row in session.scalars(select(ProcessDefinition)) if held & read(row).involved]


def _cursor(due_at: datetime, task_id: str) -> str:
    return urlsafe_b64encode(json.dumps([due_at.isoformat(), task_id]).encode()).decode().rstrip("=")


def _read(cursor: str) -> tuple[datetime, str]:
    try:
        due_at, task_id = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        moment = datetime.fromisoformat(due_at)
        if moment.tzinfo is None or not isinstance(task_id, str) or "\0" in task_id:
            raise ValueError("not a cursor of this list")
    except (ValueError, TypeError, binascii.Error, RecursionError) as error:
        raise Refused("this is no cursor of this list", field="cursor") from error
    return moment, task_id
