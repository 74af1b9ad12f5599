"""What signs: a protocol, so that a file, an HSM or a KMS are the same to the caller.

An implementation never gives its private key out; it only signs.
"""

from __future__ import annotations

from typing import Final, Protocol

from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from openbadges_kit.encoding import multibase
from openbadges_kit.errors import KeyMaterialError, MalformedDocument
from openbadges_kit.keys.public_key import _CURVES, _HASHES, KeyAlgorithm, PublicKey, public_key_of

__all__ = ["InMemoryKey", "SigningKey", "ecdsa_key", "ed25519_key"]

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
        """The signature over `data`: Ed25519 pure, ECDSA with the curve's hash as r and s side by side."""


class InMemoryKey:
    """A private key in this process's memory."""

    def __init__(self, private_key: ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey) -> None:
        self._private_key = private_key
        self._public_key = public_key_of(private_key)

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

    @property
    def secret_multikey(self) -> str:
        """The private key as `secretKeyMultibase`: for storing it, encrypted, and nothing else."""
        prefix = _SECRET_MULTICODEC[self._public_key.algorithm]
        match self._private_key:
            case ed25519.Ed25519PrivateKey() as key:
                return multibase.encode_base58(prefix + key.private_bytes_raw())
            case key:
                size = len(self._public_key.key_bytes) - 1
                return multibase.encode_base58(prefix + key.private_numbers().private_value.to_bytes(size, "big"))

    @property
    def public_key(self) -> PublicKey:
        """The public half."""
        return self._public_key

    def sign(self, data: bytes) -> bytes:
        """The signature over `data`."""
        match self._private_key:
            case ed25519.Ed25519PrivateKey() as key:
                return key.sign(data)
            case key:
                algorithm = self._public_key.algorithm
                r, s = decode_dss_signature(key.sign(data, ec.ECDSA(_HASHES[algorithm])))
                size = len(self._public_key.key_bytes) - 1
                return r.to_bytes(size, "big") + s.to_bytes(size, "big")


def ed25519_key(seed: bytes) -> InMemoryKey:
    """The Ed25519 key of a 32-byte seed: `os.urandom(32)`, or a fixed one in a test.

    Raises KeyMaterialError when it is not 32 bytes.
    """
    return InMemoryKey(_private_key(KeyAlgorithm.ED25519, seed))


def ecdsa_key(seed: bytes, algorithm: KeyAlgorithm = KeyAlgorithm.P256) -> InMemoryKey:
    """The elliptic curve key whose number is `seed` (32 bytes for P-256, 48 for P-384).

    Raises KeyMaterialError for another length, or the few numbers that are no key.
    """
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
