"""Every operation of every role, on what is theirs and on what is another provider's: each cell is asserted.

An operation that is added fails `test_every_operation_has_its_row` until it has a row here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
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
from tests.service.conftest import LEVELS, settings_for
from tests.service.databases import KeptDatabase
from tests.service.fakes import JobsByHand, SettableClock
from tests.service.test_setting_up import ulo_body
from tests.service.two_providers import Member, Things, TwoProviders, new_award, two_providers

EVERYBODY = frozenset(Role)
ADMINISTRATOR, TEACHER, OPERATOR = Role.ADMINISTRATOR, Role.TEACHER, Role.OPERATOR
READS_PEOPLE = frozenset({ADMINISTRATOR, TEACHER, Role.COACH, Role.AM_CANDIDATES, Role.ASSESSOR, Role.PRIVACY_OFFICER})
READS_PROGRAMMES = frozenset(
    {
        ADMINISTRATOR,
        TEACHER,
        Role.COACH,
        Role.AM_CANDIDATES,
        Role.AM_COMPANIES,
        Role.BROKER,
        Role.LD_DEVELOPER,
        Role.ASSESSOR,
        Role.CURATOR,
    }
)
READS_AWARDS = frozenset({ADMINISTRATOR, TEACHER, Role.ASSESSOR, Role.PRIVACY_OFFICER})
READS_AUDIT = GUARDS_PRIVACY = frozenset({ADMINISTRATOR, Role.PRIVACY_OFFICER})
REVOKES = frozenset({ADMINISTRATOR, TEACHER})
ENROLS = frozenset({ADMINISTRATOR, Role.AM_CANDIDATES})
WRITES_CATALOGUE = frozenset({ADMINISTRATOR, Role.CURATOR, Role.LD_DEVELOPER})
ONLY_ADMINISTRATOR, ONLY_TEACHER, ONLY_OPERATOR = (frozenset({one}) for one in (ADMINISTRATOR, TEACHER, OPERATOR))


@dataclass(frozen=True)
class Row:
    """Who may, and how it is called with the things of a provider. `own` is the status for who may, at home.

    `foreign` is the status for who may, on another's things; None where the operation names no thing.
    """

    may: frozenset[Role]
    own: int = 200
    foreign: int | None = None
    path: Callable[[Things], dict[str, str]] = field(default=lambda _: {})
    body: Callable[[Things, int], Any] | None = None


def new_person(_: Things, n: int) -> dict[str, str]:
    return {"name": "Nieuw", "email": f"nieuw{n}@post.example", "role": "candidate"}


def new_consent(_: Things, n: int) -> dict[str, str]:
    return {"purpose": "registry", "recipient": f"register-{n}.example", "wording": "registers-2026-11"}


def new_result(things: Things, _: int) -> dict[str, Any]:
    return {"enrolment_id": things.enrolment, "module_id": things.module, "levels": LEVELS}


def new_organisation(_: Things, n: int) -> dict[str, Any]:
    administrator = {"name": "A", "email": "a@b.example"}
    return {"kind": "company", "slug": f"bedrijf-{n}", "name": "Bedrijf", "administrator": administrator}


def new_webhook(_: Things, __: int) -> dict[str, Any]:
    return {"url": "https://lms.example/hook", "events": ["credential.issued"]}


def new_ulo(_: Things, n: int) -> dict[str, Any]:
    return {**ulo_body(), "qualification": f"Vak {n}"}


ROWS: dict[tuple[str, str], Row] = {
    ("get", "/v1/organisations"): Row(ONLY_OPERATOR),
    ("post", "/v1/organisations"): Row(ONLY_OPERATOR, 201, body=new_organisation),
    ("get", "/v1/organisation"): Row(EVERYBODY),
    ("patch", "/v1/organisation"): Row(ONLY_ADMINISTRATOR, body=lambda _, n: {"name": f"Opleider {n}"}),
    ("get", "/v1/me"): Row(EVERYBODY),
    ("get", "/v1/people"): Row(READS_PEOPLE),
    ("post", "/v1/people"): Row(ENROLS, 201, body=new_person),
    ("get", "/v1/people/{person_id}"): Row(READS_PEOPLE, 200, 404, lambda t: {"person_id": t.person}),
    ("post", "/v1/people/{person_id}/roles"): Row(
        ENROLS, 201, 404, lambda t: {"person_id": t.person}, lambda _, __: {"role": "participant"}
    ),
    # Who may, may not take the only role that somebody has.
    ("delete", "/v1/people/{person_id}/roles/{role}"): Row(
        ENROLS, 409, 404, lambda t: {"person_id": t.role, "role": "learner"}
    ),
    ("get", "/v1/keys"): Row(EVERYBODY),
    ("post", "/v1/keys"): Row(EVERYBODY, 201, body=lambda _, __: {"name": "k"}),
    ("get", "/v1/keys/{key_id}"): Row(EVERYBODY, 200, 404, lambda t: {"key_id": t.key}),
    ("post", "/v1/keys/{key_id}/revocation"): Row(EVERYBODY, 200, 404, lambda t: {"key_id": t.key}),
    ("patch", "/v1/people/{person_id}"): Row(
        ENROLS, 200, 404, lambda t: {"person_id": t.person}, lambda _, n: {"name": f"Anders {n}"}
    ),
    # Whose are asked is a learner, and no candidate.
    ("post", "/v1/people/{person_id}/candidacy-end"): Row(ENROLS, 404, 404, lambda t: {"person_id": t.person}),
    ("get", "/v1/me/consents"): Row(EVERYBODY),
    ("post", "/v1/me/consents"): Row(EVERYBODY, 201, body=new_consent),
    ("post", "/v1/me/consents/{consent_id}/withdrawal"): Row(EVERYBODY, 404, 404, lambda t: {"consent_id": t.consent}),
    ("get", "/v1/people/{person_id}/consents"): Row(READS_PEOPLE, 200, 404, lambda t: {"person_id": t.person}),
    ("post", "/v1/people/{person_id}/consents"): Row(ENROLS, 201, 404, lambda t: {"person_id": t.person}, new_consent),
    ("post", "/v1/people/{person_id}/consents/{consent_id}/withdrawal"): Row(
        ENROLS, 200, 404, lambda t: {"person_id": t.person, "consent_id": t.consent}
    ),
    ("get", "/v1/me/data"): Row(EVERYBODY),
    ("get", "/v1/people/{person_id}/data"): Row(GUARDS_PRIVACY, 200, 404, lambda t: {"person_id": t.person}),
    ("get", "/v1/people/{person_id}/erasure"): Row(GUARDS_PRIVACY, 200, 404, lambda t: {"person_id": t.person}),
    ("get", "/v1/retention"): Row(GUARDS_PRIVACY),
    ("put", "/v1/retention"): Row(GUARDS_PRIVACY, body=lambda _, __: {"days": {"messages": 60}}),
    ("get", "/v1/retention/due"): Row(GUARDS_PRIVACY),
    ("get", "/v1/audit"): Row(READS_AUDIT),
    ("get", "/v1/audit/head"): Row(READS_AUDIT),
    ("post", "/v1/ulo-versions"): Row(WRITES_CATALOGUE, 201, body=new_ulo),
    ("get", "/v1/programmes"): Row(READS_PROGRAMMES),
    ("post", "/v1/programmes"): Row(ONLY_ADMINISTRATOR, 201, body=lambda _, __: {"title": "P", "preset": "mhw"}),
    ("get", "/v1/programmes/{programme_id}"): Row(READS_PROGRAMMES, 200, 404, lambda t: {"programme_id": t.programme}),
    ("get", "/v1/programmes/{programme_id}/modules"): Row(
        READS_PROGRAMMES, 200, 404, lambda t: {"programme_id": t.programme}
    ),
    ("post", "/v1/programmes/{programme_id}/modules"): Row(
        ONLY_ADMINISTRATOR,
        201,
        404,
        lambda t: {"programme_id": t.programme},
        lambda t, _: {"title": "M", "phase": "basic", "ulo_version_id": t.personal[0]},
    ),
    ("get", "/v1/programmes/{programme_id}/enrolments"): Row(
        READS_PROGRAMMES, 200, 404, lambda t: {"programme_id": t.programme}
    ),
    # Who is enrolled already is not enrolled again; who is not ours is not there.
    ("post", "/v1/programmes/{programme_id}/enrolments"): Row(
        ENROLS, 409, 404, lambda t: {"programme_id": t.programme}, lambda t, _: {"person_id": t.person}
    ),
    ("get", "/v1/enrolments/{enrolment_id}"): Row(READS_PROGRAMMES, 200, 404, lambda t: {"enrolment_id": t.enrolment}),
    ("post", "/v1/module-results"): Row(ONLY_TEACHER, 201, 404, body=new_result),
    ("get", "/v1/awards"): Row(READS_AWARDS),
    ("get", "/v1/awards/{award_id}"): Row(READS_AWARDS, 200, 404, lambda t: {"award_id": t.award}),
    ("post", "/v1/awards/{award_id}/approval"): Row(ONLY_TEACHER, 200, 404, lambda t: {"award_id": t.award}),
    # What was approved above is refused no more.
    ("post", "/v1/awards/{award_id}/refusal"): Row(
        ONLY_TEACHER, 409, 404, lambda t: {"award_id": t.award}, lambda _, __: {"reason": "niet beoordeeld"}
    ),
    ("get", "/v1/credentials/{credential_id}"): Row(READS_AWARDS, 200, 404, lambda t: {"credential_id": t.credential}),
    ("post", "/v1/credentials/{credential_id}/revocation"): Row(
        REVOKES, 200, 404, lambda t: {"credential_id": t.credential}, lambda _, __: {"reason": "vergissing"}
    ),
    ("post", "/v1/award-approvals"): Row(ONLY_TEACHER, 200, 200, body=lambda t, _: {"award_ids": [t.award]}),
    # A badge that was revoked above is not brought back, by nobody.
    ("post", "/v1/credentials/{credential_id}/suspension"): Row(
        REVOKES, 422, 404, lambda t: {"credential_id": t.credential}, lambda _, __: {"reason": "vergissing"}
    ),
    ("post", "/v1/credentials/{credential_id}/reinstatement"): Row(
        REVOKES, 422, 404, lambda t: {"credential_id": t.credential}, lambda _, __: {"reason": "vergissing"}
    ),
    ("post", "/v1/direct-awards"): Row(REVOKES, 201, body=lambda _, n: new_award(n)),
    ("post", "/v1/bulk-runs"): Row(REVOKES, 202, body=lambda _, n: [new_award(n)]),
    ("get", "/v1/bulk-runs/{run_id}"): Row(READS_AWARDS, 200, 404, lambda t: {"run_id": t.bulk_run}),
    ("get", "/v1/bulk-runs/{run_id}/rows"): Row(READS_AWARDS, 200, 404, lambda t: {"run_id": t.bulk_run}),
    ("get", "/v1/signing-keys"): Row(ONLY_ADMINISTRATOR),
    ("get", "/v1/signing-keys/{key_id}"): Row(ONLY_ADMINISTRATOR, 200, 404, lambda t: {"key_id": t.signing_key}),
    ("get", "/v1/signing-keys/{key_id}/credentials"): Row(
        ONLY_ADMINISTRATOR, 200, 404, lambda t: {"key_id": t.signing_key}
    ),
    ("get", "/v1/signing-key-changes"): Row(ONLY_ADMINISTRATOR),
    ("get", "/v1/signing-key-changes/{change_id}"): Row(
        ONLY_ADMINISTRATOR, 200, 404, lambda t: {"change_id": t.key_change}
    ),
    ("post", "/v1/signing-keys"): Row(
        ONLY_ADMINISTRATOR, 202, body=lambda _, __: {"purpose": "jwt", "reason": "jaarlijks"}
    ),
    # Of a key that is retired already, so that the others are asked of an issuer that can sign.
    ("post", "/v1/signing-keys/{key_id}/retirement"): Row(
        ONLY_ADMINISTRATOR, 200, 404, lambda t: {"key_id": t.signing_key}, lambda _, __: {"reason": "gestopt"}
    ),
    ("post", "/v1/signing-keys/{key_id}/compromise"): Row(
        ONLY_ADMINISTRATOR,
        200,
        404,
        lambda t: {"key_id": t.signing_key},
        lambda _, __: {"since": "2026-11-20T08:00:00Z", "reason": "gestolen"},
    ),
    ("get", "/v1/webhooks"): Row(ONLY_ADMINISTRATOR),
    # Each administrator's cell is asked for once at home: the number of webhooks has a limit.
    ("post", "/v1/webhooks"): Row(ONLY_ADMINISTRATOR, 201, body=new_webhook),
    ("delete", "/v1/webhooks/{webhook_id}"): Row(ONLY_ADMINISTRATOR, 204, 404, lambda t: {"webhook_id": t.webhook}),
    ("get", "/v1/webhooks/{webhook_id}/deliveries"): Row(
        ONLY_ADMINISTRATOR, 200, 404, lambda t: {"webhook_id": t.webhook}
    ),
    # The last: whom it is about is not there afterwards, and a second time is answered as the first.
    ("post", "/v1/people/{person_id}/erasure"): Row(GUARDS_PRIVACY, 200, 404, lambda t: {"person_id": t.person}),
}
for _path, _status in (
    ("/vc-api/{suite_name}/credentials/issue", 400),
    ("/vc-api/{suite_name}/credentials/verify", 400),
    ("/vc-api/{suite_name}/credentials/derive", 400),
    ("/vc-api/{suite_name}/presentations/verify", 400),
):
    # It signs with keys of no organisation, so nothing of anybody's is in reach: an empty body is what is amiss.
    ROWS["post", _path] = Row(ONLY_OPERATOR, _status, None, lambda _: {"suite_name": "ecdsa-sd-2023"}, lambda _, __: {})
ROWS["post", "/vc-api/{suite_name}/credentials/status"] = Row(
    ONLY_OPERATOR, 400, None, lambda _: {"suite_name": "bitstring-status-list"}, lambda _, __: {}
)
ROWS["get", "/vc-api"] = Row(ONLY_OPERATOR)

# Open to everybody, without saying who one is; nothing of a tenant's that is not public by its nature.
PUBLIC = {
    ("get", "/v1/ulo-versions"),
    ("get", "/v1/ulo-versions/{ulo_version_id}"),
    ("post", "/v1/verifications"),
    ("get", "/status/{status_list_id}"),
    ("get", "/status/{status_list_id}/token"),
    ("get", "/vc-api/{suite_name}/status-lists/{purpose}"),
    ("get", "/ulo/{qualification}/{number}/v{version}"),
    ("get", "/ulo/{qualification}/{number}/v{version}/{code}"),
    ("get", "/ulo/{qualification}/{number}/v{version}/{code}/result"),
    ("get", "/ulo/{qualification}/{number}/v{version}/{code}/result/{level}"),
    ("get", "/issuers/{slug}"),
    ("get", "/issuers/{slug}/did.json"),
    ("get", "/"),
    ("get", "/badges/{credential_id}"),
    ("get", "/badges/{credential_id}/picture.png"),
    ("get", "/verify"),
    ("post", "/verify"),
    ("get", "/documentation"),
    ("get", "/healthz"),
    ("get", "/readyz"),
    ("get", "/claim/{token}"),
    ("get", "/claim/{token}/badge.json"),
    ("get", "/claim/{token}/badge.jwt"),
    ("get", "/claim/{token}/badge.png"),
    ("get", "/login"),
    ("get", "/login/begin"),
    ("get", "/login/callback"),
    ("get", "/login/link/{token}"),
    ("post", "/login/link/{token}"),
}

# Pages for who is signed in; `test_staff_pages.py` asserts what each role sees there.
SIGNED_IN = {("get", "/work"), ("post", "/work/approve"), ("post", "/logout")}


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

    def __init__(self, made: TwoProviders, installation: Installation, http: TestClient) -> None:
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


def test_nobody_gets_anywhere_without_saying_who_they_are(matrix: Matrix) -> None:
    for (method, path), row in ROWS.items():
        assert matrix.ask(method, path, row, matrix.ours, None).status_code == 401, (method, path)
        assert matrix.ask(method, path, row, matrix.ours, "obk_" + "0" * 48).status_code in {401, 429}


def test_every_role_at_home(matrix: Matrix) -> None:
    for method, path, row, role, member in matrix.cells():
        answer = matrix.ask(method, path, row, matrix.ours.with_key(member.spare), member.key)
        expected = expected_at_home(method, path, row, role)
        assert answer.status_code == expected, (method, path, role, answer.text)


def expected_at_home(method: str, path: str, row: Row, role: Role) -> int:
    # The operator is at home in an organisation of its own, which has none of a provider's things.
    if role is Role.OPERATOR and role in row.may and row.foreign == 404 and "key" not in path:
        return 404
    return row.own if role in row.may else 403


def test_whatever_changes_something_is_told_in_the_audit_trail(matrix: Matrix) -> None:
    """An operation that is added and tells nothing fails here."""

    def told() -> int:
        with matrix.installation.reading() as session:
            return session.scalar(select(func.count()).select_from(AuditEntry)) or 0

    untold = set()
    for (method, path), row in ROWS.items():
        if method == "get" or row.own >= 400:
            continue
        role = min(row.may, key=lambda role: (role is Role.OPERATOR, role))
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
