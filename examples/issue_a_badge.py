"""The shortest complete use: a unit of learning outcomes, a badge for it, and its verification."""

from __future__ import annotations

from datetime import UTC, datetime

from openbadges_kit import (
    AchievementCredential,
    AchievementSubject,
    Component,
    Profile,
    Ulo,
    achievement_from_ulo,
    ed25519_key,
    issue,
    prepare,
    verify,
)
from openbadges_kit.did.did_key import did_of, verification_method_of
from openbadges_kit.timestamps import format_timestamp


def main() -> None:
    """Issue a badge and verify it."""
    now = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    key = ed25519_key(bytes(32))  # os.urandom(32) for a real one

    iri = "https://skills.example.org/ulo/bicycles/2.3/v1"
    ulo = Ulo(
        iri=iri,
        number="2.3",
        version="1",
        title="Een versnelling afstellen",
        qualification="Fietstechniek",
        catalogue="Voorbeeldcatalogus",
        components=(
            Component("RO001", f"{iri}/RO001", verb="stelt", object="een versnelling af zonder speling"),
            Component("VO001", f"{iri}/VO001", verb="afstellen", object="van de kabelspanning"),
            Component("KO001", f"{iri}/KO001", object="werking van een derailleur"),
        ),
    )
    badge = AchievementCredential(
        id="urn:uuid:0b9ec5a4-7f5d-4b0c-9a29-3d9a3b8f5c11",
        name=ulo.title,
        issuer=Profile(id=did_of(key.public_key), name="Voorbeeld Opleider"),
        valid_from=format_timestamp(now),
        credential_subject=AchievementSubject(
            id="urn:uuid:7d0b8d3e-53a2-4b43-8a58-1f8c0a1c2f77", achievement=achievement_from_ulo(ulo)
        ),
    )
    prepared = prepare(badge.to_json(), verification_method=verification_method_of(key.public_key), created=now)
    signed = issue(prepared, signing_key=key)

    report = verify(signed, now=now)
    print(report.summary("nl"), report.summary("en"))

    signed["name"] = "Iets anders"
    for reason in verify(signed, now=now).reasons("en"):
        print(reason)


if __name__ == "__main__":
    main()
