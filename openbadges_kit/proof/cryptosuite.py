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
from openbadges_kit.jsonld.context_store import ContextStore
from openbadges_kit.jsonld.processor import to_quads
from openbadges_kit.jsonld.rdfc10 import canonicalize
from openbadges_kit.keys.public_key import KeyAlgorithm

__all__ = ["CRYPTOSUITES", "EDDSA_RDFC_2022", "Cryptosuite", "rdfc10"]


@dataclass(frozen=True, slots=True)
class Cryptosuite:
    """One suite. Its steps are named as in the specification's sections."""

    name: str
    canonicalize: Callable[[JsonObject, str, ContextStore], bytes]
    hash_of: Mapping[KeyAlgorithm, str]

    def hash_data(self, transformed_document: bytes, canonical_proof_config: bytes, algorithm: KeyAlgorithm) -> bytes:
        """https://www.w3.org/TR/vc-di-eddsa/#hashing-eddsa-rdfc-2022: the proof's hash comes first."""
        name = self.hash_of[algorithm]
        return hashlib.new(name, canonical_proof_config).digest() + hashlib.new(name, transformed_document).digest()


def rdfc10(document: JsonObject, hash_algorithm: str, contexts: ContextStore) -> bytes:
    """https://www.w3.org/TR/vc-di-eddsa/#transformation-eddsa-rdfc-2022, in safe mode.

    Raises like `to_quads` and `canonicalize`.
    """
    return canonicalize(to_quads(document, contexts), hash_algorithm=hash_algorithm).nquads.encode()


EDDSA_RDFC_2022: Final = Cryptosuite("eddsa-rdfc-2022", rdfc10, {KeyAlgorithm.ED25519: "sha256"})

CRYPTOSUITES: Final[Mapping[str, Cryptosuite]] = MappingProxyType({suite.name: suite for suite in (EDDSA_RDFC_2022,)})
