"""SD-JWT, read and verified: https://www.rfc-editor.org/rfc/rfc9901.

A token signed over digests, and beside it the disclosures that the holder chose to show. Two forms carry a
badge: `vc+sd-jwt`, a VCDM 2.0 credential (https://www.w3.org/TR/vc-jose-cose/#securing-with-sd-jwt), and
`dc+sd-jwt`, an SD-JWT VC with a `vct`, in which the badge's members stand beside the registered claims.
Not here: issuing and presenting (`sd_jwt_issuance`, `sd_jwt_holding`) and the holder's own signature (`key_binding`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from openbadges_kit.documents import MAX_DEPTH, JsonObject, parse_json
from openbadges_kit.encoding import base64url
from openbadges_kit.errors import MalformedDocument, ProofVerificationError
from openbadges_kit.keys.public_key import PublicKey
from openbadges_kit.proof.jws import MAX_TOKEN_CHARACTERS, Jws, parse_jws, verify_jws
from openbadges_kit.proof.vc_jwt import REGISTERED_CLAIMS, check_claims_agree
from openbadges_kit.vocabulary import TokenType

__all__ = [
    "DEFAULT_HASH",
    "HASHES",
    "SEPARATOR",
    "Disclosure",
    "SdJwt",
    "digest_of",
    "escaped_step",
    "is_always_disclosed",
    "parse_sd_jwt",
    "verify_sd_jwt",
]

SEPARATOR: Final = "~"
# https://www.iana.org/assignments/named-information/; a hash that is not here is refused.
HASHES: Final[Mapping[str, Callable[[bytes], Any]]] = MappingProxyType(
    {"sha-256": hashlib.sha256, "sha-384": hashlib.sha384, "sha-512": hashlib.sha512}
)
DEFAULT_HASH: Final = "sha-256"
# A badge has some hundred leaves; a CLR with every leaf disclosable by itself has some thousands.
MAX_DISCLOSURES: Final = 4096
# As many again as decoys, twice.
MAX_DIGESTS: Final = 3 * MAX_DISCLOSURES
# What a holder must not be able to leave out: https://www.w3.org/TR/vc-jose-cose/#securing-with-sd-jwt and
# https://www.ietf.org/archive/id/draft-ietf-oauth-sd-jwt-vc-13.html#section-3.2.2.2
ALWAYS_DISCLOSED: Final = REGISTERED_CLAIMS - {"sub", "jti", "iat"} | {
    "@context", "type", "issuer", "validFrom", "validUntil", "credentialStatus", "credentialSchema", "refreshService",
    "termsOfUse", "relatedResource", "vct", "vct#integrity",
}  # fmt: skip
_TYPES: Final = frozenset({TokenType.VC_SD_JWT, TokenType.SD_JWT_VC})
_BESIDE_THE_CREDENTIAL: Final = REGISTERED_CLAIMS | {"vct", "vct#integrity"}
_ELEMENT_PARTS: Final = 2
_MEMBER_PARTS: Final = 3


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One disclosure: a salted member (`name` and `value`), or a salted element of an array (no `name`)."""

    encoded: str
    name: str | None
    value: Any

    @classmethod
    def parse(cls, encoded: str) -> Disclosure:
        """Read a disclosure. Raises MalformedDocument when it is none, or names a reserved member."""
        parts = parse_json(base64url.decode(encoded))
        if not isinstance(parts, list) or len(parts) not in {_ELEMENT_PARTS, _MEMBER_PARTS}:
            raise MalformedDocument("a disclosure is an array of two or three parts")
        if not all(isinstance(part, str) for part in parts[:-1]):
            raise MalformedDocument("the salt and the name in a disclosure are texts")
        name = parts[1] if len(parts) == _MEMBER_PARTS else None
        if name in {"_sd", "..."}:
            raise MalformedDocument(f"a disclosure cannot be named {name}")
        return cls(encoded, name, parts[-1])


@dataclass(frozen=True, slots=True)
class SdJwt:
    """An SD-JWT that was read and not verified.

    `jws` is the part that the issuer signed; `claims` are what its payload comes to with the disclosures that
    came along; `disclosures` are these, each under the JSON pointer of the place it fills; `presented` is the
    text up to the key binding.
    """

    jws: Jws
    claims: JsonObject
    disclosures: Mapping[str, Disclosure]
    hash_name: str
    key_binding: Jws | None
    presented: str

    @property
    def credential(self) -> JsonObject:
        """The credential as far as it was disclosed: the claims without those that stand beside it."""
        return {name: value for name, value in self.claims.items() if name not in _BESIDE_THE_CREDENTIAL}


def digest_of(encoded: str, hash_name: str) -> str:
    """The digest of a disclosure, or of anything in ASCII, by a hash of `HASHES`."""
    return base64url.encode(HASHES[hash_name](encoded.encode("ascii")).digest())


def is_always_disclosed(pointer: str) -> bool:
    """Is this a place that a holder must not be able to leave out?"""
    step = pointer.split("/", 2)[1] if "/" in pointer else pointer
    if step not in ALWAYS_DISCLOSED:
        return False
    # Of the issuer's profile only who it is must always be there.
    return step != "issuer" or pointer in {"/issuer", "/issuer/id", "/issuer/type"}


def parse_sd_jwt(text: str) -> SdJwt:
    """Read an SD-JWT, with or without a key binding, without trusting it.

    Every rule of https://www.rfc-editor.org/rfc/rfc9901#section-7.1 that needs no key is applied. Raises
    MalformedDocument for a disclosure that nothing refers to or that comes twice, a digest that occurs
    twice, a member that is there already, an unknown hash, more than 4096 disclosures, and the like.
    """
    if len(text) > 2 * MAX_TOKEN_CHARACTERS:
        raise MalformedDocument(f"a token of more than {2 * MAX_TOKEN_CHARACTERS} characters")
    compact, *encoded = text.split(SEPARATOR, MAX_DISCLOSURES + 2)
    if not encoded:
        raise MalformedDocument("not an SD-JWT: it has no ~")
    *encoded, bound = encoded
    if len(encoded) > MAX_DISCLOSURES or SEPARATOR in bound:
        raise MalformedDocument(f"an SD-JWT with more than {MAX_DISCLOSURES} disclosures")
    jws = parse_jws(compact)
    hash_name = jws.payload.get("_sd_alg", DEFAULT_HASH)
    if not isinstance(hash_name, str) or hash_name not in HASHES:
        raise MalformedDocument(f"the hash {hash_name!r} is not known", path="$._sd_alg")
    unfolding = _Unfolding([Disclosure.parse(one) for one in encoded], hash_name)
    claims = unfolding.run({name: value for name, value in jws.payload.items() if name != "_sd_alg"})
    return SdJwt(
        jws,
        claims,
        MappingProxyType(unfolding.places),
        hash_name,
        parse_jws(bound) if bound else None,
        text.removesuffix(bound) if bound else text,
    )


def verify_sd_jwt(token: SdJwt, *, public_key: PublicKey) -> None:
    """Return when the issuer's signature is this key's, and the token does not contradict itself.

    Raises ProofVerificationError; also when something came as a disclosure that a holder must not be able to
    leave out, such as its status. The key binding is not looked at: see `key_binding`.
    """
    verify_jws(token.jws, public_key=public_key, types=_TYPES)
    for pointer in token.disclosures:
        if is_always_disclosed(pointer):
            raise ProofVerificationError(f"{pointer} must not be left to the holder to disclose")
    check_claims_agree(token.claims, token.credential)


class _Unfolding:
    """Puts disclosures where their digests stand: https://www.rfc-editor.org/rfc/rfc9901#section-7.1, step 3."""

    def __init__(self, disclosures: list[Disclosure], hash_name: str) -> None:
        self.by_digest = {digest_of(disclosure.encoded, hash_name): disclosure for disclosure in disclosures}
        if len(self.by_digest) != len(disclosures):
            raise MalformedDocument("a disclosure comes twice")
        self.seen: set[str] = set()
        self.places: dict[str, Disclosure] = {}

    def run(self, payload: JsonObject) -> JsonObject:
        claims: JsonObject = self.unfold_object(payload, "")
        if len(self.places) != len(self.by_digest):
            raise MalformedDocument("a disclosure is one that nothing in the token refers to")
        return claims

    def unfold(self, value: Any, place: str) -> Any:  # JSON
        # A chain of disclosures, each inside the one before, can be deeper than any of them is.
        if place.count("/") > MAX_DEPTH:
            raise MalformedDocument(f"disclosures nested deeper than {MAX_DEPTH} levels")
        if isinstance(value, dict):
            return self.unfold_object(value, place)
        return self.unfold_array(value, place) if isinstance(value, list) else value

    def unfold_object(self, value: JsonObject, place: str) -> JsonObject:
        if "..." in value:
            raise MalformedDocument("... stands outside an array, or beside other members")
        if "_sd_alg" in value:
            raise MalformedDocument("_sd_alg stands inside the token")
        unfolded = {
            name: self.unfold(inner, f"{place}/{escaped_step(name)}") for name, inner in value.items() if name != "_sd"
        }
        digests = value.get("_sd", [])
        if not isinstance(digests, list):
            raise MalformedDocument("_sd is not an array of digests")
        for digest in digests:
            disclosure = self.disclosure(digest)
            if disclosure is None:
                continue
            if disclosure.name is None:
                raise MalformedDocument("an element of an array is disclosed where a member should be")
            if disclosure.name in unfolded:
                raise MalformedDocument(f"the member {disclosure.name!r} is there already")
            inner_place = f"{place}/{escaped_step(disclosure.name)}"
            self.places[inner_place] = disclosure
            unfolded[disclosure.name] = self.unfold(disclosure.value, inner_place)
        return unfolded

    def unfold_array(self, value: list[Any], place: str) -> list[Any]:
        unfolded: list[Any] = []
        for element in value:
            inner_place = f"{place}/{len(unfolded)}"
            if not isinstance(element, dict) or "..." not in element:
                unfolded.append(self.unfold(element, inner_place))
                continue
            if len(element) != 1:
                raise MalformedDocument("... stands beside other members")
            disclosure = self.disclosure(element["..."])
            if disclosure is None:
                continue
            if disclosure.name is not None:
                raise MalformedDocument("a member is disclosed where an element of an array should be")
            self.places[inner_place] = disclosure
            unfolded.append(self.unfold(disclosure.value, inner_place))
        return unfolded

    def disclosure(self, digest: object) -> Disclosure | None:
        if not isinstance(digest, str):
            raise MalformedDocument("a digest is not a text")
        if digest in self.seen:
            raise MalformedDocument("a digest occurs twice")
        self.seen.add(digest)
        if len(self.seen) > MAX_DIGESTS:
            raise MalformedDocument(f"an SD-JWT with more than {MAX_DIGESTS} digests")
        return self.by_digest.get(digest)


def escaped_step(name: str) -> str:
    """A member's name as a step of a JSON pointer, https://www.rfc-editor.org/rfc/rfc6901#section-3."""
    return name.replace("~", "~0").replace("/", "~1")
