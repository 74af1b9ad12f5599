"""Presentations, made: what a holder shows, signed for one verifier and one moment.

https://www.w3.org/TR/vc-data-model-2.0/#verifiable-presentations, with a Data Integrity proof or as a vp+jwt. Of
an SD-JWT the holder shows the token itself: see `sd_jwt_holding` and `key_binding`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from openbadges_kit.documents import JsonObject
from openbadges_kit.errors import ProofGenerationError
from openbadges_kit.jsonld.context_store import BUNDLED_CONTEXTS, ContextStore
from openbadges_kit.keys.signing_key import SigningKey
from openbadges_kit.proof.cryptosuite import EDDSA_RDFC_2022, Cryptosuite
from openbadges_kit.proof.data_integrity import add_proof, build_proof_options
from openbadges_kit.proof.envelope import envelop_credential
from openbadges_kit.proof.jws import encode_jws
from openbadges_kit.vocabulary import CREDENTIALS_V2, PresentationType, ProofPurpose, TokenType

__all__ = ["VP_JWT_TYPES", "build_presentation", "encode_vp_jwt", "sign_presentation"]

# What this specification and its drafts call one, the word that says nothing, and none at all.
VP_JWT_TYPES: Final = frozenset({TokenType.VP_JWT, TokenType.VP_LD_JWT, TokenType.JWT, ""})


def build_presentation(credentials: Iterable[JsonObject | str], *, holder: str) -> JsonObject:
    """The unsecured presentation of these credentials; one that is a token is put into an envelope."""
    return {
        "@context": [CREDENTIALS_V2],
        "type": [str(PresentationType.VERIFIABLE)],
        "holder": holder,
        "verifiableCredential": [
            envelop_credential(credential) if isinstance(credential, str) else credential for credential in credentials
        ],
    }


def sign_presentation(
    presentation: JsonObject,
    *,
    challenge: str,
    domain: str,
    verification_method: str,
    created: datetime,
    signing_key: SigningKey,
    cryptosuite: Cryptosuite = EDDSA_RDFC_2022,
    contexts: ContextStore = BUNDLED_CONTEXTS,
) -> JsonObject:
    """The presentation with the holder's proof, for the verifier who gave `challenge` and is `domain`.

    Raises ProofGenerationError for a key that does not fit, and whatever canonicalising raises.
    """
    options = build_proof_options(
        verification_method=verification_method,
        created=created,
        cryptosuite=cryptosuite,
        proof_purpose=ProofPurpose.AUTHENTICATION,
        challenge=challenge,
        domain=domain,
    )
    return add_proof(presentation, proof_options=options, signing_key=signing_key, contexts=contexts)


def encode_vp_jwt(
    presentation: JsonObject,
    *,
    nonce: str,
    audience: str,
    verification_method: str,
    issued_at: datetime,
    signing_key: SigningKey,
) -> str:
    """The presentation as a vp+jwt, https://www.w3.org/TR/vc-jose-cose/#securing-vps-with-jose.

    Raises ProofGenerationError when it carries a proof already.
    """
    if "proof" in presentation:
        raise ProofGenerationError("a presentation with an embedded proof is not secured as a JWT as well")
    payload = {**presentation, "aud": audience, "nonce": nonce, "iat": int(issued_at.timestamp())}
    if isinstance(presentation.get("holder"), str):
        payload["iss"] = presentation["holder"]
    header: JsonObject = {"typ": str(TokenType.VP_JWT), "cty": "vp", "kid": verification_method}
    return encode_jws(payload, header=header, signing_key=signing_key)
