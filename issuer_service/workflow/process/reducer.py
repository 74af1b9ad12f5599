"""Taking a step: from a definition, a state and what somebody wants to what happened, or the reasons why not.

Pure: it asks nobody, remembers nothing, and looks at no clock. Who somebody is in a case is said by whoever calls.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, Literal

from issuer_service.workflow.process.definition import Definition, Direction, Form, Guard, Route, Task, holds
from issuer_service.workflow.process.records import check_data, check_document, divided
from issuer_service.workflow.process.rules import Context, outstanding, unmet
from issuer_service.workflow.process.state import Act, CaseState, Happened, Json, evolve

__all__ = ["Actor", "Refusal", "Step", "Taken", "Verb", "begin", "decide", "guards_of"]

Verb = Literal["record", "sign", "move"]

_ACTS: Final[Mapping[Form, Act]] = MappingProxyType(
    {
        Form.RECORD: Act.RECORD,
        Form.DOCUMENT: Act.RECORD,
        Form.VOICES: Act.VOICE,
        Form.SERIES: Act.ADD,
        Form.KEYED: Act.KEYED,
    }
)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does it, and what they are in this case."""

    person_id: str
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Step:
    """What somebody wants: to record or sign a task, or to move along a route."""

    verb: Verb
    what: str
    data: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that may be taken: what happens, where it leads, and what comes of it."""

    event: Happened
    state: CaseState
    emits: str = ""
    effect: str = ""
    tells: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    ends: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a step may not be taken. `not_theirs`: by somebody else it might be; `guards`: those that do not hold."""

    why: tuple[str, ...]
    not_theirs: bool = False
    guards: tuple[Guard, ...] = ()


@dataclass(frozen=True, slots=True)
class _Asked:
    definition: Definition
    context: Context
    state: CaseState
    step: Step
    actor: Actor

    def event(self, act: Act, role: str, fields: Any = (), **more: Any) -> Happened:
        open_data, confidential = divided(fields, self.step.data)
        given: dict[str, Any] = {"to": self.state.stage, "data": open_data, "confidential": confidential, **more}
        return Happened(
            number=self.state.number + 1,
            act=act,
            what=self.step.what,
            role=role,
            by=self.actor.person_id,
            at=self.context.now,
            **given,
        )


def begin(
    definition: Definition, actor: Actor, *, now: datetime, data: Json, also: tuple[str, ...] = ()
) -> Taken | Refusal:
    """Begin a case at the first stage. `also` are roles that may, where something beside the process leads to it."""
    opened_by = (*definition.opened_by, *(role for role in also if role not in definition.opened_by))
    role = next((role for role in opened_by if role in actor.roles), None)
    if role is None:
        return _not_theirs(opened_by)
    event = Happened(1, Act.BEGIN, "begin", role, actor.person_id, now, definition.start, data)
    return Taken(event, evolve(None, event), tells=definition.stage_by_key[definition.start].tells)


def decide(definition: Definition, context: Context, state: CaseState, step: Step, actor: Actor) -> Taken | Refusal:
    """What comes of a step, or every reason why it may not be taken."""
    asked = _Asked(definition, context, state, step, actor)
    stage = definition.stage_by_key.get(state.stage)
    if stage is None:
        return Refusal((f"stage: {state.stage} is none of version {definition.version}; move the case to another",))
    if stage.ends:
        return Refusal((f"stage: this has ended, in {stage.title.en}",))
    if step.verb == "move":
        route = definition.route_by_key.get(step.what)
        if route is None or route not in definition.routes_from[stage.key]:
            return Refusal((_not_here("what", step.what, [one.key for one in definition.routes_from[stage.key]]),))
        return _move(asked, route)
    task = definition.task_by_key.get(step.what)
    if task is None or task not in definition.tasks_at[stage.key]:
        return Refusal((_not_here("what", step.what, [one.key for one in definition.tasks_at[stage.key]]),))
    if not holds(task.when, context.settings):
        return Refusal((f"what: {task.key} is no part of how this programme works",))
    return _sign(asked, task) if step.verb == "sign" else _record(asked, task)


def guards_of(definition: Definition, route: Route) -> Any:  # guards
    """All that must hold before a route may be taken."""
    needs = definition.stage_by_key[route.to].needs if route.direction is Direction.FORWARD else ()
    return (*route.guards, *needs)


def _record(asked: _Asked, task: Task) -> Taken | Refusal:
    said_by = task.parties if task.form is Form.VOICES else task.roles
    role = next((role for role in said_by if role in asked.actor.roles), None)
    if role is None:
        return _not_theirs(said_by)
    data, state = asked.step.data, asked.state
    check = check_document(task, data, asked.context) if task.form is Form.DOCUMENT else None
    found = check_data(task.fields, data, asked.context) if check is None else check
    if found:
        return Refusal(tuple(found))
    if task.form is Form.VOICES:
        others = {party: voice for party, voice in state.of(task.key).get("voices", {}).items() if party != role}
        if any(voice["by"] == asked.actor.person_id for voice in others.values()):
            return Refusal((f"what: {task.key} takes one voice of each person, and yours was heard",), not_theirs=True)
    return _with_guards(asked, task, asked.event(_ACTS[task.form], role, task.fields, cleared=task.clears))


def _sign(asked: _Asked, task: Task) -> Taken | Refusal:
    if task.form is not Form.DOCUMENT:
        return Refusal((f"what: {task.key} is not signed, it is recorded",))
    if not set(task.parties) & asked.actor.roles:
        return _not_theirs(task.parties)
    fact = asked.state.of(task.key)
    if not fact:
        return Refusal((f"what: {task.key} was not drawn up yet",))
    if asked.step.data:
        return Refusal(("data: a signature has none",))
    left = outstanding(task, asked.state)
    role = next((role for role in left if role in asked.actor.roles), None)
    if role is None:
        return Refusal((f"what: {task.key} was signed already for {', '.join(task.parties)}",))
    if any(signature["by"] == asked.actor.person_id for signature in fact.get("signed", {}).values()):
        return Refusal((f"what: nobody signs {task.key} for two parties",), not_theirs=True)
    return _with_guards(asked, task, asked.event(Act.SIGN, role))


def _with_guards(asked: _Asked, task: Task, event: Happened) -> Taken | Refusal:
    """A task's guards are asked of the state as it would be: what is recorded is what they are about."""
    after = evolve(asked.state, event)
    # Before anything is cleared: what is called off has to be there.
    asked_of = evolve(asked.state, replace(event, cleared=()))
    open_ones = unmet(task.guards, asked.definition, asked.context, asked_of)
    refusing = tuple(guard for guard in open_ones if not guard.warns)
    if refusing:
        return Refusal(tuple(guard.because.en for guard in refusing), guards=refusing)
    whole = not outstanding(task, after)
    return Taken(
        event,
        after,
        emits=task.emits if whole else "",
        effect=task.effect if whole else "",
        tells=task.tells if whole else (),
        warnings=tuple(guard.because.en for guard in open_ones if guard.warns),
    )


def _move(asked: _Asked, route: Route) -> Taken | Refusal:
    definition, context = asked.definition, asked.context
    if not holds(route.when, context.settings):
        return Refusal((f"what: {route.key} is no part of how this programme works",))
    role = next((role for role in route.roles if role in asked.actor.roles), None)
    if role is None:
        return _not_theirs(route.roles)
    found = check_data(route.fields, asked.step.data, context)
    if found:
        return Refusal(tuple(found))
    event = asked.event(Act.MOVE, role, route.fields, to=route.to, cleared=route.clears)
    # Before anything is cleared: what a route clears may be what opens it.
    open_ones = unmet(
        guards_of(definition, route), definition, context, evolve(asked.state, replace(event, cleared=()))
    )
    refusing = tuple(guard for guard in open_ones if not guard.warns)
    if refusing:
        return Refusal(tuple(guard.because.en for guard in refusing), guards=refusing)
    target = definition.stage_by_key[route.to]
    return Taken(
        event,
        evolve(asked.state, event),
        emits=route.emits,
        effect=route.effect,
        tells=(*route.tells, *target.tells),
        warnings=tuple(guard.because.en for guard in open_ones if guard.warns),
        ends=target.ends,
    )


def _not_theirs(roles: tuple[str, ...]) -> Refusal:
    return Refusal((f"this is for: {', '.join(roles)}",), not_theirs=True)


def _not_here(field: str, asked: str, known: list[str]) -> str:
    return f"{field}: {asked} cannot be done here; what can: {', '.join(known) or 'nothing'}"
