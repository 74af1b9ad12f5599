"""Data Integrity proofs: add one, verify one. https://www.w3.org/TR/vc-data-integrity/

Not here: whether the key may speak for the issuer (`verification/checks/issuer_binding.py`).
"""

from __future__ import annotations

from datetime import datetime

from openbadges_kit.documents import JsonObject, as_list
from openbadges_kit.encoding import multibase
from openbadges_kit.errors import MalformedDocument, ProofGenerationError, ProofVerificationError
from openbadges_kit.jsonld.context_store import BUNDLED_CONTEXTS, ContextStore
from openbadges_kit.keys.public_key import PublicKey
from openbadges_kit.keys.signing_key import SigningKey
from openbadges_kit.proof.cryptosuite import CRYPTOSUITES, EDDSA_RDFC_2022, Cryptosuite
from openbadges_kit.timestamps import format_timestamp
from openbadges_kit.vocabulary import DATA_INTEGRITY_PROOF, ProofPurpose

__all__ = ["add_proof", "build_proof_options", "cryptosuite_of", "unsecured", "verify_proof"]


def build_proof_options(
    *,
    verification_method: str,
    created: datetime,
    cryptosuite: Cryptosuite = EDDSA_RDFC_2022,
    proof_purpose: ProofPurpose = ProofPurpose.ASSERTION_METHOD,
) -> JsonObject:
    """The proof without its `proofValue`, to be recorded before anything is signed."""
    return {
        "type": DATA_INTEGRITY_PROOF,
        "cryptosuite": cryptosuite.name,
        "created": format_timestamp(created),
        "verificationMethod": verification_method,
        "proofPurpose": str(proof_purpose),
    }


def add_proof(
    document: JsonObject,
    *,
    proof_options: JsonObject,
    signing_key: SigningKey,
    contexts: ContextStore = BUNDLED_CONTEXTS,
) -> JsonObject:
    """The document with one more proof in its `proof` array, which 1EdTech's schema wants to be an array.

    Raises ProofGenerationError for options or a key that do not fit, and whatever canonicalising raises.
    """
    try:
        cryptosuite = cryptosuite_of(proof_options)
    except ProofVerificationError as error:
        raise ProofGenerationError(str(error)) from error
    algorithm = signing_key.public_key.algorithm
    if algorithm not in cryptosuite.hash_of:
        raise ProofGenerationError(f"{cryptosuite.name} does not sign with a key of {algorithm}")
    signature = signing_key.sign(
        _hash_data(unsecured(document), proof_options, cryptosuite, signing_key.public_key, contexts)
    )
    proof = {**proof_options, "proofValue": multibase.encode_base58(signature)}
    return {**document, "proof": [*as_list(document.get("proof")), proof]}


def verify_proof(
    document: JsonObject,
    *,
    proof: JsonObject,
    public_key: PublicKey,
    contexts: ContextStore = BUNDLED_CONTEXTS,
) -> None:
    """Return when `proof` is this key's over `document` without its proofs.

    Raises ProofVerificationError when it is not, and whatever canonicalising raises.
    """
    cryptosuite = cryptosuite_of(proof)
    if public_key.algorithm not in cryptosuite.hash_of:
        raise ProofVerificationError(f"{cryptosuite.name} is not verified with a key of {public_key.algorithm}")
    # The proof is read with the contexts of its document; others of its own would be covered by nothing.
    if "@context" in proof and proof["@context"] != document.get("@context"):
        raise ProofVerificationError("the proof has contexts of its own")
    value = proof.get("proofValue")
    if not isinstance(value, str) or not value.startswith("z"):
        raise ProofVerificationError("proofValue is not in base58btc (z…)")
    try:
        signature = multibase.decode(value)
    except MalformedDocument as error:
        raise ProofVerificationError(f"proofValue cannot be read: {error}") from error
    public_key.verify_signature(
        signature=signature, data=_hash_data(unsecured(document), proof, cryptosuite, public_key, contexts)
    )


def cryptosuite_of(proof: JsonObject) -> Cryptosuite:
    """The suite that a proof names. Raises ProofVerificationError when it names none that is known."""
    if proof.get("type") != DATA_INTEGRITY_PROOF:
        raise ProofVerificationError(f"a proof of type {proof.get('type')!r} is not known")
    suite = CRYPTOSUITES.get(str(proof.get("cryptosuite")))
    if suite is None:
        raise ProofVerificationError(f"the cryptosuite {proof.get('cryptosuite')!r} is not known")
    return suite


def unsecured(document: JsonObject) -> JsonObject:
    """The document without its proofs."""
    return {name: value for name, value in document.items() if name != "proof"}


def _hash_data(
    document: JsonObject, proof: JsonObject, cryptosuite: Cryptosuite, key: PublicKey, contexts: ContextStore
) -> bytes:
    hash_algorithm = cryptosuite.hash_of[key.algorithm]
    return cryptosuite.hash_data(
        cryptosuite.canonicalize(document, hash_algorithm, contexts),
        cryptosuite.canonicalize(proof_config(document, proof), hash_algorithm, contexts),
        key.algorithm,
    )


def proof_config(document: JsonObject, proof: JsonObject) -> JsonObject:
    """The proof as it is hashed: https://www.w3.org/TR/vc-di-eddsa/#proof-configuration-eddsa-rdfc-2022"""
    config = {name: value for name, value in proof.items() if name != "proofValue"}
    if "@context" in document:
        config["@context"] = document["@context"]
    return config
