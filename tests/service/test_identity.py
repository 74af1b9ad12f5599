"""Tokens of the identity provider, signing in with it, and what the pages do with who is signed in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_network
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc.jwk import ECKey, OctKey
from sqlalchemy import select

from issuer_service.administration.commandline import local_login_link
from issuer_service.clock import os_randomness
from issuer_service.installation import Installation
from issuer_service.issuance.tables import Award
from issuer_service.people.roles import Role
from issuer_service.people.tables import ExternalIdentity, Membership, Person, WebSession
from issuer_service.web.sessions import make_login_link, start_session
from tests.service.conftest import ON_ONE_DATABASE, World, settings_for
from tests.service.identity_provider import AUDIENCE, CLIENT, SECRET, IdentityProvider, running
from tests.service.serving import Client

pytestmark = ON_ONE_DATABASE


@dataclass
class Trusting:
    """The demonstration's provider on an installation that trusts an identity provider."""

    world: World
    provider: IdentityProvider
    http: Client
    here: Installation

    def claims(self, **changed: Any) -> dict[str, Any]:
        now = int(self.world.clock.moment.timestamp())
        sound = {
            "iss": self.provider.issuer,
            "aud": AUDIENCE,
            "sub": "dana",
            "exp": now + 300,
            "iat": now,
            "scope": "openid awards:read people:read organisations",
        }
        return {name: value for name, value in {**sound, **changed}.items() if value is not None}

    def status(self, token: str, path: str = "/v1/me", **headers: str) -> int:
        return self.http.get(path, headers={"Authorization": f"Bearer {token}", **headers}).status_code


@pytest.fixture
def trusting(world: World) -> Iterator[Trusting]:
    with running() as provider:
        settings = settings_for(
            world.installation.settings.database_url,
            identity_issuer=provider.issuer,
            identity_audience=AUDIENCE,
            identity_client_id=CLIENT,
            identity_client_secret=SECRET,
            outbound_allowed_networks=(ip_network("127.0.0.0/8"),),
        )
        old = world.installation
        here = Installation(settings, old.engine, old.jobs, old.now, old.randomness)
        with here.transaction() as session:
            teacher = session.scalars(select(Membership.person_id).where(Membership.role == str(Role.TEACHER))).one()
            session.add(
                ExternalIdentity(
                    id="00000000-0000-4000-8000-000000000001",
                    issuer=provider.issuer,
                    subject="dana",
                    person_id=teacher,
                    linked_at=here.now(),
                )
            )
        with Client(here, follow_redirects=False) as http:
            yield Trusting(world, provider, http, here)


class TestTokens:
    def test_a_sound_token_may_do_what_role_and_scope_both_allow(self, trusting: Trusting) -> None:
        token = trusting.provider.token(trusting.claims())
        me = trusting.http.get("/v1/me", headers={"Authorization": f"Bearer {token}"}).json()
        assert me["scopes"] == ["awards:read", "people:read"]
        assert trusting.status(token, "/v1/programmes") == 403

    @pytest.mark.parametrize(
        "changed",
        [
            {"aud": "another"},
            {"aud": None},
            {"iss": "https://another.example"},
            {"exp": 1},
            {"exp": None},
            {"sub": None},
            {"sub": "nobody-here"},
            {"nbf": 4_000_000_000},
        ],
    )
    def test_a_token_for_another_or_of_another_time_opens_nothing(
        self, trusting: Trusting, changed: dict[str, Any]
    ) -> None:
        assert trusting.status(trusting.provider.token(trusting.claims(**changed))) == 401

    def test_a_token_signed_by_another_opens_nothing(self, trusting: Trusting) -> None:
        forged = ECKey.generate_key("P-256", {"kid": "first"})
        assert trusting.status(trusting.provider.token(trusting.claims(), key=forged)) == 401

    def test_a_shared_secret_signs_nothing_and_neither_does_nobody(self, trusting: Trusting) -> None:
        secret = OctKey.import_key("a secret that both sides could know", {"kid": "first"})
        token = trusting.provider.token(trusting.claims(), key=secret, algorithm="HS256")
        assert trusting.status(token) == 401
        head, body, _ = trusting.provider.token(trusting.claims()).split(".")
        assert trusting.status(f"eyJhbGciOiJub25lIn0.{body}.") == 401
        assert trusting.status(f"{head}.{body}.") == 401

    @pytest.mark.parametrize(
        "token", ["a.b.c", "..", "é.b.c", "a" * 20_000, "eyJhbGciOiJFUzI1NiJ9.e30.AA", "[[[.[[[.["]
    )
    def test_what_is_no_token_opens_nothing(self, trusting: Trusting, token: str) -> None:
        headers = {b"Authorization": b"Bearer " + token.encode()}
        assert trusting.http.get("/v1/me", headers=headers).status_code == 401

    def test_keys_turn_over_and_are_fetched_once(self, trusting: Trusting) -> None:
        first = trusting.provider.token(trusting.claims())
        assert [trusting.status(first) for _ in range(3)] == [200] * 3
        trusting.world.clock.advance(timedelta(minutes=2))
        trusting.provider.turn_over("second")
        second = trusting.provider.token(trusting.claims())
        assert trusting.status(second) == 200
        assert trusting.status(first) == 401
        assert trusting.provider.calls.count("/jwks_uri") == 2

    def test_made_up_key_names_do_not_have_the_provider_called_each_time(self, trusting: Trusting) -> None:
        for number in range(5):
            key = ECKey.generate_key("P-256", {"kid": f"made-up-{number}"})
            assert trusting.status(trusting.provider.token(trusting.claims(), key=key)) == 401
        assert trusting.provider.calls.count("/jwks_uri") == 1

    def test_known_keys_outlive_a_provider_that_is_down(self, trusting: Trusting) -> None:
        token = trusting.provider.token(trusting.claims(exp=4_000_000_000))
        assert trusting.status(token) == 200
        trusting.provider.broken = True
        trusting.world.clock.advance(timedelta(hours=2))
        assert trusting.status(token) == 200

    def test_a_provider_that_was_never_reached_is_said_to_be_unavailable(self, trusting: Trusting) -> None:
        trusting.provider.broken = True
        assert trusting.status(trusting.provider.token(trusting.claims())) == 503


class TestIntrospection:
    def test_an_active_token_is_asked_about_once_and_for_half_a_minute(self, trusting: Trusting) -> None:
        trusting.provider.opaque["opaque"] = {"active": True, **trusting.claims()}
        assert [trusting.status("opaque") for _ in range(3)] == [200] * 3
        assert trusting.provider.calls.count("/introspection_endpoint") == 1
        trusting.provider.opaque.clear()
        trusting.world.clock.advance(timedelta(seconds=31))
        assert trusting.status("opaque") == 401

    @pytest.mark.parametrize(
        "changed", [{"active": False}, {"active": "true"}, {"aud": "another"}, {"sub": None}, {"exp": 1}, {"iss": "x"}]
    )
    def test_any_other_answer_opens_nothing(self, trusting: Trusting, changed: dict[str, Any]) -> None:
        trusting.provider.opaque["opaque"] = {"active": True, **trusting.claims(), **changed}
        assert trusting.status("opaque") == 401


def sign_in(trusting: Trusting, **changed: Any) -> Any:  # a response
    """Go through the code flow as a browser does. `changed` alters the ID token's claims."""
    begun = trusting.http.get("/login/begin")
    assert begun.status_code == 303
    asked = {name: values[0] for name, values in parse_qs(urlsplit(begun.headers["Location"]).query).items()}
    assert asked["code_challenge_method"] == "S256"
    identity = {"aud": CLIENT, "nonce": asked["nonce"], "email": "dana@opleider.example", "email_verified": True}
    claims = trusting.claims(**{**identity, **changed})
    trusting.provider.codes["the-code"] = {**asked, "claims": claims}
    return trusting.http.get(f"/login/callback?code=the-code&state={asked['state']}")


class TestSigningIn:
    def test_whoever_the_provider_knows_comes_to_their_work(self, trusting: Trusting) -> None:
        answer = sign_in(trusting)
        assert answer.status_code == 303, answer.text
        assert answer.headers["Location"] == "/work"
        cookie = next(one for one in answer.headers.get_list("set-cookie") if "session" in one)
        for part in ("__Host-session=", "HttpOnly", "Secure", "SameSite=lax", "Path=/"):
            assert part in cookie
        assert "Dana Docent" in trusting.http.get("/work").text

    def test_whoever_was_going_to_a_page_of_ours_comes_there(self, trusting: Trusting) -> None:
        trusting.http.get("/login?to=/desk/cases%3Flang=en")
        assert sign_in(trusting).headers["Location"] == "/desk/cases?lang=en"
        assert sign_in(trusting).headers["Location"] == "/work"

    def test_a_verified_address_links_the_account_for_good(self, trusting: Trusting) -> None:
        assert sign_in(trusting, sub="new-subject").status_code == 303
        assert sign_in(trusting, sub="new-subject", email=None, email_verified=None).status_code == 303

    @pytest.mark.parametrize(
        "changed",
        [
            {"nonce": "another"},
            {"nonce": None},
            {"aud": "another"},
            {"sub": "stranger", "email_verified": False},
            {"sub": "stranger", "email_verified": None},
            {"sub": "stranger", "email": "nobody@elders.example"},
        ],
    )
    def test_anything_that_is_not_as_it_was_begun_lets_nobody_in(
        self, trusting: Trusting, changed: dict[str, Any]
    ) -> None:
        assert sign_in(trusting, **changed).status_code == 401
        assert trusting.http.get("/work").status_code == 401

    def test_another_browsers_answer_lets_nobody_in(self, trusting: Trusting) -> None:
        begun = trusting.http.get("/login/begin")
        state = parse_qs(urlsplit(begun.headers["Location"]).query)["state"][0]
        trusting.http.cookies.clear()
        assert trusting.http.get(f"/login/callback?code=x&state={state}").status_code == 401

    def test_a_link_signs_in_once_and_only_when_its_button_is_pressed(self, world: World) -> None:
        with world.installation.transaction() as session:
            teacher = session.scalars(select(Person).where(Person.email == "dana@opleider.example")).one()
            token = make_login_link(session, teacher.id, now=world.installation.now(), randomness=os_randomness)
        assert world.http.get(f"/login/link/{token}").status_code == 200
        assert world.http.post(f"/login/link/{token}", follow_redirects=False).status_code == 303
        assert "Dana Docent" in world.http.get("/work").text
        assert world.http.post(f"/login/link/{token}", follow_redirects=False).status_code == 401

    def test_the_local_way_in_is_only_for_an_address_on_this_machine(self, world: World) -> None:
        assert local_login_link(world.installation) is None


def signed_in(world: World, role: Role = Role.TEACHER) -> str:
    """Somebody in this role is signed in. Gives the text that is in their forms."""
    with world.installation.transaction() as session:
        member = session.scalars(select(Membership).where(Membership.role == str(role))).first()
        assert member is not None
        token = start_session(
            session, member.person_id, member.organisation_id, now=world.clock.moment, randomness=os_randomness
        )
    world.http.cookies.set("__Host-session", token, domain="badges.example")
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', world.http.get("/work").text)
    assert found is not None
    return found.group(1)


def approved(world: World) -> int:
    with world.installation.reading() as session:
        return len(session.scalars(select(Award).where(Award.approved_at.is_not(None))).all())


class TestTheWorkList:
    @pytest.mark.parametrize("language", ["nl", "en"])
    def test_a_teacher_sees_who_waits_for_which_badge(self, world: World, language: str) -> None:
        world.pass_module()
        signed_in(world)
        page = world.http.get(f"/work?lang={language}")
        assert "Michael Monteur" in page.text
        assert "Warmtepompsysteem bepalen" in page.text
        assert f'<html lang="{language}">' in page.text
        assert "<script" not in page.text
        assert page.headers["Cache-Control"] == "no-store"

    def test_one_button_approves_one_and_ticks_approve_many(self, world: World) -> None:
        for enrolment in (0, 1):
            world.pass_module(enrolment)
        csrf = signed_in(world)
        ids = re.findall(r'name="awards" value="([^"]+)"', world.http.get("/work").text)
        assert len(ids) == 2
        world.http.post("/work-approvals", data={"csrf": csrf, "one": ids[0], "awards": ids})
        assert approved(world) == 1
        page = world.http.post("/work-approvals", data={"csrf": csrf, "awards": ids})
        assert approved(world) == 2
        assert "2 goedgekeurd." in page.text

    @pytest.mark.parametrize("csrf", ["", "0" * 64, "é"])
    def test_a_form_of_another_page_approves_nothing(self, world: World, csrf: str) -> None:
        world.pass_module()
        signed_in(world)
        award = world.call("GET", "/v1/awards", expect=200)["items"][0]["id"]
        assert world.http.post("/work-approvals", data={"csrf": csrf, "one": award}).status_code == 403
        assert approved(world) == 0

    def test_a_form_sent_by_another_site_approves_nothing(self, world: World) -> None:
        world.pass_module()
        csrf = signed_in(world)
        award = world.call("GET", "/v1/awards", expect=200)["items"][0]["id"]
        answer = world.http.post(
            "/work-approvals", data={"csrf": csrf, "one": award}, headers={"Sec-Fetch-Site": "cross-site"}
        )
        assert answer.status_code == 403
        assert approved(world) == 0

    def test_a_cookie_opens_no_api(self, world: World) -> None:
        signed_in(world)
        assert world.http.get("/v1/me").status_code == 401

    def test_a_learner_sees_nobody_elses_badges_and_approves_none(self, world: World) -> None:
        world.pass_module()
        award = world.call("GET", "/v1/awards", expect=200)["items"][0]["id"]
        csrf = signed_in(world, Role.LEARNER)
        assert "Warmtepompsysteem" not in world.http.get("/work").text
        assert world.http.post("/work-approvals", data={"csrf": csrf, "one": award}).status_code == 403

    def test_a_session_ends_by_itself_and_by_signing_out(self, world: World) -> None:
        csrf = signed_in(world)
        world.http.post("/logout", data={"csrf": csrf})
        with world.installation.reading() as session:
            assert session.scalars(select(WebSession)).all() == []
        signed_in(world)
        world.clock.advance(timedelta(hours=11))
        assert world.http.get("/work", headers={"Accept": "text/html"}).status_code == 401


class TestLimits:
    def test_too_many_calls_are_answered_with_when_to_try_again(self, world: World) -> None:
        here = world.installation
        settings = settings_for(
            here.settings.database_url, rate_limit_per_key="3/hour", rate_limit_per_address="2/hour"
        )
        http = Client(Installation(settings, here.engine, here.jobs, here.now, here.randomness))
        headers = {"Authorization": f"Bearer {world.setting.teacher_token}"}
        assert [http.get("/v1/me", headers=headers).status_code for _ in range(4)] == [200, 200, 200, 429]
        assert [http.get("/verify").status_code for _ in range(3)] == [200, 200, 429]
        refused = http.get("/v1/me", headers=headers)
        assert 0 < int(refused.headers["Retry-After"]) <= 3600
        assert refused.headers["Content-Type"] == "application/problem+json"

    def test_who_guesses_keys_has_to_wait(self, world: World) -> None:
        http = Client(world.installation)
        answers = [http.get("/v1/me", headers={"Authorization": f"Bearer obk_{n}"}).status_code for n in range(31)]
        assert set(answers[:30]) == {401}
        assert answers[30] == 429
