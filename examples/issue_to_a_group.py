"""The same badge for a whole group: prepared once, filled in row by row, baked into a picture each."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from openbadges_kit import (
    Achievement,
    AchievementCredential,
    AchievementSubject,
    Criteria,
    Issued,
    Profile,
    Refused,
    ed25519_key,
    issue_many,
    prepare,
    verify,
)
from openbadges_kit.baking.png import bake_png, unbake_png
from openbadges_kit.did.did_key import did_of, verification_method_of
from openbadges_kit.rendering.badge_image import draw_badge
from openbadges_kit.timestamps import format_timestamp


def main() -> None:
    """Issue three badges, refuse one row, and verify a picture."""
    now = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    key = ed25519_key(bytes(32))  # os.urandom(32) for a real one

    badge = AchievementCredential(
        id=f"urn:uuid:{UUID(int=0)}",
        name="Veilig werken met waterstof",
        issuer=Profile(id=did_of(key.public_key), name="Voorbeeld Opleider"),
        valid_from=format_timestamp(now),
        credential_subject=AchievementSubject(
            id=f"urn:uuid:{UUID(int=0)}",
            achievement=Achievement(
                id="https://skills.example.org/ulo/hydrogen/1.2/v1",
                name="Veilig werken met waterstof",
                description="Werkt veilig aan een waterstofinstallatie.",
                criteria=Criteria(narrative="Toont in de werkplaats aan veilig te werken."),
            ),
        ),
    )
    prepared = prepare(badge.to_json(), verification_method=verification_method_of(key.public_key), created=now)

    people = [
        {"$.id": f"urn:uuid:{UUID(int=n)}", "$.credentialSubject.id": f"urn:uuid:{UUID(int=100 + n)}"}
        for n in (1, 2, 3)
    ]
    people.append({"$.id": "number four", "$.credentialSubject.id": f"urn:uuid:{UUID(int=104)}"})
    picture = draw_badge("Veilig werken met waterstof", code="ULO 1.2", issuer="Voorbeeld Opleider")
    for outcome in issue_many(prepared, people, signing_key=key):
        match outcome:
            case Issued(position, document):
                baked = bake_png(picture, document)
                report = verify(baked, now=now)
                print(position, len(baked), "bytes:", report.summary("en"), unbake_png(baked) == document)
            case Refused(position, findings):
                print(position, "refused:", *findings)


if __name__ == "__main__":
    main()
