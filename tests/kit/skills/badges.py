"""A badge to be issued, for the tests of what may be in one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from openbadges_kit.did.did_key import did_of, verification_method_of
from openbadges_kit.issuance import PreparedCredential, prepare
from openbadges_kit.keys.signing_key import ed25519_key
from openbadges_kit.model.credential import AchievementCredential, AchievementSubject
from openbadges_kit.model.profile import Address, Profile
from openbadges_kit.skills.achievement import achievement_from_ulo
from openbadges_kit.skills.ulo import Component, Ulo

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
KEY = ed25519_key(bytes(32))
IRI = "https://skills.example.org/ulo/warmtepompen/1.1/v1"
ULO = Ulo(
    iri=IRI,
    number="1.1",
    version="1",
    title="Warmtepompsysteem bepalen",
    qualification="Vakmanschap Warmtepompen",
    catalogue="Skills-Catalogus",
    components=(
        Component("RO001", f"{IRI}/RO001", verb="bepaalt", object="welk warmtepompsysteem", preposition="bij",
                  context="welke randvoorwaarden", conjugated_verb="geschikt is"),
        Component("VO001", f"{IRI}/VO001", verb="inschatten", object="van de haalbaarheid", preposition="voor",
                  context="een warmtepompsysteem", rule_requirements=("ISSO-publicatie 72",)),
        Component("KO001", f"{IRI}/KO001", object="werking van warmtepompen"),
    ),
)  # fmt: skip
ISSUER = Profile(
    id=did_of(KEY.public_key),
    name="Voorbeeld Opleider",
    address=Address(address_country="Nederland", address_country_code="NL"),
)


def badge(**changed: Any) -> dict[str, Any]:
    """An unsecured badge for the ULO, fit to be signed."""
    credential = AchievementCredential(
        id="urn:uuid:0b9ec5a4-7f5d-4b0c-9a29-3d9a3b8f5c11",
        name=ULO.title,
        issuer=ISSUER,
        valid_from="2026-11-20T09:00:00Z",
        credential_subject=AchievementSubject(
            id="urn:uuid:7d0b8d3e-53a2-4b43-8a58-1f8c0a1c2f77", achievement=achievement_from_ulo(ULO)
        ),
    )
    return credential.to_json() | changed


def prepared(document: dict[str, Any]) -> PreparedCredential:
    """The document, prepared with the issuer's key."""
    return prepare(document, verification_method=verification_method_of(KEY.public_key), created=NOW)
