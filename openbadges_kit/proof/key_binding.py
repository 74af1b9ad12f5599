"""Key binding: the holder signs for this verifier and this moment. https://www.rfc-editor.org/rfc/rfc9901#section-4.3"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from openbadges_kit.documents import JsonObject
from openbadges_kit.errors import ProofVerificationError
from openbadges_kit.keys.public_key import PublicKey
from openbadges_kit.keys.signing_key import SigningKey
from openbadges_kit.proof.jws import encode_jws, verify_jws
from openbadges_kit.proof.sd_jwt import SdJwt, digest_of, parse_sd_jwt
from openbadges_kit.timestamps import parse_numeric_date
from openbadges_kit.vocabulary import TokenType

__all__ = ["MAX_AGE", "bind_key", "holder_confirmation", "verify_key_binding"]

# Long enough for a person to press a button, short enough that a stolen presentation is of no use.
MAX_AGE: Final = timedelta(minutes=5)


def holder_confirmation(key: PublicKey) -> JsonObject:
    """The `cnf` claim that names the holder's key: https://www.rfc-editor.org/rfc/rfc7800#section-3.2"""
    return {"jwk": key.jwk}


def bind_key(presented: str, *, nonce: str, audience: str, issued_at: datetime, signing_key: SigningKey) -> str:
    """The SD-JWT with the holder's signature behind it, over what is shown, for whom (`audience`) and once (`nonce`).

    Raises like `parse_sd_jwt`.
    """
    token = parse_sd_jwt(presented)
    payload = {
        "iat": int(issued_at.timestamp()),
        "aud": audience,
        "nonce": nonce,
        "sd_hash": digest_of(token.presented, token.hash_name),
    }
    header: JsonObject = {"typ": str(TokenType.KEY_BINDING)}
    return token.presented + encode_jws(payload, header=header, signing_key=signing_key)


def verify_key_binding(
    token: SdJwt,
    *,
    holder_key: PublicKey,
    expected_nonce: str,
    expected_audience: str,
    now: datetime,
    max_age: timedelta = MAX_AGE,
    clock_skew: timedelta = timedelta(0),
) -> None:
    """Return when this key's holder signed for exactly this: https://www.rfc-editor.org/rfc/rfc9901#section-7.3.

    Raises ProofVerificationError when there is no key binding, it is somebody else's, for another nonce or
    audience, over other disclosures, from the future, or older than `max_age`; MalformedDocument when its
    `iat` is no moment.
    """
    binding = token.key_binding
    if binding is None:
        raise ProofVerificationError("the holder has not signed: there is no key binding")
    verify_jws(binding, public_key=holder_key, types={TokenType.KEY_BINDING})
    expected = {
        "nonce": expected_nonce,
        "aud": expected_audience,
        "sd_hash": digest_of(token.presented, token.hash_name),
    }
    for name, value in expected.items():
        if binding.payload.get(name) != value:
            raise ProofVerificationError(f"the key binding's {name} is not the expected one")
    issued_at = parse_numeric_date(binding.payload.get("iat"), path="$.iat")
    if not now - max_age - clock_skew <= issued_at <= now + clock_skew:
        raise ProofVerificationError(f"the key binding is of {issued_at.isoformat()}, not of now")
