"""What signs: a protocol, so that a file, an HSM or a KMS are the same to the caller.

An implementation never gives its private key out; it only signs. RSA keys sign VC-JWTs and nothing else:
no cryptosuite of Data Integrity knows them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final, Protocol

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from openbadges_kit.documents import JsonObject
from openbadges_kit.encoding import multibase
from openbadges_kit.errors import KeyMaterialError, MalformedDocument
from openbadges_kit.keys.public_key import _CURVES, _HASHES, KeyAlgorithm, PublicKey, public_key_of

__all__ = ["InMemoryKey", "PrivateKey", "SigningKey", "ecdsa_key", "ed25519_key"]

PrivateKey = ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

# https://www.w3.org/TR/controller-document/#Multikey, the secret halves.
_SECRET_MULTICODEC: Final = {
    KeyAlgorithm.ED25519: b"\x80\x26",
    KeyAlgorithm.P256: b"\x86\x26",
    KeyAlgorithm.P384: b"\x87\x26",
}


class SigningKey(Protocol):
    """Something that signs with one private key."""

    @property
    def public_key(self) -> PublicKey:
        """The public half."""

    def sign(self, data: bytes) -> bytes:
        """The signature over `data`: Ed25519 pure, ECDSA with the curve's hash as r and s side by side, RS256."""


class InMemoryKey:
    """A private key in this process's memory."""

    def __init__(self, private_key: PrivateKey) -> None:
        self._private_key = private_key
        self._public_key = public_key_of(private_key)
        # Which kind of key it is takes as long to find out as a part of signing does.
        self._sign = self._signing()

    def __repr__(self) -> str:
        """Name the public half only: a key that is printed by accident must not be given away."""
        return f"InMemoryKey({self._public_key.multikey})"

    @classmethod
    def from_secret_multikey(cls, text: str) -> InMemoryKey:
        """Read `secretKeyMultibase`. Raises KeyMaterialError for anything else."""
        try:
            data = multibase.decode(text)
        except MalformedDocument as error:
            raise KeyMaterialError("not a secret Multikey") from error
        for algorithm, prefix in _SECRET_MULTICODEC.items():
            if data.startswith(prefix):
                return cls(_private_key(algorithm, data[len(prefix) :]))
        raise KeyMaterialError("a secret Multikey of an unknown algorithm")

    @classmethod
    def from_secret_jwk(cls, jwk: JsonObject) -> InMemoryKey:
        """Read a private JWK, https://www.rfc-editor.org/rfc/rfc7518#section-6: the form that RSA keys are kept in.

        Raises KeyMaterialError for a public one, another kind of key, or numbers that do not fit together.
        """
        from jwcrypto.common import JWException  # noqa: PLC0415  # who has no private JWK need not wait for it
        from jwcrypto.jwk import JWK  # noqa: PLC0415

        try:
            private_key = JWK(**jwk).get_op_key("sign")
        except (JWException, ValueError, TypeError, LookupError, AttributeError, NotImplementedError) as error:
            raise KeyMaterialError("not a private JWK of a known algorithm") from error
        if not isinstance(private_key, PrivateKey):
            raise KeyMaterialError("not a private JWK of a known algorithm")
        return cls(private_key)

    @property
    def secret_jwk(self) -> JsonObject:
        """The private key as a JWK: for storing it, encrypted, and nothing else."""
        from jwcrypto.jwk import JWK  # noqa: PLC0415

        private: JsonObject = JWK.from_pyca(self._private_key).export_private(as_dict=True)
        return {name: value for name, value in private.items() if name != "kid"}

    @property
    def secret_multikey(self) -> str:
        """The private key as `secretKeyMultibase`: for storing it, encrypted, and nothing else.

        Raises KeyMaterialError for an RSA key, which has no such form: `secret_jwk` is its own.
        """
        match self._private_key:
            case ed25519.Ed25519PrivateKey() as key:
                return multibase.encode_base58(_SECRET_MULTICODEC[KeyAlgorithm.ED25519] + key.private_bytes_raw())
            case rsa.RSAPrivateKey():
                raise KeyMaterialError("a secret RSA key has no Multikey form")
            case key:
                prefix = _SECRET_MULTICODEC[self._public_key.algorithm]
                size = len(self._public_key.key_bytes) - 1
                return multibase.encode_base58(prefix + key.private_numbers().private_value.to_bytes(size, "big"))

    @property
    def public_key(self) -> PublicKey:
        """The public half."""
        return self._public_key

    def sign(self, data: bytes) -> bytes:
        """The signature over `data`."""
        return self._sign(data)

    def _signing(self) -> Callable[[bytes], bytes]:
        match self._private_key:
            case ed25519.Ed25519PrivateKey() as key:
                return key.sign
            case rsa.RSAPrivateKey() as key:
                return partial(_sign_rsa, key)
            case key:
                algorithm, size = self._public_key.algorithm, len(self._public_key.key_bytes) - 1
                return partial(_sign_ecdsa, key, ec.ECDSA(_HASHES[algorithm]), size)


def _sign_rsa(key: rsa.RSAPrivateKey, data: bytes) -> bytes:
    return key.sign(data, padding.PKCS1v15(), hashes.SHA256())


def _sign_ecdsa(key: ec.EllipticCurvePrivateKey, algorithm: ec.ECDSA, size: int, data: bytes) -> bytes:
    r, s = decode_dss_signature(key.sign(data, algorithm))
    return r.to_bytes(size, "big") + s.to_bytes(size, "big")


def ed25519_key(seed: bytes) -> InMemoryKey:
    """The Ed25519 key of a 32-byte seed: `os.urandom(32)`, or a fixed one in a test.

    Raises KeyMaterialError when it is not 32 bytes.
    """
    return InMemoryKey(_private_key(KeyAlgorithm.ED25519, seed))


def ecdsa_key(seed: bytes, algorithm: KeyAlgorithm = KeyAlgorithm.P256) -> InMemoryKey:
    """The elliptic curve key whose number is `seed` (32 bytes for P-256, 48 for P-384).

    Raises KeyMaterialError for another algorithm or length, or the few numbers that are no key.
    """
    if algorithm not in _CURVES:
        raise KeyMaterialError(f"{algorithm} is no elliptic curve")
    return InMemoryKey(_private_key(algorithm, seed))


def _private_key(algorithm: KeyAlgorithm, secret: bytes) -> ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey:
    expected = 48 if algorithm is KeyAlgorithm.P384 else 32
    if len(secret) != expected:
        raise KeyMaterialError(f"a {algorithm} private key has {expected} bytes, not {len(secret)}")
    try:
        if algorithm is KeyAlgorithm.ED25519:
            return ed25519.Ed25519PrivateKey.from_private_bytes(secret)
        return ec.derive_private_key(int.from_bytes(secret, "big"), _CURVES[algorithm])
    except ValueError as error:
        raise KeyMaterialError(f"this number is no {algorithm} private key") from error
