"""Keys in an HSM, by PKCS#11. The service signs with them and can do nothing else to them.

No key is made here: those who guard the HSM make it, under the label that the service asks for.
"""

from __future__ import annotations

import threading
from contextlib import ExitStack

from issuer_service.signing_keys.ring import KeyUnreachable, NewKey
from openbadges_kit.errors import OpenBadgesError
from openbadges_kit.keys.pkcs11_key import Pkcs11Key, Pkcs11Token, open_pkcs11_token
from openbadges_kit.keys.public_key import KeyAlgorithm, PublicKey

__all__ = ["Pkcs11Store"]


class Pkcs11Store:
    """One token. A process logs in to it once, when the first key is needed, and again when that session was lost."""

    def __init__(self, *, library: str, token_label: str, pin: str) -> None:
        self._library = library
        self._token_label = token_label
        self._pin = pin
        self._lock = threading.Lock()
        self._session: tuple[Pkcs11Token, ExitStack] | None = None

    def make(self, algorithm: KeyAlgorithm, *, key_id: str, label: str) -> NewKey:  # noqa: ARG002
        """See `KeyStore.make`: the key is looked for."""
        try:
            return NewKey(self._key(label).public_key)
        except KeyUnreachable as error:
            raise KeyUnreachable(f"make a key of {algorithm} with the label {label} in the HSM: {error}") from error

    def open(self, *, key_id: str, label: str, encrypted_secret: bytes | None) -> _Key:  # noqa: ARG002
        """See `KeyStore.open`."""
        return _Key(self, self._key(label))

    def forget(self) -> None:
        """End the session; the next key opens another."""
        with self._lock:
            session, self._session = self._session, None
        if session is not None:
            session[1].close()

    def _key(self, label: str) -> Pkcs11Key:
        try:
            return self._token().key(label)
        except OpenBadgesError as error:
            # An HSM that was restarted knows nothing of the session that there was.
            self.forget()
            raise KeyUnreachable(str(error)) from error

    def _token(self) -> Pkcs11Token:
        with self._lock:
            if self._session is None:
                stack = ExitStack()
                opening = open_pkcs11_token(library=self._library, token_label=self._token_label, pin=self._pin)
                self._session = stack.enter_context(opening), stack
            return self._session[0]


class _Key:
    def __init__(self, store: Pkcs11Store, key: Pkcs11Key) -> None:
        self._store = store
        self._key = key

    @property
    def public_key(self) -> PublicKey:
        return self._key.public_key

    def sign(self, data: bytes) -> bytes:
        try:
            return self._key.sign(data)
        except OpenBadgesError:
            self._store.forget()
            raise
