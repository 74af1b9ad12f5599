"""What may be done in a case: by whoever looks now, later, or by others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from starlette.datastructures import FormData

from issuer_service.pages.case_forms import Asker, Input, Option
from issuer_service.pages.case_words import day, numbered
from issuer_service.pages.process_words import Said, in_words, list_of_roles
from issuer_service.web.dependencies import Language
from issuer_service.workflow.process.definition import Definition, Direction, Form, Route, Rule, Task
from issuer_service.workflow.process.outlook import Offer, Waiting, offers, waiting
from issuer_service.workflow.process.reducer import Actor
from issuer_service.workflow.process.rules import Context, unmet
from issuer_service.workflow.process.state import CaseState

__all__ = ["Awaited", "Step", "Steps", "Tried"]

_ASSESSED: Final = "module_result"
"""The effect of a step that is taken by assessing, which has a page of its own."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A step that was refused: what was sent for it, what is amiss by field, and what else there is to say."""

    what: str
    verb: str
    sent: FormData
    problems: Mapping[str, str]
    reasons: Sequence[Said]


@dataclass(frozen=True, slots=True)
class Step:
    """A step as the page offers it."""

    what: str
    verb: str
    title: str
    leads: str
    inputs: tuple[Input, ...] = ()
    done: bool = False
    due: str = ""
    modules: tuple[Option, ...] = ()
    reasons: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    seen_by: str = ""
    tried: Tried | None = None


@dataclass(frozen=True, slots=True)
class Awaited:
    """Something that the case waits for."""

    title: str
    whom: str
    due: str
    late: bool
    mine: bool


@dataclass(frozen=True)
class Steps:
    """What may be done in a case, by whom, and why not yet."""

    definition: Definition
    context: Context
    state: CaseState
    actor: Actor
    asker: Asker
    tried: Tried | None

    @property
    def language(self) -> Language:
        return self.asker.language

    def awaited(self, now: datetime) -> tuple[Awaited, ...]:
        return tuple(
            Awaited(
                in_words(one.title, self.language),
                list_of_roles([one.role], self.language),
                day(one.due_at),
                late=one.due_at < now,
                mine=one.role in self.actor.roles,
            )
            for one in self._waiting
        )

    def now(self) -> tuple[Step, ...]:
        return tuple(self._step(one) for one in self._open() if (one.what, one.verb) in self._mine)

    def also(self) -> tuple[Step, ...]:
        return tuple(self._step(one) for one in self._open() if (one.what, one.verb) not in self._mine)

    def later(self) -> tuple[Step, ...]:
        """What is theirs to do, once something else was done."""
        return tuple(self._step(one) for one in self._theirs() if self._not_yet(one))

    # Asked for by each part of the page, and worked out from the whole definition.
    @cached_property
    def _offers(self) -> Sequence[Offer]:
        return offers(self.definition, self.context, self.state)

    @cached_property
    def _waiting(self) -> Sequence[Waiting]:
        return () if not self._offers else waiting(self.definition, self.context, self.state)

    @cached_property
    def _mine(self) -> frozenset[tuple[str, str]]:
        return frozenset((one.what, one.verb) for one in self._waiting if one.role in self.actor.roles)

    def _theirs(self) -> Iterable[Offer]:
        return (one for one in self._offers if self.actor.roles & set(one.roles))

    def _open(self) -> Iterable[Offer]:
        return (one for one in self._theirs() if not self._not_yet(one))

    def _not_yet(self, offer: Offer) -> tuple[str, ...]:
        task = self.definition.task_by_key.get(offer.what)
        if task is None:
            return tuple(in_words(why, self.language) for why in offer.why_not)
        # What a task asks of what is recorded with it is said when it is; what has to be there before, beforehand.
        before = tuple(
            guard for guard in task.guards if guard.rule is Rule.DONE and guard.task != task.key and not guard.warns
        )
        open_ones = unmet(before, self.definition, self.context, self.state)
        return tuple(in_words(guard.because, self.language) for guard in open_ones)

    def _step(self, offer: Offer) -> Step:
        task = self.definition.task_by_key.get(offer.what)
        owner = task or self.definition.route_by_key[offer.what]
        tried = (
            self.tried
            if self.tried is not None and (self.tried.what, self.tried.verb) == (offer.what, offer.verb)
            else None
        )
        reasons = self._not_yet(offer)
        assessed = task is not None and task.effect == _ASSESSED
        inputs: tuple[Input, ...] = ()
        if offer.verb != "sign" and not assessed and not reasons:
            inputs = self.asker.inputs(
                owner,
                sent=tried.sent if tried else None,
                known=self._known(task),
                problems=tried.problems if tried else {},
            )
        return Step(
            offer.what,
            offer.verb,
            in_words(offer.title, self.language),
            self._leads(owner),
            inputs,
            done=offer.done,
            modules=self._to_assess(task) if task is not None and assessed else (),
            reasons=reasons,
            warnings=tuple(in_words(one, self.language) for one in offer.warnings),
            seen_by=list_of_roles(task.visible_to, self.language) if task is not None else "",
            tried=tried,
        )

    def _leads(self, owner: Task | Route) -> str:
        """Of a route that does not go forward, where it leads: whoever takes it should know."""
        if isinstance(owner, Route) and owner.direction is not Direction.FORWARD:
            return numbered(self.definition, owner.to, self.language)
        return ""

    def _known(self, task: Task | None) -> Mapping[str, Any]:
        # What is recorded in the place of what was there before begins with what was there.
        if task is None or task.form not in {Form.RECORD, Form.DOCUMENT}:
            return {}
        found: Mapping[str, Any] = self.state.of(task.key).get("data", {})
        return found

    def _to_assess(self, task: Task) -> tuple[Option, ...]:
        by_module = self.state.of(task.key).get("by_module", {})
        passed = {module for module, entry in by_module.items() if entry["data"].get("passed")}
        return tuple(one for one in self.asker.modules if one[0] not in passed)
