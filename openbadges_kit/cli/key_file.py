"""A private key in a file, as it is or encrypted with a passphrase (scrypt, AES-256-GCM).

The file is JSON: a Multikey method, with `secretKeyMultibase` or, encrypted, `encryptedSecretKey`.
"""

from __future__ import annotations

import json
import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from openbadges_kit.did.did_key import did_of, verification_method_of
from openbadges_kit.documents import JsonObject, parse_json_object
from openbadges_kit.encoding import base64url
from openbadges_kit.errors import KeyMaterialError, MalformedDocument
from openbadges_kit.keys.signing_key import InMemoryKey
from openbadges_kit.vocabulary import MULTIKEY

__all__ = ["is_encrypted", "key_file", "read_key"]

# https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#scrypt: 128 MiB and a good part of a
# second for each guess. The file does not choose them: a forged one could make reading it take hours.
_SCRYPT: Final = {"n": 2**17, "r": 8, "p": 1}
_KDF: Final = "scrypt-N17-r8-p1"
_CIPHER: Final = "A256GCM"


def key_file(key: InMemoryKey, *, passphrase: str | None) -> bytes:
    """The contents of the file of a key; encrypted when there is a passphrase."""
    content: JsonObject = {
        "id": verification_method_of(key.public_key),
        "type": MULTIKEY,
        "controller": did_of(key.public_key),
        "publicKeyMultibase": key.public_key.multikey,
    }
    if passphrase is None:
        content["secretKeyMultibase"] = key.secret_multikey
    else:
        salt, nonce = os.urandom(16), os.urandom(12)
        secret = key.secret_multikey.encode()
        content["encryptedSecretKey"] = {
            "kdf": _KDF,
            "salt": base64url.encode(salt),
            "cipher": _CIPHER,
            "nonce": base64url.encode(nonce),
            # The public key is bound to it: a swapped one would otherwise sign under another name.
            "ciphertext": base64url.encode(
                _cipher(passphrase, salt).encrypt(nonce, secret, key.public_key.multikey.encode())
            ),
        }
    return json.dumps(content, indent=2).encode() + b"\n"


def is_encrypted(data: bytes) -> bool:
    """Does reading this file need a passphrase? Raises MalformedDocument when it is no JSON."""
    return "encryptedSecretKey" in parse_json_object(data)


def read_key(data: bytes, *, passphrase: str | None) -> InMemoryKey:
    """The key in a file.

    Raises MalformedDocument or KeyMaterialError when it holds none, or the passphrase is missing or wrong.
    """
    content = parse_json_object(data)
    public = content.get("publicKeyMultibase")
    secret = content.get("secretKeyMultibase")
    if "encryptedSecretKey" in content:
        secret = _decrypt(content["encryptedSecretKey"], passphrase, bound_to=str(public))
    if not isinstance(secret, str):
        raise MalformedDocument("a key file has secretKeyMultibase", path="$.secretKeyMultibase")
    key = InMemoryKey.from_secret_multikey(secret)
    if public is not None and public != key.public_key.multikey:
        raise KeyMaterialError("publicKeyMultibase and the secret key in this file are not a pair")
    return key


def _decrypt(envelope: object, passphrase: str | None, *, bound_to: str) -> str:
    if passphrase is None:
        raise KeyMaterialError("this key file is encrypted and needs its passphrase")
    if not isinstance(envelope, dict) or envelope.get("kdf") != _KDF or envelope.get("cipher") != _CIPHER:
        raise MalformedDocument(f"only {_KDF} with {_CIPHER} is known", path="$.encryptedSecretKey")
    try:
        salt, nonce, ciphertext = (base64url.decode(envelope[name]) for name in ("salt", "nonce", "ciphertext"))
        return _cipher(passphrase, salt).decrypt(nonce, ciphertext, bound_to.encode()).decode()
    except InvalidTag as error:
        raise KeyMaterialError("the passphrase is not the one of this key file, or the file was changed") from error
    except (KeyError, TypeError, ValueError, MalformedDocument) as error:
        raise MalformedDocument(
            "salt, nonce or ciphertext is missing or unreadable", path="$.encryptedSecretKey"
        ) from (error)


def _cipher(passphrase: str, salt: bytes) -> AESGCM:
    return AESGCM(Scrypt(salt=salt, length=32, **_SCRYPT).derive(passphrase.encode()))
