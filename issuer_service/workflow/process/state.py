"""Where a case stands, and what happened to it. What happened, one after the other, is all that there is to a case.

`evolve` looks at no definition and at no clock: the events that were recorded give the same state for ever, also when
the definition is another by then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, assert_never

__all__ = ["Act", "CaseState", "Happened", "Json", "evolve", "replay"]

Json = Mapping[str, Any]
_NOTHING: Final[Json] = MappingProxyType({})


class Act(StrEnum):
    """What kind of step it was."""

    BEGIN = "begin"
    RECORD = "record"  # in the place of what was recorded before
    ADD = "add"  # to what was recorded before
    KEYED = "keyed"  # for one module
    VOICE = "voice"  # one party's own
    SIGN = "sign"
    MOVE = "move"
    MIGRATE = "migrate"  # to another version of the definition


@dataclass(frozen=True, slots=True)
class Happened:
    """One step of a case: the `number`th. `to` is the stage afterwards, `cleared` what is to be done anew there.

    What is confidential stands in the event and never in the state.
    """

    number: int
    act: Act
    what: str
    role: str
    by: str
    at: datetime
    to: str
    data: Json = field(default_factory=dict)
    confidential: Json = field(default_factory=dict)
    cleared: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseState:
    """Where a case stands. `facts` holds by task what was recorded, as JSON."""

    stage: str
    entered_at: datetime
    number: int
    facts: Json = field(default_factory=dict)

    def of(self, task: str) -> Json:
        """What was recorded for a task; nothing where nothing was."""
        found: Json = self.facts.get(task, _NOTHING)
        return found

    def value(self, path: str) -> Any:  # JSON
        """What stands under `task.field`; the moment of the record for `task.at`, None where there is nothing."""
        task, _, name = path.partition(".")
        fact = self.of(task)
        return fact.get("at") if name == "at" else fact.get("data", _NOTHING).get(name)


def evolve(state: CaseState | None, event: Happened) -> CaseState:
    """The state after an event. Raises ValueError where it is not the next one."""
    if (state is None) != (event.act is Act.BEGIN) or event.number != (1 if state is None else state.number + 1):
        raise ValueError(f"event {event.number} does not follow {0 if state is None else state.number}")
    if state is None:
        return CaseState(event.to, event.at, event.number, {"begin": _entry(event)})
    moved = event.act in {Act.MOVE, Act.MIGRATE}
    return replace(
        state,
        stage=event.to,
        entered_at=event.at if moved and event.to != state.stage else state.entered_at,
        number=event.number,
        facts=_facts(state.facts, event),
    )


def replay(events: Iterable[Happened]) -> CaseState:
    """The state after all these events. Raises ValueError for none, and for a gap between them."""
    state: CaseState | None = None
    for event in events:
        state = evolve(state, event)
    if state is None:
        raise ValueError("nothing happened")
    return state


def _entry(event: Happened) -> dict[str, Any]:
    return {"at": event.at.isoformat(), "by": event.by, "role": event.role, "data": dict(event.data)}


def _facts(before: Json, event: Happened) -> Json:
    facts = {task: fact for task, fact in before.items() if task not in event.cleared}
    known: Json = facts.get(event.what, _NOTHING)
    match event.act:
        case Act.RECORD:
            facts[event.what] = _entry(event)
        case Act.ADD:
            facts[event.what] = {"entries": [*known.get("entries", ()), _entry(event)]}
        case Act.KEYED:
            key = event.data["module"]
            facts[event.what] = {"by_module": {**known.get("by_module", {}), key: _entry(event)}}
        case Act.VOICE:
            facts[event.what] = {"voices": {**known.get("voices", {}), event.role: _entry(event)}}
        case Act.SIGN:
            signature = {"at": event.at.isoformat(), "by": event.by}
            facts[event.what] = {**known, "signed": {**known.get("signed", {}), event.role: signature}}
        case Act.MOVE:
            facts[event.what] = _entry(event)
        case Act.MIGRATE:
            pass
        case Act.BEGIN:
            raise ValueError("a case begins once")
        case _:
            assert_never(event.act)
    return facts
