"""Data Integrity proofs: add one, verify one, alone, in a set or in a chain. https://www.w3.org/TR/vc-data-integrity/

Not here: whether the key may speak for the issuer (`verification/checks/issuer_binding.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from openbadges_kit.documents import JsonObject, as_list, dump_json
from openbadges_kit.encoding import multibase
from openbadges_kit.errors import MalformedDocument, ProofGenerationError, ProofVerificationError
from openbadges_kit.jsonld.canonical_form import learn_shapes
from openbadges_kit.jsonld.context_store import BUNDLED_CONTEXTS, ContextStore
from openbadges_kit.keys.public_key import PublicKey
from openbadges_kit.keys.signing_key import SigningKey
from openbadges_kit.proof.configuration import cryptosuite_of, previous_proofs, proof_config, unsecured
from openbadges_kit.proof.cryptosuite import EDDSA_RDFC_2022, Cryptosuite, rdfc10
from openbadges_kit.timestamps import format_timestamp
from openbadges_kit.vocabulary import DATA_INTEGRITY_PROOF, ProofPurpose

__all__ = [
    "add_proof",
    "build_proof_options",
    "cryptosuite_of",
    "previous_proofs",
    "proof_config",
    "unsecured",
    "verify_proof",
]


def build_proof_options(
    *,
    verification_method: str,
    created: datetime,
    cryptosuite: Cryptosuite = EDDSA_RDFC_2022,
    proof_purpose: ProofPurpose = ProofPurpose.ASSERTION_METHOD,
    proof_id: str | None = None,
    previous_proof: Iterable[str] = (),
    challenge: str | None = None,
    domain: str | None = None,
) -> JsonObject:
    """The proof without its `proofValue`, to be recorded before anything is signed.

    `proof_id` lets a later proof name this one; `previous_proof` holds the ids of the proofs that this one
    builds on (https://www.w3.org/TR/vc-data-integrity/#proof-chains). `challenge` and `domain` are what the
    verifier of a presentation asked for. Raises ProofGenerationError for a
    suite that is only verified.
    """
    if cryptosuite.proof_type != DATA_INTEGRITY_PROOF:
        raise ProofGenerationError(f"{cryptosuite.name} is verified here and not issued any more")
    options: JsonObject = {
        "type": DATA_INTEGRITY_PROOF,
        "cryptosuite": cryptosuite.name,
        "created": format_timestamp(created),
        "verificationMethod": verification_method,
        "proofPurpose": str(proof_purpose),
    }
    options |= {name: text for name, text in (("challenge", challenge), ("domain", domain)) if text is not None}
    if proof_id is not None:
        options["id"] = proof_id
    if previous := list(previous_proof):
        options["previousProof"] = previous[0] if len(previous) == 1 else previous
    return options


def add_proof(
    document: JsonObject,
    *,
    proof_options: JsonObject,
    signing_key: SigningKey,
    contexts: ContextStore = BUNDLED_CONTEXTS,
    canonical_nquads: bytes | None = None,
) -> JsonObject:
    """The document with one more proof in its `proof` array, which 1EdTech's schema wants to be an array.

    `canonical_nquads` is for a caller that has just made them of this document, with SHA-256, as prepare() has;
    with any others the proof does not verify.
    Raises ProofGenerationError for options or a key that do not fit, and whatever canonicalising raises.
    """
    observed = contexts.observing()
    try:
        cryptosuite = cryptosuite_of(proof_options)
        if cryptosuite.proof_type != DATA_INTEGRITY_PROOF:
            raise ProofVerificationError(f"{cryptosuite.name} is verified here and not issued any more")
        options = _with_context(document, proof_options) if cryptosuite.keeps_context else dict(proof_options)
        algorithm = signing_key.public_key.algorithm
        if cryptosuite.selective:
            raise ProofVerificationError(f"{cryptosuite.name} needs secrets and pointers: see add_base_proof")
        if algorithm not in cryptosuite.hash_of:
            raise ProofVerificationError(f"{cryptosuite.name} does not sign with a key of {algorithm}")
        hash_data = _hash_data(document, options, cryptosuite, signing_key.public_key, observed, canonical_nquads)
    except ProofVerificationError as error:
        raise ProofGenerationError(str(error)) from error
    signature = signing_key.sign(hash_data)
    learn_shapes(observed)
    proof = {**options, "proofValue": multibase.encode_base58(signature)}
    return {**document, "proof": [*as_list(document.get("proof")), proof]}


def verify_proof(
    document: JsonObject,
    *,
    proof: JsonObject,
    public_key: PublicKey,
    contexts: ContextStore = BUNDLED_CONTEXTS,
    canonical_nquads: bytes | None = None,
) -> None:
    """Return when `proof` is this key's over `document` and over the proofs that it names as previous.

    Those previous proofs are covered as they stand, not verified: whoever relies on a chain verifies each.
    `canonical_nquads` is for a caller that has just made them of this document without its proof, with SHA-256.
    Raises ProofVerificationError when it does not hold, MalformedDocument for a time that is none, and
    whatever canonicalising raises.
    """
    cryptosuite = cryptosuite_of(proof)
    if public_key.algorithm not in cryptosuite.hash_of:
        raise ProofVerificationError(f"{cryptosuite.name} is not verified with a key of {public_key.algorithm}")
    if cryptosuite.selective:
        from openbadges_kit.proof.selective.ecdsa_sd_2023 import verify_derived_proof  # noqa: PLC0415  # few need it

        verify_derived_proof(document, proof=proof, public_key=public_key, contexts=contexts)
        return
    value = proof.get("proofValue")
    if not isinstance(value, str) or not value.startswith("z"):
        raise ProofVerificationError("proofValue is not in base58btc (z…)")
    try:
        signature = multibase.decode(value)
    except MalformedDocument as error:
        raise ProofVerificationError(f"proofValue cannot be read: {error}") from error
    observed = contexts.observing()
    public_key.verify_signature(
        signature=signature, data=_hash_data(document, proof, cryptosuite, public_key, observed, canonical_nquads)
    )
    # Only now: a document that does not verify teaches nothing, so that nobody can fill the cache unsigned.
    learn_shapes(observed)


def _with_context(document: JsonObject, proof_options: JsonObject) -> JsonObject:
    """https://www.w3.org/TR/vc-di-eddsa/#create-proof-eddsa-jcs-2022: the proof says what its terms mean."""
    return {**proof_options, "@context": document["@context"]} if "@context" in document else dict(proof_options)


def _hash_data(  # noqa: PLR0917  # private, and called twice
    document: JsonObject,
    proof: JsonObject,
    cryptosuite: Cryptosuite,
    key: PublicKey,
    contexts: ContextStore,
    canonical_nquads: bytes | None = None,
) -> bytes:
    hash_algorithm = cryptosuite.hash_of[key.algorithm]
    bare, previous = unsecured(document), previous_proofs(document, proof)
    if canonical_nquads is None or previous or cryptosuite.canonicalize is not rdfc10 or hash_algorithm != "sha256":
        # Without the previous proofs in it, one of them could be exchanged under a chain that still holds.
        secured = {**bare, "proof": previous} if previous else bare
        canonical_nquads = cryptosuite.canonicalize(secured, hash_algorithm, contexts)
    config = proof_config(bare, proof, cryptosuite)
    return cryptosuite.hash_data(
        canonical_nquads, _canonical_config(config, cryptosuite, hash_algorithm, contexts), key.algorithm
    )


def _canonical_config(
    config: JsonObject, cryptosuite: Cryptosuite, hash_algorithm: str, contexts: ContextStore
) -> bytes:
    """The canonical form of a proof's configuration, which many badges in a row have in common."""
    if cryptosuite.canonicalize is not rdfc10 or contexts.shapes is None:
        return cryptosuite.canonicalize(config, hash_algorithm, contexts)
    written = (hash_algorithm, dump_json(config))
    last = contexts.shapes.last_config
    if last[0] != written:
        last = written, cryptosuite.canonicalize(config, hash_algorithm, contexts)
        contexts.shapes.last_config = last
    return last[1]
