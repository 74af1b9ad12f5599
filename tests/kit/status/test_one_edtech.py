"""1EdTech's own: a list of what was revoked, and where the newest version stands."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from openbadges_kit.did.did_key import did_of
from openbadges_kit.documents import JsonObject, dump_json
from openbadges_kit.errors import StatusListError
from openbadges_kit.keys.signing_key import InMemoryKey
from openbadges_kit.problems import Problem
from openbadges_kit.status.revocation_list import find_revocation
from openbadges_kit.verification.report import Check, Outcome, Report, Verdict
from openbadges_kit.verification.verifier import verify
from openbadges_kit.vocabulary import OPEN_BADGES_EXTENSIONS
from tests.kit.samples import (
    ISSUER,
    ISSUER_KEY,
    LIST_URL,
    NOW,
    OTHER_KEY,
    signed,
    signed_unchecked,
    status_entry,
    unsigned,
)
from tests.kit.status.asking import codes, result, verified

EXTENDED = [*unsigned()["@context"], OPEN_BADGES_EXTENSIONS]


class TestRevocationList:
    """1EdTech's list, read: a plain document whose word counts when it is the issuer's."""

    @staticmethod
    def ask(listed: bytes | JsonObject, **changes: Any) -> Report:
        entry = {"id": LIST_URL, "type": "1EdTechRevocationList"}
        badge = signed_unchecked(unsigned(**{"@context": EXTENDED, "credentialStatus": entry, **changes}))
        return verified(badge, {LIST_URL: listed})

    @pytest.mark.parametrize("name", ["revokedCredentials", "revokedCredential"])
    @pytest.mark.parametrize("as_object", [True, False])
    def test_a_badge_in_the_list_is_revoked(self, name: str, *, as_object: bool) -> None:
        identifier = unsigned()["id"]
        entry = {"id": identifier, "revocationReason": "fout"} if as_object else identifier
        report = self.ask({"id": LIST_URL, "issuer": ISSUER, name: ["urn:uuid:1", entry]})
        assert codes(report) == [Problem.REVOKED]
        assert result(report).findings[0].details["reason"] == ("fout" if as_object else "")

    @pytest.mark.parametrize(
        "revoked", [[], ["urn:uuid:1"], [{"id": unsigned()["id"], "revoked": False}], {"id": "urn:uuid:1"}]
    )
    def test_a_badge_not_in_the_list_is_not_revoked(self, revoked: object) -> None:
        assert self.ask({"issuer": {"id": ISSUER}, "revokedCredentials": revoked}).verified

    @pytest.mark.parametrize(
        "listed",
        [
            {"issuer": did_of(OTHER_KEY.public_key), "revokedCredentials": []},
            {"revokedCredentials": []},
            {"issuer": ISSUER},
            {"issuer": ISSUER, "revokedCredentials": [7]},
            b"[]",
        ],
        ids=["another issuer's", "nobody's", "empty", "of numbers", "an array"],
    )
    def test_a_list_that_is_not_the_issuers_or_not_sound_is_not_used(self, listed: bytes | JsonObject) -> None:
        report = self.ask(listed)
        assert codes(report) == [Problem.STATUS_LIST_INVALID]

    def test_a_badge_without_an_id_could_not_be_checked(self) -> None:
        with pytest.raises(StatusListError):
            find_revocation({"issuer": ISSUER, "revokedCredentials": []}, credential_id=None, issuer=ISSUER)

    def test_an_entry_without_an_address_could_not_be_checked(self) -> None:
        report = self.ask({}, credentialStatus={"type": "1EdTechRevocationList"})
        assert codes(report) == [Problem.STATUS_LIST_INVALID]


REFRESH_URL = "https://issuer.example.org/badges/1"


class TestRefresh:
    """1EdTechCredentialRefresh: the newest version is fetched once, and verified."""

    @staticmethod
    def badge(key: InMemoryKey = ISSUER_KEY, **changes: Any) -> JsonObject:
        service = {"id": REFRESH_URL, "type": "1EdTechCredentialRefresh"}
        members = {"@context": EXTENDED, "refreshService": service, **changes}
        members.setdefault("issuer", {"id": did_of(key.public_key), "type": ["Profile"], "name": "A"})
        return signed_unchecked(unsigned(**members), key)

    def test_the_same_badge_is_the_newest(self) -> None:
        report = verified(self.badge(), {REFRESH_URL: self.badge()})
        assert report.verified
        assert codes(report, Check.REFRESH) == []

    def test_another_version_is_told(self) -> None:
        report = verified(self.badge(), {REFRESH_URL: self.badge(name="Twee lekke banden plakken")})
        assert report.verified
        assert codes(report, Check.REFRESH) == [Problem.NEWER_VERSION]

    def test_a_newest_version_that_is_not_valid_counts(self) -> None:
        newest = self.badge(validUntil="2026-11-20T09:00:00Z", validFrom="2025-11-20T09:00:00Z")
        report = verify(self.badge(), now=NOW + timedelta(1), fetch=lambda _: dump_json(newest))
        assert codes(report, Check.REFRESH) == [Problem.REFRESHED_NOT_VALID]
        assert report.verdict is Verdict.NOT_VALID

    @pytest.mark.parametrize(
        "pages",
        [
            {},
            {REFRESH_URL: b"<html>"},
            {REFRESH_URL: badge(OTHER_KEY)},
            {REFRESH_URL: signed(credentialStatus=status_entry())},
        ],
        ids=["down", "a page", "another issuer's", "itself unsettled"],
    )
    def test_what_cannot_be_had_could_not_be_checked(self, pages: dict[str, bytes | JsonObject]) -> None:
        report = verified(self.badge(), pages)
        assert codes(report, Check.REFRESH) == [Problem.REFRESH_NOT_HAD]
        assert report.verdict is Verdict.UNSETTLED

    def test_a_service_without_an_address_could_not_be_checked(self) -> None:
        report = verified(self.badge(refreshService={"type": "1EdTechCredentialRefresh"}), {})
        assert codes(report, Check.REFRESH) == [Problem.REFRESH_NOT_HAD]

    def test_it_is_fetched_once_and_what_it_refers_to_is_not_followed(self) -> None:
        asked: list[str] = []
        newest = self.badge(refreshService={"id": f"{REFRESH_URL}/2", "type": "1EdTechCredentialRefresh"})

        def fetch(url: str) -> bytes:
            asked.append(url)
            return dump_json(newest)

        assert verify(self.badge(), now=NOW, fetch=fetch).verified
        assert asked == [REFRESH_URL]

    def test_a_service_of_another_kind_is_left_alone(self) -> None:
        context = [*EXTENDED[:2], {"Other": "https://example.org/Other"}]
        members: dict[str, Any] = {"@context": context, "refreshService": {"id": REFRESH_URL, "type": "Other"}}
        report = verified(self.badge(**members), {})
        assert result(report, Check.REFRESH).outcome is Outcome.NOT_APPLICABLE
