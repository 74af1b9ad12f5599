"""Candidates who walk the whole path, each step in a transaction as over HTTP, and others who stand along it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.workflows.measured import Times
from issuer_service.clock import os_randomness
from issuer_service.installation import Installation
from issuer_service.people.roles import Role
from issuer_service.people.service import Caller, add_person
from issuer_service.people.tables import Membership, Organisation, Person
from issuer_service.persistence.columns import Table
from issuer_service.persistence.identifiers import random_uuid
from issuer_service.persistence.upsert import columns_of, insert_rows
from issuer_service.programme.service import add_module, open_programme
from issuer_service.programme.tables import Enrolment, Module
from issuer_service.web.paging import Asked
from issuer_service.workflow.candidate.modules import RecordModuleResult, record_module_result
from issuer_service.workflow.candidate.path import begin_path
from issuer_service.workflow.cases.endpoints import doing_in, get_figures, get_tasks
from issuer_service.workflow.events import WorkflowEvent
from issuer_service.workflow.process.definition import Definition
from issuer_service.workflow.process.outlook import Waiting, waiting
from issuer_service.workflow.process.reducer import Step
from issuer_service.workflow.process.rules import Context
from issuer_service.workflow.process.service import case_of, context_of, state_of, take_step
from issuer_service.workflow.process.state import CaseState
from issuer_service.workflow.process.tables import CaseEvent, CaseParty, CaseTask, ProcessCase
from tests.service.conftest import LEVELS
from tests.service.workflow.playing import answer

__all__ = ["Office", "crowd", "looks", "open_office", "walk"]

_STAFF = (Role.AM_CANDIDATES, Role.AM_COMPANIES, Role.COACH, Role.TEACHER, Role.EMPLOYER)
_AT_ONCE = 500


@dataclass
class Office:
    """Who takes the steps, and on which programme."""

    organisation_id: str
    programme_id: str = ""
    people: dict[str, str] = field(default_factory=dict)

    def caller(self, role: str, person_id: str) -> Caller:
        """Whoever takes a step in that role."""
        own = role in {"candidate", "learner"}
        return Caller.in_role(person_id if own else self.people[role], self.organisation_id, Role(role))


def open_office(here: Installation) -> Office:
    """A programme with modules, and somebody in every role."""
    with here.transaction() as session:
        office = Office(session.scalars(select(Organisation.id)).one())
        ulo = session.scalars(select(Module.ulo_version_id)).first() or ""
        programme = open_programme(
            session,
            organisation_id=office.organisation_id,
            title="Gemeten",
            preset_name="mhw",
            randomness=os_randomness,
        )
        # The companies' own path is another; what is measured is the candidates'.
        programme.settings = {**programme.settings, "company_agreement_required": False}
        office.programme_id = programme.id
        for phase in ("basic", "basic", "advanced"):
            add_module(
                session,
                programme_id=programme.id,
                title=phase,
                phase=phase,
                ulo_version_id=ulo,
                randomness=os_randomness,
            )
        for role in _STAFF:
            office.people[role] = _person(session, office, role, f"{role}@bench.example")
    return office


def _person(session: Session, office: Office, role: Role, email: str) -> str:
    return add_person(
        session,
        name="Iemand",
        email=email,
        organisation_id=office.organisation_id,
        role=role,
        randomness=os_randomness,
    ).person_id


@dataclass(frozen=True)
class _Standing:
    """Where a case stands, for who looks what it waits for."""

    definition: Definition
    context: Context
    state: CaseState
    enrolment_id: str | None

    @classmethod
    def read(cls, here: Installation, case_id: str, caller: Caller) -> _Standing:
        with here.reading() as session:
            case, definition, _ = case_of(session, case_id, caller)
            return cls(definition, context_of(session, case, now=here.now()), state_of(case), case.enrolment_id)

    def next_step(self) -> Waiting | None:
        return next(iter(waiting(self.definition, self.context, self.state)), None)

    def data_for(self, one: Waiting, employer: str) -> dict[str, Any]:
        if one.verb == "sign":
            return {}
        owner = self.definition.route_by_key.get(one.what) or self.definition.task_by_key[one.what]
        given = {
            each.key: _real(answer(one.what, each, self.context, self.state), employer)
            for each in owner.fields
            if each.required
        }
        task = self.definition.task_by_key.get(one.what)
        if task is not None and task.clauses:
            given["clauses"] = [clause.key for clause in task.clauses]
        return given


def _real(value: Any, employer: str) -> Any:  # JSON
    if isinstance(value, list):
        return [_real(each, employer) for each in value]
    return employer if value == "employer" else value


def walk(
    here: Installation, office: Office, number: int, times: Times, *, keep: list[dict[str, Any]] | None = None
) -> None:
    """One candidate along the whole path. `keep` takes how the case stood after each step."""
    with here.transaction() as session:
        person_id = _person(session, office, Role.CANDIDATE, f"kandidaat{number}@bench.example")
    caller = office.caller("am_candidates", person_id)
    with times.step("begin"), here.transaction_for(caller) as session:
        doing = doing_in(here, "candidate-path")
        case_id = begin_path(
            session, programme_id=office.programme_id, person_id=person_id, caller=caller, doing=doing
        ).id
    at = _Standing.read(here, case_id, caller)
    while (one := at.next_step()) is not None:
        if keep is not None:
            keep.append(_snapshot(here, case_id))
        data = at.data_for(one, office.people[Role.EMPLOYER])
        actor = office.caller(one.role, person_id)
        with times.step(f"{one.verb} {one.what}"), here.transaction_for(actor) as session:
            doing = doing_in(here, "candidate-path")
            if one.what == "module_result":
                record_module_result(
                    session,
                    RecordModuleResult(str(at.enrolment_id), data["module"], LEVELS),
                    caller=actor,
                    events=doing.events,
                    here=here,
                )
            else:
                case, _, who = case_of(session, case_id, actor)
                taken = take_step(session, case, Step(one.verb, one.what, data), who, doing=doing)
                at = replace(at, state=taken.state, enrolment_id=case.enrolment_id)
        if one.what == "module_result":
            at = _Standing.read(here, case_id, caller)


def _snapshot(here: Installation, case_id: str) -> dict[str, Any]:
    with here.reading() as session:

        def rows(table: type[Table], key: str, value: str | None) -> list[dict[str, Any]]:
            columns = columns_of(table)
            found = session.connection().execute(select(columns).where(columns.c[key] == value))
            return [dict(row._mapping) for row in found]

        (case,) = rows(ProcessCase, "id", case_id)
        return {
            "case": case,
            "parties": rows(CaseParty, "case_id", case_id),
            "tasks": rows(CaseTask, "case_id", case_id),
            "events": rows(CaseEvent, "case_id", case_id),
            "enrolments": rows(Enrolment, "id", case["enrolment_id"]),
            "told": rows(WorkflowEvent, "enrolment_id", case["enrolment_id"]),
        }


def crowd(here: Installation, office: Office, kept: list[dict[str, Any]], among: int) -> None:
    """So many others, evenly along the path: copies of one who walked it, each as that one stood at some moment."""
    tables = (Person, Membership, Enrolment, ProcessCase, CaseParty, CaseTask, CaseEvent, WorkflowEvent)
    for first in range(0, among, _AT_ONCE):
        filled: dict[type[Table], list[dict[str, Any]]] = {table: [] for table in tables}
        for number in range(first, min(first + _AT_ONCE, among)):
            for table, row in _another(office, kept[number % len(kept)], number):
                filled[table].append(row)
        with here.transaction() as session:
            for table, rows in filled.items():
                insert_rows(session, table, rows)


def _another(office: Office, like: dict[str, Any], number: int) -> Iterator[tuple[type[Table], dict[str, Any]]]:
    new = [random_uuid(os_randomness) for _ in range(5)]
    person_id, case_id, enrolment_id, membership_id, subject_id = new
    mine = {like["case"]["person_id"]: person_id, like["case"]["enrolment_id"]: enrolment_id}
    yield Person, {"id": person_id, "name": "Ander", "email": f"ander{number}@bench.example", "language": "nl"}
    member = {"person_id": person_id, "organisation_id": office.organisation_id, "role": "candidate"}
    yield Membership, {"id": membership_id, **member}

    def theirs(row: dict[str, Any], *names: str, **more: str) -> dict[str, Any]:
        return {**row, **{name: mine.get(row[name], row[name]) for name in names if row[name] is not None}, **more}

    for row in like["enrolments"]:
        yield Enrolment, theirs(row, "id", "person_id", subject_id=subject_id)
    yield ProcessCase, theirs(like["case"], "person_id", "enrolment_id", id=case_id)
    for row in like["parties"]:
        yield CaseParty, theirs(row, "person_id", case_id=case_id)
    for row in like["tasks"]:
        yield CaseTask, theirs(row, "person_id", case_id=case_id, id=random_uuid(os_randomness))
    for row in like["events"]:
        yield CaseEvent, theirs(row, "by_id", case_id=case_id, id=random_uuid(os_randomness))
    for row in like["told"]:
        evidence_id = random_uuid(os_randomness)
        yield WorkflowEvent, theirs(row, "enrolment_id", id=random_uuid(os_randomness), evidence_id=evidence_id)


def looks(here: Installation, office: Office, times: int) -> tuple[Times, Times]:
    """Looking at the first fifty of each role's work list, and at the figures of the programme."""
    lists, figures = Times(), Times()
    for role in _STAFF:
        caller = office.caller(role, "")
        for _ in range(times):
            with lists.step(f"of {role}"):
                get_tasks(here, caller, Asked(limit=50, cursor=None))
    for _ in range(times // 5):
        with figures.step("of one programme"):
            get_figures(office.programme_id, here, office.caller("teacher", ""))
    return lists, figures
