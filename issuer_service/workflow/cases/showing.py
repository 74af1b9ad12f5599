"""What of a case is shown to whom."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from issuer_service.workflow.process.definition import Definition, Task, Words
from issuer_service.workflow.process.outlook import Offer, Waiting, offers, waiting
from issuer_service.workflow.process.reducer import Actor
from issuer_service.workflow.process.service import context_of, state_of
from issuer_service.workflow.process.tables import CaseEvent, CaseTask, ProcessCase

__all__ = [
    "CaseShown",
    "CaseSummary",
    "EventShown",
    "OfferShown",
    "OffersShown",
    "TaskShown",
    "WaitingShown",
    "case_shown",
    "event_shown",
    "offers_shown",
    "summary_of",
    "task_shown",
    "unknown_to",
]


class WaitingShown(BaseModel):
    """Something that a case waits for."""

    what: str = Field(examples=["intake_report"])
    verb: str = Field(examples=["record"])
    role: str = Field(description="Of whom.", examples=["coach"])
    title: Words
    due_at: datetime


class CaseSummary(BaseModel):
    """A case in a list."""

    id: str
    process: str = Field(examples=["candidate-path"])
    version: int
    programme_id: str | None
    person_id: str | None
    stage: str = Field(examples=["intake"])
    entered_at: datetime
    ended_at: datetime | None
    outcome: str | None = Field(examples=[None])


class CaseShown(CaseSummary):
    """A case: where it stands, what was recorded, and why it does not move."""

    definition_id: str
    enrolment_id: str | None
    about_id: str | None
    stage_title: Words
    number: int = Field(description="How many steps were taken; give it as `seen` with the next.")
    facts: dict[str, Any] = Field(description="By task what was recorded, as far as you may see it.", examples=[{}])
    waiting: list[WaitingShown]


class OfferShown(BaseModel):
    """A step that belongs to where the case stands."""

    what: str = Field(examples=["intake_report"])
    verb: str = Field(examples=["record"])
    title: Words
    roles: list[str] = Field(examples=[["coach"]])
    direction: str = Field(description="Of a move: forward, back or exit.", examples=[""])
    done: bool
    allowed: bool
    why_not: list[Words] = Field(examples=[[]])
    warnings: list[Words] = Field(examples=[[]])
    fields: list[dict[str, Any]] = Field(description="What its `data` holds.", examples=[[]])
    clauses: list[str] = Field(description="Of a document: the clauses that it can have.", examples=[[]])


class OffersShown(BaseModel):
    """Every step that belongs to where a case stands."""

    number: int = Field(description="Give it as `seen` with the step that you take.")
    steps: list[OfferShown]


class EventShown(BaseModel):
    """A step that was taken."""

    number: int
    act: str = Field(examples=["record"])
    what: str = Field(examples=["intake_report"])
    role: str = Field(examples=["coach"])
    by_id: str
    at: datetime
    to: str = Field(description="The stage afterwards.", examples=["intake"])
    data: dict[str, Any] = Field(examples=[{}])
    confidential: dict[str, Any] = Field(description="Empty for who may not see it.", examples=[{}])


class TaskShown(BaseModel):
    """Something that waits for you."""

    id: str
    case_id: str
    what: str = Field(examples=["intake_report"])
    verb: str = Field(examples=["record"])
    role: str = Field(examples=["coach"])
    title: Words
    person_id: str | None = Field(description="Whose case it is.")
    stage: str = Field(examples=["intake"])
    due_at: datetime


def summary_of(case: ProcessCase, definition: Definition) -> CaseSummary:
    """A case in a list."""
    return CaseSummary(**_summary(case, definition))


def case_shown(
    session: Session, case: ProcessCase, definition: Definition, actor: Actor, *, now: datetime
) -> CaseShown:
    """A case, as far as this actor may see it."""
    context, state = context_of(session, case, now=now), state_of(case)
    return CaseShown(
        **_summary(case, definition),
        definition_id=case.definition_id,
        enrolment_id=case.enrolment_id,
        about_id=case.about_id,
        stage_title=definition.stage_by_key[case.stage].title,
        number=case.number,
        facts={key: fact for key, fact in case.facts.items() if _may_see(definition, key, actor)},
        waiting=[_waiting(one) for one in waiting(definition, context, state)],
    )


def offers_shown(
    session: Session, case: ProcessCase, definition: Definition, actor: Actor, *, now: datetime
) -> OffersShown:
    """Every step that belongs here and that this actor may know of, and why they may not take it."""
    found = offers(definition, context_of(session, case, now=now), state_of(case), actor)
    hidden = unknown_to(actor, definition)
    return OffersShown(number=case.number, steps=[_offer(one, definition) for one in found if one.what not in hidden])


def unknown_to(actor: Actor, definition: Definition) -> frozenset[str]:
    """The tasks that this actor may not even know to be done: they have no part in them, and do not see all of a case.

    That somebody talked with the coach about doubts says something, whatever the talk was about.
    """
    if actor.roles & set(definition.sees_all):
        return frozenset()
    tasks = definition.task_by_key.values()
    return frozenset(one.key for one in tasks if not actor.roles & {*one.roles, *one.parties, *one.visible_to})


def event_shown(row: CaseEvent, definition: Definition, actor: Actor) -> EventShown:
    """A step that was taken, as far as this actor may see it."""
    task = definition.task_by_key.get(row.what)
    secret_is_theirs = task is not None and bool(actor.roles & set(task.visible_to))
    return EventShown(
        number=row.number,
        act=row.act,
        what=row.what,
        role=row.role,
        by_id=row.by_id,
        at=row.at,
        to=row.to,
        data=row.data if _may_see(definition, row.what, actor) else {},
        confidential=row.confidential if secret_is_theirs else {},
    )


def task_shown(row: CaseTask, case: ProcessCase, definition: Definition) -> TaskShown:
    """A line of the work list."""
    owner = definition.task_by_key.get(row.what) or definition.route_by_key[row.what]
    return TaskShown(
        id=row.id,
        case_id=row.case_id,
        what=row.what,
        verb=row.verb,
        role=row.role,
        title=owner.title,
        person_id=case.person_id,
        stage=case.stage,
        due_at=row.due_at,
    )


def _summary(case: ProcessCase, definition: Definition) -> dict[str, Any]:
    return {
        "id": case.id,
        "process": definition.name,
        "version": definition.version,
        "programme_id": case.programme_id,
        "person_id": case.person_id,
        "stage": case.stage,
        "entered_at": case.entered_at,
        "ended_at": case.ended_at,
        "outcome": case.outcome,
    }


def _may_see(definition: Definition, key: str, actor: Actor) -> bool:
    """Who runs the process and whom it is about see all that was recorded; others what they have a part in."""
    if actor.roles & set(definition.sees_all):
        return True
    task: Task | None = definition.task_by_key.get(key)
    return task is not None and bool(actor.roles & {*task.roles, *task.parties})


def _waiting(one: Waiting) -> WaitingShown:
    return WaitingShown(what=one.what, verb=one.verb, role=one.role, title=one.title, due_at=one.due_at)


def _offer(one: Offer, definition: Definition) -> OfferShown:
    task = definition.task_by_key.get(one.what)
    owner = task or definition.route_by_key[one.what]
    return OfferShown(
        what=one.what,
        verb=one.verb,
        title=one.title,
        roles=list(one.roles),
        direction=one.direction,
        done=one.done,
        allowed=not one.why_not,
        why_not=list(one.why_not),
        warnings=list(one.warnings),
        fields=[] if one.verb == "sign" else [field.model_dump(mode="json") for field in owner.fields],
        clauses=[clause.key for clause in task.clauses] if task is not None else [],
    )
