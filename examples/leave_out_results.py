"""A holder shows a badge without its results: an SD-JWT, of which parts may be left out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count

from openbadges_kit.did.did_key import did_of, verification_method_of
from openbadges_kit.issuance import issue_selectively_disclosable, prepare
from openbadges_kit.keys.signing_key import ecdsa_key
from openbadges_kit.model.achievement import Achievement, Criteria
from openbadges_kit.model.credential import AchievementCredential, AchievementSubject, Result
from openbadges_kit.model.profile import Profile
from openbadges_kit.proof.cryptosuite import CRYPTOSUITES
from openbadges_kit.proof.sd_jwt_holding import select_disclosures
from openbadges_kit.timestamps import format_timestamp
from openbadges_kit.verification.verifier import verify


def main() -> None:
    """Issue with disclosable results, show all, then show the badge alone."""
    now = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    key = ecdsa_key(bytes(31) + b"\x07")
    method = verification_method_of(key.public_key)
    badge = AchievementCredential(
        id="urn:uuid:5a4b8b1e-6a0f-4d3c-8b36-0d5f6c1f7a10",
        name="Een versnelling afstellen",
        issuer=Profile(id=did_of(key.public_key), name="Voorbeeld Opleider"),
        valid_from=format_timestamp(now),
        credential_subject=AchievementSubject(
            id="urn:uuid:7d0b8d3e-53a2-4b43-8a58-1f8c0a1c2f77",
            achievement=Achievement(
                id="https://skills.example.org/ulo/bicycles/2.3/v1",
                name="Een versnelling afstellen",
                description="Stelt een versnelling af zonder speling.",
                criteria=Criteria(narrative="Toont het aan op een fiets van een klant."),
            ),
            result=[Result(value="8,5")],
        ),
    )
    prepared = prepare(
        badge.to_json(),
        verification_method=method,
        created=now,
        cryptosuite=CRYPTOSUITES["ecdsa-rdfc-2019"],
    )
    issued = issue_selectively_disclosable(
        prepared,
        disclosable=["/credentialSubject/result"],
        salt=numbered_salt(),
        verification_method=method,
        signing_key=key,
    )
    for shown in (
        select_disclosures(issued, disclose=["/credentialSubject/result"]),
        select_disclosures(issued, disclose=[]),
    ):
        report = verify(shown, now=now)
        print(report.summary("en"), "results:", report.verified_document()["credentialSubject"].get("result"))


def numbered_salt() -> Callable[[], bytes]:
    """Salts that are the same each time, for an example; for a real badge `lambda: os.urandom(16)`."""
    numbers = count(1)
    return lambda: next(numbers).to_bytes(16, "big")


if __name__ == "__main__":
    main()
