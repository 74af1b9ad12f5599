"""Public keys, their Multikey and JWK forms, and the check of a signature.

Not here: whom a key belongs to (`verification_method`), and who may use it (`did`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any, Final, assert_never

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from openbadges_kit.documents import JsonObject
from openbadges_kit.encoding import base64url, multibase
from openbadges_kit.errors import KeyMaterialError, MalformedDocument, ProofVerificationError

__all__ = ["KeyAlgorithm", "PublicKey"]


class KeyAlgorithm(StrEnum):
    """What a key is, by the name its JWK curve has."""

    ED25519 = "Ed25519"
    P256 = "P-256"
    P384 = "P-384"


# https://www.w3.org/TR/controller-document/#Multikey: the varint that says what the bytes are.
_MULTICODEC: Final = {
    KeyAlgorithm.ED25519: b"\xed\x01",
    KeyAlgorithm.P256: b"\x80\x24",
    KeyAlgorithm.P384: b"\x81\x24",
}
_KEY_BYTES: Final = {KeyAlgorithm.ED25519: 32, KeyAlgorithm.P256: 33, KeyAlgorithm.P384: 49}
_CURVES: Final[dict[KeyAlgorithm, ec.EllipticCurve]] = {
    KeyAlgorithm.P256: ec.SECP256R1(),
    KeyAlgorithm.P384: ec.SECP384R1(),
}
_HASHES: Final[dict[KeyAlgorithm, hashes.HashAlgorithm]] = {
    KeyAlgorithm.P256: hashes.SHA256(),
    KeyAlgorithm.P384: hashes.SHA384(),
}


@dataclass(frozen=True)
class PublicKey:
    """A public key: what it is and its bytes (elliptic curve points compressed, as in a Multikey)."""

    algorithm: KeyAlgorithm
    key_bytes: bytes

    def __post_init__(self) -> None:
        """Raise KeyMaterialError when the bytes are no key of this algorithm."""
        if len(self.key_bytes) != _KEY_BYTES[self.algorithm]:
            raise KeyMaterialError(f"{len(self.key_bytes)} bytes are no {self.algorithm} key")
        _ = self._loaded

    @classmethod
    def from_multikey(cls, text: object) -> PublicKey:
        """Read `publicKeyMultibase`, https://www.w3.org/TR/controller-document/#Multikey.

        Raises KeyMaterialError for another algorithm or wrong bytes.
        """
        try:
            data = multibase.decode(text)
        except MalformedDocument as error:
            raise KeyMaterialError(f"not a Multikey: {error}") from error
        for algorithm, prefix in _MULTICODEC.items():
            if data.startswith(prefix):
                return cls(algorithm, data[len(prefix) :])
        raise KeyMaterialError("a Multikey of an unknown algorithm")

    @classmethod
    def from_jwk(cls, jwk: object) -> PublicKey:
        """Read a public JWK, https://www.rfc-editor.org/rfc/rfc7517.

        Raises KeyMaterialError for another key type, a point off its curve, and for a JWK that
        carries a private key: whoever published that one can no longer sign for anybody.
        """
        if not isinstance(jwk, dict):
            raise KeyMaterialError("a JWK is a JSON object")
        if "d" in jwk:
            raise KeyMaterialError("this JWK carries its private key")
        try:
            algorithm = KeyAlgorithm(jwk.get("crv", ""))
            x = base64url.decode(jwk["x"])
            if algorithm is KeyAlgorithm.ED25519:
                if jwk.get("kty") != "OKP":
                    raise KeyMaterialError("an Ed25519 JWK has kty OKP")
                return cls(algorithm, x)
            y = base64url.decode(jwk["y"])
            if jwk.get("kty") != "EC" or len(x) != len(y) or len(x) != _KEY_BYTES[algorithm] - 1:
                raise KeyMaterialError(f"not a {algorithm} JWK")
            point = ec.EllipticCurvePublicKey.from_encoded_point(_CURVES[algorithm], b"\x04" + x + y)
        except (KeyError, ValueError, TypeError, AttributeError, MalformedDocument) as error:
            raise KeyMaterialError("not a public JWK of a known algorithm") from error
        return cls(algorithm, _compressed(point))

    @property
    def multikey(self) -> str:
        """The key as `publicKeyMultibase`."""
        return multibase.encode_base58(_MULTICODEC[self.algorithm] + self.key_bytes)

    @property
    def jwk(self) -> JsonObject:
        """The key as a JWK."""
        match self._loaded:
            case ed25519.Ed25519PublicKey():
                return {"kty": "OKP", "crv": "Ed25519", "x": base64url.encode(self.key_bytes)}
            case ec.EllipticCurvePublicKey() as key:
                numbers, size = key.public_numbers(), _KEY_BYTES[self.algorithm] - 1
                x, y = (base64url.encode(n.to_bytes(size, "big")) for n in (numbers.x, numbers.y))
                return {"kty": "EC", "crv": str(self.algorithm), "x": x, "y": y}
            case _ as unreachable:
                assert_never(unreachable)

    def verify_signature(self, *, signature: bytes, data: bytes) -> None:
        """Return when `signature` is this key's over `data`; raise ProofVerificationError otherwise.

        ECDSA signatures are the two numbers side by side (IEEE P1363), as in a JWS and a proof.
        """
        try:
            match self._loaded:
                case ed25519.Ed25519PublicKey() as key:
                    key.verify(signature, data)
                case ec.EllipticCurvePublicKey() as key:
                    size = _KEY_BYTES[self.algorithm] - 1
                    if len(signature) != 2 * size:
                        raise ProofVerificationError("the signature has the wrong length")
                    r, s = int.from_bytes(signature[:size], "big"), int.from_bytes(signature[size:], "big")
                    key.verify(encode_dss_signature(r, s), data, ec.ECDSA(_HASHES[self.algorithm]))
                case _ as unreachable:
                    assert_never(unreachable)
        except InvalidSignature as error:
            raise ProofVerificationError("the signature does not match") from error

    @cached_property
    def _loaded(self) -> ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey:
        try:
            if self.algorithm is KeyAlgorithm.ED25519:
                return ed25519.Ed25519PublicKey.from_public_bytes(self.key_bytes)
            return ec.EllipticCurvePublicKey.from_encoded_point(_CURVES[self.algorithm], self.key_bytes)
        except ValueError as error:
            raise KeyMaterialError(f"these bytes are no {self.algorithm} key") from error


def _compressed(point: ec.EllipticCurvePublicKey) -> bytes:
    return point.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.CompressedPoint)


def public_key_of(private_key: Any) -> PublicKey:  # either of cryptography's two kinds
    """The public half of a `cryptography` private key."""
    public = private_key.public_key()
    if isinstance(public, ed25519.Ed25519PublicKey):
        return PublicKey(KeyAlgorithm.ED25519, public.public_bytes_raw())
    return PublicKey(
        KeyAlgorithm(public.curve.name.replace("secp256r1", "P-256").replace("secp384r1", "P-384")),
        _compressed(public),
    )
