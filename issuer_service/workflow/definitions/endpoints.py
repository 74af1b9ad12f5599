"""Definitions of processes over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Body
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.errors import Kind, Refused
from issuer_service.installation import Installation
from issuer_service.people.service import Caller
from issuer_service.problem_details import problems
from issuer_service.web.dependencies import CallingToManageProcesses, CallingToReadCases, Here
from issuer_service.web.idempotency import Asked, RequestKey, once
from issuer_service.web.paging import Page, Paging, page_of
from issuer_service.web.texts import Identifier
from issuer_service.workflow.cases.endpoints import doing_in
from issuer_service.workflow.definitions.moving import move_cases
from issuer_service.workflow.process.library import publish, row_of
from issuer_service.workflow.process.tables import ProcessDefinition
from issuer_service.workflow.processes import PROCESSES

__all__ = ["router"]

router = APIRouter(prefix="/v1/process-definitions", tags=["processes"])

# A transaction in which others wait for their turn; whoever has more moves them in several.
_MOST_AT_ONCE: Final = 200


class DefinitionSummary(BaseModel):
    """A version of a process."""

    id: str
    name: str = Field(examples=["candidate-path"])
    version: int
    sha256: str = Field(examples=["0" * 64])
    published_at: datetime


class DefinitionShown(DefinitionSummary):
    """A version of a process, whole."""

    definition: dict[str, Any] = Field(examples=[{"name": "candidate-path", "version": 1}])


class NewDefinition(BaseModel):
    """The next version of a process."""

    model_config = ConfigDict(extra="forbid")

    definition: dict[str, Any] = Field(
        description="Stages, tasks and routes; best made from the version before, as it is shown.",
        examples=[{"name": "candidate-path", "version": 2}],
    )


class Move(BaseModel):
    """Which cases go on under which version."""

    model_config = ConfigDict(extra="forbid")

    to_definition_id: Identifier
    stages: dict[str, str] = Field(
        default_factory=dict,
        max_length=200,
        description="Where the cases of a stage go on; a stage that the new version has as well need not be named.",
        examples=[{"kicked_off": "basic_modules"}],
    )
    rehearse: bool = Field(default=True, description="Say what would be done, and do nothing.")


class StagesMoved(BaseModel):
    """The cases of a stage."""

    stage: str = Field(examples=["kicked_off"])
    to: str = Field(examples=["basic_modules"])
    cases: int


class MoveDone(BaseModel):
    """What was moved, or would be."""

    moved: list[StagesMoved]
    left: int = Field(description="How many are still under the version before; ask again for these.")
    rehearsed: bool


def _summary(row: ProcessDefinition) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "version": row.version,
        "sha256": row.sha256,
        "published_at": row.published_at,
    }


@router.get("")
def get_definitions(here: Here, caller: CallingToReadCases, paging: Paging) -> Page[DefinitionSummary]:
    """The definitions that your organisation has used or published."""
    with here.reading_for(caller) as session:
        order = [ProcessDefinition.name, ProcessDefinition.version]
        return page_of(
            session,
            select(ProcessDefinition),
            paging,
            order=order,
            show=lambda row: DefinitionSummary(**_summary(row)),
        )


@router.get("/{definition_id}", responses=problems(Kind.NOT_FOUND))
def get_definition(definition_id: Identifier, here: Here, caller: CallingToReadCases) -> DefinitionShown:
    """A definition, whole: what there is to do, for whom, and what guards it."""
    with here.reading_for(caller) as session:
        row = row_of(session, definition_id, organisation_id=caller.organisation_id)
        return DefinitionShown(**_summary(row), definition=row.content)


@router.post("", status_code=201, responses=problems(Kind.CONFLICT))
def post_definition(
    body: NewDefinition, here: Here, caller: CallingToManageProcesses, request_key: RequestKey = None
) -> DefinitionSummary:
    """Publish the next version of a process. Who is under way stays under theirs until they are moved."""
    process = PROCESSES.get(str(body.definition.get("name")))
    if process is None:
        raise Refused(f"the name is one of: {', '.join(PROCESSES)}", field="definition.name")
    with here.transaction_for(caller) as session:

        def make() -> DefinitionSummary:
            made = publish(
                session,
                body.definition,
                process.surroundings(),
                organisation_id=caller.organisation_id,
                now=here.now(),
                randomness=here.randomness,
            )
            return DefinitionSummary(**_summary(made))

        asked = Asked(request_key, caller, "/v1/process-definitions", body)
        return once(session, asked, now=here.now(), answer=DefinitionSummary, make=make)


@router.post("/{definition_id}/moves", responses=problems(Kind.NOT_FOUND))
def post_move(
    definition_id: Identifier,
    body: Annotated[Move, Body()],
    here: Here,
    caller: CallingToManageProcesses,
    request_key: RequestKey = None,
) -> MoveDone:
    """Have the cases of this version go on under another, two hundred at a time."""
    with here.transaction_for(caller) as session:

        def make() -> MoveDone:
            return _move(session, definition_id, body, here, caller)

        asked = Asked(request_key, caller, f"/v1/process-definitions/{definition_id}/moves", body)
        return once(session, asked, now=here.now(), answer=MoveDone, make=make)


def _move(session: Session, definition_id: str, body: Move, here: Installation, caller: Caller) -> MoveDone:
    old = row_of(session, definition_id, organisation_id=caller.organisation_id)
    new = row_of(session, body.to_definition_id, organisation_id=caller.organisation_id)
    moved = move_cases(
        session,
        old,
        new,
        body.stages,
        caller=caller,
        doing=doing_in(here, old.name),
        at_most=_MOST_AT_ONCE,
        rehearse=body.rehearse,
    )
    shown = [StagesMoved(stage=stage, to=to, cases=cases) for (stage, to), cases in sorted(moved.by_stage.items())]
    return MoveDone(moved=shown, left=moved.left, rehearsed=body.rehearse)
