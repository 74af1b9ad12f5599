"""A registry verifies a folder of badges: JSON, tokens, pictures and rubbish, with a list of issuers that it knows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from openbadges_kit import (
    JsonObject,
    Policy,
    SigningKey,
    Unreadable,
    Verdict,
    bake,
    ed25519_key,
    issue,
    issue_vc_jwt,
    prepare,
    verify_many,
)
from openbadges_kit.did.did_key import did_of, verification_method_of
from openbadges_kit.rendering.badge_image import draw_badge
from openbadges_kit.vocabulary import CREDENTIALS_V2, OPEN_BADGES_3_0_3

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def a_badge(key: SigningKey, number: int) -> JsonObject:
    """A signed badge of the issuer that this key is the name of."""
    name = "Een lekke band plakken"
    unsigned = {
        "@context": [CREDENTIALS_V2, OPEN_BADGES_3_0_3],
        "id": f"urn:uuid:5b7f1c0e-3a52-4a53-9f0e-{number:012}",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": name,
        "issuer": {"id": did_of(key.public_key), "type": ["Profile"], "name": "Voorbeeld Opleider"},
        "validFrom": "2026-11-20T09:00:00Z",
        "credentialSubject": {
            "id": f"urn:uuid:4f0c6c1a-55f2-4c7f-8ddf-{number:012}",
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
    return issue(
        prepare(unsigned, verification_method=verification_method_of(key.public_key), created=NOW), signing_key=key
    )


def fill(folder: Path, school: SigningKey, stranger: SigningKey) -> None:
    """What came in today."""
    (folder / "1-plain.json").write_text(json.dumps(a_badge(school, 1)))
    (folder / "2-picture.png").write_bytes(bake(draw_badge("Lekke band"), json.dumps(a_badge(school, 2))))
    method = verification_method_of(school.public_key)
    unsigned = {name: value for name, value in a_badge(school, 3).items() if name != "proof"}
    prepared = prepare(unsigned, verification_method=method, created=NOW)
    (folder / "3-token.jwt").write_text(issue_vc_jwt(prepared, verification_method=method, signing_key=school))
    (folder / "4-stranger.json").write_text(json.dumps(a_badge(stranger, 4)))
    (folder / "5-changed.json").write_text(json.dumps(a_badge(school, 5) | {"name": "Een fiets bouwen"}))
    (folder / "6-rubbish.json").write_text("{ not json")


def register(folder: Path, policy: Policy) -> Iterator[str]:
    """A line for each file: what became of it, and why."""
    paths = sorted(folder.iterdir())
    reports = verify_many((path.read_bytes() for path in paths), now=NOW, policy=policy)
    for path, report in zip(paths, reports, strict=True):
        if isinstance(report, Unreadable):
            yield f"{path.name}: unreadable, {report.reason}"
        elif report.verdict is Verdict.VALID:
            yield f"{path.name}: registered, {report.verified_document()['id']}"
        else:
            yield f"{path.name}: {report.summary('en')} {' '.join(report.reasons('en'))}"


def main() -> None:
    """Fill a folder, and go through it."""
    school = ed25519_key(bytes(32))  # os.urandom(32) for real ones
    stranger = ed25519_key(bytes([1] * 32))
    known = Policy(trusted_issuers=frozenset({did_of(school.public_key)}))
    with TemporaryDirectory() as name:
        fill(Path(name), school, stranger)
        print(*register(Path(name), known), sep="\n")


if __name__ == "__main__":
    main()
