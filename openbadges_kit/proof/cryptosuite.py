"""Cryptosuites as records of steps: which canonical form, which hash, which key.

https://www.w3.org/TR/vc-data-integrity/#cryptographic-suites
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from openbadges_kit.documents import JsonObject
from openbadges_kit.encoding import jcs
from openbadges_kit.jsonld.canonical_form import canonical_nquads
from openbadges_kit.jsonld.context_store import ContextStore
from openbadges_kit.keys.public_key import KeyAlgorithm
from openbadges_kit.vocabulary import DATA_INTEGRITY_PROOF, ED25519_SIGNATURE_2020

__all__ = [
    "CRYPTOSUITES",
    "ECDSA_JCS_2019",
    "ECDSA_RDFC_2019",
    "ECDSA_SD_2023",
    "EDDSA_JCS_2022",
    "EDDSA_RDFC_2022",
    "SIGNATURE_2020",
    "Cryptosuite",
    "json_canonical_form",
    "rdfc10",
]

_HASHES: Final = {"sha256": hashlib.sha256, "sha384": hashlib.sha384}


@dataclass(frozen=True, slots=True)
class Cryptosuite:
    """One suite. Its steps are named as in the specification's sections.

    `keeps_context`: the proof repeats the document's `@context`, because its canonical form is of JSON and
    would otherwise leave open what the terms of the proof mean. `selective`: it signs each statement, so that
    its holder can leave some out (`proof/selective/`).
    """

    name: str
    canonicalize: Callable[[JsonObject, str, ContextStore], bytes]
    hash_of: Mapping[KeyAlgorithm, str]
    proof_type: str = DATA_INTEGRITY_PROOF
    keeps_context: bool = False
    selective: bool = False

    def hash_data(self, transformed_document: bytes, canonical_proof_config: bytes, algorithm: KeyAlgorithm) -> bytes:
        """https://www.w3.org/TR/vc-di-eddsa/#hashing-eddsa-rdfc-2022: the proof's hash comes first."""
        return self.digest(canonical_proof_config, algorithm) + self.digest(transformed_document, algorithm)

    def digest(self, data: bytes, algorithm: KeyAlgorithm) -> bytes:
        """Half of the hash data: that of the proof's configuration is the same for all of a batch."""
        return _HASHES[self.hash_of[algorithm]](data).digest()


def rdfc10(document: JsonObject, hash_algorithm: str, contexts: ContextStore) -> bytes:
    """https://www.w3.org/TR/vc-di-eddsa/#transformation-eddsa-rdfc-2022, in safe mode.

    Raises like `canonical_nquads`.
    """
    return canonical_nquads(document, contexts, hash_algorithm=hash_algorithm)


def json_canonical_form(document: JsonObject, _hash_algorithm: str, _contexts: ContextStore) -> bytes:
    """https://www.w3.org/TR/vc-di-eddsa/#transformation-eddsa-jcs-2022. Raises like `jcs.canonicalize`."""
    return jcs.canonicalize(document)


_EDDSA_HASHES: Final = MappingProxyType({KeyAlgorithm.ED25519: "sha256"})
# https://www.w3.org/TR/vc-di-ecdsa/#hashing-ecdsa-rdfc-2019: the hash is as strong as the curve.
_ECDSA_HASHES: Final = MappingProxyType({KeyAlgorithm.P256: "sha256", KeyAlgorithm.P384: "sha384"})

EDDSA_RDFC_2022: Final = Cryptosuite("eddsa-rdfc-2022", rdfc10, _EDDSA_HASHES)
EDDSA_JCS_2022: Final = Cryptosuite("eddsa-jcs-2022", json_canonical_form, _EDDSA_HASHES, keeps_context=True)
ECDSA_RDFC_2019: Final = Cryptosuite("ecdsa-rdfc-2019", rdfc10, _ECDSA_HASHES)
ECDSA_JCS_2019: Final = Cryptosuite("ecdsa-jcs-2019", json_canonical_form, _ECDSA_HASHES, keeps_context=True)
ECDSA_SD_2023: Final = Cryptosuite(
    "ecdsa-sd-2023", rdfc10, MappingProxyType({KeyAlgorithm.P256: "sha256"}), selective=True
)

SIGNATURE_2020: Final = Cryptosuite(ED25519_SIGNATURE_2020, rdfc10, _EDDSA_HASHES, proof_type=ED25519_SIGNATURE_2020)
"""https://www.w3.org/TR/vc-di-eddsa/#ed25519signature2020: superseded, so verified and never issued."""

CRYPTOSUITES: Final[Mapping[str, Cryptosuite]] = MappingProxyType(
    {suite.name: suite for suite in (EDDSA_RDFC_2022, EDDSA_JCS_2022, ECDSA_RDFC_2019, ECDSA_JCS_2019, ECDSA_SD_2023)}
)
