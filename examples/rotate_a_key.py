"""A key is retired, and another was stolen: which badges stay valid?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from openbadges_kit import JsonObject, Resolver, VerificationMethod, ed25519_key, issue, prepare, verify
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
    """Sign in 2026, rotate in 2027, verify in 2030."""
    issuer = "did:web:issuer.example.org"
    signed_at = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    in_2030 = datetime(2030, 1, 1, tzinfo=UTC)
    key = ed25519_key(bytes(32))  # os.urandom(32) for a real one
    method = VerificationMethod(f"{issuer}#2026", issuer, key.public_key)
    prepared = prepare(a_badge(issuer), verification_method=method.id, created=signed_at)
    badge = issue(prepared, signing_key=key)

    states = {
        "retired a year later": VerificationMethod(
            method.id, issuer, key.public_key, expires=signed_at + timedelta(days=365)
        ),
        "stolen a month before": VerificationMethod(
            method.id, issuer, key.public_key, revoked=signed_at - timedelta(days=30)
        ),
    }
    for state, listed in states.items():
        # What the issuer serves at https://issuer.example.org/.well-known/did.json
        document = {"id": issuer, "verificationMethod": [listed.to_json()], "assertionMethod": [listed.id]}
        report = verify(badge, now=in_2030, resolver=Resolver({issuer: document}))
        print(f"{state}:", report.summary("en"), *report.reasons("en"))


if __name__ == "__main__":
    main()
