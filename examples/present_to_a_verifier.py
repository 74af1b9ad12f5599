"""An employer asks a holder for a badge, with a challenge: who has only a copy of the file cannot answer."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

from openbadges_kit import JsonObject, SigningKey, ed25519_key, issue, prepare, verify_presentation
from openbadges_kit.did.did_key import did_of, verification_method_of
from openbadges_kit.proof.presentation import build_presentation, sign_presentation
from openbadges_kit.vocabulary import CREDENTIALS_V2, OPEN_BADGES_3_0_3

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
EMPLOYER = "https://employer.example.org"


def a_badge(issuer_key: SigningKey, holder: str) -> JsonObject:
    """A signed badge about this holder."""
    name = "Een lekke band plakken"
    unsigned = {
        "@context": [CREDENTIALS_V2, OPEN_BADGES_3_0_3],
        "id": "urn:uuid:5b7f1c0e-3a52-4a53-9f0e-0c9d1c3a7e10",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": name,
        "issuer": {"id": did_of(issuer_key.public_key), "type": ["Profile"], "name": "Voorbeeld Opleider"},
        "validFrom": "2026-11-20T09:00:00Z",
        "credentialSubject": {
            "id": holder,
            "type": ["AchievementSubject"],
            "achievement": {
                "id": "https://skills.example.org/ulo/bicycles/1.4/v1",
                "type": ["Achievement"],
                "name": name,
                "description": "Plakt een lekke band.",
                "criteria": {"narrative": "Laat het zien aan de werkbank."},
            },
        },
    }
    method = verification_method_of(issuer_key.public_key)
    return issue(prepare(unsigned, verification_method=method, created=NOW), signing_key=issuer_key)


def answer(badge: JsonObject, key: SigningKey, challenge: str) -> JsonObject:
    """What a wallet sends to the employer."""
    presentation = build_presentation([badge], holder=did_of(key.public_key))
    return sign_presentation(
        presentation,
        challenge=challenge,
        domain=EMPLOYER,
        verification_method=verification_method_of(key.public_key),
        created=NOW,
        signing_key=key,
    )


def hire(received: JsonObject, challenge: str) -> str:
    """What the employer makes of it."""
    report = verify_presentation(received, now=NOW, expected_challenge=challenge, expected_domain=EMPLOYER)
    if not report.verified:
        return f"{report.summary('en')} {' '.join(report.reasons('en'))}"
    about = {one.verified_document()["credentialSubject"]["id"] for one in report.credentials}
    # The kit says who signed; whether that is whom the badge is about is the employer's question.
    return "Welcome." if about == {report.holder} else "This badge is somebody else's."


def main() -> None:
    """The holder answers, somebody with a copy answers, and yesterday's answer comes again."""
    issuer_key = ed25519_key(bytes(32))  # os.urandom(32) for real ones
    holder_key, thief_key = ed25519_key(bytes([1] * 32)), ed25519_key(bytes([2] * 32))
    badge = a_badge(issuer_key, did_of(holder_key.public_key))
    challenge = secrets.token_urlsafe(16)
    print("The holder:", hire(answer(badge, holder_key, challenge), challenge))
    print("Somebody with a copy:", hire(answer(badge, thief_key, challenge), challenge))
    print("Yesterday's answer:", hire(answer(badge, holder_key, "yesterday"), challenge))


if __name__ == "__main__":
    main()
