"""`python -m benchmarks.service.cases`: steps of candidates and work lists, with all the others in the database.

Some candidates walk the whole path, each step in a transaction of its own as over HTTP, while `--among` so many others
stand somewhere along it. `--walked 10000 --among 0` has that many walk it all.
"""

from __future__ import annotations

import argparse
import os
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from benchmarks.service.places import KINDS, Place, new_place
from issuer_service.clock import os_randomness
from issuer_service.people.roles import Role
from issuer_service.people.service import Caller, add_person
from issuer_service.people.tables import Membership, Organisation, Person
from issuer_service.persistence.columns import Table
from issuer_service.persistence.identifiers import random_uuid
from issuer_service.persistence.upsert import columns_of, insert_rows
from issuer_service.programme.service import add_module, open_programme
from issuer_service.programme.tables import Module
from issuer_service.workflow.candidate.modules import RecordModuleResult, record_module_result
from issuer_service.workflow.candidate.path import begin_path
from issuer_service.workflow.cases.endpoints import doing_in
from issuer_service.workflow.process.outlook import waiting
from issuer_service.workflow.process.reducer import Step
from issuer_service.workflow.process.service import PERSONAL_ROLES, case_of, context_of, state_of, take_step
from issuer_service.workflow.process.tables import CaseEvent, CaseParty, CaseTask, ProcessCase
from issuer_service.workflow.process.worklist import work_of
from tests.service.conftest import LEVELS
from tests.service.workflow.playing import answer

_STAFF = (Role.AM_CANDIDATES, Role.AM_COMPANIES, Role.COACH, Role.TEACHER, Role.EMPLOYER)
_AT_ONCE = 500


@dataclass
class Office:
    """Who takes the steps, and how long each took."""

    place: Place
    organisation_id: str = ""
    programme_id: str = ""
    people: dict[str, str] = field(default_factory=dict)
    modules: list[str] = field(default_factory=list)
    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    cpu: list[float] = field(default_factory=list)

    def caller(self, role: str, person_id: str) -> Caller:
        """Whoever takes a step in that role."""
        own = role in {"candidate", "learner"}
        return Caller.in_role(person_id if own else self.people[role], self.organisation_id, Role(role))


def open_office(place: Place) -> Office:
    """A programme with modules, and somebody in every role."""
    office, here = Office(place), place.here
    with here.transaction() as session:
        office.organisation_id = session.scalars(select(Organisation.id)).one()
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
            made = add_module(
                session,
                programme_id=programme.id,
                title=phase,
                phase=phase,
                ulo_version_id=ulo,
                randomness=os_randomness,
            )
            office.modules.append(made.id)
        for role in _STAFF:
            office.people[role] = _person(session, office, role, f"{role}@bench.example")
    return office


def _person(session: Session, office: Office, role: Role, email: str) -> str:
    member = add_person(
        session,
        name="Iemand",
        email=email,
        organisation_id=office.organisation_id,
        role=role,
        randomness=os_randomness,
    )
    return member.person_id


def walk(office: Office, number: int, *, keep: list[dict[str, Any]] | None = None) -> None:
    """One candidate along the whole path. `keep` takes how the case stood after each step."""
    here = office.place.here
    with here.transaction() as session:
        person_id = _person(session, office, Role.CANDIDATE, f"kandidaat{number}@bench.example")
    caller = office.caller("am_candidates", person_id)
    with here.transaction_for(caller) as session:
        doing = doing_in(here, "candidate-path")
        case_id = begin_path(
            session, programme_id=office.programme_id, person_id=person_id, caller=caller, doing=doing
        ).id
    while True:
        with here.reading() as session:
            case = session.get_one(ProcessCase, case_id)
            _, definition, _ = case_of(session, case_id, caller)
            context, state = context_of(session, case, now=here.now()), state_of(case)
            enrolment_id = case.enrolment_id
            if keep is not None:
                keep.append(_snapshot(session, case_id))
        todo = waiting(definition, context, state)
        if not todo:
            return
        one = todo[0]
        owner = definition.route_by_key.get(one.what) or definition.task_by_key[one.what]
        given = {each.key: answer(one.what, each, context, state) for each in owner.fields if each.required}
        data: dict[str, Any] = {} if one.verb == "sign" else _real(given, office.people[Role.EMPLOYER])
        task = definition.task_by_key.get(one.what)
        if task is not None and task.clauses and one.verb == "record":
            data["clauses"] = [clause.key for clause in task.clauses]
        actor = office.caller(one.role, person_id)
        begun, cpu = time.perf_counter(), time.process_time()
        with here.transaction_for(actor) as session:
            doing = doing_in(here, "candidate-path")
            if one.what == "module_result":
                command = RecordModuleResult(str(enrolment_id), data["module"], LEVELS)
                record_module_result(
                    session,
                    command,
                    caller=actor,
                    events=doing.events,
                    base_url=here.base_url,
                    now=here.now(),
                    randomness=os_randomness,
                )
            else:
                case, _, who = case_of(session, case_id, actor)
                take_step(session, case, Step(one.verb, one.what, data), who, doing=doing)
        office.seconds[f"{one.verb} {one.what}"].append(time.perf_counter() - begun)
        office.cpu.append(time.process_time() - cpu)


def _real(data: dict[str, Any], employer: str) -> dict[str, Any]:
    def one(value: Any) -> Any:  # JSON
        if isinstance(value, list):
            return [one(each) for each in value]
        return employer if value == "employer" else value

    return {key: one(value) for key, value in data.items()}


def _snapshot(session: Session, case_id: str) -> dict[str, Any]:
    def rows(table: type[Table], condition: Any) -> list[dict[str, Any]]:
        return [dict(row._mapping) for row in session.connection().execute(select(columns_of(table)).where(condition))]

    return {
        "case": rows(ProcessCase, columns_of(ProcessCase).c.id == case_id)[0],
        "parties": rows(CaseParty, columns_of(CaseParty).c.case_id == case_id),
        "tasks": rows(CaseTask, columns_of(CaseTask).c.case_id == case_id),
        "events": rows(CaseEvent, columns_of(CaseEvent).c.case_id == case_id),
    }


def crowd(office: Office, kept: list[dict[str, Any]], among: int) -> None:
    """So many others, evenly along the path, each with everything that had happened to them."""
    for first in range(0, among, _AT_ONCE):
        filled: dict[type[Table], list[dict[str, Any]]] = {
            table: [] for table in (Person, Membership, ProcessCase, CaseParty, CaseTask, CaseEvent)
        }
        for number in range(first, min(first + _AT_ONCE, among)):
            for table, row in _another(office, kept[number % len(kept)], number):
                filled[table].append(row)
        with office.place.here.transaction() as session:
            for table, rows in filled.items():
                insert_rows(session, table, rows)


def _another(office: Office, like: dict[str, Any], number: int) -> Iterator[tuple[type[Table], dict[str, Any]]]:
    person_id, case_id, subject = random_uuid(os_randomness), random_uuid(os_randomness), like["case"]["person_id"]
    yield Person, {"id": person_id, "name": "Ander", "email": f"ander{number}@bench.example", "language": "nl"}
    membership = {"id": random_uuid(os_randomness), "organisation_id": office.organisation_id}
    yield Membership, {**membership, "person_id": person_id, "role": "candidate"}
    # No enrolments: no step of another's asks for theirs.
    yield ProcessCase, {**like["case"], "id": case_id, "person_id": person_id, "enrolment_id": None}

    def theirs(row: dict[str, Any], name: str) -> dict[str, Any]:
        return {**row, "case_id": case_id, name: person_id if row[name] == subject else row[name]}

    for row in like["parties"]:
        yield CaseParty, theirs(row, "person_id")
    for row in like["tasks"]:
        yield CaseTask, {**theirs(row, "person_id"), "id": random_uuid(os_randomness)}
    for row in like["events"]:
        yield CaseEvent, {**theirs(row, "by_id"), "id": random_uuid(os_randomness)}


def work_lists(office: Office, times: int) -> dict[str, float]:
    """The median time, in milliseconds, of looking at the first fifty of each role's work list."""
    found = {}
    for role in _STAFF:
        caller, taken = office.caller(role, ""), []
        for _ in range(times):
            begun = time.perf_counter()
            with office.place.here.reading_for(caller) as session:
                rows = work_of(session, caller, personal=PERSONAL_ROLES, limit=51)
                query = select(ProcessCase).options(defer(ProcessCase.facts))
                query = query.where(ProcessCase.id.in_([row.case_id for row in rows]))
                shown = len(session.scalars(query).all())
            taken.append(time.perf_counter() - begun)
        found[f"{role} ({shown} shown)"] = median(taken) * 1e3
    return found


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--walked", type=int, default=50, help="candidates who walk the whole path")
    parser.add_argument("--among", type=int, default=10_000, help="others who stand along it")
    parser.add_argument("--databases", nargs="+", choices=KINDS, default=list(KINDS))
    chosen = parser.parse_args()
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} as it begins", flush=True)
    for kind in chosen.databases:
        with new_place(kind) as place:
            office = open_office(place)
            kept: list[dict[str, Any]] = []
            walk(office, 0, keep=kept)
            crowd(office, kept, chosen.among)
            office.seconds.clear()
            office.cpu.clear()
            began = time.perf_counter()
            for number in range(1, chosen.walked + 1):
                walk(office, number)
            whole = time.perf_counter() - began
            steps = sorted(one for some in office.seconds.values() for one in some)
            print(f"\n{kind}: {chosen.walked} candidates, {len(steps)} steps among {chosen.among} others")
            print(f"  a step: median {median(steps) * 1e3:.1f} ms, {quantiles(steps, n=20)[-1] * 1e3:.1f} ms of 95%")
            print(f"  of which this process: median {median(office.cpu) * 1e3:.1f} CPU ms; {whole:.0f} seconds in all")
            slowest = sorted(office.seconds.items(), key=lambda one: -median(one[1]))[:5]
            for what, some in slowest:
                print(f"    {what:<40}{median(some) * 1e3:>6.1f} ms")
            for role, milliseconds in work_lists(office, 20).items():
                print(f"  work list of {role:<40}{milliseconds:>6.1f} ms", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
