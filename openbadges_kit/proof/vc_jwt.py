"""VC-JWT: a credential secured as a JSON Web Token, https://www.w3.org/TR/vc-jose-cose/.

The payload is the credential itself, without a `vc` claim around it, plus the registered claims that
1EdTech asks for beside it. ES256 is the default: 1EdTech's certification takes RS256 and ES256, the Dutch
profile asks for ES256, and EdDSA is refused by both.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

from openbadges_kit.documents import JsonObject, parse_json_object
from openbadges_kit.encoding import base64url
from openbadges_kit.errors import MalformedDocument, ProofGenerationError, ProofVerificationError
from openbadges_kit.keys.public_key import KeyAlgorithm, PublicKey
from openbadges_kit.keys.signing_key import SigningKey
from openbadges_kit.timestamps import parse_timestamp

__all__ = ["VcJwt", "encode_vc_jwt", "parse_vc_jwt", "verify_vc_jwt"]

_ALGORITHMS: Final = {
    KeyAlgorithm.ED25519: "EdDSA",
    KeyAlgorithm.P256: "ES256",
    KeyAlgorithm.P384: "ES384",
}
# What this draft and its predecessors call a credential, and the word that says nothing.
_TYPES: Final = frozenset({"jwt", "vc+jwt", "vc+ld+jwt", "vc+ld+json+jwt"})
# Claims that stand beside the credential in the payload and are no part of it.
_REGISTERED_CLAIMS: Final = frozenset({"iss", "jti", "sub", "nbf", "exp", "iat", "aud", "cnf"})


@dataclass(frozen=True, slots=True)
class VcJwt:
    """A VC-JWT that was read and not verified."""

    compact: str
    header: JsonObject
    payload: JsonObject
    signature: bytes

    @property
    def signing_input(self) -> bytes:
        """What the signature is over."""
        return self.compact.rpartition(".")[0].encode("ascii")

    @property
    def credential(self) -> JsonObject:
        """The credential: the `vc` claim of an older token, or the payload without the registered claims."""
        claim = self.payload.get("vc")
        if isinstance(claim, dict):
            return claim
        return {name: value for name, value in self.payload.items() if name not in _REGISTERED_CLAIMS}

    @property
    def key_id(self) -> str:
        """The URL of the verification method, or the empty text."""
        key_id = self.header.get("kid")
        return key_id if isinstance(key_id, str) else ""


def encode_vc_jwt(credential: JsonObject, *, verification_method: str, signing_key: SigningKey) -> str:
    """The credential as a compact JWT. Raises ProofGenerationError when it already carries a proof."""
    if "proof" in credential:
        raise ProofGenerationError("a credential with an embedded proof is not secured as a JWT as well")
    header = {
        "alg": _ALGORITHMS[signing_key.public_key.algorithm],
        "typ": "vc+jwt",
        "cty": "vc",
        "kid": verification_method,
    }
    payload = {**credential, **_registered_claims(credential)}
    signing_input = f"{_encode(header)}.{_encode(payload)}"
    return f"{signing_input}.{base64url.encode(signing_key.sign(signing_input.encode()))}"


def parse_vc_jwt(compact: str) -> VcJwt:
    """Read a compact JWT, without trusting it. Raises MalformedDocument when it is none."""
    parts = compact.split(".")
    if len(parts) != 3:  # noqa: PLR2004  # header, payload, signature
        raise MalformedDocument("not a compact JWT of three parts")
    header, payload = (parse_json_object(base64url.decode(part)) for part in parts[:2])
    return VcJwt(compact, header, payload, base64url.decode(parts[2]))


def verify_vc_jwt(token: VcJwt, *, public_key: PublicKey) -> None:
    """Return when the token's signature is this key's. Raises ProofVerificationError.

    The algorithm must be the key's own: a token does not choose how it is verified.
    """
    expected = _ALGORITHMS[public_key.algorithm]
    if token.header.get("alg") != expected:
        raise ProofVerificationError(f"the token says alg {token.header.get('alg')!r}, and its key is for {expected}")
    # A token of another kind, an access token say, that the same key signed is no credential.
    kind = token.header.get("typ", "JWT")
    if not isinstance(kind, str) or kind.lower().removeprefix("application/") not in _TYPES:
        raise ProofVerificationError(f"the token says that it is {kind!r}, not a credential")
    if "crit" in token.header:
        raise ProofVerificationError(f"the token demands extensions that are not known: {token.header['crit']!r}")
    public_key.verify_signature(signature=token.signature, data=token.signing_input)
    _check_claims_agree(token)


def _check_claims_agree(token: VcJwt) -> None:
    """Raise when a registered claim says something else than the credential beside it."""
    for name, value in _registered_claims(token.credential).items():
        if name in token.payload and token.payload[name] != value:
            raise ProofVerificationError(f"the claim {name} contradicts the credential")


def _registered_claims(credential: JsonObject) -> JsonObject:
    """https://www.imsglobal.org/spec/ob/v3p0/#jwt-proof: iss, jti, nbf, sub and exp repeat the credential."""
    issuer, subject = credential.get("issuer"), credential.get("credentialSubject")
    claims: JsonObject = {
        "iss": issuer.get("id") if isinstance(issuer, dict) else issuer,
        "jti": credential.get("id"),
        "sub": subject.get("id") if isinstance(subject, dict) else None,
    }
    for claim, term in (("nbf", "validFrom"), ("exp", "validUntil")):
        if isinstance(credential.get(term), str):
            claims[claim] = int(parse_timestamp(credential[term], path=f"$.{term}").timestamp())
    return {name: value for name, value in claims.items() if value is not None}


def _encode(value: JsonObject) -> str:
    return base64url.encode(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())
