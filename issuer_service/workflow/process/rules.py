"""How each rule that a guard can ask is answered. Pure: of a case's state and of what surrounds it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Final

from issuer_service.workflow.process.definition import Definition, Form, Guard, Rule, Task, holds
from issuer_service.workflow.process.state import CaseState

__all__ = ["Context", "Question", "is_done", "outstanding", "unmet"]


@dataclass(frozen=True, slots=True)
class Context:
    """What surrounds a case: the programme's settings, its modules with the phase of each, and the moment."""

    now: datetime
    settings: Mapping[str, Any] = field(default_factory=dict)
    modules: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Question:
    """A rule's question, and all that an answer can lean on."""

    guard: Guard
    definition: Definition
    context: Context
    state: CaseState


def unmet(guards: tuple[Guard, ...], definition: Definition, context: Context, state: CaseState) -> tuple[Guard, ...]:
    """The guards that apply here and do not hold."""
    return tuple(
        guard
        for guard in guards
        if holds(guard.when, context.settings) and not _ANSWERS[guard.rule](Question(guard, definition, context, state))
    )


def is_done(task: Task, state: CaseState) -> bool:
    """Whether a task was done, by every party that it has."""
    return bool(state.of(task.key)) and not outstanding(task, state)


def outstanding(task: Task, state: CaseState) -> tuple[str, ...]:
    """The parties of a task that still have to sign, or to say theirs."""
    fact = state.of(task.key)
    if task.form is Form.DOCUMENT:
        return tuple(party for party in task.parties if party not in fact.get("signed", {}))
    if task.form is Form.VOICES:
        return tuple(party for party in task.parties if party not in fact.get("voices", {}))
    return ()


def _done(asked: Question) -> bool:
    return is_done(asked.definition.task_by_key[asked.guard.task], asked.state)


def _answered(asked: Question) -> bool:
    guard, state = asked.guard, asked.state
    fact = state.of(guard.task)
    said = [voice["data"] for voice in fact.get("voices", {}).values()] or [fact.get("data", {})]
    # Of several voices each has to say so.
    return all(data.get(guard.field) in guard.one_of for data in said)


def _not_answered(asked: Question) -> bool:
    return asked.state.of(asked.guard.task).get("data", {}).get(asked.guard.field) not in asked.guard.one_of


def _includes(asked: Question) -> bool:
    said = asked.state.of(asked.guard.task).get("data", {}).get(asked.guard.field) or ()
    return all(one in said for one in asked.guard.one_of)


def _in_setting(asked: Question) -> bool:
    wanted = asked.context.settings.get(asked.guard.setting)
    allowed = wanted if isinstance(wanted, list | tuple) else (wanted,)
    return asked.state.of(asked.guard.task).get("data", {}).get(asked.guard.field) in allowed


def _in_order(asked: Question) -> bool:
    first, then = (_day(asked.state.value(path)) for path in (asked.guard.first, asked.guard.then))
    # What is not there yet is another guard's to ask for.
    return first is None or then is None or first <= then


def _same(asked: Question) -> bool:
    first, then = asked.state.value(asked.guard.first), asked.state.value(asked.guard.then)
    return first is None or then is None or first == then


def _at_least(asked: Question) -> bool:
    wanted = asked.context.settings.get(asked.guard.setting)
    return len(asked.state.of(asked.guard.task).get("entries", ())) >= (wanted if isinstance(wanted, int) else 1)


def _modules(asked: Question) -> bool:
    passed = {
        module
        for task in asked.definition.tasks
        if task.form is Form.KEYED
        for module, entry in asked.state.of(task.key).get("by_module", {}).items()
        if entry["data"].get("passed", True)
    }
    phase = asked.guard.phase
    return all(module in passed for module, its in asked.context.modules.items() if phase in {"", its})


def _mutual(asked: Question) -> bool:
    guard, state = asked.guard, asked.state
    chosen = state.of(guard.task).get("data", {}).get(guard.field)
    # Where nobody was chosen yet there is nobody for whom it could not be mutual.
    return chosen is None or all(chosen in (state.value(path) or ()) for path in (guard.first, guard.then))


def _within_months(asked: Question) -> bool:
    months, since = asked.context.settings.get(asked.guard.setting), _day(asked.state.value(asked.guard.first))
    if not isinstance(months, int) or since is None:
        return True
    year, month = divmod(since.year * 12 + since.month - 1 + months, 12)
    today = asked.context.now.date()
    return (today.year, today.month, today.day) <= (year, month + 1, since.day)


def _to_come(asked: Question) -> bool:
    moment = asked.state.value(asked.guard.first)
    return not isinstance(moment, str) or datetime.fromisoformat(moment) > asked.context.now


def _day(value: object) -> date | None:
    return date.fromisoformat(value[:10]) if isinstance(value, str) else None


_ANSWERS: Final[Mapping[Rule, Callable[[Question], bool]]] = MappingProxyType(
    {
        Rule.DONE: _done,
        Rule.NOT_DONE: lambda asked: not asked.state.of(asked.guard.task),
        Rule.ANSWERED: _answered,
        Rule.NOT_ANSWERED: _not_answered,
        Rule.INCLUDES: _includes,
        Rule.IN_SETTING: _in_setting,
        Rule.IN_ORDER: _in_order,
        Rule.SAME: _same,
        Rule.AT_LEAST: _at_least,
        Rule.MODULES: _modules,
        Rule.MUTUAL: _mutual,
        Rule.WITHIN_MONTHS: _within_months,
        Rule.TO_COME: _to_come,
    }
)
