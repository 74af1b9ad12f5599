"""Which verification method signed a token, and is it its issuer's?

https://www.w3.org/TR/vc-jose-cose/#key-discovery. What a token says about its own key is a hint, and no
more: the key counts when the issuer's controller document has it.
"""

from __future__ import annotations

from openbadges_kit.did.resolver import Resolver
from openbadges_kit.errors import KeyMaterialError, ProofVerificationError
from openbadges_kit.keys.public_key import PublicKey
from openbadges_kit.keys.verification_method import VerificationMethod
from openbadges_kit.proof.jws import Jws
from openbadges_kit.vocabulary import ProofPurpose

__all__ = ["find_signing_method"]


def find_signing_method(
    token: Jws, *, resolver: Resolver, controller: str, purpose: ProofPurpose = ProofPurpose.ASSERTION_METHOD
) -> VerificationMethod:
    """The verification method that the token's header points at.

    `kid` may be the URL of a method, a name for one of `controller`'s own (`#key-1`, `key-1`), or the URL of
    a bare JWK; without a `kid`, a `jwk` in the header may say which key it is. A key that comes by itself,
    from its own address or in the header, must be one that `controller`'s document lists: 1EdTech's own
    validator takes it unasked, and anybody can then sign for anybody.

    Raises ResolutionError when a document cannot be had, and ProofVerificationError when the token names no
    key, or one that is not the controller's.
    """
    key_id = token.key_id
    if key_id and ":" not in key_id:
        key_id = f"{controller}#{key_id.removeprefix('#')}"
    if key_id:
        if "#" not in key_id and key_id.startswith(("https://", "http://")):
            published = resolver.published_jwk(key_id)
            if published is not None:
                return resolver.method_with_key(controller, published, purpose=purpose)
        return resolver.verification_method(key_id, purpose=purpose)
    if "jwk" not in token.header:
        raise ProofVerificationError("the token says neither by kid nor by jwk which key signed it")
    try:
        key = PublicKey.from_jwk(token.header["jwk"])
    except KeyMaterialError as error:
        raise ProofVerificationError(f"the jwk in the token's header cannot be used: {error}") from error
    return resolver.method_with_key(controller, key, purpose=purpose)
