"""What a proof says about itself, read before it is verified: its suite, its predecessors, and the part that is hashed.

https://www.w3.org/TR/vc-data-integrity/#proofs
"""

from __future__ import annotations

from openbadges_kit.documents import JsonObject, as_list
from openbadges_kit.encoding import jcs
from openbadges_kit.errors import ProofVerificationError
from openbadges_kit.proof.cryptosuite import CRYPTOSUITES, SIGNATURE_2020, Cryptosuite
from openbadges_kit.timestamps import parse_timestamp
from openbadges_kit.vocabulary import DATA_INTEGRITY_PROOF

__all__ = ["cryptosuite_of", "previous_proofs", "proof_config", "unsecured"]


def cryptosuite_of(proof: JsonObject) -> Cryptosuite:
    """The suite that a proof names. Raises ProofVerificationError when it names none that is known."""
    if proof.get("type") == SIGNATURE_2020.proof_type and "cryptosuite" not in proof:
        return SIGNATURE_2020
    if proof.get("type") != DATA_INTEGRITY_PROOF:
        raise ProofVerificationError(f"a proof of type {proof.get('type')!r} is not known")
    suite = CRYPTOSUITES.get(str(proof.get("cryptosuite")))
    if suite is None:
        raise ProofVerificationError(f"the cryptosuite {proof.get('cryptosuite')!r} is not known")
    return suite


def unsecured(document: JsonObject) -> JsonObject:
    """The document without its proofs."""
    return {name: value for name, value in document.items() if name != "proof"}


def previous_proofs(document: JsonObject, proof: JsonObject) -> list[JsonObject]:
    """The proofs of the document that `proof` names in `previousProof`, in the document's order.

    https://www.w3.org/TR/vc-data-integrity/#verify-proof-sets-and-chains. Raises ProofVerificationError for
    an id that no proof or more than one has, one named twice, and for anything but a text or a list of texts.
    """
    named = proof.get("previousProof", [])
    ids = [named] if isinstance(named, str) else named
    if not isinstance(ids, list) or not all(isinstance(one, str) for one in ids) or len(set(ids)) != len(ids):
        raise ProofVerificationError("previousProof is neither the id of a proof nor a list of different ones")
    wanted = set(ids)
    found = [
        candidate
        for candidate in as_list(document.get("proof"))
        if isinstance(candidate, dict) and isinstance(candidate.get("id"), str) and candidate["id"] in wanted
    ]
    # Two proofs under one id: which of them was meant would depend on the reader.
    if len(found) != len(ids) or {candidate["id"] for candidate in found} != wanted:
        raise ProofVerificationError("previousProof names a proof that is not there, or is there twice")
    return found


def proof_config(document: JsonObject, proof: JsonObject, cryptosuite: Cryptosuite) -> JsonObject:
    """The proof as it is hashed: https://www.w3.org/TR/vc-di-eddsa/#proof-configuration-eddsa-rdfc-2022

    Raises MalformedDocument when `created` or `expires` is no moment, and ProofVerificationError when the
    proof has a `@context` that is not the document's.
    """
    config = {name: value for name, value in proof.items() if name != "proofValue"}
    for name in ("created", "expires"):
        if name in config:
            parse_timestamp(config[name], path=f"$.proof.{name}")
    # The specification overrides it in the one kind of suite, and in the other takes a beginning of the
    # document's. Then contexts could be put into a proof or behind the signed ones that no signature covers.
    if "@context" in config and not _same(config["@context"], document.get("@context")):
        raise ProofVerificationError("the proof was made for another @context than the document has")
    if "@context" in document and not cryptosuite.keeps_context:
        config["@context"] = document["@context"]
    return config


def _same(one: object, other: object) -> bool:
    # Not ==, to which true and 1 are the same.
    return jcs.canonicalize(as_list(one)) == jcs.canonicalize(as_list(other))
