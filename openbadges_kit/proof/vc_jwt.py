"""VC-JWT: a credential secured as a JSON Web Token, https://www.w3.org/TR/vc-jose-cose/.

The payload is the credential itself, plus the registered claims that 1EdTech asks for beside it, and on
request a `vc` claim with the same credential, for wallets that look only there. ES256 is the default:
1EdTech's certification takes RS256 and ES256, the Dutch profile asks for ES256, and EdDSA is refused by both.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from openbadges_kit.documents import JsonObject, as_list, dump_json
from openbadges_kit.errors import ProofGenerationError, ProofVerificationError
from openbadges_kit.keys.public_key import PublicKey
from openbadges_kit.keys.signing_key import SigningKey
from openbadges_kit.proof.jws import Jws, encode_jws, encode_written_jws, parse_jws, verify_jws
from openbadges_kit.timestamps import format_timestamp, parse_numeric_date, parse_timestamp
from openbadges_kit.vocabulary import CREDENTIALS_V1, TokenType

__all__ = [
    "REGISTERED_CLAIMS",
    "VcJwt",
    "check_claims_agree",
    "encode_vc_jwt",
    "parse_vc_jwt",
    "registered_claims",
    "verify_vc_jwt",
]

# Claims that stand beside the credential in the payload and are no part of it.
REGISTERED_CLAIMS: Final = frozenset({"iss", "jti", "sub", "nbf", "exp", "iat", "aud", "cnf", "status", "nonce"})
# What this specification and its drafts call a credential, the word that says nothing, and none at all, as in
# 1EdTech's own tokens. A token of another kind, an access token say, that the same key signed is no credential.
_TYPES: Final = frozenset({TokenType.VC_JWT, TokenType.VC_LD_JWT, TokenType.VC_LD_JSON_JWT, TokenType.JWT, ""})
# What a caller may add: who holds it, and where its status stands.
_ADDED_CLAIMS: Final = frozenset({"cnf", "status"})


class VcJwt(Jws):
    """A VC-JWT that was read and not verified."""

    __slots__ = ()

    @property
    def jws(self) -> Jws:
        """What the issuer signed: all of it."""
        return self

    @property
    def claims(self) -> JsonObject:
        """What the token says: its payload."""
        return self.payload

    @property
    def credential(self) -> JsonObject:
        """The credential: the `vc` claim where there is one, else the payload without the registered claims."""
        claim = self.payload.get("vc")
        return _restored(claim, self.payload) if isinstance(claim, dict) else self.flat

    @property
    def flat(self) -> JsonObject:
        """The members of the payload that are no registered claims."""
        return {name: value for name, value in self.payload.items() if name not in REGISTERED_CLAIMS | {"vc"}}


def encode_vc_jwt(
    credential: JsonObject,
    *,
    verification_method: str,
    signing_key: SigningKey,
    issued_at: datetime | None = None,
    with_vc_claim: bool = False,
    claims: JsonObject | None = None,
    written: bytes | None = None,
) -> str:
    """The credential as a compact JWT.

    `issued_at` becomes `iat`, by which a verifier tells whether the key was still good; `with_vc_claim`
    repeats the credential as `vc`; `claims` may be `cnf` (the holder's key) and `status` (a token status
    list's reference); `written` is the credential as dump_json() wrote it, where the caller has that.
    Raises ProofGenerationError for a credential that already carries a proof, or another claim.
    """
    if "proof" in credential:
        raise ProofGenerationError("a credential with an embedded proof is not secured as a JWT as well")
    added = dict(claims or {})
    if not added.keys() <= _ADDED_CLAIMS:
        raise ProofGenerationError(f"of the registered claims only {sorted(_ADDED_CLAIMS)} are given by the caller")
    if issued_at is not None:
        added["iat"] = int(issued_at.timestamp())
    registered = {**registered_claims(credential), **added}
    if with_vc_claim:
        registered["vc"] = credential
    header: JsonObject = {"typ": str(TokenType.VC_JWT), "cty": "vc", "kid": verification_method}
    if written is None or not registered.keys().isdisjoint(credential):
        return encode_jws({**credential, **registered}, header=header, signing_key=signing_key)
    # Without this, most of a badge's time as a token goes into writing once more what was written.
    payload = written[:-1] + b"," + dump_json(registered)[1:]
    return encode_written_jws(payload, header=header, signing_key=signing_key)


def parse_vc_jwt(compact: str) -> VcJwt:
    """Read a compact JWT, without trusting it. Raises MalformedDocument when it is none."""
    token = parse_jws(compact)
    return VcJwt(token.compact, token.header, token.payload, token.signature)


def verify_vc_jwt(token: VcJwt, *, public_key: PublicKey) -> None:
    """Return when the token is a credential's and its signature is this key's. Raises ProofVerificationError.

    The algorithm must be the key's own: a token does not choose how it is verified. The registered claims,
    the `vc` claim and the members beside it must not contradict each other: two readers would see two badges.
    """
    verify_jws(token, public_key=public_key, types=_TYPES)
    credential, flat = token.credential, token.flat
    check_claims_agree(token.payload, credential)
    for name in credential.keys() & flat.keys() if "vc" in token.payload else ():
        if credential[name] != flat[name]:
            raise ProofVerificationError(f"{name} says something else inside the vc claim than beside it")


def check_claims_agree(payload: JsonObject, credential: JsonObject) -> None:
    """Raise ProofVerificationError when a registered claim says something else than the credential beside it."""
    for name, value in registered_claims(credential).items():
        stated = payload.get(name, value)
        if isinstance(value, int):
            # Claims of time are whole seconds, and some issuers round where others cut off.
            agrees = isinstance(stated, int | float) and not isinstance(stated, bool) and abs(stated - value) <= 1
        else:
            agrees = stated == value
        if not agrees:
            raise ProofVerificationError(f"the claim {name} contradicts the credential")


def registered_claims(credential: JsonObject) -> JsonObject:
    """https://www.imsglobal.org/spec/ob/v3p0/#jwt-proof: iss, jti, nbf, sub and exp repeat the credential."""
    issuer, subject = credential.get("issuer"), credential.get("credentialSubject")
    claims: JsonObject = {
        "iss": issuer.get("id") if isinstance(issuer, dict) else issuer,
        "jti": credential.get("id"),
        "sub": subject.get("id") if isinstance(subject, dict) else None,
    }
    begin, end = _period_terms(credential)
    for claim, term in (("nbf", begin), ("exp", end)):
        if isinstance(credential.get(term), str):
            claims[claim] = int(parse_timestamp(credential[term], path=f"$.{term}").timestamp())
    return {name: value for name, value in claims.items() if value is not None}


def _period_terms(credential: JsonObject) -> tuple[str, str]:
    if as_list(credential.get("@context"))[:1] == [CREDENTIALS_V1]:
        return "issuanceDate", "expirationDate"
    return "validFrom", "validUntil"


def _restored(claim: JsonObject, payload: JsonObject) -> JsonObject:
    """A `vc` claim with what VCDM 1.1 moved out of it: https://www.w3.org/TR/vc-data-model/#jwt-decoding."""
    credential = dict(claim)
    if "iss" in payload:
        credential.setdefault("issuer", payload["iss"])
    if "jti" in payload:
        credential.setdefault("id", payload["jti"])
    subject = credential.get("credentialSubject")
    if "sub" in payload and isinstance(subject, dict):
        credential["credentialSubject"] = {"id": payload["sub"], **subject}
    for name, term in zip(("nbf", "exp"), _period_terms(credential), strict=True):
        if name in payload and term not in credential:
            credential[term] = format_timestamp(parse_numeric_date(payload[name], path=f"$.{name}"))
    return credential
