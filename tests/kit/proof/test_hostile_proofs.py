"""Proofs bent one way at a time: none of them is taken, and none brings an error that is not the kit's."""

from __future__ import annotations

from typing import Any

import pytest

from openbadges_kit.documents import JsonObject
from openbadges_kit.encoding import multibase
from openbadges_kit.errors import MalformedDocument, OpenBadgesError, ProofGenerationError, ProofVerificationError
from openbadges_kit.keys.signing_key import InMemoryKey
from openbadges_kit.problems import Problem
from openbadges_kit.proof.cryptosuite import (
    ECDSA_JCS_2019,
    ECDSA_RDFC_2019,
    EDDSA_JCS_2022,
    EDDSA_RDFC_2022,
    SIGNATURE_2020,
    Cryptosuite,
)
from openbadges_kit.proof.data_integrity import add_proof, build_proof_options, verify_proof
from openbadges_kit.verification.report import Outcome
from tests.kit.proof.documents import (
    ED25519,
    NOW,
    OTHER_ED25519,
    OTHER_P256,
    P256,
    P384,
    badge,
    check_proofs,
    options,
    signed,
)

SUITES = [
    (EDDSA_RDFC_2022, ED25519, OTHER_ED25519),
    (EDDSA_JCS_2022, ED25519, OTHER_ED25519),
    (ECDSA_RDFC_2019, P256, OTHER_P256),
    (ECDSA_JCS_2019, P256, OTHER_P256),
]
every_suite = pytest.mark.parametrize(
    ("cryptosuite", "key", "other_key"), SUITES, ids=lambda value: getattr(value, "name", "")
)


def _with_proof(document: JsonObject, **changes: Any) -> JsonObject:
    return {**document, "proof": [{**document["proof"][0], **changes}]}


def _refused(document: JsonObject, *codes: Problem) -> None:
    result = check_proofs(document)
    assert result.outcome is Outcome.FAILED
    assert {finding.code for finding in result.findings} <= set(codes or Problem)


@every_suite
def test_a_proof_of_another_suite_or_key_is_refused(
    cryptosuite: Cryptosuite, key: InMemoryKey, other_key: InMemoryKey
) -> None:
    document = signed(badge(), key, cryptosuite)
    assert check_proofs(document).outcome is Outcome.PASSED
    _refused(_with_proof(document, proofValue=signed(badge(), other_key, cryptosuite)["proof"][0]["proofValue"]))
    for other, _, _ in SUITES:
        if other is not cryptosuite:
            _refused(_with_proof(document, cryptosuite=other.name))
            elsewhere = signed(badge(), key, other) if key.public_key.algorithm in other.hash_of else None
            if elsewhere is not None:
                _refused(_with_proof(document, proofValue=elsewhere["proof"][0]["proofValue"]))


@every_suite
@pytest.mark.parametrize(
    "value",
    [None, "", "z", "u", 1, [], {}, "z0", "zOIl", "z" + "1" * 64, "z" + "2" * 9000, "f00", "u" + "A" * 86],
)
def test_a_proof_value_that_is_no_signature_is_refused(
    cryptosuite: Cryptosuite, key: InMemoryKey, other_key: InMemoryKey, value: Any
) -> None:
    _refused(_with_proof(signed(badge(), key, cryptosuite), proofValue=value), Problem.PROOF_INVALID)


@every_suite
def test_a_signature_with_a_byte_more_or_less_is_refused(
    cryptosuite: Cryptosuite, key: InMemoryKey, other_key: InMemoryKey
) -> None:
    document = signed(badge(), key, cryptosuite)
    signature = multibase.decode(document["proof"][0]["proofValue"])
    for other in (signature[:-1], signature + b"\0", b"\0" + signature, signature[32:] + signature[:32]):
        _refused(_with_proof(document, proofValue=multibase.encode_base58(other)), Problem.PROOF_INVALID)
    # The same bytes in the other base: a proof has one form.
    _refused(_with_proof(document, proofValue=multibase.encode_base64url(signature)), Problem.PROOF_INVALID)


@every_suite
@pytest.mark.parametrize(
    "created",
    [None, 0, "", [], ["2026-11-20T09:00:00Z"], {"@value": "2026-11-20T09:00:00Z"}, "2026-11-20",
     "2026-11-20T09:00:00", "20261120T090000Z", "2026-13-20T09:00:00Z", "2026-11-20t09:00:00z", "٢٠٢٦-11-20T09:00:00Z",
     " 2026-11-20T09:00:00Z"],
)  # fmt: skip
def test_a_moment_in_an_odd_form_is_refused_even_when_it_was_signed(
    cryptosuite: Cryptosuite, key: InMemoryKey, other_key: InMemoryKey, created: Any
) -> None:
    for member in ("created", "expires"):
        with pytest.raises(MalformedDocument):
            add_proof(badge(), proof_options={**options(key, cryptosuite), member: created}, signing_key=key)
        document = _with_proof(signed(badge(), key, cryptosuite), **{member: created})
        _refused(document, Problem.MALFORMED)
        assert check_proofs(document).findings[0].path == f"$.proof[0].{member}"


@every_suite
def test_a_proof_made_for_another_purpose_is_refused(
    cryptosuite: Cryptosuite, key: InMemoryKey, other_key: InMemoryKey
) -> None:
    for purpose in (
        "authentication",
        "keyAgreement",
        "",
        None,
        ["assertionMethod"],
        "https://w3id.org/security#assertionMethod",
    ):
        made_for = {**options(key, cryptosuite), "proofPurpose": purpose}
        try:
            document = add_proof(badge(), proof_options=made_for, signing_key=key)
        except OpenBadgesError:
            document = _with_proof(signed(badge(), key, cryptosuite), proofPurpose=purpose)
        _refused(document, Problem.PROOF_PURPOSE)


@every_suite
def test_a_key_of_another_algorithm_neither_signs_nor_verifies(
    cryptosuite: Cryptosuite, key: InMemoryKey, other_key: InMemoryKey
) -> None:
    document = signed(badge(), key, cryptosuite)
    for other in (ED25519, P256, P384):
        if other.public_key.algorithm not in cryptosuite.hash_of:
            with pytest.raises(ProofGenerationError):
                add_proof(badge(), proof_options=options(other, cryptosuite), signing_key=other)
            with pytest.raises(ProofVerificationError):
                verify_proof(document, proof=document["proof"][0], public_key=other.public_key)


@every_suite
@pytest.mark.parametrize(
    "context",
    [
        "https://www.w3.org/ns/credentials/v2",
        [],
        [{}],
        None,
        ["https://www.w3.org/ns/credentials/v2"],
        7,
        {"name": "urn:x"},
    ],
)
def test_a_proof_with_a_context_of_its_own_is_refused(
    cryptosuite: Cryptosuite, key: InMemoryKey, other_key: InMemoryKey, context: Any
) -> None:
    _refused(_with_proof(signed(badge(), key, cryptosuite), **{"@context": context}), Problem.PROOF_INVALID)


@every_suite
def test_a_context_put_behind_the_signed_ones_is_refused(
    cryptosuite: Cryptosuite, key: InMemoryKey, other_key: InMemoryKey
) -> None:
    document = signed(badge(), key, cryptosuite)
    document["@context"] = [*document["@context"], {"later": "https://evil.example/later"}]
    document["later"] = "not signed"
    _refused(document)


def test_true_and_one_are_not_the_same_context() -> None:
    document = badge()
    document["@context"] = [*document["@context"], {"@version": 1.1, "extra": {"@id": "urn:extra", "@protected": True}}]
    document = signed(document, ED25519, EDDSA_JCS_2022)
    assert check_proofs(document).outcome is Outcome.PASSED
    document["@context"][2]["extra"]["@protected"] = 1
    _refused(document, Problem.PROOF_INVALID)


@every_suite
def test_a_member_added_to_a_proof_is_not_taken_for_signed(
    cryptosuite: Cryptosuite, key: InMemoryKey, other_key: InMemoryKey
) -> None:
    document = signed(badge(), key, cryptosuite)
    for member in (
        {"domain": "verifier.example"},
        {"nonce": "1"},
        {"challenge": "c"},
        {"note": "unknown term"},
        {"id": "urn:uuid:9"},
    ):
        _refused(_with_proof(document, **member))


@pytest.mark.parametrize(
    "proof", [None, 1, "proof", [], [[]], [None], {}, [{}], [{"type": []}], [{"type": {}, "cryptosuite": []}]]
)
def test_what_is_no_proof_is_refused(proof: Any) -> None:
    _refused({**badge(), "proof": proof}, Problem.NO_PROOF, Problem.PROOF_UNKNOWN)


@pytest.mark.parametrize(
    "cryptosuite", ["eddsa-2022", "eddsa-rdf-2022", "EDDSA-RDFC-2022", "", None, ["eddsa-rdfc-2022"], 1, {}]
)
def test_a_suite_that_is_not_known_is_not_guessed(cryptosuite: Any) -> None:
    _refused(_with_proof(signed(), cryptosuite=cryptosuite), Problem.PROOF_UNKNOWN)


def test_the_superseded_signature_is_verified_and_never_issued() -> None:
    with pytest.raises(ProofGenerationError):
        build_proof_options(verification_method="did:example:1#1", created=NOW, cryptosuite=SIGNATURE_2020)
    made_by_hand = {**options(ED25519), "type": "Ed25519Signature2020"}
    del made_by_hand["cryptosuite"]
    with pytest.raises(ProofGenerationError):
        add_proof(badge(), proof_options=made_by_hand, signing_key=ED25519)


def test_the_superseded_type_beside_a_suite_is_of_no_known_kind() -> None:
    _refused(_with_proof(signed(), type="Ed25519Signature2020"), Problem.PROOF_UNKNOWN)


def test_a_jcs_proof_covers_members_that_no_context_defines() -> None:
    document = signed({**badge(), "unmapped": {"n": 1}}, ED25519, EDDSA_JCS_2022)
    assert check_proofs(document).outcome is Outcome.PASSED
    document["unmapped"]["n"] = 2
    _refused(document, Problem.PROOF_INVALID)


def test_a_jcs_proof_does_not_hold_for_a_number_that_others_round() -> None:
    document = signed({**badge(), "n": 2**53}, ED25519, EDDSA_JCS_2022)
    assert check_proofs(document).outcome is Outcome.PASSED
    _refused({**document, "n": 2**53 + 1}, Problem.MALFORMED)
