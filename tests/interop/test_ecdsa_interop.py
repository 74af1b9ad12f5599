"""The ECDSA suites across implementations: issued here and derived or verified there, and the other way round.

@digitalbazaar's packages are the reference implementation of the W3C's test suite of vc-di-ecdsa.
"""

from __future__ import annotations

from typing import Any

import pytest

from openbadges_kit.did.did_key import did_of, verification_method_of
from openbadges_kit.documents import JsonObject
from openbadges_kit.keys.signing_key import InMemoryKey
from openbadges_kit.proof.configuration import unsecured
from openbadges_kit.proof.cryptosuite import ECDSA_RDFC_2019, ECDSA_SD_2023
from openbadges_kit.proof.selective.ecdsa_sd_2023 import DisclosureSecrets, add_base_proof, derive_document
from openbadges_kit.proof.selective.pointers import select
from openbadges_kit.verification.report import Outcome
from tests.interop.packages import run_node
from tests.kit.proof.documents import OTHER_P256, P256, P384, badge, check_proofs, options, signed

MANDATORY = ["/issuer", "/validFrom", "/credentialSubject/achievement/name"]
SELECTIVE = [
    "/name",
    "/credentialSubject/creditsEarned",
    "/credentialSubject/identifier/1",
    "/credentialSubject/achievement/resultDescription",
]


def _key_of(key: InMemoryKey) -> JsonObject:
    return {
        "id": verification_method_of(key.public_key),
        "controller": did_of(key.public_key),
        "publicKeyMultibase": key.public_key.multikey,
        "secretKeyMultibase": key.secret_multikey,
    }


def _theirs(*requests: JsonObject) -> list[Any]:
    answers: list[Any] = run_node("ecdsa.mjs", list(requests))
    return answers


def _issue(document: JsonObject, key: InMemoryKey, **more: Any) -> JsonObject:
    return {"action": "issue", "credential": document, "key": _key_of(key), "created": "2026-01-01T00:00:00Z", **more}


def _verify(document: JsonObject) -> JsonObject:
    return {"action": "verify", "credential": document}


def _badge(key: InMemoryKey) -> JsonObject:
    # The peer looks at the machine's clock, so nothing in here may lie in the future.
    return {**badge(key), "validFrom": "2024-02-01T12:00:00Z"}


def _badge_without_lists() -> JsonObject:
    """The peer gives each JSON object an id before it selects, a list in order too, and JSON-LD refuses that."""
    document = _badge(P256)
    del document["credentialSubject"]["achievement"]["resultDescription"][0]["allowedValue"]
    return document


def _based(document: JsonObject) -> JsonObject:
    return add_base_proof(
        document,
        proof_options=options(P256, ECDSA_SD_2023),
        signing_key=P256,
        secrets=DisclosureSecrets(OTHER_P256, bytes(range(32))),
        mandatory_pointers=MANDATORY,
    )


def _changed(document: JsonObject) -> JsonObject:
    return {**document, "name": document["name"] + "x"}


@pytest.mark.parametrize("key", [P256, P384], ids=["P-256", "P-384"])
def test_ecdsa_rdfc_2019_goes_both_ways_and_not_after_a_change(key: InMemoryKey) -> None:
    ours = signed(_badge(key), key, ECDSA_RDFC_2019)
    [theirs, good, bad] = _theirs(_issue(_badge(key), key), _verify(ours), _verify(_changed(ours)))
    assert good["verified"], good["errors"]
    assert not bad["verified"]
    assert check_proofs(theirs).outcome is Outcome.PASSED
    assert check_proofs(_changed(theirs)).outcome is Outcome.FAILED


def test_what_is_derived_here_verifies_there_and_not_after_a_change() -> None:
    derived = derive_document(_based(_badge(P256)), selective_pointers=SELECTIVE)
    [good, bad] = _theirs(_verify(derived), _verify(_changed(derived)))
    assert good["verified"], good["errors"]
    assert not bad["verified"]


def test_what_is_issued_here_can_be_derived_from_there() -> None:
    [derived] = _theirs(
        {"action": "derive", "credential": _based(_badge_without_lists()), "selectivePointers": SELECTIVE}
    )
    assert unsecured(derived) == select(_badge_without_lists(), [*MANDATORY, *SELECTIVE])
    assert check_proofs(derived).outcome is Outcome.PASSED
    assert check_proofs(_changed(derived)).outcome is Outcome.FAILED


def test_what_is_issued_there_can_be_derived_from_here_and_verifies_in_both_places() -> None:
    [base] = _theirs(_issue(_badge_without_lists(), P256, mandatoryPointers=MANDATORY))
    derived = derive_document(base, selective_pointers=SELECTIVE)
    assert check_proofs(derived).outcome is Outcome.PASSED
    [good, bad] = _theirs(_verify(derived), _verify(_changed(derived)))
    assert good["verified"], good["errors"]
    assert not bad["verified"]
