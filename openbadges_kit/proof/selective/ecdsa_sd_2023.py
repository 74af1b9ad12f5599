"""ecdsa-sd-2023: each statement is signed for itself, so that the holder may leave out what nobody needs to know.

https://www.w3.org/TR/vc-di-ecdsa/#ecdsa-sd-2023. The issuer adds a base proof, the holder derives a document
with fewer members and a derived proof, the verifier verifies that one. What is mandatory stays in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from openbadges_kit.documents import JsonObject, as_list
from openbadges_kit.encoding import multibase
from openbadges_kit.errors import (
    KeyMaterialError,
    MalformedDocument,
    ProofGenerationError,
    ProofVerificationError,
    WorkLimitExceeded,
)
from openbadges_kit.jsonld.context_store import BUNDLED_CONTEXTS, ContextStore
from openbadges_kit.jsonld.rdfc10 import canonicalize
from openbadges_kit.keys.public_key import KeyAlgorithm, PublicKey
from openbadges_kit.keys.signing_key import SigningKey
from openbadges_kit.proof.configuration import cryptosuite_of, proof_config, unsecured
from openbadges_kit.proof.cryptosuite import ECDSA_SD_2023
from openbadges_kit.proof.selective.pointers import select
from openbadges_kit.proof.selective.proof_value import BaseProofValue, DerivedProofValue
from openbadges_kit.proof.selective.statements import Statements, selected_quads, shown_statements, statements_of

__all__ = [
    "DisclosureSecrets",
    "add_base_proof",
    "derive_document",
    "hash_mandatory",
    "hash_proof",
    "is_base_proof",
    "verify_base_proof",
    "verify_derived_proof",
]

# A badge has some hundred statements. A signature takes some 0.1 ms to verify: a refusal comes within a second.
MAX_SIGNATURES: Final = 4096
_HMAC_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class DisclosureSecrets:
    """What one base proof draws at random: `DisclosureSecrets(ecdsa_key(os.urandom(32)), os.urandom(32))`.

    For one credential only. The statements of two that share `proof_key` could be mixed into a third one.
    """

    proof_key: SigningKey
    hmac_key: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Raise KeyMaterialError for another curve or length."""
        if self.proof_key.public_key.algorithm is not KeyAlgorithm.P256:
            raise KeyMaterialError("the statements are signed with a P-256 key")
        if len(self.hmac_key) != _HMAC_BYTES:
            raise KeyMaterialError(f"the HMAC key has {_HMAC_BYTES} bytes")


def add_base_proof(
    document: JsonObject,
    *,
    proof_options: JsonObject,
    signing_key: SigningKey,
    secrets: DisclosureSecrets,
    mandatory_pointers: Iterable[str],
    contexts: ContextStore = BUNDLED_CONTEXTS,
) -> JsonObject:
    """The document with one more proof, which its holder keeps and derives others from.

    https://www.w3.org/TR/vc-di-ecdsa/#add-base-proof-ecdsa-sd-2023. What `mandatory_pointers` point to will be
    in each derived document. Raises ProofGenerationError for options, a key or a pointer that do not fit, and
    whatever canonicalising raises.
    """
    pointers = tuple(mandatory_pointers)
    proof_key = secrets.proof_key
    try:
        _check_suite(proof_options, signing_key.public_key)
        statements = statements_of(
            unsecured(document), hmac_key=secrets.hmac_key, mandatory_pointers=pointers, contexts=contexts
        )
        data = _base_data(document, proof_options, proof_key.public_key, statements, contexts)
    except (ProofVerificationError, MalformedDocument) as error:
        raise ProofGenerationError(str(error)) from error
    if len(statements.optional) > MAX_SIGNATURES:
        raise ProofGenerationError(f"more than {MAX_SIGNATURES} statements to sign")
    value = BaseProofValue(
        signing_key.sign(data),
        proof_key.public_key,
        secrets.hmac_key,
        tuple(proof_key.sign(line.encode()) for line in statements.optional_lines),
        pointers,
    )
    return {**document, "proof": [*as_list(document.get("proof")), {**proof_options, "proofValue": value.encode()}]}


def derive_document(
    document: JsonObject, *, selective_pointers: Iterable[str], contexts: ContextStore = BUNDLED_CONTEXTS
) -> JsonObject:
    """What the holder shows: the mandatory part, what the pointers point to, and a proof derived for it.

    https://www.w3.org/TR/vc-di-ecdsa/#add-derived-proof-ecdsa-sd-2023. Other proofs of the document are left
    out, since they are over the whole. Raises ProofGenerationError when there is not exactly one base proof,
    the signatures of its statements do not hold, a pointer points to nothing, or part of a list is asked for;
    and whatever canonicalising raises.
    """
    try:
        proof = _only_base_proof(document)
        base = BaseProofValue.parse(proof.get("proofValue"))
        whole, pointers = unsecured(document), (*base.mandatory_pointers, *selective_pointers)
        statements = statements_of(
            whole, hmac_key=base.hmac_key, mandatory_pointers=base.mandatory_pointers, contexts=contexts
        )
        _verify_statements(statements, base)
        revealed = select(whole, pointers)
        if revealed is None:
            raise ProofGenerationError("nothing is mandatory and nothing was asked for: there is nothing to show")
        shown = selected_quads(whole, pointers, contexts)
        positions = sorted(statements.positions_of(shown))
        value = _disclosure(base, statements, positions, canonicalize(shown).labels)
        # As a verifier will: the holder hears here of what would not hold there.
        _verify_statements(shown_statements(revealed, value, contexts), value)
    except (ProofVerificationError, MalformedDocument) as error:
        raise ProofGenerationError(str(error)) from error
    return {**revealed, "proof": [{**proof, "proofValue": value.encode()}]}


def is_base_proof(proof: JsonObject) -> bool:
    """Is it a proof of this suite that its holder keeps, and not one derived to be shown?"""
    if proof.get("cryptosuite") != ECDSA_SD_2023.name:
        return False
    try:
        BaseProofValue.parse(proof.get("proofValue"))
    except ProofVerificationError:
        return False
    return True


def verify_derived_proof(
    document: JsonObject, *, proof: JsonObject, public_key: PublicKey, contexts: ContextStore = BUNDLED_CONTEXTS
) -> None:
    """Return when the issuer's key signed what is mandatory of the document, and vouches for each other statement.

    https://www.w3.org/TR/vc-di-ecdsa/#verify-derived-proof-ecdsa-sd-2023. Raises ProofVerificationError, also
    for a base proof, which is for the holder alone; and whatever canonicalising raises.
    """
    _check_suite(proof, public_key)
    value = DerivedProofValue.parse(proof.get("proofValue"))
    if len(value.signatures) > MAX_SIGNATURES:
        raise WorkLimitExceeded(f"more than {MAX_SIGNATURES} signatures to verify")
    statements = shown_statements(unsecured(document), value, contexts)
    public_key.verify_signature(
        signature=value.base_signature, data=_base_data(document, proof, value.public_key, statements, contexts)
    )
    _verify_statements(statements, value)


def verify_base_proof(
    document: JsonObject, *, proof: JsonObject, public_key: PublicKey, contexts: ContextStore = BUNDLED_CONTEXTS
) -> None:
    """Return when a base proof is whole: for the issuer before it is given out, and for the holder on receipt.

    Raises ProofVerificationError when it is not, and whatever canonicalising raises.
    """
    _check_suite(proof, public_key)
    value = BaseProofValue.parse(proof.get("proofValue"))
    if len(value.signatures) > MAX_SIGNATURES:
        raise WorkLimitExceeded(f"more than {MAX_SIGNATURES} signatures to verify")
    try:
        statements = statements_of(
            unsecured(document), hmac_key=value.hmac_key, mandatory_pointers=value.mandatory_pointers, contexts=contexts
        )
    except MalformedDocument as error:
        raise ProofVerificationError(f"its mandatory part cannot be had: {error}") from error
    public_key.verify_signature(
        signature=value.base_signature, data=_base_data(document, proof, value.public_key, statements, contexts)
    )
    _verify_statements(statements, value)


def hash_proof(document: JsonObject, proof: JsonObject, contexts: ContextStore) -> bytes:
    """The proof's own hash: https://www.w3.org/TR/vc-di-ecdsa/#base-proof-hashing-ecdsa-sd-2023"""
    return hashlib.sha256(
        ECDSA_SD_2023.canonicalize(proof_config(document, proof, ECDSA_SD_2023), "sha256", contexts)
    ).digest()


def hash_mandatory(statements: Statements) -> bytes:
    """The hash of what is mandatory: https://www.w3.org/TR/vc-di-ecdsa/#hashmandatorynquads"""
    return hashlib.sha256("".join(statements.mandatory_lines).encode()).digest()


def _base_data(
    document: JsonObject, proof: JsonObject, proof_key: PublicKey, statements: Statements, contexts: ContextStore
) -> bytes:
    """What the issuer's key signs: https://www.w3.org/TR/vc-di-ecdsa/#serializesigndata"""
    return hash_proof(document, proof, contexts) + multibase.decode(proof_key.multikey) + hash_mandatory(statements)


def _disclosure(
    base: BaseProofValue, statements: Statements, positions: list[int], canonical_labels: Mapping[str, str]
) -> DerivedProofValue:
    """https://www.w3.org/TR/vc-di-ecdsa/#createdisclosuredata, for the statements at these positions."""
    signature_of = dict(zip(statements.optional, base.signatures, strict=True))
    return DerivedProofValue(
        base.base_signature,
        base.public_key,
        tuple(signature_of[position] for position in positions if position in signature_of),
        {label.removeprefix("_:"): statements.labels[node] for node, label in canonical_labels.items()},
        # Counted among what is shown: the positions in the whole would tell how much is not.
        tuple(index for index, position in enumerate(positions) if position in statements.mandatory),
    )


def _verify_statements(statements: Statements, value: BaseProofValue | DerivedProofValue) -> None:
    lines = statements.optional_lines
    if len(lines) != len(value.signatures):
        raise ProofVerificationError(f"{len(value.signatures)} signatures for {len(lines)} statements")
    for line, signature in zip(lines, value.signatures, strict=True):
        value.public_key.verify_signature(signature=signature, data=line.encode())


def _check_suite(proof: JsonObject, public_key: PublicKey) -> None:
    if cryptosuite_of(proof) is not ECDSA_SD_2023:
        raise ProofVerificationError("this is not a proof of ecdsa-sd-2023")
    if public_key.algorithm not in ECDSA_SD_2023.hash_of:
        raise ProofVerificationError(f"ecdsa-sd-2023 is not used with a key of {public_key.algorithm}")
    # A derived document is not the one that the previous proofs are over.
    if "previousProof" in proof:
        raise ProofVerificationError("a proof that can be derived from does not go into a chain")


def _only_base_proof(document: JsonObject) -> JsonObject:
    proofs = [
        proof
        for proof in as_list(document.get("proof"))
        if isinstance(proof, dict) and proof.get("cryptosuite") == ECDSA_SD_2023.name
    ]
    if len(proofs) != 1:
        raise ProofVerificationError(f"the document has {len(proofs)} proofs of ecdsa-sd-2023 to derive from, not one")
    proof: JsonObject = proofs[0]
    return proof
