"""Encrypts private keys at rest: AES-256-GCM under a key that scrypt makes of the installation's secret."""

from __future__ import annotations

from functools import cache
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from issuer_service.clock import Randomness
from issuer_service.errors import Unavailable
from openbadges_kit.keys.signing_key import InMemoryKey

__all__ = ["Vault"]

_SALT_BYTES: Final = 16
_NONCE_BYTES: Final = 12
_VERSION: Final = b"\x01"
# 32 MiB and a tenth of a second: nothing to a service that does it once, a lot to somebody who guesses secrets.
_SCRYPT_N: Final = 2**15


class Vault:
    """Seals and opens private keys. Each is bound to its id: one cannot be put in another's place."""

    def __init__(self, secret: str, *, randomness: Randomness) -> None:
        self._randomness = randomness
        self._key_for = cache(lambda salt: Scrypt(salt=salt, length=32, n=_SCRYPT_N, r=8, p=1).derive(secret.encode()))

    def seal(self, key: InMemoryKey, *, key_id: str) -> bytes:
        """The private key, encrypted: version, salt, nonce, ciphertext."""
        salt, nonce = self._randomness(_SALT_BYTES), self._randomness(_NONCE_BYTES)
        sealed = AESGCM(self._key_for(salt)).encrypt(nonce, key.secret_multikey.encode(), key_id.encode())
        return _VERSION + salt + nonce + sealed

    def open(self, sealed: bytes, *, key_id: str) -> InMemoryKey:
        """The private key. Raises Unavailable when the secret is not the one it was sealed under."""
        salt, nonce = sealed[1 : 1 + _SALT_BYTES], sealed[1 + _SALT_BYTES : 1 + _SALT_BYTES + _NONCE_BYTES]
        try:
            if sealed[:1] != _VERSION:
                raise Unavailable(f"the key {key_id} was sealed by a newer version of this service")
            secret = AESGCM(self._key_for(salt)).decrypt(
                nonce, sealed[1 + _SALT_BYTES + _NONCE_BYTES :], key_id.encode()
            )
        except InvalidTag as error:
            raise Unavailable(
                f"the key {key_id} cannot be opened: ISSUER_SERVICE_SECRET is not the one it was sealed under"
            ) from error
        return InMemoryKey.from_secret_multikey(secret.decode())
