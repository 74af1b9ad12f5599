"""Keys are encrypted where they lie, published where verifiers look, counted, and follow each other without a gap."""

from __future__ import annotations

import argparse
import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, OperationalError

from issuer_service.administration.key_commands import add_key_commands, run_key_command
from issuer_service.audit.tables import AuditEntry
from issuer_service.bootstrap import LOST_AFTER, resume_lost_work
from issuer_service.clock import os_randomness
from issuer_service.errors import Refused
from issuer_service.issuance import sign
from issuer_service.issuance.tables import Award, Credential
from issuer_service.jobs.port import PROBE_KEYS, SIGN_ONE, JobState
from issuer_service.people.keys import make_key
from issuer_service.people.roles import Role
from issuer_service.people.service import add_role
from issuer_service.people.tables import Membership
from issuer_service.signing_keys.ring import KeyRing, KeyUnreachable, StoreName
from issuer_service.signing_keys.service import KeyPurpose, active_key
from issuer_service.signing_keys.tables import KeyProbe, SigningKeyRow
from issuer_service.signing_keys.vault import Vault
from openbadges_kit.keys.signing_key import ed25519_key
from tests.service.conftest import ON_ONE_DATABASE, World

ROTATION = {"purpose": "data-integrity", "reason": "jaarlijkse wisseling"}


def administrator(world: World) -> str:
    """A key of the teacher as administrator."""
    with world.installation.transaction() as session:
        teacher = session.scalars(select(Membership).where(Membership.role == str(Role.TEACHER))).one()
        member = add_role(
            session,
            teacher.person_id,
            Role.ADMINISTRATOR,
            organisation_id=teacher.organisation_id,
            randomness=os_randomness,
        )
        return make_key(session, member, now=world.clock(), randomness=os_randomness).secret


class Keys:
    """The keys of the world's provider, over HTTP."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.headers = {"Authorization": f"Bearer {administrator(world)}"}

    def call(self, method: str, path: str, body: Any = None, *, expect: int, **headers: str) -> Any:  # JSON
        answer = self.world.http.request(method, f"/v1{path}", json=body, headers={**self.headers, **headers})
        assert answer.status_code == expect, answer.text
        return answer.json()

    def all(self) -> list[Any]:  # JSON
        found = self.call("GET", "/signing-keys", expect=200)["items"]
        return sorted(found, key=lambda one: (one["purpose"], one["number"]))

    def in_use(self, purpose: str = "data-integrity") -> Any:  # JSON
        (found,) = [one for one in self.all() if one["purpose"] == purpose and one["retired_at"] is None]
        return found

    def rotate(self, purpose: str = "data-integrity") -> Any:  # JSON
        self.call("POST", "/signing-keys", {**ROTATION, "purpose": purpose}, expect=202)
        self.world.jobs.do_all(self.world.handlers)
        return self.in_use(purpose)


@pytest.fixture
def keys(world: World) -> Keys:
    return Keys(world)


def verdict_of(world: World, credential_id: str) -> tuple[str, str]:
    """What both forms of a badge come to, by the documents that are public now."""
    with world.installation.reading() as session:
        stored = session.get_one(Credential, credential_id)
        document, jwt = stored.document, stored.jwt
    answers = [world.http.post("/v1/verifications", json={"badge": form}) for form in (json.loads(document), jwt)]
    embedded, token = (answer.json()["verdict"] for answer in answers)
    return embedded, token


class TestAtRest:
    def test_a_private_key_does_not_stand_in_the_database(self, world: World) -> None:
        with world.installation.reading() as session:
            rows = session.scalars(select(SigningKeyRow)).all()
        vault = Vault(world.installation.settings.secret.get_secret_value(), randomness=os_randomness)
        for row in rows:
            sealed = row.encrypted_secret
            assert sealed is not None
            assert vault.unseal(sealed, key_id=row.id).secret_multikey.encode() not in sealed
        assert {row.purpose for row in rows} == {"data-integrity", "jwt"}

    def test_another_secret_opens_no_key(self) -> None:
        sealed = Vault("the one secret there is", randomness=os_randomness).seal(ed25519_key(bytes(32)), key_id="a")
        with pytest.raises(KeyUnreachable, match="ISSUER_SERVICE_SECRET"):
            Vault("another secret than that", randomness=os_randomness).unseal(sealed, key_id="a")

    def test_a_key_cannot_be_put_in_anothers_place(self) -> None:
        vault = Vault("the one secret there is", randomness=os_randomness)
        with pytest.raises(KeyUnreachable):
            vault.unseal(vault.seal(ed25519_key(bytes(32)), key_id="a"), key_id="b")

    def test_a_key_that_is_not_the_published_one_signs_nothing(self, world: World) -> None:
        vault = Vault(world.installation.settings.secret.get_secret_value(), randomness=os_randomness)
        with world.installation.reading() as session:
            row = session.scalars(select(SigningKeyRow).where(SigningKeyRow.purpose == "data-integrity")).one()
        row.encrypted_secret = vault.seal(ed25519_key(bytes(32)), key_id=row.id)
        with pytest.raises(KeyUnreachable, match="not the one that is published"):
            KeyRing({StoreName.DATABASE: vault}).open(row)


def test_did_json_lists_the_key_for_proofs_and_the_key_for_tokens(world: World) -> None:
    document = world.http.get("/issuers/voorbeeld-opleider/did.json").json()
    assert document["id"] == "did:web:badges.example:issuers:voorbeeld-opleider"
    assert {method["type"] for method in document["verificationMethod"]} == {"Multikey", "JsonWebKey2020"}
    assert document["assertionMethod"] == [method["id"] for method in document["verificationMethod"]]


class TestCounting:
    def test_every_signature_is_counted_with_its_key(self, world: World, keys: Keys) -> None:
        world.issue_badge()
        # Its proof, the list to verify it by, and the list as it was published then.
        assert keys.in_use()["signatures"] == 3
        assert keys.in_use("jwt")["signatures"] == 3
        world.issue_badge(1)
        assert keys.in_use()["signatures"] == 4

    def test_a_key_is_seen_to_sign_before_a_badge_waits_for_it(self, world: World, keys: Keys) -> None:
        world.handlers[PROBE_KEYS]("")
        with world.installation.reading() as session:
            assert [one.problem for one in session.scalars(select(KeyProbe))] == [None, None]
        assert keys.in_use()["signatures"] == 1

    def test_a_key_that_cannot_be_opened_is_found(self, world: World) -> None:
        with world.installation.transaction() as session:
            session.scalars(select(SigningKeyRow).where(SigningKeyRow.purpose == "jwt")).one().encrypted_secret = None
        world.handlers[PROBE_KEYS]("")
        with world.installation.reading() as session:
            problems = {one.problem for one in session.scalars(select(KeyProbe))}
        assert len(problems - {None}) == 1


class TestRotation:
    def test_the_first_key_is_retired_and_its_private_half_is_gone(self, world: World, keys: Keys) -> None:
        first, second = keys.in_use(), keys.rotate()
        assert (first["number"], second["number"]) == (1, 2)
        with world.installation.reading() as session:
            assert session.get_one(SigningKeyRow, first["id"]).encrypted_secret is None
        (change,) = keys.call("GET", "/signing-key-changes", expect=200)["items"]
        assert (change["key_id"], change["new_key_id"]) == (first["id"], second["id"])
        assert change["done_at"] is not None
        assert keys.call("GET", f"/signing-key-changes/{change['id']}", expect=200) == change

    def test_asked_for_twice_a_key_is_made_once(self, world: World, keys: Keys) -> None:
        same = {"Idempotency-Key": "a-rotation-of-mine"}
        first = keys.call("POST", "/signing-keys", ROTATION, expect=202, **same)
        assert keys.call("POST", "/signing-keys", ROTATION, expect=202, **same) == first
        keys.call("POST", "/signing-keys", ROTATION, expect=409)
        world.jobs.do_all(world.handlers)
        world.jobs.repeat_everything(world.handlers)
        assert [one["number"] for one in keys.all()] == [1, 2, 1]

    def test_two_keys_never_sign_for_one_purpose(self, world: World, keys: Keys) -> None:
        first = keys.in_use()["id"]
        keys.rotate()
        with pytest.raises(IntegrityError), world.installation.transaction() as session:
            session.get_one(SigningKeyRow, first).retired_at = None

    def test_what_waited_for_its_approval_is_signed_with_the_key_of_now(self, world: World, keys: Keys) -> None:
        world.pass_module()
        award = world.call("GET", "/v1/awards", expect=200)["items"][0]["id"]
        second = keys.rotate()
        world.call("POST", f"/v1/awards/{award}/approval", expect=200)
        world.jobs.do_all(world.handlers)
        badge = world.call("GET", f"/v1/awards/{award}", expect=200)["credential_id"]
        listed = keys.call("GET", f"/signing-keys/{second['id']}/credentials", expect=200)["items"]
        assert [one["credential_id"] for one in listed] == [badge]
        assert verdict_of(world, badge) == ("valid", "valid")

    @pytest.mark.parametrize("what", ["rotation", "compromise"])
    def test_a_signature_in_flight_is_made_anew_and_recorded_once(
        self, world: World, keys: Keys, monkeypatch: pytest.MonkeyPatch, what: str
    ) -> None:
        """The worker has signed and not yet recorded; the key ends; the worker records."""
        first = keys.in_use()
        world.pass_module()
        award = world.call("GET", "/v1/awards", expect=200)["items"][0]["id"]
        world.call("POST", f"/v1/awards/{award}/approval", expect=200)
        signing = sign._sign_all

        def signed_while_the_key_ends(*args: Any, **kwargs: Any) -> Any:
            outcome = signing(*args, **kwargs)
            if keys.in_use()["id"] == first["id"]:
                if what == "rotation":
                    keys.call("POST", "/signing-keys", ROTATION, expect=202)
                else:
                    body = {"since": world.clock().isoformat(), "reason": "gestolen"}
                    keys.call("POST", f"/signing-keys/{first['id']}/compromise", body, expect=200)
                (change,) = keys.call("GET", "/signing-key-changes", expect=200)["items"]
                world.handlers["change-key"](change["id"])
            return outcome

        monkeypatch.setattr(sign, "_sign_all", signed_while_the_key_ends)
        world.jobs.do_all(world.handlers)
        with world.installation.reading() as session:
            stored = session.scalars(select(Credential)).one()
        assert stored.key_id == keys.in_use()["id"] != first["id"]
        assert verdict_of(world, stored.id) == ("valid", "valid")
        # It was signed, though nobody will see it.
        assert keys.call("GET", f"/signing-keys/{first['id']}", expect=200)["signatures"] > 0

    def test_nobody_ends_a_key_between_what_it_signed_and_its_recording(self, world: World) -> None:
        here = world.installation
        if here.engine.dialect.name == "sqlite":
            pytest.skip("SQLite has one writer at a time: nobody else begins")
        with here.transaction() as recording:
            organisation_id = recording.scalars(select(SigningKeyRow.organisation_id)).first() or ""
            held = active_key(recording, organisation_id, KeyPurpose.JWT, hold=True)
            query = select(SigningKeyRow).where(SigningKeyRow.id == held.id)
            with here.transaction() as other:
                # Another worker that signs with it does not wait.
                other.scalars(query.with_for_update(read=True, nowait=True)).one()
            with pytest.raises(OperationalError), here.transaction() as ending:
                ending.scalars(query.with_for_update(nowait=True)).one()

    def test_a_clock_that_is_behind_retires_no_key_before_its_last_signature(self, world: World, keys: Keys) -> None:
        badge = world.issue_badge()
        world.clock.advance(-timedelta(days=1))
        keys.rotate()
        world.clock.advance(timedelta(days=1))
        assert verdict_of(world, badge) == ("valid", "valid")


class TestAnIssuerWithoutAKey:
    def test_what_is_to_be_signed_waits_for_the_key_and_is_no_problem_of_the_badge(
        self, world: World, keys: Keys
    ) -> None:
        world.pass_module()
        award = world.call("GET", "/v1/awards", expect=200)["items"][0]["id"]
        body = {"reason": "tijdelijk gestopt"}
        retired = keys.call("POST", f"/signing-keys/{keys.in_use()['id']}/retirement", body, expect=200)
        assert keys.call("POST", f"/signing-keys/{retired['id']}/retirement", body, expect=200) == retired
        world.call("POST", f"/v1/awards/{award}/approval", expect=200)
        with pytest.raises(KeyUnreachable, match="no key for data-integrity"):
            world.jobs.do_all(world.handlers)
        (key,) = [key for key, (job, _) in world.jobs.taken.items() if job == SIGN_ONE]
        world.jobs.states[key] = JobState.FAILED
        with world.installation.reading() as session:
            assert session.get_one(Award, award).problem is None
        keys.rotate()
        world.clock.advance(LOST_AFTER * 2)
        resume_lost_work(world.installation)
        world.jobs.do_all(world.handlers)
        assert world.call("GET", f"/v1/awards/{award}", expect=200)["credential_id"] is not None


@ON_ONE_DATABASE
class TestCompromise:
    def report(self, keys: Keys, key_id: str, since: Any, *, expect: int = 200) -> Any:  # JSON
        body = {"since": since.isoformat(), "reason": "back-up gestolen"}
        return keys.call("POST", f"/signing-keys/{key_id}/compromise", body, expect=expect)

    def test_the_moment_can_come_earlier_and_not_later(self, world: World, keys: Keys) -> None:
        first, now = keys.in_use()["id"], world.clock()
        self.report(keys, first, now + timedelta(seconds=1), expect=422)
        shown = self.report(keys, first, now)
        assert self.report(keys, first, now) == shown
        self.report(keys, first, now - timedelta(days=1))
        assert "earlier" in self.report(keys, first, now, expect=409)["detail"]
        world.jobs.do_all(world.handlers)
        assert [one["number"] for one in keys.all()] == [1, 2, 1]

    def test_who_said_it_and_why_is_kept_and_in_the_audit_trail(self, world: World, keys: Keys) -> None:
        first = keys.in_use()["id"]
        self.report(keys, first, world.clock())
        world.jobs.do_all(world.handlers)
        (change,) = keys.call("GET", "/signing-key-changes", expect=200)["items"]
        assert (change["kind"], change["reason"]) == ("compromise", "back-up gestolen")
        assert change["asked_by"] is not None
        with world.installation.reading() as session:
            told = {
                entry.event: entry
                for entry in session.scalars(select(AuditEntry).where(AuditEntry.event.startswith("key.")))
            }
        # The setting's own two keys were made, and not ordered.
        assert {"key.compromised", "key.retired", "key.ordered", "key.made", "key.rotated"} == told.keys()
        assert told["key.compromised"].about == first
        assert told["key.rotated"].actor_id == told["key.compromised"].actor_id == change["asked_by"]
        assert not any("back-up" in entry.details for entry in told.values())


@ON_ONE_DATABASE
class TestCommands:
    def run(self, world: World, *arguments: str) -> str:
        parser = argparse.ArgumentParser()
        add_key_commands(parser.add_subparsers())
        return run_key_command(parser.parse_args(["keys", *arguments]), world.installation)

    def test_whoever_has_the_machine_rotates_ends_and_lists_keys(self, world: World, keys: Keys) -> None:
        first, tokens = keys.in_use()["id"], keys.in_use("jwt")["id"]
        here = ("--organisation", "voorbeeld-opleider", "--reason", "jaarlijks")
        self.run(world, "rotate", *here, "--purpose", "data-integrity")
        world.jobs.do_all(world.handlers)
        self.run(world, "compromise", first, "--since", "2026-11-01T00:00:00Z", "--reason", "gestolen")
        self.run(world, "retire", tokens, "--reason", "gestopt")
        listed = self.run(world, "list")
        assert f"{first}  database  0  compromised since 2026-11-01" in listed
        assert listed.count("signs") == 1
        assert listed.count("retired") == 1
        by = {change["asked_by"] for change in keys.call("GET", "/signing-key-changes", expect=200)["items"]}
        assert by == {None}

    @pytest.mark.parametrize("since", ["gisteren", "2026-11-01T00:00:00"])
    def test_a_moment_without_a_zone_is_asked_for_again(self, world: World, keys: Keys, since: str) -> None:
        with pytest.raises(Refused, match="2026-11-20T09:00:00Z"):
            self.run(world, "compromise", keys.in_use()["id"], "--since", since, "--reason", "gestolen")
