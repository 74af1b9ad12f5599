"""A badge of which the holder shows a part, to one verifier, once (SD-JWT with key binding)."""

from __future__ import annotations

import os
from datetime import UTC, datetime

from openbadges_kit import JsonObject, ecdsa_key, issue_selectively_disclosable, prepare, verify_presentation
from openbadges_kit.did import did_jwk
from openbadges_kit.proof.key_binding import bind_key, holder_confirmation
from openbadges_kit.proof.sd_jwt import parse_sd_jwt
from openbadges_kit.proof.sd_jwt_holding import select_disclosures
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
    """Issue, show in part, verify."""
    now = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    issuer_key = ecdsa_key(bytes(range(1, 33)))  # os.urandom(32) for real ones
    holder_key = ecdsa_key(bytes(range(40, 72)))
    method = did_jwk.verification_method_of(issuer_key.public_key)

    prepared = prepare(a_badge(did_jwk.did_of(issuer_key.public_key)), verification_method=method, created=now)
    issued = issue_selectively_disclosable(
        prepared,
        disclosable=["/credentialSubject/id", "/credentialSubject/achievement/criteria"],
        salt=lambda: os.urandom(16),
        verification_method=method,
        signing_key=issuer_key,
        claims={"cnf": holder_confirmation(holder_key.public_key)},
    )
    print("May be left out:", ", ".join(parse_sd_jwt(issued).disclosures))

    shown = select_disclosures(issued, disclose=["/credentialSubject/achievement/criteria"])
    verifier, nonce = "https://employer.example.org", "a nonce that the verifier gave"
    presentation = bind_key(shown, nonce=nonce, audience=verifier, issued_at=now, signing_key=holder_key)

    report = verify_presentation(presentation, now=now, expected_challenge=nonce, expected_domain=verifier)
    print("Verified:", report.verified, "- about whom:", report.document["credentialSubject"].get("id", "not shown"))
    for reason in verify_presentation(
        presentation, now=now, expected_challenge=nonce, expected_domain="https://somebody-else.example.org"
    ).reasons("en"):
        print(reason)


if __name__ == "__main__":
    main()
