"""A provider is set up over the API, from an empty installation to a badge that verifies."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

import issuer_service
from issuer_service.administration.commandline import member_called, operator_key
from issuer_service.bootstrap import handlers
from issuer_service.clock import os_randomness
from issuer_service.delivery.service import ClaimLinks
from issuer_service.installation import Installation
from issuer_service.issuance.tables import Credential
from issuer_service.people.keys import make_key
from issuer_service.persistence.database import create_database_engine
from tests.service.conftest import LEVELS, ON_ONE_DATABASE, settings_for
from tests.service.fakes import JobsByHand, SettableClock
from tests.service.serving import Client

DATA = Path(issuer_service.__file__).parent / "demo" / "data"


class Empty:
    """An installation with nothing in it but its operator."""

    def __init__(self, database_url: str) -> None:
        self.jobs = JobsByHand()
        self.engine = create_database_engine(database_url)
        self.installation = Installation(
            settings_for(database_url), self.engine, self.jobs, SettableClock(), os_randomness
        )
        with self.installation.transaction() as session:
            self.operator = operator_key(
                session, self.installation, slug="operator", name="Olga Operator", email="olga@host.example"
            )
        self.http = Client(self.installation)

    def call(self, key: str, method: str, path: str, body: Any = None, *, expect: int, **headers: str) -> Any:  # JSON
        answer = self.http.request(method, path, json=body, headers={"Authorization": f"Bearer {key}", **headers})
        assert answer.status_code == expect, answer.text
        return answer.json() if answer.content else None

    def open_provider(self, slug: str = "voorbeeld-opleider") -> str:
        """A provider. Gives its administrator's key."""
        body = {
            "kind": "provider",
            "slug": slug,
            "name": "Voorbeeld Opleider",
            "administrator": {"name": "Ada Beheer", "email": "ada@opleider.example"},
        }
        made = self.call(self.operator, "POST", "/v1/organisations", body, expect=201)
        self.jobs.do_all(handlers(self.installation))
        key: str = made["administrator_key"]
        return key


@pytest.fixture
def empty(database_url: str, cheap_key_derivation: None) -> Iterator[Empty]:
    made = Empty(database_url)
    yield made
    made.engine.dispose()


def ulo_body(number: str = "1.1") -> dict[str, Any]:
    return {
        "table": (DATA / "warmtepompen.csv").read_text(encoding="utf-8"),
        "catalogue": "Skills-Catalogus",
        "qualification": "Vakmanschap Warmtepompen",
        "number": number,
        "version": "1",
        "title": "Warmtepompsysteem bepalen",
        "source": "Werkwijze toolbox",
        "validation": {"method": "workshop", "held_on": "2025-02-01", "by": "Werkwijze toolbox"},
        "rubric": json.loads((DATA / "warmtepompen-rubric.json").read_bytes()),
    }


def test_from_an_empty_installation_to_a_badge_that_verifies(empty: Empty) -> None:
    admin = empty.open_provider()
    ulo = empty.call(admin, "POST", "/v1/ulo-versions", ulo_body(), expect=201)
    programme = empty.call(admin, "POST", "/v1/programmes", {"title": "Omscholing", "preset": "mhw"}, expect=201)
    path = f"/v1/programmes/{programme['id']}"
    module_body = {"title": "Welk systeem past?", "phase": "basic", "ulo_version_id": ulo["id"]}
    module = empty.call(admin, "POST", f"{path}/modules", module_body, expect=201)
    people = {
        role: empty.call(
            admin, "POST", "/v1/people", {"name": role, "email": f"{role}@opleider.example", "role": role}, expect=201
        )
        for role in ("teacher", "learner")
    }
    enrolment = empty.call(admin, "POST", f"{path}/enrolments", {"person_id": people["learner"]["id"]}, expect=201)
    with empty.installation.transaction() as session:
        member = member_called(session, slug="voorbeeld-opleider", email="teacher@opleider.example", role=None)
        made = make_key(session, member, now=empty.installation.now(), randomness=os_randomness)
    body = {"enrolment_id": enrolment["id"], "module_id": module["id"], "levels": LEVELS}
    assert empty.call(made.secret, "POST", "/v1/module-results", body, expect=201)["passed"]
    empty.jobs.do_all(handlers(empty.installation))
    (award,) = empty.call(made.secret, "GET", "/v1/awards", expect=200)["items"]
    empty.call(made.secret, "POST", f"/v1/awards/{award['id']}/approval", expect=200)
    empty.jobs.do_all(handlers(empty.installation))
    with empty.installation.reading() as session:
        credential_id = session.scalars(select(Credential.id)).one()
    links = ClaimLinks(empty.installation.settings.secret.get_secret_value(), base_url=empty.installation.base_url)
    badge = empty.http.get(f"{links.link_to(credential_id)}/badge.json").json()
    assert empty.http.post("/v1/verifications", json={"badge": badge}).json()["verdict"] == "valid"


@ON_ONE_DATABASE
class TestOrganisations:
    def test_a_second_operator_is_not_made(self, empty: Empty) -> None:
        with (
            pytest.raises(Exception, match="operator already"),
            empty.installation.transaction() as session,
        ):
            operator_key(session, empty.installation, slug="again", name="Again", email="again@host.example")

    def test_the_operator_sees_organisations_and_nobodys_people(self, empty: Empty) -> None:
        empty.open_provider()
        listed = empty.call(empty.operator, "GET", "/v1/organisations", expect=200)["items"]
        assert {one["slug"] for one in listed} == {"operator", "voorbeeld-opleider"}
        empty.call(empty.operator, "GET", "/v1/people", expect=403)

    def test_a_name_in_addresses_belongs_to_one(self, empty: Empty) -> None:
        empty.open_provider()
        body = {"kind": "company", "slug": "voorbeeld-opleider", "name": "X"}
        administrator = {"administrator": {"name": "A", "email": "a@b.example"}}
        empty.call(empty.operator, "POST", "/v1/organisations", {**body, **administrator}, expect=409)

    def test_only_the_organisation_that_began_a_qualification_adds_to_it(self, empty: Empty) -> None:
        first, second = empty.open_provider("eerste"), empty.open_provider("tweede")
        empty.call(first, "POST", "/v1/ulo-versions", ulo_body(), expect=201)
        problem = empty.call(second, "POST", "/v1/ulo-versions", {**ulo_body(), "version": "2"}, expect=409)
        assert "another organisation" in problem["detail"]


@ON_ONE_DATABASE
class TestPeople:
    def test_adding_somebody_does_not_tell_that_another_organisation_knows_them(self, empty: Empty) -> None:
        first, second = empty.open_provider("eerste"), empty.open_provider("tweede")
        body = {"name": "Sam", "email": "sam@post.example", "role": "learner"}
        known = empty.call(first, "POST", "/v1/people", body, expect=201)
        empty.call(first, "POST", "/v1/people", body, expect=409)
        other = empty.call(second, "POST", "/v1/people", body, expect=201)
        assert other["id"] != known["id"]

    def test_the_last_administrator_stays_one(self, empty: Empty) -> None:
        admin = empty.open_provider()
        me = empty.call(admin, "GET", "/v1/me", expect=200)["person_id"]
        empty.call(admin, "POST", f"/v1/people/{me}/roles", {"role": "teacher"}, expect=201)
        empty.call(admin, "DELETE", f"/v1/people/{me}/roles/administrator", expect=409)
        empty.call(admin, "DELETE", f"/v1/people/{me}/roles/teacher", expect=204)

    def test_who_recruits_registers_candidates_and_makes_nobody_a_teacher(self, empty: Empty) -> None:
        admin = empty.open_provider()
        body = {"name": "Roos", "email": "roos@opleider.example", "role": "am_candidates"}
        roos = empty.call(admin, "POST", "/v1/people", body, expect=201)
        key = empty.call(admin, "POST", "/v1/keys", {"name": "k", "membership_id": roos["roles"][0]["id"]}, expect=201)[
            "secret"
        ]
        candidate = {"name": "Kim", "email": "kim@post.example", "role": "candidate"}
        empty.call(key, "POST", "/v1/people", candidate, expect=201)
        empty.call(key, "POST", "/v1/people", {**candidate, "email": "k2@post.example", "role": "teacher"}, expect=403)


@ON_ONE_DATABASE
class TestKeys:
    def test_a_revoked_key_opens_nothing(self, empty: Empty) -> None:
        admin = empty.open_provider()
        made = empty.call(admin, "POST", "/v1/keys", {"name": "koppeling"}, expect=201)
        empty.call(made["secret"], "GET", "/v1/me", expect=200)
        empty.call(admin, "POST", f"/v1/keys/{made['id']}/revocation", expect=200)
        empty.call(made["secret"], "GET", "/v1/me", expect=401)

    def test_a_key_of_fewer_scopes_does_less_and_makes_no_key_that_does_more(self, empty: Empty) -> None:
        admin = empty.open_provider()
        body = {"name": "lezer", "scopes": ["keys", "people:read"]}
        key = empty.call(admin, "POST", "/v1/keys", body, expect=201)["secret"]
        empty.call(key, "GET", "/v1/people", expect=200)
        empty.call(key, "GET", "/v1/programmes", expect=403)
        empty.call(key, "POST", "/v1/keys", {"name": "meer", "scopes": ["programmes:read"]}, expect=422)
        made = empty.call(key, "POST", "/v1/keys", {"name": "zelfde"}, expect=201)
        assert made["scopes"] == ["keys", "people:read"]

    def test_an_administrators_key_for_a_teacher_does_not_approve(self, empty: Empty) -> None:
        admin = empty.open_provider()
        body = {"name": "Dana", "email": "dana@opleider.example", "role": "teacher"}
        teacher = empty.call(admin, "POST", "/v1/people", body, expect=201)
        asked = {"name": "voor Dana", "membership_id": teacher["roles"][0]["id"]}
        assert "awards:approve" not in empty.call(admin, "POST", "/v1/keys", asked, expect=201)["scopes"]
        empty.call(admin, "POST", "/v1/keys", {**asked, "scopes": ["awards:approve"]}, expect=422)

    def test_it_shows_when_a_key_was_last_used_and_never_the_key(self, empty: Empty) -> None:
        admin = empty.open_provider()
        empty.call(admin, "GET", "/v1/me", expect=200)
        (shown,) = empty.call(admin, "GET", "/v1/keys", expect=200)["items"]
        assert shown["last_used_at"] is not None
        assert "secret" not in shown
        assert admin not in json.dumps(shown)


@ON_ONE_DATABASE
class TestSendingAgain:
    def test_the_same_request_with_its_key_creates_once(self, empty: Empty) -> None:
        admin = empty.open_provider()
        body, key = {"title": "Omscholing", "preset": "mhw"}, {"Idempotency-Key": "a-key-of-mine"}
        first = empty.call(admin, "POST", "/v1/programmes", body, expect=201, **key)
        assert empty.call(admin, "POST", "/v1/programmes", body, expect=201, **key) == first
        assert len(empty.call(admin, "GET", "/v1/programmes", expect=200)["items"]) == 1

    def test_another_request_with_that_key_is_refused(self, empty: Empty) -> None:
        admin = empty.open_provider()
        key = {"Idempotency-Key": "a-key-of-mine"}
        empty.call(admin, "POST", "/v1/programmes", {"title": "A", "preset": "mhw"}, expect=201, **key)
        empty.call(admin, "POST", "/v1/programmes", {"title": "B", "preset": "mhw"}, expect=422, **key)

    def test_anothers_key_is_another(self, empty: Empty) -> None:
        first, second = empty.open_provider("eerste"), empty.open_provider("tweede")
        body, key = {"title": "Omscholing", "preset": "mhw"}, {"Idempotency-Key": "a-key-of-mine"}
        ids = {empty.call(one, "POST", "/v1/programmes", body, expect=201, **key)["id"] for one in (first, second)}
        assert len(ids) == 2

    def test_a_secret_is_not_kept_to_be_shown_again(self, empty: Empty) -> None:
        admin = empty.open_provider()
        key = {"Idempotency-Key": "a-key-of-mine"}
        first = empty.call(admin, "POST", "/v1/keys", {"name": "k"}, expect=201, **key)
        again = empty.call(admin, "POST", "/v1/keys", {"name": "k"}, expect=201, **key)
        assert again == {**first, "secret": None}


@ON_ONE_DATABASE
class TestPages:
    def test_a_list_comes_in_pages_without_doubles_or_gaps(self, empty: Empty) -> None:
        admin = empty.open_provider()
        made = {
            empty.call(admin, "POST", "/v1/programmes", {"title": f"P{n}", "preset": "mhw"}, expect=201)["id"]
            for n in range(5)
        }
        seen: list[str] = []
        path = "/v1/programmes?limit=2"
        page = empty.call(admin, "GET", path, expect=200)
        seen += [one["id"] for one in page["items"]]
        while page["next"]:
            page = empty.call(admin, "GET", f"{path}&cursor={page['next']}", expect=200)
            seen += [one["id"] for one in page["items"]]
        assert sorted(seen) == sorted(made)

    @pytest.mark.parametrize("cursor", ["x", "W10", "WzFd", "bnVsbA", "WyJcdTAwMDAiXQ", "W1tbW1tb"])
    def test_a_foreign_cursor_is_refused(self, empty: Empty, cursor: str) -> None:
        admin = empty.open_provider()
        empty.call(admin, "GET", f"/v1/programmes?cursor={cursor}", expect=422)


@ON_ONE_DATABASE
class TestErrors:
    def test_a_browser_gets_a_page_and_a_program_a_problem(self, empty: Empty) -> None:
        page = empty.http.get("/badges/unknown?lang=nl", headers={"Accept": "text/html"})
        assert page.status_code == 404
        assert "Deze pagina is er niet." in page.text
        problem = empty.http.get("/badges/unknown", headers={"Accept": "application/json"})
        assert problem.headers["Content-Type"] == "application/problem+json"
        assert empty.http.get("/v1/me", headers={"Accept": "text/html"}).json()["status"] == 401

    def test_a_body_too_large_is_refused_announced_or_not(self, empty: Empty) -> None:
        admin = empty.open_provider()
        headers = {"Authorization": f"Bearer {admin}", "Content-Type": "application/json"}
        big = b'"' + b"a" * (1024 * 1024 + 1) + b'"'
        assert empty.http.post("/v1/programmes", content=big, headers=headers).status_code == 413
        pieces = (big[i : i + 65536] for i in range(0, len(big), 65536))
        assert empty.http.post("/v1/programmes", content=pieces, headers=headers).status_code == 413
