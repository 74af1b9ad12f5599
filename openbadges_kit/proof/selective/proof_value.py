"""The two proof values of ecdsa-sd-2023, the issuer's and the holder's, as texts and as what is in them.

https://www.w3.org/TR/vc-di-ecdsa/#selective-disclosure-functions-0
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from openbadges_kit.encoding import base64url, cbor, multibase
from openbadges_kit.errors import KeyMaterialError, MalformedDocument, ProofVerificationError
from openbadges_kit.keys.public_key import KeyAlgorithm, PublicKey

__all__ = ["BaseProofValue", "DerivedProofValue"]

# CBOR tags 0x5d00 and 0x5d01, which say what the bytes are.
_BASE_HEADER: Final = b"\xd9\x5d\x00"
_DERIVED_HEADER: Final = b"\xd9\x5d\x01"
_SIGNATURE_BYTES: Final = 64
_HMAC_BYTES: Final = 32
_CANONICAL_LABEL: Final = re.compile(r"c14n(0|[1-9][0-9]{0,8})")
_COMPONENTS: Final = 5
_NOT_A_PROOF: Final = "proofValue does not hold what an ecdsa-sd-2023 proof holds"


@dataclass(frozen=True, slots=True)
class BaseProofValue:
    """What the issuer gives the holder: a signature for each statement that may be left out, and the HMAC key."""

    base_signature: bytes
    public_key: PublicKey
    hmac_key: bytes = field(repr=False)
    signatures: tuple[bytes, ...]
    mandatory_pointers: tuple[str, ...]

    def encode(self) -> str:
        """https://www.w3.org/TR/vc-di-ecdsa/#serializebaseproofvalue"""
        components: list[cbor.CborValue] = [
            self.base_signature,
            multibase.decode(self.public_key.multikey),
            self.hmac_key,
            list(self.signatures),
            list(self.mandatory_pointers),
        ]
        return multibase.encode_base64url(_BASE_HEADER + cbor.encode(components))

    @classmethod
    def parse(cls, text: object) -> BaseProofValue:
        """https://www.w3.org/TR/vc-di-ecdsa/#parsebaseproofvalue. Raises ProofVerificationError."""
        match _components(text, _BASE_HEADER, "a base proof, as its issuer gives it to its holder"):
            case [
                bytes() as base_signature,
                bytes() as public_key,
                bytes() as hmac_key,
                list() as signatures,
                list() as pointers,
            ] if len(hmac_key) == _HMAC_BYTES and all(isinstance(pointer, str) for pointer in pointers):
                return cls(
                    _signature(base_signature),
                    _public_key(public_key),
                    hmac_key,
                    tuple(map(_signature, signatures)),
                    tuple(str(pointer) for pointer in pointers),
                )
            case _:
                raise ProofVerificationError(_NOT_A_PROOF)


@dataclass(frozen=True, slots=True)
class DerivedProofValue:
    """What the holder shows: the signatures of what is shown, and how its blank nodes were named for signing.

    `mandatory_indexes` are the positions, among the statements shown, of those that the base signature covers.
    """

    base_signature: bytes
    public_key: PublicKey
    signatures: tuple[bytes, ...]
    labels: Mapping[str, str]
    mandatory_indexes: tuple[int, ...]

    def encode(self) -> str:
        """https://www.w3.org/TR/vc-di-ecdsa/#serializederivedproofvalue"""
        components: list[cbor.CborValue] = [
            self.base_signature,
            multibase.decode(self.public_key.multikey),
            list(self.signatures),
            {_label_number(canonical): _hmac_of(label) for canonical, label in self.labels.items()},
            list(self.mandatory_indexes),
        ]
        return multibase.encode_base64url(_DERIVED_HEADER + cbor.encode(components))

    @classmethod
    def parse(cls, text: object) -> DerivedProofValue:
        """https://www.w3.org/TR/vc-di-ecdsa/#parsederivedproofvalue. Raises ProofVerificationError."""
        match _components(text, _DERIVED_HEADER, "a derived proof, as its holder shows it"):
            case [
                bytes() as base_signature,
                bytes() as public_key,
                list() as signatures,
                dict() as labels,
                list() as indexes,
            ] if all(isinstance(index, int) for index in indexes):
                return cls(
                    _signature(base_signature),
                    _public_key(public_key),
                    tuple(map(_signature, signatures)),
                    {f"c14n{number}": _label(hmac) for number, hmac in labels.items()},
                    tuple(int(index) for index in indexes),
                )
            case _:
                raise ProofVerificationError(_NOT_A_PROOF)


def _components(text: object, header: bytes, what: str) -> list[object]:
    if not isinstance(text, str) or not text.startswith("u"):
        raise ProofVerificationError("proofValue is not in base64url (u…)")
    try:
        data = multibase.decode(text)
        if not data.startswith(header):
            raise ProofVerificationError(f"this is not {what}")
        components = cbor.decode(data[len(header) :])
    except MalformedDocument as error:
        raise ProofVerificationError(f"proofValue cannot be read: {error}") from error
    if not isinstance(components, list) or len(components) != _COMPONENTS:
        raise ProofVerificationError(_NOT_A_PROOF)
    return components


def _signature(value: object) -> bytes:
    if not isinstance(value, bytes) or len(value) != _SIGNATURE_BYTES:
        raise ProofVerificationError(_NOT_A_PROOF)
    return value


def _public_key(value: bytes) -> PublicKey:
    try:
        key = PublicKey.from_multikey(multibase.encode_base58(value))
    except KeyMaterialError as error:
        raise ProofVerificationError(f"the key of the statements cannot be read: {error}") from error
    if key.algorithm is not KeyAlgorithm.P256:
        raise ProofVerificationError(_NOT_A_PROOF)
    return key


def _label(value: object) -> str:
    if not isinstance(value, bytes) or len(value) != _HMAC_BYTES:
        raise ProofVerificationError(_NOT_A_PROOF)
    return multibase.encode_base64url(value)


def _label_number(canonical: str) -> int:
    match = _CANONICAL_LABEL.fullmatch(canonical)
    if match is None:
        raise MalformedDocument(f"{canonical!r} is not a canonical label")
    return int(match[1])


def _hmac_of(label: str) -> bytes:
    return base64url.decode(label.removeprefix("u"))
