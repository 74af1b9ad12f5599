"""Somebody in every role who does what waits, with the answers that lead on; for walks along a whole process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from issuer_service.programme.settings import PRESETS
from issuer_service.workflow.candidate.definition import candidate_path
from issuer_service.workflow.process.definition import Definition, FieldType, Form, RecordField
from issuer_service.workflow.process.outlook import Waiting, waiting
from issuer_service.workflow.process.reducer import Actor, Refusal, Step, Taken, Verb, begin, decide
from issuer_service.workflow.process.rules import Context
from issuer_service.workflow.process.state import CaseState, Happened

BEGAN = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
MODULES = {"m-basic-1": "basic", "m-basic-2": "basic", "m-advanced": "advanced"}

# What leads on; any other answer of the same type is as valid.
ANSWERS: Mapping[str, Any] = {
    "application.target_group": "professionals",
    "first_contact.notice_shown": True,
    "intake_report.outcome": "suitable",
    "application_outcome.outcome": "accepted",
    "match.employer": "employer",
    "candidate_preferences.employers": ["employer", "another"],
    "employer_preferences.employers": ["employer"],
    "contract.ends_on": "2028-01-01",
    "contract.starts_on": "2027-06-01",
    "contract.experience_starts_on": "2027-06-01",
    "contract.experience_ends_on": "2027-12-01",
}


def settings_of(preset: str, **more: Any) -> dict[str, Any]:
    """The settings of a working method, and others in their place."""
    return {**PRESETS[preset].model_dump(mode="json"), **more}


def answer(owner: str, one: RecordField, context: Context, state: CaseState) -> Any:  # JSON
    """Something that fits the field."""
    known = ANSWERS.get(f"{owner}.{one.key}")
    if known is not None:
        return known
    if one.type is FieldType.MODULE:
        done = state.of(owner).get("by_module", {})
        return next((module for module in context.modules if module not in done), next(iter(context.modules), ""))
    plain: Mapping[FieldType, Any] = {
        FieldType.CHOICE: next(iter(one.choices), None),
        FieldType.CHECKLIST: list(one.choices),
        FieldType.DAY: context.now.date().isoformat(),
        FieldType.MOMENT: (context.now + timedelta(days=7)).isoformat(timespec="minutes"),
        FieldType.NUMBER: one.most or 32,
        FieldType.YES: True,
        FieldType.PEOPLE: ["employer"],
        FieldType.TEXT: "een tekst",
        FieldType.PERSON: "0c1d7f6b-2a10",
        FieldType.REFERENCE: "0c1d7f6b-2a10",
    }
    return plain[one.type]


@dataclass
class Walk:
    """One case that is walked along, and everything that happened to it."""

    definition: Definition = field(default_factory=candidate_path)
    settings: Mapping[str, Any] = field(default_factory=lambda: settings_of("mhw"))
    modules: Mapping[str, str] = field(default_factory=lambda: MODULES)
    now: datetime = BEGAN
    events: list[Happened] = field(default_factory=list)
    emitted: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        first = begin(self.definition, self.actor(*self.definition.opened_by), now=self.now, data={})
        assert isinstance(first, Taken)
        self.state = first.state
        self.events.append(first.event)

    @property
    def context(self) -> Context:
        return Context(self.now, self.settings, self.modules)

    @property
    def stage(self) -> str:
        return self.state.stage

    @property
    def ended(self) -> str:
        return self.definition.stage_by_key[self.stage].ends

    def actor(self, *roles: str) -> Actor:
        """Each role is somebody else."""
        return Actor(roles[0], frozenset(roles))

    def data_for(self, verb: Verb, what: str) -> dict[str, Any]:
        """Answers to whatever the step asks for."""
        if verb == "sign":
            return {}
        owner = self.definition.route_by_key[what] if verb == "move" else self.definition.task_by_key[what]
        data = {one.key: answer(what, one, self.context, self.state) for one in owner.fields if one.required}
        task = self.definition.task_by_key.get(what)
        if task is not None and task.form is Form.DOCUMENT:
            data["clauses"] = [clause.key for clause in task.clauses]
        return data

    def attempt(self, role: str, verb: Verb, what: str, **data: Any) -> Taken | Refusal:
        """What would come of it."""
        given = {**self.data_for(verb, what), **data}
        return decide(self.definition, self.context, self.state, Step(verb, what, given), self.actor(role))

    def take(self, role: str, verb: Verb, what: str, **data: Any) -> Taken:
        """Do it; a refusal fails the test with its reasons."""
        taken = self.attempt(role, verb, what, **data)
        assert isinstance(taken, Taken), (what, taken.why)
        self.state = taken.state
        self.events.append(taken.event)
        if taken.emits:
            self.emitted.append(taken.emits)
        self.now += timedelta(hours=1)
        return taken

    def why_not(self, role: str, verb: Verb, what: str, **data: Any) -> str:
        """The reasons of a refusal; being allowed fails the test."""
        refused = self.attempt(role, verb, what, **data)
        assert isinstance(refused, Refusal), f"{what} was allowed"
        return "; ".join(refused.why)

    def waiting(self) -> tuple[Waiting, ...]:
        return waiting(self.definition, self.context, self.state)

    def until(self, stage: str) -> Walk:
        """Do what waits until the case is at this stage, or at an end."""
        for _ in range(200):
            if self.stage == stage or self.ended:
                break
            one = self.waiting()[0]
            self.take(one.role, one.verb, one.what)
        assert self.stage == stage, f"got no further than {self.stage}: {[one.what for one in self.waiting()]}"
        return self
