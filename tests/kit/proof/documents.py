"""What the tests of proofs sign: keys from fixed seeds, a small badge, and the verifier's proof check alone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from openbadges_kit.did.did_key import did_of, verification_method_of
from openbadges_kit.did.resolver import Resolver, offline
from openbadges_kit.documents import JsonObject, UnverifiedDocument
from openbadges_kit.jsonld.context_store import BUNDLED_CONTEXTS, ContextStore
from openbadges_kit.keys.public_key import KeyAlgorithm
from openbadges_kit.keys.signing_key import InMemoryKey, ecdsa_key, ed25519_key
from openbadges_kit.proof.cryptosuite import EDDSA_RDFC_2022, Cryptosuite
from openbadges_kit.proof.data_integrity import add_proof, build_proof_options
from openbadges_kit.status.bitstring import OpenedList
from openbadges_kit.verification.case import Case
from openbadges_kit.verification.checks import proof as proof_check
from openbadges_kit.verification.kept_lists import KeptLists
from openbadges_kit.verification.policy import Policy
from openbadges_kit.verification.report import CheckResult, Report
from openbadges_kit.vocabulary import CREDENTIALS_V2, OPEN_BADGES_3_0_3

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
ED25519 = ed25519_key(bytes(range(32)))
OTHER_ED25519 = ed25519_key(bytes(range(1, 33)))
P256 = ecdsa_key(bytes(range(1, 33)))
OTHER_P256 = ecdsa_key(bytes(range(2, 34)))
P384 = ecdsa_key(bytes(range(1, 49)), KeyAlgorithm.P384)


def badge(key: InMemoryKey = ED25519) -> JsonObject:
    """A badge with a text, a number, a nested object without an id, a list in order and a list without one."""
    return {
        "@context": [CREDENTIALS_V2, OPEN_BADGES_3_0_3],
        "id": "urn:uuid:0b9ec5a4-7f5d-4b0c-9a29-3d9a3b8f5c11",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "Bicycle gears",
        "issuer": {"id": did_of(key.public_key), "type": ["Profile"], "name": "A school"},
        "validFrom": "2026-11-20T09:00:00Z",
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "creditsEarned": 3.5,
            "identifier": [
                {
                    "type": "IdentityObject",
                    "hashed": False,
                    "identityHash": "a@example.org",
                    "identityType": "emailAddress",
                },
                {"type": "IdentityObject", "hashed": False, "identityHash": "12345", "identityType": "sourcedId"},
            ],
            "achievement": {
                "id": "https://skills.example.org/ulo/bicycles/2.3/v1",
                "type": ["Achievement"],
                "name": "Adjusting gears",
                "description": "Adjusts gears without play.",
                "criteria": {"narrative": "Shown on two bicycles."},
                "resultDescription": [
                    {
                        "id": "urn:uuid:7d0b8d3e-53a2-4b43-8a58-1f8c0a1c2f77",
                        "type": ["ResultDescription"],
                        "name": "Grade",
                        "resultType": "LetterGrade",
                        "allowedValue": ["A", "B", "C"],
                    }
                ],
            },
        },
    }


def options(key: InMemoryKey, cryptosuite: Cryptosuite = EDDSA_RDFC_2022, **more: Any) -> JsonObject:
    """Proof options that name the key as a did:key."""
    return build_proof_options(
        verification_method=verification_method_of(key.public_key), created=NOW, cryptosuite=cryptosuite, **more
    )


def signed(
    document: JsonObject | None = None,
    key: InMemoryKey = ED25519,
    cryptosuite: Cryptosuite = EDDSA_RDFC_2022,
    **more: Any,
) -> JsonObject:
    """The document (the badge, when it is left out) with one more proof."""
    return add_proof(
        badge(key) if document is None else document,
        proof_options=options(key, cryptosuite, **more),
        signing_key=key,
    )


def check_proofs(document: JsonObject, contexts: ContextStore = BUNDLED_CONTEXTS) -> CheckResult:
    """What the verifier's proof check says, on its own."""

    def verify_other(_document: bytes | str | JsonObject) -> Report:
        raise AssertionError("the proof check leans on no other document")

    def verified_list(_url: str) -> OpenedList:
        raise AssertionError("the proof check leans on no list")

    case = Case(
        UnverifiedDocument(document),
        None,
        NOW,
        Resolver(),
        offline,
        contexts,
        Policy(),
        verify_other,
        verified_list,
        KeptLists(),
    )
    return proof_check.check(case)
