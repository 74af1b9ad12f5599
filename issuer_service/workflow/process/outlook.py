"""Looking ahead from where a case stands: what may be done and why not, what it waits for, and by when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from issuer_service.workflow.process.definition import (
    ANYWHERE,
    Definition,
    Direction,
    Form,
    Guard,
    Route,
    Rule,
    Task,
    Words,
    holds,
)
from issuer_service.workflow.process.reducer import Actor, Verb, guards_of
from issuer_service.workflow.process.rules import Context, is_done, outstanding, unmet
from issuer_service.workflow.process.state import CaseState

__all__ = ["Offer", "Waiting", "offers", "waiting", "way_on"]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that a case waits for, and of whom."""

    what: str
    verb: Verb
    role: str
    title: Words
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Offer:
    """A step that belongs to where the case stands. `why_not` is empty where whoever is asked for may take it."""

    what: str
    verb: Verb
    title: Words
    roles: tuple[str, ...]
    direction: str
    done: bool
    why_not: tuple[Words, ...]
    warnings: tuple[Words, ...]


def offers(definition: Definition, context: Context, state: CaseState, actor: Actor | None = None) -> tuple[Offer, ...]:
    """Every step that belongs here, and why it may not be taken: by this actor, or by anybody where none is given."""
    stage = definition.stage_by_key.get(state.stage)
    if stage is None or stage.ends:
        return ()
    found: list[Offer] = []
    for task in definition.tasks_at[stage.key]:
        if holds(task.when, context.settings):
            found += _of_task(task, state, actor)
    for route in definition.routes_from[stage.key]:
        if holds(route.when, context.settings):
            found.append(_of_route(route, definition, context, state, actor))
    return tuple(found)


def way_on(definition: Definition, context: Context, state: CaseState) -> Route | None:
    """The route that a case should take next; None at its end.

    The first main one that is open; else the first that something can still open; else whatever leads away.
    """
    routes = [route for route in definition.routes_from.get(state.stage, ()) if holds(route.when, context.settings)]
    barred = {route.key: _barred(definition, context, state, route) for route in routes}
    forward = [
        route
        for route in routes
        if route.direction is Direction.FORWARD and route.main is not False and holds(route.main, context.settings)
    ]
    aside = [route for route in routes if route.direction is not Direction.FORWARD and ANYWHERE not in route.origins]
    still = [route for route in forward if not any(_for_good(guard, state) for guard in barred[route.key])]
    candidates = [
        *(route for route in forward if not barred[route.key]),
        *still,
        *(route for route in aside if not barred[route.key]),
        *forward,
    ]
    return next(iter(candidates), None)


def waiting(definition: Definition, context: Context, state: CaseState) -> tuple[Waiting, ...]:
    """What the case waits for on its way on; nothing at its end."""
    route = way_on(definition, context, state)
    if route is None:
        return ()
    here = {task.key: task for task in definition.tasks_at[state.stage] if holds(task.when, context.settings)}
    found: dict[tuple[str, str], Waiting] = {}
    for guard in _barred(definition, context, state, route):
        if guard.task in here and guard.rule is not Rule.NOT_DONE:
            for task in _first_of_all(here[guard.task], here, context, state):
                for one in _of_whom(task, guard, state):
                    found.setdefault((one.what, one.role), one)
    if not found:
        due_at = state.entered_at + timedelta(days=route.due_days)
        return (Waiting(route.key, "move", route.roles[0], route.title, due_at),)
    return tuple(found.values())


def _barred(definition: Definition, context: Context, state: CaseState, route: Route) -> tuple[Guard, ...]:
    guards = unmet(guards_of(definition, route), definition, context, state)
    return tuple(guard for guard in guards if not guard.warns)


def _for_good(guard: Guard, state: CaseState) -> bool:
    """Whether what bars the way was answered: then nobody waits for the answer any more."""
    return guard.rule in {Rule.ANSWERED, Rule.NOT_DONE, Rule.MUTUAL} and bool(state.of(guard.task))


def _first_of_all(
    task: Task, here: Mapping[str, Task], context: Context, state: CaseState, seen: frozenset[str] = frozenset()
) -> list[Task]:
    """The task, or what has to be done before it can be."""
    before = [
        here[guard.task]
        for guard in task.guards
        if guard.rule is Rule.DONE
        and guard.task in here
        and guard.task not in {*seen, task.key}
        and holds(guard.when, context.settings)
        and not is_done(here[guard.task], state)
    ]
    found = [first for one in before for first in _first_of_all(one, here, context, state, seen | {task.key})]
    return found or [task]


def _of_whom(task: Task, guard: Guard, state: CaseState) -> list[Waiting]:
    due_at = state.entered_at + timedelta(days=task.due_days)
    if task.form is Form.VOICES:
        left = outstanding(task, state) or _who_said_otherwise(task, guard, state) or task.parties[:1]
        return [Waiting(task.key, "record", party, task.title, due_at) for party in left]
    if task.form is Form.DOCUMENT and state.of(task.key):
        left = outstanding(task, state)
        if left:
            return [Waiting(task.key, "sign", party, task.title, due_at) for party in left]
    return [Waiting(task.key, "record", task.roles[0], task.title, due_at)]


def _who_said_otherwise(task: Task, guard: Guard, state: CaseState) -> tuple[str, ...]:
    """Where all were heard and not all agree, it waits for who does not: another saying the same again helps nobody."""
    voices = state.of(task.key).get("voices", {}) if guard.task == task.key else {}
    return tuple(party for party, voice in voices.items() if voice["data"].get(guard.field) not in guard.one_of)


def _for(roles: tuple[str, ...]) -> Words:
    return Words(nl=f"dit is voor: {', '.join(roles)}", en=f"this is for: {', '.join(roles)}")


def _of_task(task: Task, state: CaseState, actor: Actor | None) -> list[Offer]:
    done = is_done(task, state)
    said_by = task.parties if task.form is Form.VOICES else task.roles
    theirs = actor is None or bool(actor.roles & set(said_by))
    found = [Offer(task.key, "record", task.title, said_by, "", done, () if theirs else (_for(said_by),), ())]
    left = outstanding(task, state) if task.form is Form.DOCUMENT and state.of(task.key) else ()
    if left:
        signs = actor is None or bool(actor.roles & set(left))
        found.append(Offer(task.key, "sign", task.title, left, "", done, () if signs else (_for(left),), ()))
    return found


def _of_route(route: Route, definition: Definition, context: Context, state: CaseState, actor: Actor | None) -> Offer:
    guards = unmet(guards_of(definition, route), definition, context, state)
    # Of two guards that say the same, once.
    why_not = list(dict.fromkeys(guard.because for guard in guards if not guard.warns))
    if actor is not None and not actor.roles & set(route.roles):
        why_not.insert(0, _for(route.roles))
    warnings = tuple(guard.because for guard in guards if guard.warns)
    direction = str(route.direction)
    return Offer(
        route.key, "move", route.title, route.roles, direction, done=False, why_not=tuple(why_not), warnings=warnings
    )
