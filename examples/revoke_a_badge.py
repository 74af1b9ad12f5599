"""A badge with a place in a status list, revoked and asked about; and what is said when the list is down."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from openbadges_kit import JsonObject, ed25519_key, issue, prepare, verify
from openbadges_kit.did.did_key import did_of, verification_method_of
from openbadges_kit.documents import dump_json
from openbadges_kit.proof.data_integrity import add_proof, build_proof_options
from openbadges_kit.status.bitstring import MINIMUM_ENTRIES, build_status_entry, build_status_list_credential
from openbadges_kit.status.free_index import random_free_index
from openbadges_kit.vocabulary import CREDENTIALS_V2, OPEN_BADGES_3_0_3


def a_badge(issuer: str, **members: object) -> JsonObject:
    """A badge that this issuer may sign."""
    return {
        "@context": [CREDENTIALS_V2, OPEN_BADGES_3_0_3],
        "id": "urn:uuid:5b7f1c0e-3a52-4a53-9f0e-0c9d1c3a7e10",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "Een lekke band plakken",
        "issuer": {"id": issuer, "type": ["Profile"], "name": "Voorbeeld Opleider"},
        "validFrom": "2026-11-20T09:00:00Z",
        "credentialSubject": {
            "id": "urn:uuid:4f0c6c1a-55f2-4c7f-8ddf-2f5a7d0f0b11",
            "type": ["AchievementSubject"],
            "achievement": {
                "id": "https://skills.example.org/ulo/bicycles/1.4/v1",
                "type": ["Achievement"],
                "name": "Een lekke band plakken",
                "description": "Plakt een lekke band.",
                "criteria": {"narrative": "Laat het zien aan de werkbank."},
            },
        },
        **members,
    }


def main() -> None:
    """Issue with a status, publish the list, revoke, verify."""
    now = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    key = ed25519_key(bytes(32))  # os.urandom(32) for a real one
    issuer, method = did_of(key.public_key), verification_method_of(key.public_key)
    list_url = "https://issuer.example.org/status/1"
    taken = {4, 8, 15}  # what the issuer's ledger says
    index = random_free_index(taken, entries=MINIMUM_ENTRIES, draw=secrets.randbelow)

    entry = build_status_entry(url=list_url, index=index)
    prepared = prepare(a_badge(issuer, credentialStatus=entry), verification_method=method, created=now)
    badge = issue(prepared, signing_key=key)

    def published(revoked: Iterable[int]) -> bytes:
        document = build_status_list_credential(
            url=list_url, issuer=issuer, set_indexes=revoked, valid_from=now, ttl=timedelta(minutes=5)
        )
        options = build_proof_options(verification_method=method, created=now)
        return dump_json(add_proof(document, proof_options=options, signing_key=key))

    for revoked in ((), (index,)):
        pages = {list_url: published(revoked)}
        report = verify(badge, now=now, fetch=pages.__getitem__)
        print(report.summary("nl"), *report.reasons("nl"))
    report = verify(badge, now=now)  # nothing is fetched
    print(report.summary("en"), *report.reasons("en"))


if __name__ == "__main__":
    main()
