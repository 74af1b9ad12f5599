"""Keys in HashiCorp Vault or OpenBao, by the transit secrets engine, which signs and gives no private key out.

https://developer.hashicorp.com/vault/api-docs/secret/transit. No key is made here: a policy that lets this service
read `keys/` and update `sign/` is enough, and lets it do nothing else to them.
"""

from __future__ import annotations

import base64
import binascii
import json
import ssl
from ipaddress import ip_network
from typing import Any, Final
from urllib.parse import quote

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from issuer_service.errors import ServiceError
from issuer_service.outbound import Network, Outbound
from issuer_service.signing_keys.ring import KeyUnreachable, NewKey
from openbadges_kit.encoding import base64url
from openbadges_kit.errors import KeyMaterialError, OpenBadgesError
from openbadges_kit.keys.public_key import KeyAlgorithm, PublicKey

__all__ = ["TransitStore"]

# The address is the operator's own choice, and most of them are private.
_ANYWHERE: Final[tuple[Network, ...]] = (ip_network("0.0.0.0/0"), ip_network("::/0"))
_ALGORITHMS: Final = {"ed25519": KeyAlgorithm.ED25519, "ecdsa-p256": KeyAlgorithm.P256}
# Each of our keys is a key of its own there. Were one rotated there, its first version is still the published one.
_VERSION: Final = 1
_OK: Final = 200


class TransitStore:
    """One transit engine. `token` is left out where an agent beside this process adds it."""

    def __init__(self, *, address: str, mount: str, token: str | None, ca_file: str | None) -> None:
        self._base = f"{address}/v1/{mount}"
        self._token = token
        tls = ssl.create_default_context(cafile=ca_file)
        self._outbound = Outbound(allowed=_ANYWHERE, tls=tls)

    def make(self, algorithm: KeyAlgorithm, *, key_id: str, label: str) -> NewKey:  # noqa: ARG002
        """See `KeyStore.make`: the key is looked for."""
        try:
            return NewKey(self._public_key(label))
        except KeyUnreachable as error:
            raise KeyUnreachable(f"make a transit key of {algorithm} with the name {label}: {error}") from error

    def open(self, *, key_id: str, label: str, encrypted_secret: bytes | None) -> _Key:  # noqa: ARG002
        """See `KeyStore.open`."""
        return _Key(self, label, self._public_key(label))

    def sign(self, label: str, data: bytes) -> bytes:
        """The signature over `data`. Raises KeyUnreachable."""
        body = {
            "input": base64.b64encode(data).decode(),
            "key_version": _VERSION,
            "hash_algorithm": "sha2-256",
            # r and s side by side, as in a JWS; an Ed25519 key looks at neither of the two.
            "marshaling_algorithm": "jws",
        }
        signature = self._call("POST", f"sign/{quote(label, safe='')}", body).get("signature")
        _, _, encoded = str(signature).rpartition(":")
        try:
            return base64url.decode(encoded.translate(str.maketrans("+/", "-_")).rstrip("="))
        except OpenBadgesError as error:
            raise KeyUnreachable(f"the transit engine gave no signature for {label}") from error

    def _public_key(self, label: str) -> PublicKey:
        found = self._call("GET", f"keys/{quote(label, safe='')}")
        try:
            algorithm = _ALGORITHMS[found["type"]]
            text = found["keys"][str(_VERSION)]["public_key"]
            if algorithm is KeyAlgorithm.ED25519:
                return PublicKey(algorithm, base64.b64decode(text, validate=True))
            loaded = load_pem_public_key(text.encode())
            if not isinstance(loaded, ec.EllipticCurvePublicKey):
                raise KeyUnreachable(f"the transit key {label} is no elliptic curve key")
            return PublicKey(algorithm, loaded.public_bytes(Encoding.X962, PublicFormat.CompressedPoint))
        except (KeyError, TypeError, AttributeError, ValueError, binascii.Error, KeyMaterialError) as error:
            raise KeyUnreachable(f"the transit key {label} is neither Ed25519 nor P-256") from error

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        headers = {"X-Vault-Request": "true", "Content-Type": "application/json"}
        if self._token is not None:
            headers["X-Vault-Token"] = self._token
        try:
            answer = self._outbound.call(
                method,
                f"{self._base}/{path}",
                headers=headers,
                body=None if body is None else json.dumps(body).encode(),
            )
        except ServiceError as error:
            raise KeyUnreachable(f"the transit engine could not be reached: {error}") from error
        if answer.status != _OK:
            # What it says is left out: it may repeat what was sent.
            raise KeyUnreachable(f"the transit engine answered {method} {path} with {answer.status}")
        try:
            data = json.loads(answer.body)["data"]
        except (ValueError, KeyError, TypeError) as error:
            raise KeyUnreachable(f"the transit engine answered {method} {path} with something else") from error
        return data if isinstance(data, dict) else {}


class _Key:
    def __init__(self, store: TransitStore, label: str, public_key: PublicKey) -> None:
        self._store = store
        self._label = label
        self._public_key = public_key

    @property
    def public_key(self) -> PublicKey:
        return self._public_key

    def sign(self, data: bytes) -> bytes:
        return self._store.sign(self._label, data)
