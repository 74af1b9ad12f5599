"""A signing key that never leaves its HSM: PKCS#11, by way of the extra `openbadges-kit[pkcs11]`.

https://docs.oasis-open.org/pkcs11/pkcs11-spec/v3.1/pkcs11-spec-v3.1.html, Ed25519 (CKM_EDDSA) and P-256 (CKM_ECDSA).
Whatever speaks PKCS#11 will do: an HSM, a smart card, a cloud's key service, or SoftHSM to try it with.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from openbadges_kit.errors import KeyMaterialError, ProofGenerationError
from openbadges_kit.keys.public_key import KeyAlgorithm, PublicKey

if TYPE_CHECKING:
    import pkcs11

__all__ = ["Pkcs11Key", "Pkcs11Token", "open_pkcs11_key", "open_pkcs11_token"]

# CKA_EC_PARAMS: the DER of the curve's object identifier; PKCS#11 3.0 also spells the Edwards curve by name.
_CURVES: Final = {
    bytes.fromhex("06082a8648ce3d030107"): KeyAlgorithm.P256,
    bytes.fromhex("06032b6570"): KeyAlgorithm.ED25519,
    b"\x13\x0cedwards25519": KeyAlgorithm.ED25519,
}
_POINT_BYTES: Final = {KeyAlgorithm.P256: 65, KeyAlgorithm.ED25519: 32}


class Pkcs11Key:
    """One private key in an open session. It signs as long as the session lasts."""

    def __init__(self, private_key: pkcs11.Key, public_key: PublicKey, lock: threading.Lock) -> None:
        # python-pkcs11 composes what a key can do at run time, out of sight of its types.
        self._private_key: Any = private_key
        self._public_key = public_key
        # A session does one operation at a time: https://docs.oasis-open.org/pkcs11/pkcs11-ug/v3.1/, threads.
        self._lock = lock

    @property
    def public_key(self) -> PublicKey:
        """The public half."""
        return self._public_key

    def sign(self, data: bytes) -> bytes:
        """The signature over `data`. Raises ProofGenerationError when the token does not give one."""
        from pkcs11 import Mechanism  # noqa: PLC0415
        from pkcs11.exceptions import PKCS11Error  # noqa: PLC0415

        try:
            with self._lock:
                if self._public_key.algorithm is KeyAlgorithm.ED25519:
                    signature = self._private_key.sign(data, mechanism=Mechanism.EDDSA)
                else:
                    # CKM_ECDSA signs a digest and gives r and s side by side; not every token hashes by itself.
                    signature = self._private_key.sign(hashlib.sha256(data).digest(), mechanism=Mechanism.ECDSA)
        except PKCS11Error as error:
            raise ProofGenerationError(f"the token did not sign: {_reason(error)}") from error
        return bytes(signature)


class Pkcs11Token:
    """An open session with a token, which has any number of keys."""

    def __init__(self, session: pkcs11.Session) -> None:
        self._session = session
        self._lock = threading.Lock()

    def key(self, label: str) -> Pkcs11Key:
        """The key under that label. The public key must stand beside the private one, under the same label.

        Raises KeyMaterialError when it is not there, or is neither Ed25519 nor P-256.
        """
        from pkcs11 import Attribute, ObjectClass  # noqa: PLC0415
        from pkcs11.exceptions import PKCS11Error  # noqa: PLC0415

        try:
            with self._lock:
                private = self._session.get_key(object_class=ObjectClass.PRIVATE_KEY, label=label)
                public = self._session.get_key(object_class=ObjectClass.PUBLIC_KEY, label=label)
                parameters, point = bytes(public[Attribute.EC_PARAMS]), bytes(public[Attribute.EC_POINT])
        except PKCS11Error as error:
            raise KeyMaterialError(f"there is no usable key {label!r}: {_reason(error)}") from error
        return Pkcs11Key(private, _public_key(parameters, point), self._lock)


@contextmanager
def open_pkcs11_token(*, library: str, token_label: str, pin: str) -> Iterator[Pkcs11Token]:
    """A token, for as long as the context lasts. A process opens each token once: it is the process that logs in.

    `library` is the path of the token's PKCS#11 library. Raises KeyMaterialError when the extra is not installed, the
    library or token is not there, or the PIN is wrong. The PIN stands in no message.
    """
    try:
        import pkcs11  # noqa: PLC0415  # an extra, and a library of C behind it
        from pkcs11.exceptions import PKCS11Error  # noqa: PLC0415
    except ImportError as error:
        raise KeyMaterialError("PKCS#11 needs the extra: pip install openbadges-kit[pkcs11]") from error
    try:
        session = pkcs11.lib(library).get_token(token_label=token_label).open(user_pin=pin)
    except PKCS11Error as error:
        raise KeyMaterialError(f"the token {token_label!r} cannot be opened: {_reason(error)}") from error
    with session:
        yield Pkcs11Token(session)


@contextmanager
def open_pkcs11_key(*, library: str, token_label: str, pin: str, key_label: str) -> Iterator[Pkcs11Key]:
    """The one key that is needed of a token, for as long as the context lasts.

    The arguments and errors are those of `open_pkcs11_token` and `Pkcs11Token.key`.
    """
    with open_pkcs11_token(library=library, token_label=token_label, pin=pin) as token:
        yield token.key(key_label)


def _public_key(parameters: bytes, point: bytes) -> PublicKey:
    algorithm = _CURVES.get(parameters)
    if algorithm is None:
        raise KeyMaterialError("the key is neither Ed25519 nor P-256")
    size = _POINT_BYTES[algorithm]
    # CKA_EC_POINT is the point as a DER OCTET STRING; some tokens leave the wrapping out.
    if len(point) == size + 2 and point[:2] == bytes((4, size)):
        point = point[2:]
    if algorithm is KeyAlgorithm.P256 and len(point) == size and point[0] == 4:  # noqa: PLR2004  # an uncompressed point
        point = bytes((2 + (point[-1] & 1),)) + point[1:33]
    return PublicKey(algorithm, point)


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__
