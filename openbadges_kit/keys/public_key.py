"""Public keys, their Multikey and JWK forms, and the check of a signature.

Not here: whom a key belongs to (`verification_method`), and who may use it (`did`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache, partial
from typing import Any, Final, assert_never

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from openbadges_kit.documents import JsonObject
from openbadges_kit.encoding import base64url, multibase
from openbadges_kit.errors import KeyMaterialError, MalformedDocument, ProofVerificationError

__all__ = ["KeyAlgorithm", "PublicKey"]


class KeyAlgorithm(StrEnum):
    """What a key is, by the name its JWK curve has; RSA, which has no curve, by its key type."""

    ED25519 = "Ed25519"
    P256 = "P-256"
    P384 = "P-384"
    RSA = "RSA"


# https://www.w3.org/TR/controller-document/#Multikey: the varint that says what the bytes are.
_MULTICODEC: Final = {
    KeyAlgorithm.ED25519: b"\xed\x01",
    KeyAlgorithm.P256: b"\x80\x24",
    KeyAlgorithm.P384: b"\x81\x24",
    KeyAlgorithm.RSA: b"\x85\x24",
}
_KEY_BYTES: Final = {KeyAlgorithm.ED25519: 32, KeyAlgorithm.P256: 33, KeyAlgorithm.P384: 49}
# https://www.rfc-editor.org/rfc/rfc7518#section-3.3 asks for 2048 bits; a longer key than the upper bound only
# serves to make verifying slow.
MIN_RSA_BITS: Final = 2048
MAX_RSA_BITS: Final = 8192
MAX_RSA_EXPONENT: Final = 2**32
# What a JWK may say that it is for: https://www.rfc-editor.org/rfc/rfc7517#section-4.4
_JWK_ALGORITHMS: Final = {
    KeyAlgorithm.ED25519: {"EdDSA", "Ed25519"},
    KeyAlgorithm.P256: {"ES256"},
    KeyAlgorithm.P384: {"ES384"},
    KeyAlgorithm.RSA: {"RS256"},
}
_KTY: Final = {KeyAlgorithm.ED25519: "OKP", KeyAlgorithm.RSA: "RSA"}
_JWK_NUMBERS: Final = {"OKP": ("x",), "EC": ("x", "y"), "RSA": ("n", "e")}
_PRIVATE_MEMBERS: Final = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
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
    """A public key: what it is and its bytes, as they stand in a Multikey.

    Elliptic curve points are compressed; an RSA key is the DER of its PKCS#1 RSAPublicKey.
    """

    algorithm: KeyAlgorithm
    key_bytes: bytes

    def __post_init__(self) -> None:
        """Raise KeyMaterialError when the bytes are no key of this algorithm."""
        if len(self.key_bytes) != _KEY_BYTES.get(self.algorithm, len(self.key_bytes)):
            raise KeyMaterialError(f"{len(self.key_bytes)} bytes are no {self.algorithm} key")
        _ = self._loaded

    @classmethod
    def from_multikey(cls, text: object) -> PublicKey:
        """Read `publicKeyMultibase`, https://www.w3.org/TR/controller-document/#Multikey.

        Raises KeyMaterialError for another algorithm or wrong bytes.
        """
        if not isinstance(text, str):
            raise KeyMaterialError("not a Multikey: not a text")
        return _of_multikey(text)

    @classmethod
    def from_jwk(cls, jwk: object) -> PublicKey:
        """Read a public JWK, https://www.rfc-editor.org/rfc/rfc7517.

        Raises KeyMaterialError for another key type or use, a point off its curve, and for a JWK that
        carries a private key: whoever published that one can no longer sign for anybody.
        """
        if not isinstance(jwk, dict):
            raise KeyMaterialError("a JWK is a JSON object")
        if _PRIVATE_MEMBERS & jwk.keys():
            raise KeyMaterialError("this JWK carries its private key")
        if jwk.get("use", "sig") != "sig":
            raise KeyMaterialError(f"this JWK is for use {jwk['use']!r}, not for signatures")
        named = ("kty", "crv", "alg", *_JWK_NUMBERS.get(str(jwk.get("kty")), ()))
        if any(name in jwk and type(jwk[name]) is not str for name in named):
            raise KeyMaterialError("not a public JWK of a known algorithm")
        return _of_jwk(*(jwk.get(name) for name in named))

    @cached_property
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
            case rsa.RSAPublicKey() as key:
                n, e = key.public_numbers().n, key.public_numbers().e
                encoded = {name: base64url.encode(value) for name, value in (("n", _unsigned(n)), ("e", _unsigned(e)))}
                return {"kty": "RSA", **encoded}
            case _ as unreachable:
                assert_never(unreachable)

    @property
    def thumbprint(self) -> str:
        """The key's own name, whatever form it came in: https://www.rfc-editor.org/rfc/rfc7638"""
        # Every member of the JWK above is one that the RFC asks for, and no other.
        return base64url.encode(
            hashlib.sha256(json.dumps(self.jwk, sort_keys=True, separators=(",", ":")).encode()).digest()
        )

    def verify_signature(self, *, signature: bytes, data: bytes) -> None:
        """Return when `signature` is this key's over `data`; raise ProofVerificationError otherwise.

        ECDSA signatures are the two numbers side by side (IEEE P1363), as in a JWS and a proof; RSA ones
        are RSASSA-PKCS1-v1_5 with SHA-256 (RS256).
        """
        try:
            self._verify(signature, data)
        except InvalidSignature as error:
            raise ProofVerificationError("the signature does not match") from error

    @cached_property
    def _verify(self) -> Callable[[bytes, bytes], None]:
        # Found out once: which kind of key it is takes as long to find out as a part of verifying does.
        match self._loaded:
            case ed25519.Ed25519PublicKey() as key:
                return key.verify
            case ec.EllipticCurvePublicKey() as key:
                return partial(_verify_ecdsa, key, ec.ECDSA(_HASHES[self.algorithm]), _KEY_BYTES[self.algorithm] - 1)
            case rsa.RSAPublicKey() as key:
                return partial(_verify_rsa, key)
            case _ as unreachable:
                assert_never(unreachable)

    @cached_property
    def _loaded(self) -> ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey | rsa.RSAPublicKey:
        try:
            if self.algorithm is KeyAlgorithm.ED25519:
                return ed25519.Ed25519PublicKey.from_public_bytes(self.key_bytes)
            if self.algorithm is KeyAlgorithm.RSA:
                return _load_rsa(self.key_bytes)
            return ec.EllipticCurvePublicKey.from_encoded_point(_CURVES[self.algorithm], self.key_bytes)
        except (ValueError, UnsupportedAlgorithm) as error:
            raise KeyMaterialError(f"these bytes are no {self.algorithm} key") from error


def _verify_ecdsa(
    key: ec.EllipticCurvePublicKey, algorithm: ec.ECDSA, size: int, signature: bytes, data: bytes
) -> None:
    if len(signature) != 2 * size:
        raise ProofVerificationError("the signature has the wrong length")
    r, s = int.from_bytes(signature[:size], "big"), int.from_bytes(signature[size:], "big")
    key.verify(encode_dss_signature(r, s), data, algorithm)


def _verify_rsa(key: rsa.RSAPublicKey, signature: bytes, data: bytes) -> None:
    key.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())


# An issuer's key comes with every badge of it. Bounded, since whoever writes a badge chooses the key.
@lru_cache(maxsize=1024)
def _of_multikey(text: str) -> PublicKey:
    try:
        data = multibase.decode(text)
    except MalformedDocument as error:
        raise KeyMaterialError(f"not a Multikey: {error}") from error
    for algorithm, prefix in _MULTICODEC.items():
        if data.startswith(prefix):
            return PublicKey(algorithm, data[len(prefix) :])
    raise KeyMaterialError("a Multikey of an unknown algorithm")


@lru_cache(maxsize=1024)
def _of_jwk(kty: str | None, crv: str | None = None, alg: str | None = None, *numbers: str | None) -> PublicKey:
    try:
        algorithm = KeyAlgorithm(crv if crv is not None else str(kty))
        if alg is not None and alg not in _JWK_ALGORITHMS[algorithm]:
            raise KeyMaterialError(f"this {algorithm} JWK is for alg {alg!r}")
        if kty != _KTY.get(algorithm, "EC"):
            raise KeyMaterialError(f"a JWK of kty {kty} is no {algorithm} key")
        decoded = [_decoded(number) for number in numbers]
        if algorithm is KeyAlgorithm.RSA:
            return PublicKey(algorithm, _rsa_der(*decoded))
        if algorithm is KeyAlgorithm.ED25519:
            return PublicKey(algorithm, *decoded)
        across, up = decoded
        if len(across) != len(up) or len(across) != _KEY_BYTES[algorithm] - 1:
            raise KeyMaterialError(f"not a {algorithm} JWK")
        point = ec.EllipticCurvePublicKey.from_encoded_point(_CURVES[algorithm], b"\x04" + across + up)
    except (KeyError, ValueError, MalformedDocument) as error:
        raise KeyMaterialError("not a public JWK of a known algorithm") from error
    return PublicKey(algorithm, _compressed(point))


def _decoded(member: str | None) -> bytes:
    if member is None:
        raise ValueError("a member of the JWK is missing")
    return base64url.decode(member)


def _compressed(point: ec.EllipticCurvePublicKey) -> bytes:
    return point.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.CompressedPoint)


def _unsigned(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def _rsa_der(n: bytes, e: bytes) -> bytes:
    # Checked before the numbers are made: an integer of a megabyte is work for nothing.
    if len(n) > MAX_RSA_BITS // 8 + 1 or len(e) > MAX_RSA_BITS // 8:
        raise KeyMaterialError(f"an RSA key of more than {MAX_RSA_BITS} bits")
    numbers = rsa.RSAPublicNumbers(int.from_bytes(e, "big"), int.from_bytes(n, "big"))
    return _rsa_bytes(numbers.public_key())


def _rsa_bytes(key: rsa.RSAPublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.PKCS1)


def _load_rsa(der: bytes) -> rsa.RSAPublicKey:
    if len(der) > MAX_RSA_BITS // 4:
        raise KeyMaterialError(f"an RSA key of more than {MAX_RSA_BITS} bits")
    key = serialization.load_der_public_key(der)
    # Without the second half, one key could be written in two ways, and have two names.
    if not isinstance(key, rsa.RSAPublicKey) or _rsa_bytes(key) != der:
        raise KeyMaterialError("not the PKCS#1 form of an RSA public key")
    if not MIN_RSA_BITS <= key.key_size <= MAX_RSA_BITS or key.public_numbers().e > MAX_RSA_EXPONENT:
        raise KeyMaterialError(
            f"an RSA key has {MIN_RSA_BITS} to {MAX_RSA_BITS} bits and an exponent below 2^32, not {key.key_size} bits"
        )
    return key


def public_key_of(private_key: Any) -> PublicKey:  # any of cryptography's three kinds
    """The public half of a `cryptography` private key."""
    public = private_key.public_key()
    if isinstance(public, rsa.RSAPublicKey):
        return PublicKey(KeyAlgorithm.RSA, _rsa_bytes(public))
    if isinstance(public, ed25519.Ed25519PublicKey):
        return PublicKey(KeyAlgorithm.ED25519, public.public_bytes_raw())
    return PublicKey(
        KeyAlgorithm(public.curve.name.replace("secp256r1", "P-256").replace("secp384r1", "P-384")),
        _compressed(public),
    )
