"""An employers' association endorses an achievement; the badge carries its word, and a verifier checks that too."""

from __future__ import annotations

from datetime import UTC, datetime

from openbadges_kit import (
    Achievement,
    AchievementCredential,
    AchievementSubject,
    Criteria,
    JsonObject,
    Profile,
    SigningKey,
    ed25519_key,
    issue,
    prepare,
    verify,
)
from openbadges_kit.did.did_key import did_of, verification_method_of
from openbadges_kit.model.endorsement import EndorsementCredential, EndorsementSubject

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
ACHIEVEMENT = "https://skills.example.org/ulo/bicycles/1.4/v1"


def sign(credential: AchievementCredential | EndorsementCredential, key: SigningKey) -> JsonObject:
    """The credential, checked and signed."""
    method = verification_method_of(key.public_key)
    return issue(prepare(credential.to_json(), verification_method=method, created=NOW), signing_key=key)


def endorse(what: str, key: SigningKey) -> JsonObject:
    """The association's word for something that has an id."""
    endorsement = EndorsementCredential(
        id="urn:uuid:9c3b8a52-6f0e-4d0f-b1f3-6c9a0e2d7b41",
        name="Aanbevolen door de branche",
        issuer=Profile(id=did_of(key.public_key), name="Brancheorganisatie"),
        valid_from="2026-11-19T09:00:00Z",
        credential_subject=EndorsementSubject(id=what, endorsement_comment="Wie dit kan, kan bij ons beginnen."),
    )
    return sign(endorsement, key)


def a_badge(endorsement: JsonObject, key: SigningKey) -> JsonObject:
    """A badge for an achievement that carries the endorsement."""
    name = "Een lekke band plakken"
    achievement = Achievement(
        id=ACHIEVEMENT,
        name=name,
        description="Plakt een lekke band.",
        criteria=Criteria(narrative="Laat het zien aan de werkbank."),
        endorsement=[endorsement],
    )
    badge = AchievementCredential(
        id="urn:uuid:5b7f1c0e-3a52-4a53-9f0e-0c9d1c3a7e10",
        name=name,
        issuer=Profile(id=did_of(key.public_key), name="Voorbeeld Opleider"),
        valid_from="2026-11-20T09:00:00Z",
        credential_subject=AchievementSubject(
            id="urn:uuid:4f0c6c1a-55f2-4c7f-8ddf-2f5a7d0f0b11", achievement=achievement
        ),
    )
    return sign(badge, key)


def main() -> None:
    """Endorse the achievement, and something else."""
    school, association = ed25519_key(bytes(32)), ed25519_key(bytes([1] * 32))  # os.urandom(32) for real ones
    for what in (ACHIEVEMENT, "https://skills.example.org/ulo/bicycles/9.9/v1"):
        badge = a_badge(endorse(what, association), school)
        report = verify(badge, now=NOW)
        print(report.summary("nl"), *report.reasons("nl"))


if __name__ == "__main__":
    main()
