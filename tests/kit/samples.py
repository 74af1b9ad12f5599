"""A badge, its issuer and its moment, for tests that need any good one."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final

from openbadges_kit.did.did_key import did_of, verification_method_of
from openbadges_kit.documents import JsonObject
from openbadges_kit.issuance import issue, prepare
from openbadges_kit.keys.signing_key import InMemoryKey, ecdsa_key, ed25519_key
from openbadges_kit.proof.data_integrity import add_proof, build_proof_options
from openbadges_kit.status.bitstring import build_status_list_credential
from openbadges_kit.vocabulary import CREDENTIALS_V2, OPEN_BADGES_3_0_3

NOW: Final = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
ISSUER_KEY: Final = ed25519_key(bytes(range(32)))
OTHER_KEY: Final = ed25519_key(bytes(range(32, 64)))
P256_KEY: Final = ecdsa_key(bytes(range(1, 33)))
ISSUER: Final = did_of(ISSUER_KEY.public_key)


def unsigned(**changes: Any) -> JsonObject:
    """A badge that may be signed, with members replaced or added; None takes one away."""
    badge: JsonObject = {
        "@context": [CREDENTIALS_V2, OPEN_BADGES_3_0_3],
        "id": "urn:uuid:5b7f1c0e-3a52-4a53-9f0e-0c9d1c3a7e10",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "Een lekke band plakken",
        "issuer": {"id": ISSUER, "type": ["Profile"], "name": "Fietsschool"},
        "validFrom": "2026-11-20T09:00:00Z",
        "credentialSubject": {
            "id": "urn:uuid:4f0c6c1a-55f2-4c7f-8ddf-2f5a7d0f0b11",
            "type": ["AchievementSubject"],
            "achievement": {
                "id": "https://skills.example.org/ulo/bicycles/1.4/v1",
                "type": ["Achievement"],
                "name": "Een lekke band plakken",
                "description": "Plakt een lekke band.",
                "criteria": {"narrative": "Laat het zien."},
                "tag": ["fiets", "band"],
            },
        },
    }
    badge.update(copy.deepcopy(changes))
    return {name: value for name, value in badge.items() if value is not None}


def signed(key: InMemoryKey = ISSUER_KEY, **changes: Any) -> JsonObject:
    """A badge that prepare() lets pass, signed by the key under its own did:key."""
    if key is not ISSUER_KEY and "issuer" not in changes:
        changes["issuer"] = {"id": did_of(key.public_key), "type": ["Profile"], "name": "Een ander"}
    prepared = prepare(unsigned(**changes), verification_method=verification_method_of(key.public_key), created=NOW)
    return issue(prepared, signing_key=key)


def signed_unchecked(document: JsonObject, key: InMemoryKey = ISSUER_KEY, **proof_changes: Any) -> JsonObject:
    """Any document signed as it is, for what an issuer should not have signed."""
    method = verification_method_of(key.public_key)
    options = build_proof_options(verification_method=method, created=NOW) | proof_changes
    options = {name: value for name, value in options.items() if value is not None}
    return add_proof(document, proof_options=options, signing_key=key)


LIST_URL: Final = "https://status.example.org/lists/1"


def status_entry(index: int = 7, url: str = LIST_URL, purpose: str = "revocation") -> JsonObject:
    """The credentialStatus of a badge that has this bit of this list."""
    return {
        "id": f"{url}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": purpose,
        "statusListIndex": str(index),
        "statusListCredential": url,
    }


def status_list(set_indexes: Iterable[int] = (), key: InMemoryKey = ISSUER_KEY, **changes: Any) -> JsonObject:
    """The signed status list at LIST_URL with these bits set."""
    document = build_status_list_credential(
        url=LIST_URL, issuer=did_of(key.public_key), set_indexes=set_indexes, valid_from=NOW
    )
    document.update(changes)
    return signed_unchecked(document, key)
