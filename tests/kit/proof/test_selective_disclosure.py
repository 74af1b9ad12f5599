"""ecdsa-sd-2023 on a badge: what is shown, and what is not.

https://www.w3.org/TR/vc-di-ecdsa/#ecdsa-sd-2023
"""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openbadges_kit.did.did_key import verification_method_of
from openbadges_kit.documents import JsonObject
from openbadges_kit.encoding import multibase
from openbadges_kit.errors import (
    KeyMaterialError,
    ProofGenerationError,
    WorkLimitExceeded,
)
from openbadges_kit.issuance import issue_with_base_proof, prepare
from openbadges_kit.jsonld.context_store import BUNDLED_CONTEXTS
from openbadges_kit.jsonld.processor import to_quads
from openbadges_kit.problems import Problem
from openbadges_kit.proof.configuration import unsecured
from openbadges_kit.proof.cryptosuite import ECDSA_RDFC_2019, ECDSA_SD_2023
from openbadges_kit.proof.data_integrity import add_proof, verify_proof
from openbadges_kit.proof.selective import ecdsa_sd_2023
from openbadges_kit.proof.selective.ecdsa_sd_2023 import (
    DisclosureSecrets,
    add_base_proof,
    derive_document,
    is_base_proof,
    verify_base_proof,
)
from openbadges_kit.proof.selective.pointers import resolve_pointer, select
from openbadges_kit.proof.selective.proof_value import BaseProofValue, DerivedProofValue
from openbadges_kit.proof.selective.statements import statements_of
from openbadges_kit.verification.report import Outcome, Verdict
from openbadges_kit.verification.verifier import verify
from tests.kit.proof.disclosure import (
    BASE,
    DERIVED,
    MANDATORY,
    POINTERS,
    SECRETS,
    VALUE,
    WHOLE,
    based,
    changed,
    leaves,
    put,
    said,
)
from tests.kit.proof.documents import NOW, P256, P384, badge, check_proofs, options


def test_only_what_the_holder_keeps_is_a_base_proof() -> None:
    kept, shown = BASE["proof"][0], DERIVED["proof"][0]
    assert is_base_proof(kept)
    assert not is_base_proof(shown)
    # The same value under the name of another suite is a proof of that suite, and no base proof of this one.
    assert not is_base_proof({**kept, "cryptosuite": ECDSA_RDFC_2019.name})


class TestDerivedDocument:
    """vc-di-ecdsa, 3.5: the holder discloses what is mandatory and what it chose, and nothing else."""

    @given(st.lists(st.sampled_from(POINTERS), max_size=12, unique=True))
    @settings(max_examples=15)
    def test_it_shows_what_was_asked_for_and_what_is_mandatory_and_nothing_else(self, pointers: list[str]) -> None:
        derived = derive_document(BASE, selective_pointers=pointers)
        assert unsecured(derived) == select(WHOLE, [*MANDATORY, *pointers])
        assert check_proofs(derived).outcome is Outcome.PASSED

    @given(st.lists(st.sampled_from(POINTERS), max_size=12, unique=True))
    @settings(max_examples=15)
    def test_what_it_does_not_show_is_not_in_its_proof(self, pointers: list[str]) -> None:
        derived = derive_document(BASE, selective_pointers=pointers)
        base = BaseProofValue.parse(BASE["proof"][0]["proofValue"])
        shown = DerivedProofValue.parse(derived["proof"][0]["proofValue"])
        whole = statements_of(WHOLE, hmac_key=SECRETS.hmac_key, mandatory_pointers=MANDATORY, contexts=BUNDLED_CONTEXTS)
        raw = multibase.decode(derived["proof"][0]["proofValue"])
        # A guess at a statement could be tested against its signature, and the key would name every blank node.
        told = said(derived)
        for line, signature in zip(whole.optional_lines, base.signatures, strict=True):
            spelled = " ".join("_" if term.startswith("_:") else term for term in _terms(line))
            assert (signature in shown.signatures) <= (spelled in told)
            assert (signature in raw) == (signature in shown.signatures)
        assert base.hmac_key not in raw
        assert len(shown.signatures) + len(shown.mandatory_indexes) == len(to_quads(unsecured(derived)))
        # Labels only of what is there, and positions only among what is there.
        assert len(shown.labels) <= len(whole.labels)
        assert all(index < len(to_quads(unsecured(derived))) for index in shown.mandatory_indexes)

    @given(st.sampled_from(POINTERS))
    @settings(max_examples=15)
    def test_no_leaf_of_it_can_be_changed(self, pointer: str) -> None:
        derived = derive_document(BASE, selective_pointers=POINTERS)
        for leaf in leaves(resolve_pointer(unsecured(derived), pointer), pointer):
            tampered = put(derived, leaf, changed(resolve_pointer(derived, leaf)))
            assert check_proofs(tampered).outcome is Outcome.FAILED

    @given(st.lists(st.sampled_from(POINTERS), min_size=1, max_size=6, unique=True))
    @settings(max_examples=15)
    def test_no_more_and_no_less_than_was_derived_can_be_shown_with_its_proof(self, pointers: list[str]) -> None:
        derived, bare = (derive_document(BASE, selective_pointers=chosen) for chosen in (pointers, []))
        if len(to_quads(unsecured(derived))) != len(to_quads(unsecured(bare))):
            for document, other in ((derived, bare), (bare, derived)):
                mixed = {**unsecured(document), "proof": other["proof"]}
                assert check_proofs(mixed).outcome is Outcome.FAILED


def _terms(line: str) -> list[str]:
    subject, predicate, rest = line.removesuffix(" .\n").split(" ", 2)
    return [subject, predicate, rest, ""]


def test_a_derived_document_may_show_all() -> None:
    derived = derive_document(BASE, selective_pointers=[""])
    assert unsecured(derived) == WHOLE
    assert check_proofs(derived).outcome is Outcome.PASSED


def test_an_element_of_an_array_is_shown_without_the_others() -> None:
    derived = derive_document(BASE, selective_pointers=["/credentialSubject/identifier/1"])
    assert derived["credentialSubject"]["identifier"] == [WHOLE["credentialSubject"]["identifier"][1]]
    assert check_proofs(derived).outcome is Outcome.PASSED


def test_two_objects_that_look_alike_once_reduced_are_told_apart() -> None:
    pointers = ["/credentialSubject/identifier/0/type", "/credentialSubject/identifier/1/type"]
    derived = derive_document(BASE, selective_pointers=pointers)
    assert len(derived["credentialSubject"]["identifier"]) == 2
    assert check_proofs(derived).outcome is Outcome.PASSED


def test_a_list_in_order_is_shown_whole_or_not_at_all() -> None:
    place = "/credentialSubject/achievement/resultDescription/0/allowedValue"
    derived = derive_document(BASE, selective_pointers=[place])
    assert resolve_pointer(derived, place) == ["A", "B", "C"]
    assert check_proofs(derived).outcome is Outcome.PASSED
    for part in ([f"{place}/0"], [f"{place}/2"], [f"{place}/0", f"{place}/1"]):
        with pytest.raises(ProofGenerationError):
            derive_document(BASE, selective_pointers=part)
        with pytest.raises(ProofGenerationError):
            based(mandatory=part)


def test_a_long_list_in_order_is_signed_and_shown() -> None:
    document = badge(P256)
    place = "/credentialSubject/achievement/resultDescription/0/allowedValue"
    document = put(document, place, [str(number) for number in range(400)])
    derived = derive_document(based(document), selective_pointers=[place])
    assert check_proofs(derived).outcome is Outcome.PASSED
    resolve_pointer(derived, place)[7] = "8"
    assert check_proofs(derived).outcome is Outcome.FAILED


def test_part_of_a_value_object_is_no_statement_of_the_whole() -> None:
    document = badge(P256)
    document["name"] = {"@value": "Versnellingen", "@language": "nl"}
    base = based(document)
    assert check_proofs(derive_document(base, selective_pointers=["/name"])).outcome is Outcome.PASSED
    with pytest.raises(ProofGenerationError):
        derive_document(base, selective_pointers=["/name/@value"])


@pytest.mark.parametrize(
    "pointer", ["/none", "/issuer/none", "/credentialSubject/identifier/01", "issuer", "/issuer~", "/proof/0"]
)
def test_a_pointer_into_nothing_neither_signs_nor_derives(pointer: str) -> None:
    with pytest.raises(ProofGenerationError):
        based(mandatory=[pointer])
    with pytest.raises(ProofGenerationError):
        derive_document(BASE, selective_pointers=[pointer])


def test_nothing_mandatory_and_nothing_chosen_is_nothing_to_show() -> None:
    base = based(mandatory=[])
    with pytest.raises(ProofGenerationError):
        derive_document(base, selective_pointers=[])
    derived = derive_document(base, selective_pointers=["/issuer"])
    assert DerivedProofValue.parse(derived["proof"][0]["proofValue"]).mandatory_indexes == ()
    assert check_proofs(derived).outcome is Outcome.PASSED


def test_more_signatures_than_a_credential_needs_are_not_verified(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ecdsa_sd_2023, "MAX_SIGNATURES", len(VALUE.signatures))
    verify_proof(DERIVED, proof=DERIVED["proof"][0], public_key=P256.public_key)
    monkeypatch.setattr(ecdsa_sd_2023, "MAX_SIGNATURES", len(VALUE.signatures) - 1)
    with pytest.raises(WorkLimitExceeded):
        verify_proof(DERIVED, proof=DERIVED["proof"][0], public_key=P256.public_key)
    with pytest.raises(WorkLimitExceeded):
        verify_base_proof(BASE, proof=BASE["proof"][0], public_key=P256.public_key)
    with pytest.raises(ProofGenerationError):
        based()


def test_a_proof_to_derive_from_goes_into_no_chain() -> None:
    first = add_proof(
        badge(P256), proof_options=options(P256, ECDSA_RDFC_2019, proof_id="urn:uuid:1"), signing_key=P256
    )
    chained = options(P256, ECDSA_SD_2023, previous_proof=["urn:uuid:1"])
    with pytest.raises(ProofGenerationError):
        add_base_proof(first, proof_options=chained, signing_key=P256, secrets=SECRETS, mandatory_pointers=MANDATORY)
    proof = {**DERIVED["proof"][0], "previousProof": "urn:uuid:1"}
    assert check_proofs({**DERIVED, "proof": [{**first["proof"][0]}, proof]}).outcome is Outcome.FAILED


def test_a_base_proof_beside_another_proof_is_derived_from_alone() -> None:
    first = add_proof(badge(P256), proof_options=options(P256, ECDSA_RDFC_2019), signing_key=P256)
    derived = derive_document(based(first), selective_pointers=["/name"])
    assert [proof["cryptosuite"] for proof in derived["proof"]] == ["ecdsa-sd-2023"]
    assert check_proofs(derived).outcome is Outcome.PASSED


def test_there_must_be_one_base_proof_to_derive_from() -> None:
    for document in (badge(P256), based(BASE), DERIVED, {**BASE, "proof": [None, "proof"]}):
        with pytest.raises(ProofGenerationError):
            derive_document(document, selective_pointers=[])


def test_the_plain_way_to_sign_does_not_sign_for_disclosure() -> None:
    with pytest.raises(ProofGenerationError):
        add_proof(badge(P256), proof_options=options(P256, ECDSA_SD_2023), signing_key=P256)
    for wrong in (options(P256, ECDSA_RDFC_2019), {"type": "Unknown"}):
        with pytest.raises(ProofGenerationError):
            add_base_proof(
                badge(P256), proof_options=wrong, signing_key=P256, secrets=SECRETS, mandatory_pointers=MANDATORY
            )
    with pytest.raises(ProofGenerationError):
        add_base_proof(
            badge(P384),
            proof_options=options(P384, ECDSA_SD_2023),
            signing_key=P384,
            secrets=SECRETS,
            mandatory_pointers=MANDATORY,
        )


def test_secrets_of_the_wrong_kind_are_refused_and_not_printed() -> None:
    with pytest.raises(KeyMaterialError):
        DisclosureSecrets(P384, bytes(32))
    with pytest.raises(KeyMaterialError):
        DisclosureSecrets(P256, bytes(31))
    assert str(SECRETS.hmac_key) not in repr(SECRETS)
    assert str(SECRETS.hmac_key) not in repr(BaseProofValue.parse(BASE["proof"][0]["proofValue"]))


def test_a_document_that_imitates_the_names_of_places_is_refused() -> None:
    document = badge(P256)
    document["credentialSubject"]["id"] = "urn:openbadges-kit:place:" + "0" * 64
    with pytest.raises(ProofGenerationError):
        based(document)


REQUIRED = [f"/credentialSubject/achievement/{name}" for name in ("id", "type", "name", "description", "criteria")]


def _issued(document: JsonObject, mandatory: Iterable[str] = REQUIRED) -> JsonObject:
    prepared = prepare(
        document, verification_method=verification_method_of(P256.public_key), created=NOW, cryptosuite=ECDSA_SD_2023
    )
    return issue_with_base_proof(prepared, signing_key=P256, secrets=SECRETS, mandatory_pointers=list(mandatory))


def test_a_badge_is_issued_shown_in_part_and_found_valid() -> None:
    derived = derive_document(_issued(badge(P256)), selective_pointers=[])
    assert verify(derived, now=NOW).verdict is Verdict.VALID
    assert "name" not in derived
    assert "identifier" not in derived["credentialSubject"]


def test_a_holder_cannot_leave_out_what_a_verifier_decides_by() -> None:
    status = {
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "7",
        "statusListCredential": "https://school.example/status/1",
    }
    document = {
        **badge(P256),
        "validUntil": "2026-11-19T00:00:00Z",
        "validFrom": "2025-11-19T00:00:00Z",
        "credentialStatus": status,
    }
    derived = derive_document(_issued(document, [*REQUIRED, "/validUntil"]), selective_pointers=[])
    assert derived["credentialStatus"] == status
    assert derived["id"] == document["id"]
    codes = {finding.code for finding in verify(derived, now=NOW).findings}
    assert {Problem.EXPIRED, Problem.STATUS_NOT_HAD} <= codes


def test_a_badge_prepared_for_another_suite_gets_no_base_proof() -> None:
    prepared = prepare(
        badge(P256),
        verification_method=verification_method_of(P256.public_key),
        created=NOW,
        cryptosuite=ECDSA_RDFC_2019,
    )
    with pytest.raises(ProofGenerationError):
        issue_with_base_proof(prepared, signing_key=P256, secrets=SECRETS, mandatory_pointers=REQUIRED)
