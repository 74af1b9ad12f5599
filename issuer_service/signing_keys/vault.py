"""Keys in the database, encrypted: AES-256-GCM under a key that scrypt makes of the installation's secret."""

from __future__ import annotations

from functools import cache
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from issuer_service.clock import Randomness
from issuer_service.signing_keys.ring import KeyUnreachable, NewKey
from openbadges_kit.keys.public_key import KeyAlgorithm
from openbadges_kit.keys.signing_key import InMemoryKey, ecdsa_key, ed25519_key

__all__ = ["Vault"]

_SALT_BYTES: Final = 16
_NONCE_BYTES: Final = 12
_VERSION: Final = b"\x01"
# 32 MiB and a tenth of a second: nothing to a service that does it once, a lot to somebody who guesses secrets.
_SCRYPT_N: Final = 2**15


class Vault:
    """Seals and opens private keys. Each is bound to its id: one cannot be put in another's place.

    What is sealed is sealed under `secret`; what was sealed under `previous` is opened still, while a secret is being
    changed.
    """

    def __init__(self, secret: str, *, previous: str | None = None, randomness: Randomness) -> None:
        self._randomness = randomness
        self._secrets = tuple(one.encode() for one in (secret, previous) if one is not None)
        self._key_for = cache(
            lambda number, salt: Scrypt(salt=salt, length=32, n=_SCRYPT_N, r=8, p=1).derive(self._secrets[number])
        )

    def make(self, algorithm: KeyAlgorithm, *, key_id: str, label: str) -> NewKey:  # noqa: ARG002
        """A new key, sealed; see `KeyStore.make`."""
        size = 48 if algorithm is KeyAlgorithm.P384 else 32
        seed = self._randomness(size)
        key = ed25519_key(seed) if algorithm is KeyAlgorithm.ED25519 else ecdsa_key(seed, algorithm)
        return NewKey(key.public_key, self.seal(key, key_id=key_id))

    def open(self, *, key_id: str, label: str, encrypted_secret: bytes | None) -> InMemoryKey:  # noqa: ARG002
        """The private key, in this process's memory. Raises KeyUnreachable; see `KeyStore.open`."""
        if encrypted_secret is None:
            raise KeyUnreachable(f"the private half of the key {key_id} is gone")
        return self.unseal(encrypted_secret, key_id=key_id)

    def seal(self, key: InMemoryKey, *, key_id: str) -> bytes:
        """The private key, encrypted: version, salt, nonce, ciphertext."""
        salt, nonce = self._randomness(_SALT_BYTES), self._randomness(_NONCE_BYTES)
        sealed = AESGCM(self._key_for(0, salt)).encrypt(nonce, key.secret_multikey.encode(), key_id.encode())
        return _VERSION + salt + nonce + sealed

    def unseal(self, sealed: bytes, *, key_id: str) -> InMemoryKey:
        """The private key. Raises KeyUnreachable when the secret is not the one it was sealed under."""
        if sealed[:1] != _VERSION:
            raise KeyUnreachable(f"the key {key_id} was sealed by a newer version of this service")
        salt, nonce = sealed[1 : 1 + _SALT_BYTES], sealed[1 + _SALT_BYTES : 1 + _SALT_BYTES + _NONCE_BYTES]
        for number in range(len(self._secrets)):
            try:
                secret = AESGCM(self._key_for(number, salt)).decrypt(
                    nonce, sealed[1 + _SALT_BYTES + _NONCE_BYTES :], key_id.encode()
                )
            except InvalidTag:
                continue
            return InMemoryKey.from_secret_multikey(secret.decode())
        raise KeyUnreachable(
            f"the key {key_id} cannot be opened: ISSUER_SERVICE_KEY_SECRET, or ISSUER_SERVICE_SECRET where there is "
            "none, is not the secret that it was sealed under"
        )

    def seal_again(self, sealed: bytes, *, key_id: str) -> bytes:
        """The same private key under the present secret. Raises KeyUnreachable."""
        return self.seal(self.unseal(sealed, key_id=key_id), key_id=key_id)
