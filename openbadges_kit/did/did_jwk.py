"""did:jwk, a DID that is a JWK: https://github.com/quartzjer/did-jwk/blob/main/spec.md."""

from __future__ import annotations

from typing import Final

from openbadges_kit.documents import JsonObject, dump_json, parse_json_object
from openbadges_kit.encoding import base64url
from openbadges_kit.errors import KeyMaterialError, MalformedDocument, ResolutionError
from openbadges_kit.keys.public_key import PublicKey
from openbadges_kit.keys.verification_method import VerificationMethod
from openbadges_kit.vocabulary import DID_V1, JSON_WEB_KEY_2020, JWS_2020_V1, ProofPurpose

__all__ = ["PREFIX", "did_of", "resolve_did_jwk", "verification_method_of"]

PREFIX: Final = "did:jwk:"
# An RSA key of 8192 bits takes some 1,900 characters; what does not fit in here is no key.
MAX_CHARACTERS: Final = 8192


def did_of(key: PublicKey) -> str:
    """The did:jwk of a public key."""
    return PREFIX + base64url.encode(dump_json(key.jwk))


def verification_method_of(key: PublicKey) -> str:
    """The URL of the only verification method of the key's did:jwk."""
    return f"{did_of(key)}#0"


def resolve_did_jwk(did: str) -> JsonObject:
    """The DID document of a did:jwk, made from the DID itself.

    Raises ResolutionError when it holds no public key of a known algorithm, or one that is not for signatures.
    """
    encoded = did.removeprefix(PREFIX)
    if len(encoded) > MAX_CHARACTERS:
        raise ResolutionError(f"a did:jwk of more than {MAX_CHARACTERS} characters")
    try:
        key = PublicKey.from_jwk(parse_json_object(base64url.decode(encoded)))
    except (KeyMaterialError, MalformedDocument) as error:
        raise ResolutionError(f"{did} cannot be resolved: {error}") from error
    method = VerificationMethod(f"{did}#0", did, key)
    return {
        "@context": [DID_V1, JWS_2020_V1],
        "id": did,
        "verificationMethod": [method.to_json(JSON_WEB_KEY_2020)],
        **{str(purpose): [method.id] for purpose in ProofPurpose},
    }
