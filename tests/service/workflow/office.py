"""A provider with somebody in every role, who walk a candidate along the path; over HTTP where that is what matters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.clock import os_randomness
from issuer_service.people.keys import make_key
from issuer_service.people.roles import Role
from issuer_service.people.service import Caller, add_person
from issuer_service.people.tables import Organisation
from issuer_service.workflow.candidate.modules import RecordModuleResult, record_module_result
from issuer_service.workflow.cases.endpoints import doing_in
from issuer_service.workflow.process.definition import Definition, Form
from issuer_service.workflow.process.library import definition_of
from issuer_service.workflow.process.outlook import waiting
from issuer_service.workflow.process.reducer import Step, Verb
from issuer_service.workflow.process.rules import Context
from issuer_service.workflow.process.service import actor_in, context_of, state_of, take_step
from issuer_service.workflow.process.state import CaseState
from issuer_service.workflow.process.tables import ProcessCase
from tests.service.conftest import LEVELS, World
from tests.service.test_setting_up import ulo_body
from tests.service.workflow.playing import answer

ROLES = (
    Role.ADMINISTRATOR,
    Role.AM_CANDIDATES,
    Role.AM_COMPANIES,
    Role.COACH,
    Role.TEACHER,
    Role.EMPLOYER,
    Role.CANDIDATE,
)


@dataclass
class Made:
    """What there is in an office, by id."""

    organisation: str
    ids: dict[str, str]
    keys: dict[str, str]
    programme: str
    certificate: str
    with_rubric: str
    modules: dict[str, str]


class Office:
    """The provider's people, by role, and what they do."""

    def __init__(self, world: World, preset: str = "mhw") -> None:
        assert world.database is not None
        self.world = world
        self.made = world.database.holding(f"office {preset}", lambda: self._make(preset), on="installed")
        world.jobs.forget()
        self.ids, self.programme, self.modules = self.made.ids, self.made.programme, self.made.modules
        self.certificate = self.made.certificate

    def _make(self, preset: str) -> Made:
        ids, keys = dict[str, str](), dict[str, str]()
        here = self.world.installation
        with here.transaction() as session:
            organisation_id = session.scalars(select(Organisation.id)).one()
            for role in ROLES:
                member = add_person(
                    session,
                    name=f"Iemand {role}",
                    email=f"{role}@office.example",
                    organisation_id=organisation_id,
                    role=role,
                    randomness=os_randomness,
                )
                ids[role] = member.person_id
                keys[role] = make_key(session, member, now=here.now(), randomness=os_randomness).secret
        self.made = Made(organisation_id, ids, keys, "", "", "", {})
        made = self.made
        made.programme = self.call("administrator", "POST", "/v1/programmes", {"title": "P", "preset": preset})["id"]
        made.with_rubric = self.call("administrator", "GET", "/v1/ulo-versions")["items"][0]["id"]
        # What a certificate says is judged by nobody for itself, so it has no rubric.
        certificate = {**ulo_body(), "qualification": "Certificaat", "rubric": []}
        made.certificate = self.call("administrator", "POST", "/v1/ulo-versions", certificate)["id"]
        path = f"/v1/programmes/{made.programme}/modules"
        for phase in ("basic", "advanced"):
            body = {"title": f"Module {phase}", "phase": phase, "ulo_version_id": made.with_rubric}
            made.modules[phase] = self.call("administrator", "POST", path, body)["id"]
        return made

    def call(self, role: str, method: str, path: str, body: Any = None, *, expect: int | None = None) -> Any:  # JSON
        """Call the API as somebody in that role."""
        # A candidate goes on with the key that they have when they are a learner.
        key = self.made.keys["candidate" if role == "learner" else role]
        answered = self.world.http.request(method, path, json=body, headers={"Authorization": f"Bearer {key}"})
        expected = (200, 201) if expect is None else (expect,)
        assert answered.status_code in expected, answered.text
        return answered.json()

    def settle(self, **settings: Any) -> None:
        """Change settings of the programme."""
        self.call("administrator", "PATCH", f"/v1/programmes/{self.programme}", {"settings": settings})

    def begin(self, process: str = "candidate-path", person: str = "candidate") -> str:
        """Somebody begins on a path. Gives the case's id."""
        role = "am_candidates" if process == "candidate-path" else "am_companies"
        body = {"process": process, "person_id": self.ids[person]}
        case_id: str = self.call(role, "POST", f"/v1/programmes/{self.programme}/cases", body)["id"]
        return case_id

    def case(self, case_id: str) -> Any:  # JSON
        return self.call("am_candidates", "GET", f"/v1/cases/{case_id}")

    def step(
        self, role: str, case_id: str, verb: Verb, what: str, *, expect: int | None = None, **data: Any
    ) -> Any:  # JSON
        """Take a step over HTTP, with answers that lead on where none are given."""
        with self.world.installation.reading() as session:
            case = session.get_one(ProcessCase, case_id)
            definition, state = definition_of(session, case), state_of(case)
            context = context_of(session, case, now=self.world.installation.now())
            given = {**self._answers(definition, context, state, verb, what), **data}
        body = {"verb": verb, "what": what, "data": given}
        return self.call(role, "POST", f"/v1/cases/{case_id}/steps", body, expect=expect)

    def until(self, case_id: str, stage: str) -> Any:  # JSON
        """Do what waits, whoever it waits for, until the case is there; in one transaction, as nobody looks."""
        here = self.world.installation
        with here.transaction() as session:
            case = session.get_one(ProcessCase, case_id)
            definition = definition_of(session, case)
            doing = doing_in(here, definition.name)
            for _ in range(120):
                if case.stage == stage or case.ended_at is not None:
                    break
                context, state = context_of(session, case, now=here.now()), state_of(case)
                one = waiting(definition, context, state)[0]
                if one.what == "module_result":
                    self._pass_next_module(session, case)
                    continue
                actor = actor_in(session, case, definition, self.caller(one.role))
                data = self._answers(definition, context, state, one.verb, one.what)
                take_step(session, case, Step(one.verb, one.what, data), actor, doing=doing)
            assert case.stage == stage, case.stage
        return self.case(case_id)

    def pass_next_module(self, case_id: str) -> None:
        """The teacher records that the next module was passed."""
        with self.world.installation.transaction() as session:
            self._pass_next_module(session, session.get_one(ProcessCase, case_id))

    def _pass_next_module(self, session: Session, case: ProcessCase) -> None:
        here = self.world.installation
        done = case.facts.get("module_result", {}).get("by_module", {})
        module = next(one for one in self.modules.values() if one not in done)
        record_module_result(
            session,
            RecordModuleResult(str(case.enrolment_id), module, LEVELS),
            caller=self.caller("teacher"),
            events=doing_in(here, "candidate-path").events,
            here=here,
        )

    def caller(self, role: str) -> Caller:
        person = self.ids["candidate" if role == "learner" else role]
        return Caller.in_role(person, self.made.organisation, Role(role))

    def _answers(
        self, definition: Definition, context: Context, state: CaseState, verb: Verb, what: str
    ) -> Mapping[str, Any]:
        if verb == "sign":
            return {}
        owner = definition.route_by_key[what] if verb == "move" else definition.task_by_key[what]
        task = definition.task_by_key.get(what)
        data = {one.key: self._real(answer(what, one, context, state)) for one in owner.fields if one.required}
        if task is not None and task.form is Form.DOCUMENT:
            data["clauses"] = [clause.key for clause in task.clauses]
        return data

    def _real(self, value: Any) -> Any:  # JSON
        """The people of this office in the place of those of a story."""
        if isinstance(value, list):
            return [self._real(one) for one in value]
        return self.ids["employer"] if value == "employer" else value
