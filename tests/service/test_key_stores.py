"""Keys in an HSM and in a transit engine sign like those in the database, and what is kept there never comes here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError
from sqlalchemy import select

from issuer_service.bootstrap import handlers
from issuer_service.clock import os_randomness
from issuer_service.issuance.gather import gather
from issuer_service.issuance.tables import Award
from issuer_service.jobs.port import CHANGE_KEY, SIGN_ONE
from issuer_service.signing_keys.rewrapping import seal_all_again
from issuer_service.signing_keys.ring import KeyUnreachable
from issuer_service.signing_keys.stores import key_ring, vault_of
from issuer_service.signing_keys.tables import SigningKeyRow
from openbadges_kit.keys.public_key import KeyAlgorithm
from tests.kit.keys.test_pkcs11 import generated_keys, softhsm_token
from tests.service.conftest import ON_ONE_DATABASE, SECRET, World, settings_for
from tests.service.test_keys import Keys, verdict_of
from tests.service.transit_engine import TOKEN, TransitEngine, transit_engine

SLUG = "voorbeeld-opleider"


def moved(world: World, **settings: Any) -> Keys:
    """The world's provider, of which new keys are kept elsewhere from now on."""
    here = world.installation
    world.installation = replace(here, settings=settings_for(here.settings.database_url, **settings))
    world.handlers = handlers(world.installation)
    return Keys(world)


def kept_here(world: World) -> list[bytes]:
    with world.installation.reading() as session:
        found = session.scalars(select(SigningKeyRow.encrypted_secret))
        return [one for one in found if one is not None]


@pytest.fixture
def engine() -> Iterator[tuple[TransitEngine, dict[str, Any]]]:
    with transit_engine() as (made, address):
        settings = {"key_store": "transit", "transit_address": address, "transit_token": SecretStr(TOKEN)}
        yield made, settings


@ON_ONE_DATABASE
class TestTransit:
    def test_a_provider_moves_to_it_by_rotation(
        self, world: World, engine: tuple[TransitEngine, dict[str, Any]]
    ) -> None:
        vault, settings = engine
        keys = moved(world, **settings)
        vault.make(f"{SLUG}--data-integrity--2", "ed25519")
        vault.make(f"{SLUG}--jwt--2", "ecdsa-p256")
        assert keys.rotate()["store"] == keys.rotate("jwt")["store"] == "transit"
        assert kept_here(world) == []
        assert verdict_of(world, world.issue_badge()) == ("valid", "valid")
        assert vault.signed == keys.in_use()["signatures"] + keys.in_use("jwt")["signatures"]

    def test_a_key_that_nobody_made_is_asked_for_by_its_name_and_the_old_one_signs_on(
        self, world: World, engine: tuple[TransitEngine, dict[str, Any]]
    ) -> None:
        vault, settings = engine
        keys = moved(world, **settings)
        first = keys.in_use()
        keys.call("POST", "/signing-keys", {"purpose": "data-integrity", "reason": "naar de kluis"}, expect=202)
        (change,) = keys.call("GET", "/signing-key-changes", expect=200)["items"]
        with pytest.raises(KeyUnreachable):
            world.handlers[CHANGE_KEY](change["id"])
        change = keys.call("GET", f"/signing-key-changes/{change['id']}", expect=200)
        assert f"make a transit key of Ed25519 with the name {SLUG}--data-integrity--2" in change["problem"]
        assert keys.in_use() == first
        vault.make(f"{SLUG}--data-integrity--2", "ecdsa-p256")
        with pytest.raises(KeyUnreachable, match="Ed25519 is needed"):
            world.handlers[CHANGE_KEY](change["id"])
        vault.make(f"{SLUG}--data-integrity--2", "ed25519")
        world.handlers[CHANGE_KEY](change["id"])
        assert keys.in_use()["store"] == "transit"

    def test_while_it_is_sealed_badges_wait_and_are_no_problem(
        self, world: World, engine: tuple[TransitEngine, dict[str, Any]]
    ) -> None:
        vault, settings = engine
        keys = moved(world, **settings)
        vault.make(f"{SLUG}--data-integrity--2", "ed25519")
        keys.rotate()
        world.pass_module()
        award = world.call("GET", "/v1/awards", expect=200)["items"][0]["id"]
        world.call("POST", f"/v1/awards/{award}/approval", expect=200)
        assert gather(world.installation) == 1
        chunk = next(about for job, about in world.jobs.taken.values() if job == SIGN_ONE)
        vault.sealed = True
        with pytest.raises(KeyUnreachable, match=r"answered GET keys/.* with 503"):
            world.handlers[SIGN_ONE](chunk)
        with world.installation.reading() as session:
            assert session.get_one(Award, award).problem is None
        vault.sealed = False
        world.jobs.do_all(world.handlers)
        assert world.call("GET", f"/v1/awards/{award}", expect=200)["credential_id"] is not None


@ON_ONE_DATABASE
class TestPkcs11:
    def test_a_provider_moves_to_an_hsm_by_rotation(self, world: World, tmp_path: Path) -> None:
        with softhsm_token(tmp_path) as token:
            labels = {f"{SLUG}--data-integrity--2": "Ed25519", f"{SLUG}--jwt--2": "P-256"}
            generated_keys(token, labels)
            keys = moved(
                world,
                key_store="pkcs11",
                pkcs11_library=token["library"],
                pkcs11_token=token["token_label"],
                pkcs11_pin=SecretStr(token["pin"]),
            )
            assert keys.rotate()["store"] == keys.rotate("jwt")["store"] == "pkcs11"
            assert kept_here(world) == []
            assert verdict_of(world, world.issue_badge()) == ("valid", "valid")


class TestSettings:
    def test_a_token_that_may_not_is_told_without_the_token(self, engine: tuple[TransitEngine, dict[str, Any]]) -> None:
        _, settings = engine
        another = settings_for("sqlite://", **{**settings, "transit_token": SecretStr("hvs.another")})
        with pytest.raises(KeyUnreachable, match="403") as refused:
            key_ring(another, os_randomness).make(KeyAlgorithm.ED25519, key_id="a", label="a")
        assert "hvs" not in str(refused.value)

    @pytest.mark.parametrize("store", ["pkcs11", "transit"])
    def test_a_store_that_cannot_be_reached_by_them_is_refused(self, store: str) -> None:
        with pytest.raises(ValidationError, match=f"key_store {store} needs {store}_"):
            settings_for("sqlite://", key_store=store)

    def test_a_transit_engine_is_called_in_the_clear_on_this_machine_only(self) -> None:
        with pytest.raises(ValidationError, match="https"):
            settings_for("sqlite://", transit_address="http://vault.example")


@ON_ONE_DATABASE
class TestAnotherSecret:
    def test_keys_are_opened_by_both_until_all_are_under_the_new_one(self, world: World) -> None:
        new = {"key_secret": SecretStr("another secret of some length")}
        before = kept_here(world)
        moved(world, **new, previous_key_secret=SecretStr(SECRET))
        world.issue_badge(0)
        with world.installation.transaction() as session:
            assert seal_all_again(session, vault=vault_of(world.installation.settings, os_randomness)) == len(before)
        assert not set(before) & set(kept_here(world))
        moved(world, **new)
        assert verdict_of(world, world.issue_badge(1)) == ("valid", "valid")

    def test_with_a_secret_that_opens_nothing_nothing_changes(self, world: World) -> None:
        before = kept_here(world)
        moved(world, key_secret=SecretStr("a secret that never was in use"))
        with pytest.raises(KeyUnreachable), world.installation.transaction() as session:
            seal_all_again(session, vault=vault_of(world.installation.settings, os_randomness))
        assert kept_here(world) == before
