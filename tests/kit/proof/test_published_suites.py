"""The W3C's vectors of vc-di-eddsa and vc-di-ecdsa, one stage of a suite at a time.

ECDSA signatures are drawn at random, so those published are verified; all that goes before them, and the whole
of EdDSA, is compared byte for byte.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from openbadges_kit.documents import JsonObject
from openbadges_kit.encoding import multibase
from openbadges_kit.errors import ProofVerificationError
from openbadges_kit.jsonld.context_store import ContextStore
from openbadges_kit.keys.public_key import KeyAlgorithm, PublicKey
from openbadges_kit.keys.signing_key import ed25519_key
from openbadges_kit.proof.cryptosuite import (
    ECDSA_JCS_2019,
    ECDSA_RDFC_2019,
    EDDSA_JCS_2022,
    EDDSA_RDFC_2022,
    SIGNATURE_2020,
    Cryptosuite,
)
from openbadges_kit.proof.data_integrity import add_proof, proof_config, unsecured, verify_proof
from tests.published import published, published_json
from tests.published_contexts import citizenship_store, examples_store


@dataclass(frozen=True)
class VectorSet:
    """One folder of stages: where it lies, what its file names end in, and what made it."""

    folder: str
    suffix: str
    cryptosuite: Cryptosuite
    algorithm: KeyAlgorithm
    contexts: Callable[[], ContextStore] = examples_store

    def text(self, stage: str) -> str:
        return published(f"vectors/w3c/{self.folder}/{stage}{self.suffix}.txt").read_text(encoding="utf-8")

    def json(self, stage: str) -> JsonObject:
        document: JsonObject = published_json(f"vectors/w3c/{self.folder}/{stage}{self.suffix}.json")
        return document

    @property
    def hash_algorithm(self) -> str:
        return self.cryptosuite.hash_of[self.algorithm]

    @property
    def public_key(self) -> PublicKey:
        root = self.folder.partition("/")[0]
        name = {KeyAlgorithm.P256: "p256KeyPair", KeyAlgorithm.P384: "p384KeyPair"}.get(self.algorithm, "keyPair")
        return PublicKey.from_multikey(published_json(f"vectors/w3c/{root}/{name}.json")["publicKeyMultibase"])


_ED, _P256, _P384 = KeyAlgorithm.ED25519, KeyAlgorithm.P256, KeyAlgorithm.P384
EDDSA_SETS = [
    VectorSet("vc-di-eddsa/eddsa-rdfc-2022", "DataInt", EDDSA_RDFC_2022, _ED),
    VectorSet("vc-di-eddsa/eddsa-rdfc-2022/employ", "DataInt", EDDSA_RDFC_2022, _ED, citizenship_store),
    VectorSet("vc-di-eddsa/eddsa-jcs-2022", "JCS", EDDSA_JCS_2022, _ED),
    VectorSet("vc-di-eddsa/Ed25519Signature2020", "EdSig", SIGNATURE_2020, _ED),
]
ECDSA_SETS = [
    VectorSet("vc-di-ecdsa/ecdsa-rdfc-2019-p256", "ECDSAP256", ECDSA_RDFC_2019, _P256),
    VectorSet("vc-di-ecdsa/ecdsa-rdfc-2019-p256/employ", "ECDSAP256", ECDSA_RDFC_2019, _P256, citizenship_store),
    VectorSet("vc-di-ecdsa/ecdsa-rdfc-2019-p384", "ECDSAP384", ECDSA_RDFC_2019, _P384),
    VectorSet("vc-di-ecdsa/ecdsa-rdfc-2019-p384/employ", "ECDSAP384", ECDSA_RDFC_2019, _P384, citizenship_store),
    VectorSet("vc-di-ecdsa/ecdsa-jcs-2019-p256", "JCSECDSAP256", ECDSA_JCS_2019, _P256),
    VectorSet("vc-di-ecdsa/ecdsa-jcs-2019-p384", "JCSECDSAP384", ECDSA_JCS_2019, _P384),
]
every_set = pytest.mark.parametrize("vectors", EDDSA_SETS + ECDSA_SETS, ids=lambda vectors: vectors.folder)


@every_set
def test_the_signed_document_is_the_published_unsigned_one(vectors: VectorSet) -> None:
    root, _, folder = vectors.folder.partition("/")
    name = "employmentAuth" if folder.endswith("employ") else "unsigned"
    unsigned = published_json(f"vectors/w3c/{root}/{name}.json")
    if vectors.cryptosuite is SIGNATURE_2020:
        # The one suite whose terms the credentials' own context does not have.
        unsigned["@context"].append("https://w3id.org/security/suites/ed25519-2020/v1")
    assert unsecured(vectors.json("signed")) == unsigned


@every_set
def test_the_document_has_its_published_canonical_form_and_hash(vectors: VectorSet) -> None:
    document = unsecured(vectors.json("signed"))
    canonical = vectors.cryptosuite.canonicalize(document, vectors.hash_algorithm, vectors.contexts())
    assert canonical.decode() == vectors.text("canonDoc")
    hash_data = vectors.cryptosuite.hash_data(canonical, b"", vectors.algorithm)
    assert hash_data[len(hash_data) // 2 :].hex() == vectors.text("docHash")


@every_set
def test_the_proof_configuration_has_its_published_canonical_form_and_hash(vectors: VectorSet) -> None:
    signed = vectors.json("signed")
    config = proof_config(unsecured(signed), signed["proof"], vectors.cryptosuite)
    assert config == vectors.json("proofConfig")
    canonical = vectors.cryptosuite.canonicalize(config, vectors.hash_algorithm, vectors.contexts())
    assert canonical.decode() == vectors.text("proofCanon")
    hash_data = vectors.cryptosuite.hash_data(b"", canonical, vectors.algorithm)
    assert hash_data[: len(hash_data) // 2].hex() == vectors.text("proofHash")


@every_set
def test_the_combined_hash_is_the_published_one(vectors: VectorSet) -> None:
    combined = vectors.cryptosuite.hash_data(
        vectors.text("canonDoc").encode(), vectors.text("proofCanon").encode(), vectors.algorithm
    )
    assert combined.hex() == vectors.text("combinedHash")


@every_set
def test_the_published_signature_is_over_the_published_hash(vectors: VectorSet) -> None:
    signature = bytes.fromhex(vectors.text("sigHex"))
    assert multibase.encode_base58(signature) == vectors.text("sigBTC58")
    vectors.public_key.verify_signature(signature=signature, data=bytes.fromhex(vectors.text("combinedHash")))


@every_set
def test_the_published_document_verifies_and_not_after_a_change(vectors: VectorSet) -> None:
    signed = vectors.json("signed")
    verify_proof(signed, proof=signed["proof"], public_key=vectors.public_key, contexts=vectors.contexts())
    signed["name"] = "Another name"
    with pytest.raises(ProofVerificationError):
        verify_proof(signed, proof=signed["proof"], public_key=vectors.public_key, contexts=vectors.contexts())


@pytest.mark.parametrize("vectors", EDDSA_SETS[:3], ids=lambda vectors: vectors.folder)
def test_signing_again_gives_the_published_proof(vectors: VectorSet) -> None:
    # The published private key is a Multikey under an older name.
    secret = multibase.decode(published_json("vectors/w3c/vc-di-eddsa/keyPair.json")["privateKeyMultibase"])[2:]
    signed = vectors.json("signed")
    options = {name: value for name, value in signed["proof"].items() if name not in {"proofValue", "@context"}}
    again = add_proof(
        unsecured(signed), proof_options=options, signing_key=ed25519_key(secret), contexts=vectors.contexts()
    )
    assert again == {**signed, "proof": [signed["proof"]]}
