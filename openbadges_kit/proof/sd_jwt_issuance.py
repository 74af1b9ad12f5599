"""SD-JWT, issued: which parts of a badge its holder may leave out. https://www.rfc-editor.org/rfc/rfc9901#section-4"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any, Final

from openbadges_kit.documents import JsonObject, dump_json
from openbadges_kit.encoding import base64url
from openbadges_kit.errors import ProofGenerationError
from openbadges_kit.keys.signing_key import SigningKey
from openbadges_kit.proof.jws import encode_jws
from openbadges_kit.proof.sd_jwt import DEFAULT_HASH, SEPARATOR, digest_of, escaped_step, is_always_disclosed
from openbadges_kit.proof.vc_jwt import registered_claims
from openbadges_kit.vocabulary import TokenType

__all__ = ["Salt", "issue_sd_jwt"]

Salt = Callable[[], bytes]
"""Gives another salt of 16 bytes or more at each call: `lambda: os.urandom(16)`, or a keyed stream that is
stored with the award, so that issuing again gives the same token."""

# https://www.rfc-editor.org/rfc/rfc9901#section-9.3: 128 bits, or a digest can be guessed back.
MIN_SALT_BYTES: Final = 16
# Of the registered claims these repeat the badge; who holds it and its number may be what is left out.
_REPEATED: Final = frozenset({"iss", "nbf", "exp"})


def issue_sd_jwt(
    credential: JsonObject,
    *,
    disclosable: Collection[str],
    salt: Salt,
    verification_method: str,
    signing_key: SigningKey,
    issued_at: datetime,
    vct: str | None = None,
    claims: JsonObject | None = None,
    decoys: int = 0,
) -> str:
    """The credential as an SD-JWT with all its disclosures, for its holder.

    `disclosable` are JSON pointers (https://www.rfc-editor.org/rfc/rfc6901) of what the holder may leave out;
    a place inside another is disclosable by itself. With a `vct` it is an SD-JWT VC (`dc+sd-jwt`), without one
    a VCDM 2.0 credential (`vc+sd-jwt`). `claims` may be `cnf` (the holder's key) and `status`. `decoys` more
    digests than members stand in each object that has any, so that their number says nothing.

    Raises ProofGenerationError for a pointer to nowhere or to what must always be disclosed (its types, its
    issuer, its period, its status), too short or repeated salts, or a credential that already carries a proof.
    """
    added = dict(claims or {})
    if "proof" in credential or "_sd" in credential or not added.keys() <= {"cnf", "status"}:
        raise ProofGenerationError("a credential without a proof is wanted, and cnf and status as claims beside it")
    if vct is not None:
        added["vct"] = vct
    repeated = {name: value for name, value in registered_claims(credential).items() if name in _REPEATED}
    folding = _Folding(disclosable, salt, decoys)
    payload = folding.fold_object({**credential, **repeated, **added, "iat": int(issued_at.timestamp())}, "")
    if folding.wanted:
        raise ProofGenerationError(f"nothing stands at {', '.join(sorted(folding.wanted))}")
    type_ = TokenType.VC_SD_JWT if vct is None else TokenType.SD_JWT_VC
    header: JsonObject = {"typ": str(type_), "kid": verification_method}
    compact = encode_jws({**payload, "_sd_alg": DEFAULT_HASH}, header=header, signing_key=signing_key)
    return SEPARATOR.join([compact, *folding.disclosures, ""])


class _Folding:
    """Replaces what is disclosable by digests, the inner places before the outer ones."""

    def __init__(self, disclosable: Collection[str], salt: Salt, decoys: int) -> None:
        self.wanted = set(disclosable)
        always = {pointer for pointer in self.wanted if is_always_disclosed(pointer)}
        if always:
            raise ProofGenerationError(f"always disclosed: {', '.join(sorted(always))}")
        self.salt = salt
        self.decoys = decoys
        self.salts: set[bytes] = set()
        self.disclosures: list[str] = []

    def fold(self, value: Any, place: str) -> Any:  # JSON
        if isinstance(value, dict):
            return self.fold_object(value, place)
        if isinstance(value, list):
            return [self.fold_element(element, f"{place}/{index}") for index, element in enumerate(value)]
        return value

    def fold_object(self, value: JsonObject, place: str) -> JsonObject:
        if "..." in value or "_sd" in value:
            raise ProofGenerationError(f"a member at {place or '/'} has a name that SD-JWT keeps for itself")
        plain: JsonObject = {}
        digests = []
        for name, inner in value.items():
            inner_place = f"{place}/{escaped_step(name)}"
            folded = self.fold(inner, inner_place)
            if inner_place in self.wanted:
                self.wanted.remove(inner_place)
                digests.append(self.disclose([name, folded]))
            else:
                plain[name] = folded
        if digests:
            digests += [digest_of(base64url.encode(self.fresh_salt()), DEFAULT_HASH) for _ in range(self.decoys)]
            # Sorted, for their order would tell which member is which.
            plain["_sd"] = sorted(digests)
        return plain

    def fold_element(self, element: Any, place: str) -> Any:  # JSON
        folded = self.fold(element, place)
        if place not in self.wanted:
            return folded
        self.wanted.remove(place)
        return {"...": self.disclose([folded])}

    def disclose(self, parts: list[Any]) -> str:
        encoded = base64url.encode(dump_json([base64url.encode(self.fresh_salt()), *parts]))
        self.disclosures.append(encoded)
        return digest_of(encoded, DEFAULT_HASH)

    def fresh_salt(self) -> bytes:
        salt = self.salt()
        if len(salt) < MIN_SALT_BYTES or salt in self.salts:
            raise ProofGenerationError(f"a salt has {MIN_SALT_BYTES} bytes or more, and is never used twice")
        self.salts.add(salt)
        return salt
