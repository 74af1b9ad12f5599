"""A process as data: stages, tasks, routes between stages, the rules that guard them, and what they tell.

A definition says nothing in code. Working methods and campuses differ in the settings that its conditions read, and in
the version of the definition that they use. `checking.py` says whether a definition can be used at all.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = [
    "ANYWHERE",
    "MEETING_FIELDS",
    "Clause",
    "Condition",
    "Definition",
    "Direction",
    "FieldType",
    "Form",
    "Guard",
    "Meeting",
    "RecordField",
    "Route",
    "Rule",
    "Stage",
    "Task",
    "Words",
    "holds",
]

ANYWHERE: Final = "*"
"""In the place of a stage: every stage that is no end."""

_KEY: Final = r"^[a-z][a-z0-9_]*$"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Words(_Part):
    """A text that people read."""

    nl: str = Field(min_length=1)
    en: str = Field(min_length=1)


class Condition(_Part):
    """That a setting of the programme has one of these values."""

    setting: str
    one_of: tuple[bool | int | str, ...] = Field(alias="is")


def holds(conditions: tuple[Condition, ...], settings: Mapping[str, Any]) -> bool:
    """Whether all of them hold. None at all always does; a setting that is not there has no value of any condition."""
    return all(settings.get(condition.setting) in condition.one_of for condition in conditions)


class Rule(StrEnum):
    """What a guard can ask. How each is answered is in `rules.py`."""

    DONE = "done"  # `task` was done, by all its parties
    NOT_DONE = "not_done"
    ANSWERED = "answered"  # `field` of `task` is one of `is`
    NOT_ANSWERED = "not_answered"  # `field` of `task` is none of `is`
    INCLUDES = "includes"  # the list that `field` of `task` is has all of `is`
    IN_SETTING = "in_setting"  # `field` of `task` is the value of `setting`, or among its values
    IN_ORDER = "in_order"  # the moment or day `first` is not after `then`
    SAME = "same"  # `first` and `then` are equal
    AT_LEAST = "at_least"  # `task` was recorded at least as often as `setting` says
    MODULES = "modules"  # every module of `phase` was passed, or is exempted, by a task that is done for each
    MUTUAL = "mutual"  # what `task` names under `field` stands in `first` and in `then`
    WITHIN_MONTHS = "within_months"  # no more than `setting` months since `first`
    TO_COME = "to_come"  # the moment `first` is yet to come


class Guard(_Part):
    """A rule that must hold, and the reason that is given when it does not. `warns`: it is said and stops nobody."""

    rule: Rule
    because: Words
    task: str = ""
    field: str = ""
    one_of: tuple[bool | int | str, ...] = Field(default=(), alias="is")
    first: str = ""
    then: str = ""
    setting: str = ""
    phase: Literal["", "basic", "advanced"] = ""
    when: tuple[Condition, ...] = ()
    warns: bool = False


class FieldType(StrEnum):
    """What a field of a record holds."""

    TEXT = "text"
    DAY = "day"  # YYYY-MM-DD
    MOMENT = "moment"  # YYYY-MM-DDTHH:MM with its zone: Z, or +01:00
    NUMBER = "number"
    YES = "yes"  # true or false
    CHOICE = "choice"
    CHECKLIST = "checklist"  # some of the choices; all of them where it is `whole`
    PERSON = "person"  # the id of somebody
    PEOPLE = "people"  # ids, the most wanted first
    MODULE = "module"  # the id of a module of the programme
    REFERENCE = "reference"  # the id of a record kept elsewhere


class RecordField(_Part):
    """One thing that a record holds. A confidential one is seen by the task's `visible_to` and nobody else.

    `roles` are whom somebody is chosen from, where it holds somebody; `ranked`: the order in which they are says who is
    wanted more. `most` is the highest number that it may hold.
    """

    key: str = Field(pattern=_KEY)
    title: Words
    type: FieldType
    required: bool = True
    confidential: bool = False
    choices: tuple[str, ...] = ()
    whole: bool = False
    roles: tuple[str, ...] = ()
    ranked: bool = False
    most: int | None = Field(default=None, ge=1)


class Meeting(_Part):
    """What a task plans, as those call it who come: whoever has one of these roles in the case.

    Such a task is recorded, and again when it is moved; its fields are those of `MEETING_FIELDS`, and others. It is
    called off, or was held, by a task that `clears` it.
    """

    title: Words
    invites: tuple[str, ...] = Field(min_length=1)


class Clause(_Part):
    """What a document must provide for, where the conditions hold."""

    key: str = Field(pattern=_KEY)
    title: Words
    when: tuple[Condition, ...] = ()


MEETING_FIELDS: Final[Mapping[str, FieldType]] = MappingProxyType(
    {"starts_at": FieldType.MOMENT, "hours": FieldType.NUMBER, "location": FieldType.TEXT}
)
"""What a task that plans a meeting asks: when it begins, how many hours it takes at `most`, and where it is."""


class Form(StrEnum):
    """How a task is done."""

    RECORD = "record"  # one person records it, and may record it again
    DOCUMENT = "document"  # drawn up by one, then signed by every party
    VOICES = "voices"  # every party records its own
    SERIES = "series"  # recorded any number of times
    KEYED = "keyed"  # recorded once for each module


class Task(_Part):
    """Something that is recorded, signed or said. `roles` may do it, and it waits for the first of them.

    `due_days` counts from the moment that the stage was entered. Recording it has the tasks in `clears` begin anew, so
    that nobody's signature stands under what was changed since.
    """

    key: str = Field(pattern=_KEY)
    title: Words
    form: Form = Form.RECORD
    roles: tuple[str, ...] = Field(min_length=1)
    parties: tuple[str, ...] = ()
    stages: tuple[str, ...] = Field(min_length=1)
    when: tuple[Condition, ...] = ()
    fields: tuple[RecordField, ...] = ()
    clauses: tuple[Clause, ...] = ()
    guards: tuple[Guard, ...] = ()
    visible_to: tuple[str, ...] = ()
    due_days: int = Field(default=14, ge=0, le=3650)
    clears: tuple[str, ...] = ()
    emits: str = ""
    tells: tuple[str, ...] = ()
    effect: str = ""
    rule: str = ""
    plans: Meeting | None = None


class Stage(_Part):
    """Where a case can stand. `needs` hold for whoever comes in by a forward route, `ends` says how it ended."""

    key: str = Field(pattern=_KEY)
    number: str = ""
    title: Words
    needs: tuple[Guard, ...] = ()
    tells: tuple[str, ...] = ()
    ends: Literal["", "completed", "withdrawn", "rejected", "no_match", "stopped", "cancelled"] = ""


class Direction(StrEnum):
    """Where a route leads."""

    FORWARD = "forward"
    BACK = "back"
    EXIT = "exit"


class Route(_Part):
    """From a stage to another. The first main one that is open is the way on; `roles` may take it.

    It is a main one where the conditions in `main` hold; elsewhere it is a detour, which nobody waits for. The tasks
    in `clears` begin anew: what was recorded stays among what happened, and counts no more.
    """

    key: str = Field(pattern=_KEY)
    title: Words
    origins: tuple[str, ...] = Field(alias="from", min_length=1)
    to: str
    roles: tuple[str, ...] = Field(min_length=1)
    direction: Direction = Direction.FORWARD
    main: tuple[Condition, ...] | Literal[False] = ()
    when: tuple[Condition, ...] = ()
    guards: tuple[Guard, ...] = ()
    fields: tuple[RecordField, ...] = ()
    clears: tuple[str, ...] = ()
    emits: str = ""
    tells: tuple[str, ...] = ()
    effect: str = ""
    due_days: int = Field(default=14, ge=0, le=3650)


class Definition(_Part):
    """A version of a process. It never changes; what changes becomes the next version."""

    name: str = Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=60)
    version: int = Field(ge=1, le=100_000)
    title: Words
    start: str
    subject: str
    personal: tuple[str, ...] = ()
    """Roles that somebody has in a case, and nowhere else: they see and do their own only."""
    opened_by: tuple[str, ...] = Field(min_length=1)
    sees_all: tuple[str, ...] = ()
    """Roles that see all that was recorded; others see what they have a part in. What is confidential is apart."""
    stages: tuple[Stage, ...] = Field(min_length=1)
    tasks: tuple[Task, ...] = ()
    routes: tuple[Route, ...] = ()
    words: dict[str, Words] = Field(default_factory=dict)
    """What the choices of its fields are called; one that is not here is called what it is."""

    @cached_property
    def stage_by_key(self) -> dict[str, Stage]:
        """The stages, by key."""
        return {stage.key: stage for stage in self.stages}

    @cached_property
    def task_by_key(self) -> dict[str, Task]:
        """The tasks, by key."""
        return {task.key: task for task in self.tasks}

    @cached_property
    def route_by_key(self) -> dict[str, Route]:
        """The routes, by key."""
        return {route.key: route for route in self.routes}

    @cached_property
    def routes_from(self) -> dict[str, tuple[Route, ...]]:
        """By stage the routes that leave it, in the order in which they were written."""
        return {stage.key: tuple(route for route in self.routes if _at(route.origins, stage)) for stage in self.stages}

    @cached_property
    def tasks_at(self) -> dict[str, tuple[Task, ...]]:
        """By stage the tasks that can be done there."""
        return {stage.key: tuple(task for task in self.tasks if _at(task.stages, stage)) for stage in self.stages}

    @cached_property
    def involved(self) -> frozenset[str]:
        """Every role that has a part in it; to others a case of it is not there."""
        parts = [self.opened_by, self.sees_all, (self.subject,)]
        parts += [(*task.roles, *task.parties, *task.visible_to) for task in self.tasks]
        parts += [route.roles for route in self.routes]
        return frozenset(role for some in parts for role in some)

    @property
    def sha256(self) -> str:
        """Tells one definition from another, whatever they call themselves."""
        plain = json.dumps(self.model_dump(mode="json", by_alias=True), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(plain.encode()).hexdigest()


def _at(keys: tuple[str, ...], stage: Stage) -> bool:
    return not stage.ends and (ANYWHERE in keys or stage.key in keys)
