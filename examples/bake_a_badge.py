"""A badge as a JWT, baked into an SVG, taken out and verified."""

from __future__ import annotations

from datetime import UTC, datetime

from openbadges_kit import JsonObject, bake, ecdsa_key, issue_vc_jwt, prepare, unbake, verify
from openbadges_kit.did import did_jwk
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
    """Sign as a token, bake, unbake, verify the picture itself."""
    now = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    key = ecdsa_key(bytes(range(1, 33)))  # os.urandom(32) for a real one
    method = did_jwk.verification_method_of(key.public_key)
    prepared = prepare(a_badge(did_jwk.did_of(key.public_key)), verification_method=method, created=now)
    token = issue_vc_jwt(prepared, verification_method=method, signing_key=key, with_vc_claim=True)

    picture = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><circle cx="5" cy="5" r="4"/></svg>'
    baked = bake(picture, token)
    print("The same token comes out:", unbake(baked).decode() == token)
    print(verify(baked, now=now).summary("nl"))


if __name__ == "__main__":
    main()
