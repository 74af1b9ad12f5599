"""A session that works for a caller sees and writes one organisation's rows, whatever a query forgets."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from operator import methodcaller
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Select, delete, event, func, select, text, true, update
from sqlalchemy.orm import Session, aliased

import issuer_service
from issuer_service.errors import NotFound
from issuer_service.issuance.tables import Award, Credential
from issuer_service.people.roles import OrganisationKind, Role
from issuer_service.people.service import Caller, add_organisation, add_person
from issuer_service.people.tables import Membership, Organisation, Person
from issuer_service.persistence.columns import Table
from issuer_service.persistence.finding import find, find_and_lock
from issuer_service.persistence.identifiers import random_uuid
from issuer_service.persistence.tenancy import tables_in, tables_without_owner
from issuer_service.programme.tables import Enrolment, Module, Programme
from issuer_service.workflow.metroline.runs import Run, RunState
from issuer_service.workflow.metroline.tables import LineStop, Participation, ReachedOutcome, StationRun
from issuer_service.workflow.metroline.telling import Telling, tell_of_change
from issuer_service.workflow.process.tables import CaseTask
from issuer_service.workflow.process.worklist import work_of
from tests.service.conftest import World

pytestmark = pytest.mark.both_databases

OURS = "voorbeeld-opleider"

# Where a session that is not confined is opened in answer to a request, and why that is right.
UNCONFINED = {
    "administration/organisations.py": "the operator opens and lists organisations, and sees nothing else",
    "administration/catalogue.py": "the catalogue is open to everybody",
    "administration/endorsements.py": "who endorses what is for everybody to see",
    "administration/exchange.py": "what is published of the catalogue, everybody may take",
    "administration/qualifications.py": "the catalogue is open to everybody",
    "pages/public.py": "badges, issuers and the catalogue are shown to whoever has their address",
    "pages/catalogue.py": "the catalogue is open to everybody",
    "pages/claim.py": "whoever has the claim link has the badge",
    "status_lists/endpoints.py": "status lists are the same for everybody",
    "vc_api/endpoints.py": "it signs with keys of no organisation, and its status lists are for everybody",
    "vc_api/fetching.py": "a verifier finds the documents and lists that this service publishes",
    "demo/visiting.py": "the first page of the demonstration, where a newcomer chooses among all who are in it",
    "pages/criteria.py": "published criteria are open to everybody",
    "pages/metro_maps.py": "a line that is offered is shown to whoever has its address",
    "recognition/decision_endpoints.py": "achievements are open to everybody",
    "verifying/service.py": "verification knows every issuer of this service",
    "privacy/erasure.py": "a person's own row goes after all by which they were the organisation's",
    "web/authentication.py": "who is calling is not known yet",
    "web/sessions.py": "who is signed in is not known yet",
    "operations/health.py": "it counts what is to be watched, and names nobody",
    "pages/staff.py": "signing in and out: who it is is not known before, and of no organisation after",
}
NOT_ANSWERING_REQUESTS = {
    "awarding/gather.py",
    "bulk/chunk.py",
    "delivery/registries.py",
    "privacy/commandline.py",
    "privacy/reminders.py",
    "privacy/retention.py",
    "issuance/gather.py",
    "recognition/taking_over.py",
    "issuance/sign.py",
    "notices/sending.py",
    "webhooks/service.py",
    "workflow/candidate/meetings.py",
    "workflow/metroline/telling.py",
    "workflow/process/reminding.py",
    "verifying/again.py",
    "installation.py",
    "signing_keys/probe.py",
    "bootstrap.py",
    "demo/adding_up.py",
    "demo/story.py",
    "demo/workflows.py",
    "administration/audit_commandline.py",
    "administration/commandline.py",
    "administration/key_commands.py",
    "operations/doctor.py",
    "operations/restoring.py",
    "operations/telemetry.py",
}


@dataclass(frozen=True)
class Tenant:
    organisation_id: str
    person_id: str = ""


def our_tenant(world: World) -> Tenant:
    with world.installation.reading() as session:
        return Tenant(session.scalars(select(Organisation.id).where(Organisation.slug == OURS)).one())


def another_tenant(world: World) -> Tenant:
    with world.installation.transaction() as session:
        other = add_organisation(
            session,
            kind=OrganisationKind.PROVIDER,
            slug="andere-opleider",
            name="Andere Opleider",
            randomness=world.installation.randomness,
        )
        session.flush()
        add_person(
            session,
            name="Els Elders",
            email="els@elders.example",
            organisation_id=other.id,
            role=Role.TEACHER,
            randomness=world.installation.randomness,
        )
        return Tenant(other.id)


def plans_of(world: World, ask: Callable[[Session], object]) -> list[str]:
    """How SQLite goes about each statement of what is asked in a session of ours."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, values: Any, *_: object) -> None:
        asked.append((statement, values))

    with world.installation.reading_for(our_tenant(world)) as session:
        connection = session.connection()
        event.listen(connection, "before_cursor_execute", note)
        ask(session)
        explained = [connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {one}", values) for one, values in [*asked]]
        return ["; ".join(row[3] for row in rows) for rows in explained]


def shapes_of_a_question_about_awards() -> list[Select[Any]]:
    """Each names the table in another place; none has rows but by an award."""
    other = aliased(Award)
    named, below = select(Award.id).cte("named"), select(Award.id).subquery()
    approved = select(func.max(Award.approved_at)).where(Award.organisation_id == Organisation.id)
    return [
        select(other.id),
        select(func.count()).select_from(other),
        select(func.count()).select_from(named),
        select(below.c.id),
        select(select(Award.id).limit(1).scalar_subquery()),
        select(approved.correlate(Organisation).scalar_subquery()).select_from(Organisation),
        select(func.count(Award.id)).select_from(Credential).outerjoin(Award),
        select(Person.id).where(Person.id.in_(select(other.person_id))),
        select(func.max(Award.accepted_at)),
        select(Award.id).union(select(other.id)).subquery().select(),
    ]


def test_the_tables_of_a_statement_are_found_wherever_they_are_and_of_text_it_is_not_certain() -> None:
    for query in shapes_of_a_question_about_awards():
        assert "award" in (tables_in(query) or set()), query
    assert tables_in(update(Award).values(problem=None)) == {"award"}
    assert tables_in(delete(Award).where(Award.person_id.in_(select(Person.id)))) == {"award", "person"}
    assert tables_in(select(Award).from_statement(text("SELECT * FROM award"))) is None
    assert tables_in(select(Person.id).where(text("id IN (SELECT person_id FROM award)"))) is None
    assert tables_in(select(func.count())) is None


class TestAConfinedSession:
    def test_it_finds_what_is_ours(self, world: World) -> None:
        world.issue_badge()
        with world.installation.reading_for(our_tenant(world)) as session:
            assert session.scalar(select(func.count()).select_from(Person)) == 3
            for table in (Organisation, Membership, Programme, Module, Enrolment, Award, Credential):
                assert session.scalars(select(table)).all(), table

    def test_it_finds_nothing_of_anothers_in_any_shape_of_query(self, world: World) -> None:
        credential_id = world.issue_badge()
        with world.installation.reading_for(another_tenant(world)) as session:
            assert session.get(Credential, credential_id) is None
            assert find(session, Credential, credential_id) is None
            assert session.scalar(select(Credential.id)) is None
            assert session.scalar(select(func.count()).select_from(Award)) == 0
            assert session.execute(select(Programme.title, Module.title).join(Module)).all() == []
            assert session.scalars(select(Person.email)).all() == ["els@elders.example"]
            in_a_subquery = select(Membership.id).where(select(Award.id).exists())
            assert session.scalars(in_a_subquery).all() == []
            for query in shapes_of_a_question_about_awards():
                assert session.scalar(query) in {None, 0}, query
        with world.installation.reading_for(our_tenant(world)) as session:
            assert find(session, Credential, credential_id) is session.get(Credential, credential_id)
            assert find(session, Credential, credential_id) is not None
            for query in shapes_of_a_question_about_awards():
                assert session.scalar(query) not in {None, 0}, query

    def test_one_statement_that_is_asked_for_two_organisations_finds_each_what_is_theirs(self, world: World) -> None:
        ours, others = our_tenant(world), another_tenant(world)
        statement = select(Person.email)
        for _ in range(2):
            with world.installation.reading_for(others) as session:
                assert session.scalars(statement).all() == ["els@elders.example"]
            with world.installation.reading_for(ours) as session:
                assert len(session.scalars(statement).all()) == 3
            with world.installation.reading() as session:
                assert len(session.scalars(statement).all()) == 4

    def test_a_table_that_is_joined_under_another_name_is_confined_under_that_name(self, world: World) -> None:
        world.issue_badge()
        anybody, any_award = aliased(Person), aliased(Award)
        of_people = select(anybody.email).select_from(Membership).join(Person, Person.id == Membership.person_id)
        with world.installation.reading_for(another_tenant(world)) as session:
            for query in (of_people.join(anybody, true()), of_people.outerjoin(anybody, true())):
                assert session.scalars(query).all() == ["els@elders.example"]
            assert session.scalar(select(any_award.id).select_from(Person).outerjoin(any_award, true())) is None
        with world.installation.reading_for(our_tenant(world)) as session:
            for query in (of_people.join(anybody, true()), of_people.outerjoin(anybody, true())):
                assert len(set(session.scalars(query))) == 3
            assert session.scalar(select(any_award.id).select_from(Person).outerjoin(any_award, true())) is not None

    def test_it_changes_nothing_of_anothers(self, world: World) -> None:
        world.pass_module()
        with world.installation.reading() as session:
            (programme_id,) = session.scalars(select(Programme.id))
        with world.installation.transaction_for(another_tenant(world)) as session:
            session.execute(update(Programme).values(title="gekaapt"))
            assert find_and_lock(session, Programme, programme_id) is None
        with world.installation.transaction_for(our_tenant(world)) as session:
            assert find_and_lock(session, Programme, programme_id) is not None
        with world.installation.reading() as session:
            assert "gekaapt" not in session.scalars(select(Programme.title)).all()

    def test_it_adds_nothing_to_anothers(self, world: World) -> None:
        ours = our_tenant(world)
        with world.installation.reading() as session:
            programme = session.scalars(select(Programme)).one()
            learner = session.scalars(select(Enrolment.person_id)).first()
            module = session.scalars(select(Module)).one()
        new_id = random_uuid(world.installation.randomness)
        rows = [
            Programme(id=new_id, organisation_id=ours.organisation_id, title="x", preset="mhw", settings={}),
            Module(
                id=new_id, programme_id=programme.id, title="x", phase="basic", ulo_version_id=module.ulo_version_id
            ),
            Membership(
                id=new_id, person_id=learner, organisation_id=ours.organisation_id, role=str(Role.ADMINISTRATOR)
            ),
        ]
        other = another_tenant(world)
        for row in rows:
            with pytest.raises(NotFound), world.installation.transaction_for(other) as session:
                session.add(row)

    @pytest.mark.parametrize("database", ["sqlite"], indirect=True)
    def test_on_sqlite_what_is_asked_for_is_found_without_looking_through_all_of_an_organisation(
        self, world: World
    ) -> None:
        """SQLite keeps no statistics: told nothing, it takes the index of the organisation for as good as any."""
        for query in (
            select(CaseTask).where(CaseTask.case_id == "x"),
            select(Person).where(Person.id == "x"),
            select(Module).where(Module.programme_id == "x"),
            select(LineStop).where(LineStop.metroline_id == "x"),
            select(Participation).where(Participation.enrolment_id == "x"),
            select(ReachedOutcome.id).join(Enrolment).where(Enrolment.person_id == "x"),
        ):
            (plan,) = plans_of(world, methodcaller("execute", query))
            assert "SCAN" not in plan, plan
            assert "(organisation_id=?" not in plan, plan
        tenant = our_tenant(world)
        run = StationRun(
            organisation_id=tenant.organisation_id, station_id="x", state=str(RunState.ANNOUNCED), sequence=0
        )
        telling = Telling(world.installation.now(), world.installation.randomness, "https://x.example", "UTC")
        for plan in plans_of(world, lambda session: tell_of_change(session, telling, run, before=Run())):
            assert "ix_participation_organisation_id" not in plan, plan
        caller = Caller.in_role("x", tenant.organisation_id, Role.COACH)
        # In the order of the list: what is not shown is not read either.
        assert plans_of(world, lambda session: work_of(session, caller, personal=frozenset(), limit=50)) == [
            "SEARCH case_task USING INDEX case_task_person (person_id=?)",
            "SEARCH case_task USING INDEX case_task_role (organisation_id=? AND role=?)",
        ]

    def test_a_subquery_on_a_shared_table_is_still_confined(self, world: World) -> None:
        world.issue_badge()
        with world.installation.reading_for(another_tenant(world)) as session:
            assert session.scalar(select(select(func.count()).select_from(Award).scalar_subquery())) == 0


def test_every_table_says_to_whom_its_rows_belong() -> None:
    assert tables_without_owner({mapper.class_ for mapper in Table.registry.mappers}) == set()


def calls_in(source: str) -> set[str]:
    """The names of the attributes that are called in a module."""
    nodes = ast.walk(ast.parse(source))
    return {node.func.attr for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)}


def test_a_session_that_answers_a_request_is_confined_or_says_why_not() -> None:
    root = Path(issuer_service.__file__).parent
    found = {
        str(file.relative_to(root))
        for file in root.rglob("*.py")
        if calls_in(file.read_text()) & {"reading", "transaction"}
    }
    assert found - NOT_ANSWERING_REQUESTS == set(UNCONFINED)


def goes_round_the_mappers(tree: ast.Module) -> bool:
    """Does it import SQL as text, or take a table from its class? Such a query is not confined."""
    imports = (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom))
    if any(node.module == "sqlalchemy" and "text" in {name.name for name in node.names} for node in imports):
        return True
    return any(isinstance(node, ast.Attribute) and node.attr == "__table__" for node in ast.walk(tree))


def test_no_slice_goes_round_the_mappers() -> None:
    root = Path(issuer_service.__file__).parent
    found = {str(f.relative_to(root)) for f in root.rglob("*.py") if goes_round_the_mappers(ast.parse(f.read_text()))}
    # The last one only adds rows, of whom the caller says whose they are.
    assert found == {
        "persistence/database.py",
        "persistence/migration.py",
        "persistence/tenancy.py",
        "persistence/upsert.py",
    }
