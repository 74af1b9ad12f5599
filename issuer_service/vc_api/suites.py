"""The suites that the VC-API speaks, and the keys it speaks them with.

A key follows from `ISSUER_SERVICE_VC_API_SECRET` and the suite's name, so that every process has the same ones and
none is stored. Its issuer is the key's own did:key: no organisation's document names it, and what it signs says
nothing in anybody's name. No key of an issuer of badges is ever opened here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from issuer_service.errors import NotFound
from openbadges_kit.did.did_key import did_of, verification_method_of
from openbadges_kit.documents import JsonObject
from openbadges_kit.jsonld.context_store import ContextStore
from openbadges_kit.keys.public_key import KeyAlgorithm
from openbadges_kit.keys.signing_key import InMemoryKey, ecdsa_key, ed25519_key
from openbadges_kit.proof.cryptosuite import ECDSA_RDFC_2019, ECDSA_SD_2023, EDDSA_RDFC_2022, Cryptosuite

__all__ = ["CONTEXTS", "SUITES", "Signer", "Suite", "signer_of", "suite_named"]

_EXAMPLES_V2: Final = "https://www.w3.org/ns/credentials/examples/v2"
_EXAMPLES_VOCABULARY: Final[JsonObject] = {"@context": {"@vocab": "https://www.w3.org/ns/credentials/examples#"}}

CONTEXTS: Final = ContextStore({_EXAMPLES_V2: _EXAMPLES_VOCABULARY})
"""The bundled contexts and the W3C's vocabulary for examples, which defines every term there is: not for badges."""


@dataclass(frozen=True, slots=True)
class Suite:
    """What stands behind one `/vc-api/{name}/…`. Without a cryptosuite it is a token in an envelope.

    `with_status`: what it issues has a place in a list for revocation and in one for suspension.
    """

    name: str
    algorithm: KeyAlgorithm
    cryptosuite: Cryptosuite | None = None
    with_status: bool = False


SUITES: Final[Mapping[str, Suite]] = MappingProxyType(
    {
        suite.name: suite
        for suite in (
            Suite("eddsa-rdfc-2022", KeyAlgorithm.ED25519, EDDSA_RDFC_2022),
            Suite("ecdsa-rdfc-2019-p256", KeyAlgorithm.P256, ECDSA_RDFC_2019),
            Suite("ecdsa-rdfc-2019-p384", KeyAlgorithm.P384, ECDSA_RDFC_2019),
            Suite("ecdsa-sd-2023", KeyAlgorithm.P256, ECDSA_SD_2023),
            Suite("vc-jose-cose", KeyAlgorithm.P256),
            Suite("bitstring-status-list", KeyAlgorithm.ED25519, EDDSA_RDFC_2022, with_status=True),
        )
    }
)


@dataclass(frozen=True, slots=True)
class Signer:
    """A suite with its key."""

    suite: Suite
    key: InMemoryKey

    @property
    def issuer(self) -> str:
        """The did:key that it issues as."""
        return did_of(self.key.public_key)

    @property
    def verification_method(self) -> str:
        """The URL of its key."""
        return verification_method_of(self.key.public_key)


def suite_named(name: str) -> Suite:
    """The suite with this name. Raises NotFound."""
    if name not in SUITES:
        raise NotFound(f"there is no such suite; there are {', '.join(SUITES)}")
    return SUITES[name]


def signer_of(suite: Suite, *, secret: str) -> Signer:
    """The suite with the key that follows from this secret; another suite's key tells nothing about it."""
    size = 48 if suite.algorithm is KeyAlgorithm.P384 else 32
    info = f"vc-api|{suite.name}".encode()
    seed = HKDF(algorithm=SHA256(), length=size, salt=None, info=info).derive(secret.encode())
    key = ed25519_key(seed) if suite.algorithm is KeyAlgorithm.ED25519 else ecdsa_key(seed, suite.algorithm)
    return Signer(suite, key)
