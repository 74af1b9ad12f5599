"""JSON Web Signatures in their compact form, https://www.rfc-editor.org/rfc/rfc7515: read, signed, verified.

Everything here that travels as a token is one: VC-JWT, SD-JWT, key binding, token status lists. What each
says is theirs; this module sees to it that a token does not choose how it is verified.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from openbadges_kit.documents import MAX_DOCUMENT_BYTES, JsonObject, dump_json, parse_json_object
from openbadges_kit.encoding import base64url
from openbadges_kit.errors import MalformedDocument, ProofVerificationError
from openbadges_kit.keys.public_key import KeyAlgorithm, PublicKey
from openbadges_kit.keys.signing_key import SigningKey

__all__ = ["ALGORITHMS", "Jws", "encode_jws", "encode_written_jws", "parse_jws", "verify_jws"]

ALGORITHMS: Final = {
    KeyAlgorithm.ED25519: "EdDSA",
    KeyAlgorithm.P256: "ES256",
    KeyAlgorithm.P384: "ES384",
    KeyAlgorithm.RSA: "RS256",
}
# https://www.rfc-editor.org/rfc/rfc9864 gave EdDSA with this curve a name of its own.
_SYNONYMS: Final = {"Ed25519": "EdDSA"}
# Base64url takes four characters for three bytes; the rest is for the header.
MAX_TOKEN_CHARACTERS: Final = MAX_DOCUMENT_BYTES // 3 * 4 + 64 * 1024


@dataclass(frozen=True, slots=True)
class Jws:
    """A token that was read and not verified."""

    compact: str
    header: JsonObject
    payload: JsonObject
    signature: bytes

    @property
    def signing_input(self) -> bytes:
        """What the signature is over."""
        return self.compact.rpartition(".")[0].encode("ascii")

    @property
    def key_id(self) -> str:
        """The header's `kid`, or the empty text."""
        key_id = self.header.get("kid")
        return key_id if isinstance(key_id, str) else ""

    @property
    def algorithm(self) -> str:
        """The header's `alg` under the name that this module writes, or the empty text."""
        algorithm = self.header.get("alg")
        return _SYNONYMS.get(algorithm, algorithm) if isinstance(algorithm, str) else ""

    @property
    def type(self) -> str:
        """The header's `typ` in lower case and without `application/`, or the empty text.

        https://www.rfc-editor.org/rfc/rfc7515#section-4.1.9
        """
        type_ = self.header.get("typ", "")
        return type_.lower().removeprefix("application/") if isinstance(type_, str) else "?"


def encode_jws(payload: JsonObject, *, header: JsonObject, signing_key: SigningKey) -> str:
    """The payload as a compact JWS. `header` needs no `alg`: it is the key's."""
    return encode_written_jws(dump_json(payload), header=header, signing_key=signing_key)


def encode_written_jws(payload: bytes, *, header: JsonObject, signing_key: SigningKey) -> str:
    """As encode_jws(), of a payload as dump_json() wrote it."""
    protected = {"alg": ALGORITHMS[signing_key.public_key.algorithm], **header}
    signing_input = f"{base64url.encode(dump_json(protected))}.{base64url.encode(payload)}"
    return f"{signing_input}.{base64url.encode(signing_key.sign(signing_input.encode()))}"


def parse_jws(compact: str) -> Jws:
    """Read a compact JWS with a JSON object as payload, without trusting it. Raises MalformedDocument."""
    if len(compact) > MAX_TOKEN_CHARACTERS:
        raise MalformedDocument(f"a token of more than {MAX_TOKEN_CHARACTERS} characters")
    parts = compact.split(".", 3)
    if len(parts) != 3:  # noqa: PLR2004  # header, payload, signature
        raise MalformedDocument("not a compact JWT of three parts")
    header, payload = (parse_json_object(base64url.decode(part)) for part in parts[:2])
    return Jws(compact, header, payload, base64url.decode(parts[2]))


def verify_jws(token: Jws, *, public_key: PublicKey, types: Collection[str]) -> None:
    """Return when the token is of one of these types and its signature is this key's.

    `types` are as `Jws.type` gives them: a token made for something else is not taken for this. The
    algorithm must be the key's own. Raises ProofVerificationError.
    """
    if token.type not in types:
        raise ProofVerificationError(f"the token is of type {token.header.get('typ')!r}, not {' or '.join(types)}")
    expected = ALGORITHMS[public_key.algorithm]
    if token.algorithm != expected:
        raise ProofVerificationError(f"the token says alg {token.header.get('alg')!r}, and its key is for {expected}")
    if "crit" in token.header:
        raise ProofVerificationError(f"the token demands extensions that are not known: {token.header['crit']!r}")
    public_key.verify_signature(signature=token.signature, data=token.signing_input)
