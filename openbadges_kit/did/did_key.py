"""did:key, a DID that is its own key: https://w3c-ccg.github.io/did-key-spec/."""

from __future__ import annotations

from typing import Final

from openbadges_kit.documents import JsonObject
from openbadges_kit.errors import KeyMaterialError, ResolutionError
from openbadges_kit.keys.public_key import PublicKey
from openbadges_kit.keys.verification_method import VerificationMethod
from openbadges_kit.vocabulary import DID_V1, MULTIKEY_V1, ProofPurpose

__all__ = ["PREFIX", "did_of", "resolve_did_key", "verification_method_of"]

PREFIX: Final = "did:key:"


def did_of(key: PublicKey) -> str:
    """The did:key of a public key."""
    return PREFIX + key.multikey


def verification_method_of(key: PublicKey) -> str:
    """The URL of the only verification method of the key's did:key."""
    return f"{did_of(key)}#{key.multikey}"


def resolve_did_key(did: str) -> JsonObject:
    """The DID document of a did:key, made from the DID itself.

    Raises ResolutionError when the DID holds no key of a known algorithm.
    """
    try:
        key = PublicKey.from_multikey(did.removeprefix(PREFIX))
    except KeyMaterialError as error:
        raise ResolutionError(f"{did} cannot be resolved: {error}") from error
    method = VerificationMethod(verification_method_of(key), did, key)
    return {
        "@context": [DID_V1, MULTIKEY_V1],
        "id": did,
        "verificationMethod": [method.to_json()],
        **{str(purpose): [method.id] for purpose in ProofPurpose},
    }
