"""Badges with openvc-core, another Python implementation: both ways, and neither way after a change."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, Final

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from openvc.keys import Ed25519SigningKey
from openvc.proof.data_integrity import DataIntegrityProofSuite

from openbadges_kit.did.did_key import did_of, verification_method_of
from openbadges_kit.documents import JsonObject
from openbadges_kit.issuance import issue, prepare
from openbadges_kit.jsonld.bundle import bundled_context
from openbadges_kit.keys.signing_key import ed25519_key
from openbadges_kit.verification.verifier import verify
from openbadges_kit.vocabulary import OPEN_BADGES_3_0_3
from tests.kit.samples import unsigned

SEED: Final = bytes(range(32))
KEY: Final = ed25519_key(SEED)
METHOD: Final = verification_method_of(KEY.public_key)
NOW: Final = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
CONTEXTS: Final = {OPEN_BADGES_3_0_3: bundled_context(OPEN_BADGES_3_0_3)}
SUITE: Final = DataIntegrityProofSuite()


def badge() -> JsonObject:
    document = unsigned()
    issuer = document["issuer"]
    return {**document, "issuer": {**issuer, "id": did_of(KEY.public_key)}}


def signed_here() -> JsonObject:
    return issue(prepare(badge(), verification_method=METHOD, created=NOW), signing_key=KEY)


def signed_there() -> JsonObject:
    signed: JsonObject = SUITE.add_proof(
        badge(),
        signing_key=Ed25519SigningKey(Ed25519PrivateKey.from_private_bytes(SEED), METHOD),
        verification_method=METHOD,
        created=NOW,
        extra_contexts=CONTEXTS,
    )
    return signed


def accepted_there(document: JsonObject) -> bool:
    # It takes one proof as an object; as an array of one it says the same.
    one = {**document, "proof": document["proof"][0]} if isinstance(document["proof"], list) else document
    try:
        return SUITE.verify(one, public_key_jwk=KEY.public_key.jwk, now=NOW, extra_contexts=CONTEXTS) is not None
    except Exception:  # noqa: BLE001  # whatever it raises, it does not accept it
        return False


def with_another_name(document: JsonObject) -> JsonObject:
    changed: JsonObject = json.loads(json.dumps(document))
    achievement = changed["credentialSubject"]["achievement"]
    achievement["name"] = _changed(achievement["name"])
    return changed


def _changed(text: Any) -> str:
    return f"{text}."


def test_both_make_the_same_signature() -> None:
    here, there = signed_here()["proof"], signed_there()["proof"]
    values = {(one[0] if isinstance(one, list) else one)["proofValue"] for one in (here, there)}
    assert len(values) == 1


@pytest.mark.parametrize("make", [signed_here, signed_there])
def test_each_accepts_the_others_badge_and_not_after_a_change(make: Any) -> None:
    document = make()
    assert verify(document, now=NOW).verified
    assert accepted_there(document)
    changed = with_another_name(document)
    assert not verify(changed, now=NOW).verified
    assert not accepted_there(changed)
