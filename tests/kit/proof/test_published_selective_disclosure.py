"""The W3C's vectors of ecdsa-sd-2023, stage by stage: the issuer's base proof, the holder's, and verification.

The published signatures are drawn at random and verified here; all the rest is compared with what we compute.
"""

from __future__ import annotations

from typing import Any

import pyoxigraph
import pytest

from openbadges_kit.documents import JsonObject
from openbadges_kit.errors import ProofVerificationError
from openbadges_kit.jsonld.context_store import ContextStore
from openbadges_kit.jsonld.processor import to_quads
from openbadges_kit.jsonld.rdfc10 import canonicalize
from openbadges_kit.keys.public_key import PublicKey
from openbadges_kit.proof.configuration import proof_config, unsecured
from openbadges_kit.proof.cryptosuite import ECDSA_SD_2023
from openbadges_kit.proof.data_integrity import verify_proof
from openbadges_kit.proof.selective.ecdsa_sd_2023 import (
    derive_document,
    hash_mandatory,
    hash_proof,
    verify_base_proof,
)
from openbadges_kit.proof.selective.pointers import resolve_pointer, select
from openbadges_kit.proof.selective.proof_value import BaseProofValue, DerivedProofValue
from openbadges_kit.proof.selective.statements import Statements, selected_quads, shown_statements, statements_of
from tests.published import published, published_json
from tests.published_contexts import citizenship_store

_ECDSA = "vectors/w3c/vc-di-ecdsa"
_FOLDER = f"{_ECDSA}/ecdsa-sd-2023"


def _stage(name: str) -> Any:
    return published_json(f"{_FOLDER}/employ/{name}.json")


def _unsigned() -> JsonObject:
    document: JsonObject = published_json(f"{_ECDSA}/employmentAuth.json")
    return document


def _key(name: str) -> PublicKey:
    return PublicKey.from_multikey(published_json(f"{_FOLDER}/SDKeyMaterial.json")[name]["publicKeyMultibase"])


def _hmac_key() -> bytes:
    return bytes.fromhex(published_json(f"{_FOLDER}/SDKeyMaterial.json")["hmacKeyString"])


def _mandatory_pointers() -> list[str]:
    return list(published_json(f"{_ECDSA}/employMandatory.json"))


def _selective_pointers() -> list[str]:
    return list(published_json(f"{_ECDSA}/employSelective.json"))


def _statements(contexts: ContextStore) -> Statements:
    return statements_of(_unsigned(), hmac_key=_hmac_key(), mandatory_pointers=_mandatory_pointers(), contexts=contexts)


@pytest.fixture
def contexts() -> ContextStore:
    return citizenship_store()


class TestIssuer:
    """https://www.w3.org/TR/vc-di-ecdsa/#base-proof-0"""

    def test_the_canonical_document(self, contexts: ContextStore) -> None:
        assert canonicalize(to_quads(_unsigned(), contexts)).lines == _stage("addBaseDocCanon")

    def test_the_statements_under_their_hmac_labels(self, contexts: ContextStore) -> None:
        assert list(_statements(contexts).lines) == _stage("addBaseDocHMACCanon")

    def test_the_values_behind_the_mandatory_pointers(self) -> None:
        for entry in _stage("addPointerValues"):
            assert resolve_pointer(_unsigned(), entry["pointer"]) == entry["value"]

    def test_the_groups(self, contexts: ContextStore) -> None:
        expected, statements = _stage("addBaseTransform"), _statements(contexts)
        assert expected["mandatoryPointers"] == _mandatory_pointers()
        assert bytes.fromhex(expected["hmacKeyString"]) == _hmac_key()
        numbered = [[position, line] for position, line in enumerate(statements.lines)]
        assert [pair for pair in numbered if pair[0] in statements.mandatory] == expected["mandatory"]["value"]
        assert [pair for pair in numbered if pair[0] not in statements.mandatory] == expected["nonMandatory"]["value"]

    def test_the_proof_configuration_and_its_canonical_form(self, contexts: ContextStore) -> None:
        proof = _stage("addSignedSDBase")["proof"]
        config = proof_config(_unsigned(), proof, ECDSA_SD_2023)
        assert config == _stage("addProofConfig")
        canonical = published(f"{_FOLDER}/employ/addProofConfigCanon.txt").read_text(encoding="utf-8")
        assert canonicalize(to_quads(config, contexts)).nquads == canonical

    def test_the_hashes(self, contexts: ContextStore) -> None:
        expected, proof = _stage("addHashData"), _stage("addSignedSDBase")["proof"]
        assert hash_proof(_unsigned(), proof, contexts).hex() == expected["proofHash"]
        assert hash_mandatory(_statements(contexts)).hex() == expected["mandatoryHash"]

    def test_the_signatures_hold(self, contexts: ContextStore) -> None:
        expected, statements = _stage("addRawBaseSignatureInfo"), _statements(contexts)
        assert expected["mandatoryPointers"] == _mandatory_pointers()
        assert expected["publicKey"] == _key("proofKeyPair").multikey
        hashes = _stage("addHashData")
        data = bytes.fromhex(hashes["proofHash"]) + b"\x80\x24" + _key("proofKeyPair").key_bytes
        data += bytes.fromhex(hashes["mandatoryHash"])
        _key("baseKeyPair").verify_signature(signature=bytes.fromhex(expected["baseSignature"]), data=data)
        for line, signature in zip(statements.optional_lines, expected["signatures"], strict=True):
            _key("proofKeyPair").verify_signature(signature=bytes.fromhex(signature), data=line.encode())

    def test_the_signed_document_is_put_together_of_them(self) -> None:
        raw, document = _stage("addRawBaseSignatureInfo"), _stage("addSignedSDBase")
        value = BaseProofValue(
            bytes.fromhex(raw["baseSignature"]),
            PublicKey.from_multikey(raw["publicKey"]),
            _hmac_key(),
            tuple(bytes.fromhex(signature) for signature in raw["signatures"]),
            tuple(raw["mandatoryPointers"]),
        )
        assert value.encode() == document["proof"]["proofValue"]
        assert unsecured(document) == _unsigned()

    def test_the_signed_document_is_whole(self, contexts: ContextStore) -> None:
        document = _stage("addSignedSDBase")
        key = _key("baseKeyPair")
        verify_base_proof(document, proof=document["proof"], public_key=key, contexts=contexts)
        document["credentialSubject"]["gender"] = "Female"
        with pytest.raises(ProofVerificationError):
            verify_base_proof(document, proof=document["proof"], public_key=key, contexts=contexts)


class TestHolder:
    """https://www.w3.org/TR/vc-di-ecdsa/#derived-proof-0"""

    def test_the_recovered_base_proof(self) -> None:
        expected, value = _stage("derivedRecoveredBaseData"), _base_value()
        assert value.base_signature.hex() == expected["baseSignature"]
        assert value.public_key.multikey == expected["proofPublicKey"]
        assert value.hmac_key.hex() == expected["hmacKey"]
        assert [signature.hex() for signature in value.signatures] == expected["signatures"]
        assert list(value.mandatory_pointers) == expected["mandatoryPointers"]

    @pytest.mark.parametrize("group", ["mandatory", "selective", "combined"])
    def test_the_groups(self, group: str, contexts: ContextStore) -> None:
        expected, statements = _stage("derivedAllGroupData")["groups"][group], _statements(contexts)
        quads = selected_quads(_unsigned(), _pointers_of(group), contexts)
        positions = statements.positions_of(quads)
        numbered = [[position, line] for position, line in enumerate(statements.lines)]
        assert [pair for pair in numbered if pair[0] in positions] == expected["matching"]["value"]
        assert [pair for pair in numbered if pair[0] not in positions] == expected["nonMatching"]["value"]
        # The publisher drew the labels of these at random, so they are compared in canonical form.
        assert _canonical("".join(quad.line() for quad in quads)) == _canonical("".join(expected["deskolemizedNQuads"]))

    def test_the_statements_that_the_groups_are_taken_from(self, contexts: ContextStore) -> None:
        expected, statements = _stage("derivedAllGroupData"), _statements(contexts)
        assert list(statements.lines) == expected["nquads"]
        whole = "".join(quad.line() for quad in selected_quads(_unsigned(), [""], contexts))
        assert _canonical(whole) == _canonical("".join(expected["deskolemizedNQuads"]))
        assert set(statements.labels.values()) == {label for _, label in expected["labelMap"]["value"]}

    def test_the_indexes_of_the_groups(self, contexts: ContextStore) -> None:
        expected, statements = _stage("derivedGroupIndexes"), _statements(contexts)
        assert sorted(statements.mandatory) == expected["mandatoryIndexes"]
        assert statements.optional == expected["nonMandatoryIndexes"]
        for group in ("selective", "combined"):
            positions = statements.positions_of(selected_quads(_unsigned(), _pointers_of(group), contexts))
            assert sorted(positions) == expected[f"{group}Indexes"]

    def test_the_document_without_a_proof(self) -> None:
        assert select(_unsigned(), _pointers_of("combined")) == _stage("derivedUnsignedReveal")

    def test_the_disclosure(self, contexts: ContextStore) -> None:
        expected = _stage("derivedDisclosureData")
        base = _stage("addSignedSDBase")
        derived = derive_document(base, selective_pointers=_selective_pointers(), contexts=contexts)
        value = DerivedProofValue.parse(derived["proof"][0]["proofValue"])
        assert value.base_signature.hex() == expected["baseSignature"]
        assert value.public_key.multikey == expected["publicKey"]
        assert [signature.hex() for signature in value.signatures] == expected["signatures"]
        assert dict(value.labels) == dict(expected["labelMap"]["value"])
        assert list(value.mandatory_indexes) == expected["mandatoryIndexes"]
        # The same two as stages of their own.
        assert list(value.mandatory_indexes) == _stage("derivedAdjMandatoryIndexes")["adjMandatoryIndexes"]
        adjusted = _stage("derivedAdjSignatures")
        assert [signature.hex() for signature in value.signatures] == adjusted["filteredSignatures"]
        recovered = [signature.hex() for signature in _base_value().signatures]
        indexes = [recovered.index(signature.hex()) for signature in value.signatures]
        assert indexes == adjusted["adjSignatureIndexes"]

    def test_the_derived_document(self, contexts: ContextStore) -> None:
        expected = _stage("derivedRevealDocument")
        derived = derive_document(
            _stage("addSignedSDBase"), selective_pointers=_selective_pointers(), contexts=contexts
        )
        assert derived == {**expected, "proof": [expected["proof"]]}


class TestVerifier:
    """https://www.w3.org/TR/vc-di-ecdsa/#verify-derived-proof-ecdsa-sd-2023"""

    def test_the_parsed_proof_value(self) -> None:
        expected, value = _stage("verifyDerivedProofValue"), _derived_value()
        assert value.base_signature.hex() == expected["baseSignature"]
        assert value.public_key.multikey == expected["publicKey"]
        assert [signature.hex() for signature in value.signatures] == expected["signatures"]
        assert dict(value.labels) == dict(expected["labelMap"])
        assert list(value.mandatory_indexes) == expected["mandatoryIndexes"]
        assert value.encode() == _stage("derivedRevealDocument")["proof"]["proofValue"]

    def test_the_statements_under_the_labels_of_the_proof(self, contexts: ContextStore) -> None:
        statements = shown_statements(unsecured(_stage("derivedRevealDocument")), _derived_value(), contexts)
        assert list(statements.lines) == _stage("verifyNQuads")

    def test_the_data_that_are_verified(self, contexts: ContextStore) -> None:
        expected, document = _stage("verifyCreateVerifyData"), _stage("derivedRevealDocument")
        statements = shown_statements(unsecured(document), _derived_value(), contexts)
        assert _derived_value().base_signature.hex() == expected["baseSignature"]
        assert hash_proof(document, document["proof"], contexts).hex() == expected["proofHash"]
        assert hash_mandatory(statements).hex() == expected["mandatoryHash"]
        assert statements.optional_lines == expected["nonMandatory"]
        assert _derived_value().public_key.multikey == expected["publicKey"]
        assert [signature.hex() for signature in _derived_value().signatures] == expected["signatures"]

    def test_the_derived_document_verifies_and_not_after_a_change(self, contexts: ContextStore) -> None:
        document, key = _stage("derivedRevealDocument"), _key("baseKeyPair")
        verify_proof(document, proof=document["proof"], public_key=key, contexts=contexts)
        document["credentialSubject"]["birthCountry"] = "Barbados"
        with pytest.raises(ProofVerificationError):
            verify_proof(document, proof=document["proof"], public_key=key, contexts=contexts)


def _base_value() -> BaseProofValue:
    return BaseProofValue.parse(_stage("addSignedSDBase")["proof"]["proofValue"])


def _derived_value() -> DerivedProofValue:
    return DerivedProofValue.parse(_stage("derivedRevealDocument")["proof"]["proofValue"])


def _pointers_of(group: str) -> list[str]:
    mandatory, selective = _mandatory_pointers(), _selective_pointers()
    return {"mandatory": mandatory, "selective": selective, "combined": [*mandatory, *selective]}[group]


def _canonical(nquads: str) -> set[str]:
    """By another implementation than ours."""
    dataset = pyoxigraph.Dataset(pyoxigraph.parse(nquads.replace("_:_", "_:b"), pyoxigraph.RdfFormat.N_QUADS))
    dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}
