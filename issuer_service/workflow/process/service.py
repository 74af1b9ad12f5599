"""Cases over a database: begun, taken a step further with what comes of it, all in the transaction of whoever calls.

What a process is about is not known here. A slice says what its effects do, and hands them in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Final

from sqlalchemy import String, bindparam, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from issuer_service.audit.events import AuditEvent
from issuer_service.audit.trail import record
from issuer_service.clock import Randomness
from issuer_service.errors import Conflict, NotAllowed, NotFound, Refused
from issuer_service.people.roles import Role
from issuer_service.people.service import Caller
from issuer_service.persistence.finding import find
from issuer_service.persistence.identifiers import random_uuid
from issuer_service.programme.tables import Module, Programme
from issuer_service.workflow.events import Event, EventKind, EventSink
from issuer_service.workflow.process.definition import Definition
from issuer_service.workflow.process.library import definition_of, read
from issuer_service.workflow.process.reducer import Actor, Refusal, Step, Taken, begin, decide
from issuer_service.workflow.process.rules import Context
from issuer_service.workflow.process.state import Act, CaseState, Happened, Json
from issuer_service.workflow.process.tables import CaseEvent, CaseParty, ProcessCase, ProcessDefinition
from issuer_service.workflow.process.worklist import bring_up_to_date, parties_of

__all__ = [
    "PERSONAL_ROLES",
    "Doing",
    "Effect",
    "actor_in",
    "begin_case",
    "case_of",
    "context_of",
    "events_of",
    "put_down",
    "state_of",
    "take_step",
]


PERSONAL_ROLES: Final = frozenset(map(str, (Role.CANDIDATE, Role.LEARNER, Role.PARTICIPANT, Role.EMPLOYER)))
"""Roles that somebody has in their own cases, whatever the process: they see no other."""

_NOTHING: Final[Json] = MappingProxyType({})
# Asked with every step, and made once.
_SETTINGS: Final = select(Programme.settings).where(Programme.id == bindparam("of_programme", String))
_MODULES: Final = select(Module.id, Module.phase).where(Module.programme_id == bindparam("of_programme", String))


@dataclass(frozen=True, slots=True)
class Doing:
    """What doing something takes: where events go, the moment and chance; what each effect does; what tells people."""

    events: EventSink
    now: datetime
    randomness: Randomness
    effects: Mapping[str, Effect] = field(default_factory=dict)
    tell: Tell | None = None


Effect = Callable[[Session, ProcessCase, CaseEvent, Doing], None]
"""What a step does besides being recorded. It may refuse, and then the step was not taken."""

Tell = Callable[[Session, ProcessCase, CaseEvent, Doing], None]
"""Writes to people what a step `tells`."""


def case_of(session: Session, case_id: str, caller: Caller) -> tuple[ProcessCase, Definition, Actor]:
    """A case, what it follows, and what the caller is in it.

    Raises NotFound, also for another organisation's, and for who has no part in it.
    """
    case = find(session, ProcessCase, case_id)
    if case is None or case.organisation_id != caller.organisation_id:
        raise NotFound("there is no such case", field="case_id")
    definition = definition_of(session, case)
    actor = actor_in(session, case, definition, caller)
    if not actor.roles:
        raise NotFound("there is no such case", field="case_id")
    return case, definition, actor


def actor_in(session: Session, case: ProcessCase, definition: Definition, caller: Caller) -> Actor:
    """What somebody is in a case: their role here, and a personal role where they have it in this very case."""
    mine = {role for role, person_id in parties_of(session, case.id).items() if person_id == caller.person_id}
    held = {str(role) for role in caller.roles} - PERSONAL_ROLES - {definition.subject, *definition.personal}
    return Actor(caller.person_id, frozenset((held & definition.involved) | mine))


def state_of(case: ProcessCase) -> CaseState:
    """Where a case stands."""
    return CaseState(case.stage, case.entered_at, case.number, case.facts)


def events_of(session: Session, case: ProcessCase) -> list[Happened]:
    """Everything that happened to a case; replayed, it gives where it stands."""
    rows = session.scalars(select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.number))
    return [
        Happened(
            number=row.number,
            act=Act(row.act),
            what=row.what,
            role=row.role,
            by=row.by_id,
            at=row.at,
            to=row.to,
            data=row.data,
            confidential=row.confidential,
            cleared=tuple(row.cleared),
        )
        for row in rows
    ]


def context_of(session: Session, case: ProcessCase, *, now: datetime) -> Context:
    """What surrounds a case: the settings and the modules of its programme, where it has one."""
    if case.programme_id is None:
        return Context(now)
    settings = session.execute(_SETTINGS, {"of_programme": case.programme_id}).scalar_one()
    modules = session.execute(_MODULES, {"of_programme": case.programme_id})
    return Context(now, settings, {row.id: row.phase for row in modules})


def begin_case(
    session: Session,
    row: ProcessDefinition,
    *,
    caller: Caller,
    doing: Doing,
    programme_id: str | None = None,
    person_id: str | None = None,
    about_id: str | None = None,
    data: Json = _NOTHING,
    also: tuple[str, ...] = (),
) -> ProcessCase:
    """Begin a case; `data` is what it begins with, and `also` are roles that may, beside those of its definition.

    Raises NotAllowed for who may not, and Conflict where the person has one under way.
    """
    definition = read(row)
    actor = Actor(caller.person_id, frozenset(map(str, caller.roles)))
    taken = begin(definition, actor, now=doing.now, data=data, also=also)
    if isinstance(taken, Refusal):
        raise NotAllowed("; ".join(taken.why))
    if person_id is not None and _under_way(session, row, person_id, programme_id):
        raise Conflict("they are on this path already", field="person_id")
    case = ProcessCase(
        id=random_uuid(doing.randomness),
        organisation_id=caller.organisation_id,
        definition_id=row.id,
        programme_id=programme_id,
        person_id=person_id,
        about_id=about_id,
        stage=taken.state.stage,
        number=taken.state.number,
        facts=dict(taken.state.facts),
        began_at=doing.now,
        entered_at=doing.now,
    )
    session.add(case)
    session.flush()
    if person_id is not None:
        session.add(
            CaseParty(
                case_id=case.id, role=definition.subject, organisation_id=case.organisation_id, person_id=person_id
            )
        )
        session.flush()
    context = context_of(session, case, now=doing.now)
    _follow_up(session, case, definition, taken, context=context, doing=doing)
    return case


def take_step(
    session: Session, case: ProcessCase, step: Step, actor: Actor, *, doing: Doing, seen: int | None = None
) -> Taken:
    """Take a step, with its effect and its event: all of it happens, or nothing.

    `seen` is the number of events that whoever asks has seen. Raises NotAllowed for who may not, Refused with every
    reason why not, and Conflict where somebody else took a step meanwhile.
    """
    if seen is not None and seen != case.number:
        raise Conflict("somebody took a step meanwhile; look again where the case stands", field="seen")
    definition = definition_of(session, case)
    context = context_of(session, case, now=doing.now)
    taken = decide(definition, context, state_of(case), step, actor)
    if isinstance(taken, Refusal):
        if taken.not_theirs:
            raise NotAllowed("; ".join(taken.why))
        raise Refused("this step may not be taken", field="what", findings=taken.why)
    put_down(session, case, definition, taken, context=context, doing=doing)
    return taken


def put_down(
    session: Session, case: ProcessCase, definition: Definition, taken: Taken, *, context: Context, doing: Doing
) -> None:
    """Write what happened and what comes of it. Raises Conflict where somebody else was a moment earlier."""
    event, state = taken.event, taken.state
    case.stage, case.number, case.facts = state.stage, state.number, dict(state.facts)
    case.entered_at = state.entered_at
    if taken.ends:
        case.ended_at, case.outcome = event.at, taken.ends
    try:
        session.flush()
    except StaleDataError as error:
        raise Conflict("somebody took a step meanwhile; look again where the case stands", field="seen") from error
    _follow_up(session, case, definition, taken, context=context, doing=doing)


def _follow_up(
    session: Session, case: ProcessCase, definition: Definition, taken: Taken, *, context: Context, doing: Doing
) -> None:
    event = taken.event
    row = CaseEvent(
        id=random_uuid(doing.randomness),
        organisation_id=case.organisation_id,
        case_id=case.id,
        number=event.number,
        act=str(event.act),
        what=event.what,
        role=event.role,
        by_id=event.by,
        at=event.at,
        to=event.to,
        data=dict(event.data),
        confidential=dict(event.confidential),
        cleared=list(event.cleared),
        tells=list(taken.tells),
    )
    session.add(row)
    if taken.effect:
        doing.effects[taken.effect](session, case, row, doing)
    if taken.emits and case.enrolment_id is not None:
        told = Event(EventKind(taken.emits), case.organisation_id, case.enrolment_id, row.id, event.at)
        doing.events.emit(session, told)
    bring_up_to_date(
        session,
        case,
        definition,
        context=context,
        state=state_of(case),
        randomness=doing.randomness,
    )
    if taken.tells and doing.tell is not None:
        doing.tell(session, case, row, doing)
    record(
        session,
        AuditEvent.CASE_STEP_TAKEN,
        about=case.id,
        organisation_id=case.organisation_id,
        actor_id=event.by,
        details={"act": str(event.act), "stage": event.to, "step": event.what},
    )


def _under_way(session: Session, row: ProcessDefinition, person_id: str, programme_id: str | None) -> bool:
    known = (
        select(ProcessCase.id)
        .join(ProcessDefinition, ProcessDefinition.id == ProcessCase.definition_id)
        .where(
            ProcessCase.person_id == person_id,
            ProcessCase.programme_id == programme_id,
            ProcessCase.ended_at.is_(None),
            ProcessDefinition.name == row.name,
        )
    )
    return session.scalar(known.limit(1)) is not None
