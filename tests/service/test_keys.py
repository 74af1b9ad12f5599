"""Keys are encrypted where they lie, and published where verifiers look."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from issuer_service.clock import os_randomness
from issuer_service.errors import Unavailable
from issuer_service.signing_keys.tables import SigningKeyRow
from issuer_service.signing_keys.vault import Vault
from openbadges_kit.keys.signing_key import ed25519_key
from tests.service.conftest import World


def test_a_private_key_does_not_stand_in_the_database(world: World) -> None:
    with world.installation.reading() as session:
        rows = session.scalars(select(SigningKeyRow)).all()
    vault = Vault(world.installation.settings.secret.get_secret_value(), randomness=os_randomness)
    for row in rows:
        secret = vault.open(row.encrypted_secret, key_id=row.id).secret_multikey
        assert secret.encode() not in row.encrypted_secret
    assert {row.purpose for row in rows} == {"data-integrity", "jwt"}


def test_another_secret_opens_no_key() -> None:
    sealed = Vault("the one secret there is", randomness=os_randomness).seal(ed25519_key(bytes(32)), key_id="a")
    with pytest.raises(Unavailable, match="ISSUER_SERVICE_SECRET"):
        Vault("another secret than that", randomness=os_randomness).open(sealed, key_id="a")


def test_a_key_cannot_be_put_in_anothers_place() -> None:
    vault = Vault("the one secret there is", randomness=os_randomness)
    with pytest.raises(Unavailable):
        vault.open(vault.seal(ed25519_key(bytes(32)), key_id="a"), key_id="b")


def test_did_json_lists_the_key_for_proofs_and_the_key_for_tokens(world: World) -> None:
    document = world.http.get("/issuers/voorbeeld-opleider/did.json").json()
    assert document["id"] == "did:web:badges.example:issuers:voorbeeld-opleider"
    assert {method["type"] for method in document["verificationMethod"]} == {"Multikey", "JsonWebKey2020"}
    assert document["assertionMethod"] == [method["id"] for method in document["verificationMethod"]]
