"""Every operation of every role, on what is theirs and on what is another provider's: each cell is asserted.

An operation that is added fails `test_every_operation_has_its_row` until it has a row here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from sqlalchemy import func, select

from issuer_service.api import create_app
from issuer_service.audit.tables import AuditEntry
from issuer_service.audit.verification import verify_trail
from issuer_service.clock import os_randomness
from issuer_service.installation import Installation
from issuer_service.issuance.tables import Award
from issuer_service.people.keys import make_key
from issuer_service.people.roles import OrganisationKind, Role
from issuer_service.people.service import add_organisation, add_person
from issuer_service.people.tables import Membership, Organisation, Person
from issuer_service.persistence.database import create_database_engine
from tests.service.access_of_pages import PUBLIC, SIGNED_IN
from tests.service.access_roles import EVERYBODY
from tests.service.access_row import Row
from tests.service.access_rows import ROWS
from tests.service.conftest import ON_ONE_DATABASE, settings_for
from tests.service.databases import KeptDatabase
from tests.service.fakes import JobsByHand, SettableClock
from tests.service.serving import Client
from tests.service.two_providers import Member, Things, TwoProviders, two_providers

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("unhurried")]


def operations_of(app: FastAPI) -> set[tuple[str, str]]:
    """Every operation, those that no OpenAPI document tells of as well."""
    found: set[tuple[str, str]] = set()

    def walk(routes: list[Any]) -> None:
        for route in routes:
            inner = getattr(route, "original_router", None)
            if isinstance(inner, APIRouter):
                walk(inner.routes)
            elif isinstance(route, APIRoute):
                found.update((method.lower(), route.path) for method in route.methods or ())

    walk(app.routes)
    return found


class Matrix:
    """What is asked, by whom, of whose things."""

    def __init__(self, made: TwoProviders, installation: Installation, http: Client) -> None:
        self.ours, self.theirs, self.people = made.ours, made.theirs, made.people
        self.installation, self.http = installation, http
        self.serial = count()

    def ask(self, method: str, path: str, row: Row, things: Things, key: str | None) -> Any:  # a response
        parts = row.path(things)
        body = row.body(things, next(self.serial)) if row.body else None
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        if path == "/v1/bulk-runs":
            headers["Idempotency-Key"] = f"a-run-of-mine-{next(self.serial)}"
        return self.http.request(method, path.format(**parts), json=body, headers=headers)

    def cells(self) -> Iterator[tuple[str, str, Row, Role, Member]]:
        """Every cell; on PostgreSQL those of who may: the others are refused before a row of theirs is read."""
        everybody = self.installation.engine.dialect.name == "sqlite"
        for (method, path), row in ROWS.items():
            for role, member in self.people.items():
                if everybody or role in row.may:
                    yield method, path, row, role, member


@pytest.fixture
def matrix(database: KeptDatabase, cheap_key_derivation: None) -> Iterator[Matrix]:
    with two_providers(database) as (made, installation, http):
        yield Matrix(made, installation, http)


def test_every_operation_has_its_row(tmp_path: Any) -> None:
    settings = settings_for(f"sqlite:///{tmp_path}/service.sqlite")
    engine = create_database_engine(settings.database_url)
    app = create_app(Installation(settings, engine, JobsByHand(), SettableClock(), os_randomness))
    engine.dispose()
    assert operations_of(app) == set(ROWS) | PUBLIC | SIGNED_IN


def test_every_role_has_a_column() -> None:
    assert {role for row in ROWS.values() for role in row.may} <= EVERYBODY == set(Role)


@ON_ONE_DATABASE
def test_nobody_gets_anywhere_without_saying_who_they_are(matrix: Matrix) -> None:
    for (method, path), row in ROWS.items():
        assert matrix.ask(method, path, row, matrix.ours, None).status_code == 401, (method, path)
        assert matrix.ask(method, path, row, matrix.ours, "obk_" + "0" * 48).status_code == 401


@ON_ONE_DATABASE
def test_every_role_at_home(matrix: Matrix) -> None:
    for method, path, row, role, member in matrix.cells():
        answer = matrix.ask(method, path, row, matrix.ours.with_key(member.spare), member.key)
        expected = expected_at_home(method, path, row, role)
        assert answer.status_code == expected, (method, path, role, answer.text)


def expected_at_home(method: str, path: str, row: Row, role: Role) -> int:
    # The operator is at home in an organisation of its own, which has none of a provider's things.
    if role is Role.OPERATOR and role in row.may and row.foreign == 404 and "key" not in path:
        return 404
    return row.own_of.get(role, row.own) if role in row.may else 403


def test_whatever_changes_something_is_told_in_the_audit_trail(matrix: Matrix) -> None:
    """An operation that is added and tells nothing fails here."""

    def told() -> int:
        with matrix.installation.reading() as session:
            return session.scalar(select(func.count()).select_from(AuditEntry)) or 0

    untold = set()
    for (method, path), row in ROWS.items():
        if method == "get" or row.own >= 400:
            continue
        role = min(row.may - set(row.own_of), key=lambda role: (role is Role.OPERATOR, role))
        member, before = matrix.people[role], told()
        answer = matrix.ask(method, path, row, matrix.ours.with_key(member.spare), member.key)
        assert answer.status_code == row.own, (method, path, answer.text)
        if told() == before:
            untold.add((method, path))
    # What an operation before it in the table did already is not done, nor told, a second time.
    assert untold == {("post", "/v1/award-approvals"), ("post", "/v1/signing-keys/{key_id}/retirement")}
    with matrix.installation.reading() as session:
        assert all(chain.holds for chain in verify_trail(session, matrix.installation.trail))
        # Nothing is ever taken out of the trail: so nobody's name, address or words may get in.
        trail = " ".join(session.scalars(select(AuditEntry.details)))
        words = {word for row in session.execute(select(Person.name, Person.email)) for word in row} - {"", *Role}
        assert [word for word in words if word in trail] == []


def test_every_role_abroad(matrix: Matrix) -> None:
    for method, path, row, role, member in matrix.cells():
        answer = matrix.ask(method, path, row, matrix.theirs, member.key)
        if role not in row.may:
            assert answer.status_code == 403, (method, path, role, answer.text)
        elif row.foreign is not None:
            assert answer.status_code == row.foreign, (method, path, role, answer.text)
        elif role is not Role.OPERATOR:
            # An operation that names no thing answers, and with nothing of theirs.
            assert answer.status_code == row.own, (method, path, role, answer.text)
            secret = set(matrix.theirs.personal[1:])
            assert not any(one in answer.text for one in secret), (method, path, role)


def test_an_approval_of_many_approves_nothing_of_theirs(matrix: Matrix) -> None:
    key = matrix.people[Role.TEACHER].key
    answer = matrix.http.post(
        "/v1/award-approvals", json={"award_ids": [matrix.theirs.award]}, headers={"Authorization": f"Bearer {key}"}
    )
    assert answer.json()["approved"] == []
    with matrix.installation.reading() as session:
        assert session.get_one(Award, matrix.theirs.award).approved_at is None


def test_what_a_list_shows_is_ours_to_the_last_row(matrix: Matrix) -> None:
    key = matrix.people[Role.ADMINISTRATOR].key
    headers = {"Authorization": f"Bearer {key}"}
    listed = json.dumps(matrix.http.get("/v1/people?limit=200", headers=headers).json())
    with matrix.installation.reading() as session:
        eerste = session.scalars(select(Organisation.id).where(Organisation.slug == "eerste")).one()
        ours = set(session.scalars(select(Membership.person_id).where(Membership.organisation_id == eerste)))
        everybody = set(session.scalars(select(Person.id)))
    assert {one for one in everybody if one in listed} == ours
    assert ours < everybody


def test_a_kind_of_organisation_without_people_of_ours_sees_none(matrix: Matrix) -> None:
    with matrix.installation.transaction() as session:
        company = add_organisation(
            session, kind=OrganisationKind.COMPANY, slug="bedrijf", name="Bedrijf", randomness=os_randomness
        )
        session.flush()
        member = add_person(
            session,
            name="Wim Werkgever",
            email="wim@bedrijf.example",
            organisation_id=company.id,
            role=Role.ADMINISTRATOR,
            randomness=os_randomness,
        )
        key = make_key(session, member, now=matrix.installation.now(), randomness=os_randomness).secret
    shown = matrix.http.get("/v1/people", headers={"Authorization": f"Bearer {key}"}).json()["items"]
    assert [one["name"] for one in shown] == ["Wim Werkgever"]
