"""Whether a definition can be used: nothing in it is unknown, nothing is out of reach, and nobody gets stuck.

Everything that is amiss is found at once, each with where it stands.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from issuer_service.workflow.process.definition import (
    ANYWHERE,
    MEETING_FIELDS,
    Condition,
    Definition,
    Direction,
    FieldType,
    Form,
    Guard,
    RecordField,
    Route,
    Rule,
    Task,
    holds,
)

__all__ = ["Surroundings", "check_definition", "reached"]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a definition may lean on: roles, events, effects, and by preset the settings of a programme."""

    roles: Collection[str]
    emits: Collection[str] = ()
    effects: Collection[str] = ()
    presets: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: {"": {}})


_NEEDED: Final[Mapping[Rule, tuple[str, ...]]] = MappingProxyType(
    {
        Rule.DONE: ("task",),
        Rule.NOT_DONE: ("task",),
        Rule.ANSWERED: ("task", "field", "one_of"),
        Rule.NOT_ANSWERED: ("task", "field", "one_of"),
        Rule.INCLUDES: ("task", "field", "one_of"),
        Rule.IN_SETTING: ("task", "field", "setting"),
        Rule.IN_ORDER: ("first", "then"),
        Rule.SAME: ("first", "then"),
        Rule.AT_LEAST: ("task", "setting"),
        Rule.MODULES: ("task",),
        Rule.MUTUAL: ("task", "field", "first", "then"),
        Rule.WITHIN_MONTHS: ("first", "setting"),
        Rule.TO_COME: ("first",),
    }
)


def check_definition(definition: Definition, around: Surroundings) -> tuple[str, ...]:
    """What is amiss, each as `where: what`; nothing for a definition that can be used."""
    found = [*_doubles(definition), *_names(definition, around)]
    if found:
        # Where names lead nowhere, what can be reached is anybody's guess.
        return tuple(found)
    for preset, settings in around.presets.items():
        found += _stuck(definition, preset, settings)
    everywhere = set().union(*(reached(definition, settings) for settings in around.presets.values()))
    found += [f"stages.{stage.key}: out of reach" for stage in definition.stages if stage.key not in everywhere]
    return tuple(found)


def reached(
    definition: Definition, settings: Mapping[str, Any], *, start: str = "", only: Direction | None = None
) -> set[str]:
    """The stages that can be reached from the first, or from `start`, under these settings; the guards aside."""
    seen, todo = set[str](), [start or definition.start]
    while todo:
        at = todo.pop()
        if at not in seen:
            seen.add(at)
            todo += [
                route.to
                for route in definition.routes_from.get(at, ())
                if holds(route.when, settings) and only in {None, route.direction}
            ]
    return seen


def _stuck(definition: Definition, preset: str, settings: Mapping[str, Any]) -> Iterator[str]:
    ends = {stage.key for stage in definition.stages if stage.ends}
    here = reached(definition, settings)
    for stage in sorted(here - ends):
        if not reached(definition, settings, start=stage, only=Direction.FORWARD) & ends:
            yield f"stages.{stage}: no forward route leads from here to an end{preset and f' in {preset}'}"
    for route in definition.routes:
        if not holds(route.when, settings):
            continue
        needs = definition.stage_by_key[route.to].needs if route.direction is Direction.FORWARD else ()
        for guard in (*route.guards, *needs):
            if holds(guard.when, settings) and not guard.warns and guard.task and guard.rule is not Rule.NOT_DONE:
                yield from _cannot_be_met(definition, settings, route, guard, here)


def _cannot_be_met(
    definition: Definition, settings: Mapping[str, Any], route: Route, guard: Guard, here: set[str]
) -> Iterator[str]:
    """A guard that asks for what can be done nowhere on the way would keep everybody where they are."""
    task = definition.task_by_key[guard.task]
    places = {stage.key for stage in definition.stages if task in definition.tasks_at[stage.key]} & here
    for origin in (stage.key for stage in definition.stages if route in definition.routes_from[stage.key]):
        on_the_way = (origin in reached(definition, settings, start=place) for place in places)
        if origin in here and not (holds(task.when, settings) and any(on_the_way)):
            yield f"routes.{route.key}: asks for {task.key}, which cannot be done on the way to {origin}"


def _doubles(definition: Definition) -> Iterator[str]:
    lists: tuple[tuple[str, list[str]], ...] = (
        ("stages", [stage.key for stage in definition.stages]),
        ("tasks", [task.key for task in definition.tasks]),
        ("routes and tasks", [*(route.key for route in definition.routes), *definition.task_by_key]),
        *((f"tasks.{task.key}.fields", [one.key for one in task.fields]) for task in definition.tasks),
        *((f"tasks.{task.key}.clauses", [one.key for one in task.clauses]) for task in definition.tasks),
    )
    for where, keys in lists:
        yield from (f"{where}: {key} is there twice" for key in sorted({key for key in keys if keys.count(key) > 1}))


def _names(definition: Definition, around: Surroundings) -> Iterator[str]:
    stages = definition.stage_by_key
    if definition.start not in stages or stages[definition.start].ends:
        yield f"start: {definition.start} is no stage that something can begin at"
    if not any(stage.ends for stage in definition.stages):
        yield "stages: none is an end"
    yield from _unknown("opened_by", definition.opened_by, around.roles, "role")
    yield from _unknown(
        "personal", (definition.subject, *definition.personal, *definition.sees_all), around.roles, "role"
    )
    fields = [
        *(field for task in definition.tasks for field in task.fields),
        *(field for route in definition.routes for field in route.fields),
    ]
    choices = {choice for field in fields for choice in field.choices}
    yield from _unknown("words", definition.words, choices, "choice")
    for stage in definition.stages:
        yield from _of_guards(f"stages.{stage.key}", stage.needs, definition, around)
    for task in definition.tasks:
        yield from _of_task(task, definition, around)
    for route in definition.routes:
        yield from _of_route(route, definition, around)


def _of_route(route: Route, definition: Definition, around: Surroundings) -> Iterator[str]:
    where, stages = f"routes.{route.key}", definition.stage_by_key
    yield from _unknown(where, (one for one in route.origins if one != ANYWHERE), stages, "stage")
    yield from _unknown(where, (route.to,), stages, "stage")
    yield from (f"{where}: {one} is an end" for one in route.origins if one in stages and stages[one].ends)
    yield from _unknown(where, route.roles, around.roles, "role")
    yield from _unknown(where, route.clears, definition.task_by_key, "task")
    yield from _unknown(where, filter(None, (route.emits,)), around.emits, "event")
    yield from _unknown(where, filter(None, (route.effect,)), around.effects, "effect")
    yield from _of_conditions(where, route.when, around)
    yield from _of_guards(where, route.guards, definition, around)
    yield from _of_fields(where, route.fields, around)
    if any(one.confidential for one in route.fields):
        yield f"{where}: what is confidential is recorded by a task, which says who sees it"
    if route.main:
        yield from _of_conditions(where, route.main, around)
    if route.direction is Direction.EXIT and route.to in stages and not stages[route.to].ends:
        yield f"{where}: an exit leads to an end, and {route.to} is none"


def _of_task(task: Task, definition: Definition, around: Surroundings) -> Iterator[str]:
    where, stages = f"tasks.{task.key}", definition.stage_by_key
    yield from _unknown(where, (one for one in task.stages if one != ANYWHERE), stages, "stage")
    yield from (f"{where}: {one} is an end" for one in task.stages if one in stages and stages[one].ends)
    yield from _unknown(where, (*task.roles, *task.parties, *task.visible_to), around.roles, "role")
    yield from _unknown(where, task.clears, definition.task_by_key, "task")
    yield from _unknown(where, filter(None, (task.emits,)), around.emits, "event")
    yield from _unknown(where, filter(None, (task.effect,)), around.effects, "effect")
    yield from _of_conditions(where, task.when, around)
    yield from _of_guards(where, task.guards, definition, around)
    yield from _of_fields(where, task.fields, around)
    for clause in task.clauses:
        yield from _of_conditions(f"{where}.clauses.{clause.key}", clause.when, around)
    yield from _of_meeting(where, task, definition)
    with_parties = task.form in {Form.DOCUMENT, Form.VOICES}
    if with_parties != bool(task.parties):
        yield f"{where}: a {task.form} has {'parties' if with_parties else 'no parties'}"
    if any(one.confidential for one in task.fields) != bool(task.visible_to):
        yield f"{where}: what is confidential is visible to somebody, and only that"
    if task.form is Form.KEYED and not any(
        one.key == "module" and one.type is FieldType.MODULE and one.required for one in task.fields
    ):
        yield f"{where}: what is done for each module has a required field `module`"


def _of_meeting(where: str, task: Task, definition: Definition) -> Iterator[str]:
    if task.plans is None:
        return
    if task.form is not Form.RECORD:
        yield f"{where}: what is planned is recorded, and again when it is moved: its form is {Form.RECORD}"
    fields = {one.key: one for one in task.fields if one.required}
    for key, kind in MEETING_FIELDS.items():
        if key not in fields or fields[key].type is not kind or (kind is FieldType.NUMBER and fields[key].most is None):
            most = ", with `most`" if kind is FieldType.NUMBER else ""
            yield f"{where}: what plans a meeting has a required field `{key}` that is a {kind}{most}"
    yield from _unknown(
        f"{where}.plans", task.plans.invites, (definition.subject, *definition.personal), "personal role"
    )


def _of_fields(where: str, fields: tuple[RecordField, ...], around: Surroundings) -> Iterator[str]:
    for one in fields:
        if (one.type in {FieldType.CHOICE, FieldType.CHECKLIST}) != bool(one.choices):
            yield f"{where}.fields.{one.key}: choices belong to a choice and to a checklist"
        yield from _unknown(f"{where}.fields.{one.key}", one.roles, around.roles, "role")
        if one.roles and one.type not in {FieldType.PERSON, FieldType.PEOPLE}:
            yield f"{where}.fields.{one.key}: roles belong to somebody"
        if one.most is not None and one.type is not FieldType.NUMBER:
            yield f"{where}.fields.{one.key}: only a number has a highest one"
        if one.ranked and one.type is not FieldType.PEOPLE:
            yield f"{where}.fields.{one.key}: only people are ranked"


def _of_guards(where: str, guards: tuple[Guard, ...], definition: Definition, around: Surroundings) -> Iterator[str]:
    for guard in guards:
        at = f"{where}.guards.{guard.rule}"
        yield from (f"{at}: needs `{name}`" for name in _NEEDED[guard.rule] if not getattr(guard, name))
        yield from _of_conditions(at, guard.when, around)
        if guard.task and guard.task not in definition.task_by_key:
            yield f"{at}: {guard.task} is no task"
        elif guard.task and guard.field:
            yield from _of_path(at, f"{guard.task}.{guard.field}", definition)
        for path in filter(None, (guard.first, guard.then)):
            yield from _of_path(at, path, definition)
        if guard.setting and any(guard.setting not in settings for settings in around.presets.values()):
            yield f"{at}: {guard.setting} is no setting"


def _of_path(where: str, path: str, definition: Definition) -> Iterator[str]:
    owner, _, name = path.partition(".")
    task = definition.task_by_key.get(owner)
    fields = (
        task.fields if task else definition.route_by_key[owner].fields if owner in definition.route_by_key else None
    )
    if fields is None or name not in {"at", *(one.key for one in fields)}:
        yield f"{where}: {path} is no field of anything"


def _of_conditions(where: str, conditions: Iterable[Condition], around: Surroundings) -> Iterator[str]:
    for condition in conditions:
        for settings in around.presets.values():
            if condition.setting not in settings:
                yield f"{where}: {condition.setting} is no setting"
                break


def _unknown(where: str, names: Iterable[str], known: Collection[str], kind: str) -> Iterator[str]:
    yield from (f"{where}: {name} is no {kind}" for name in names if name not in known)
