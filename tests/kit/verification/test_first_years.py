"""Badges of the standard's first years, with version 1.1 of the data model: verified, with a warning."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from openbadges_kit.did.resolver import Resolver
from openbadges_kit.errors import IssuanceRefused
from openbadges_kit.problems import Problem
from openbadges_kit.verification.report import Check, Report, Verdict
from openbadges_kit.verification.verifier import verify
from openbadges_kit.vocabulary import CREDENTIALS_V1
from tests.kit.skills.badges import badge, prepared
from tests.published import published_json

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def first_years() -> dict[str, Any]:
    document: dict[str, Any] = published_json("vectors/1edtech/ob30/simple_v1.json")
    return document


def report_on(document: dict[str, Any], *, now: datetime = NOW) -> Report:
    """The report, with a controller document for the issuer."""
    method = first_years()["proof"][0]["verificationMethod"]
    issuer, _, key = method.partition("#")
    controller = {
        "id": issuer,
        "verificationMethod": [{"id": method, "type": "Multikey", "controller": issuer, "publicKeyMultibase": key}],
        "assertionMethod": [method],
    }
    return verify(document, now=now, resolver=Resolver({issuer: controller}))


def found(report: Report, check: Check) -> list[tuple[Problem, str]]:
    result = next(result for result in report.results if result.check is check)
    return [(finding.code, finding.path) for finding in result.findings]


def test_a_badge_of_1edtech_is_valid_with_a_warning() -> None:
    report = report_on(first_years())
    assert report.verdict is Verdict.VALID
    assert found(report, Check.CONTEXTS) == [
        (Problem.CONTEXT_VERSION, "$['@context'][0]"),
        (Problem.CONTEXT_VERSION, "$['@context'][1]"),
    ]


def test_its_proof_counts() -> None:
    assert report_on(first_years() | {"name": "Another"}).verdict is Verdict.NOT_VALID


def test_before_its_issuance_date_it_is_not_valid() -> None:
    report = report_on(first_years(), now=datetime(2009, 1, 1, tzinfo=UTC))
    assert found(report, Check.VALIDITY_PERIOD) == [(Problem.NOT_YET_VALID, "$.issuanceDate")]


@pytest.mark.parametrize(("days", "problems"), [(1, []), (-1, [(Problem.EXPIRED, "$.expirationDate")])])
def test_after_its_expiration_date_it_is_not_valid(days: int, problems: list[tuple[Problem, str]]) -> None:
    expiration = (NOW + timedelta(days=days)).isoformat()
    assert found(report_on(first_years() | {"expirationDate": expiration}), Check.VALIDITY_PERIOD) == problems


def test_its_dates_are_moments_and_in_order() -> None:
    report = report_on(first_years() | {"issuanceDate": "yesterday"})
    assert (Problem.NOT_A_TIMESTAMP, "$.issuanceDate") in found(report, Check.STRUCTURE)
    report = report_on(first_years() | {"expirationDate": "2009-01-01T00:00:00Z"})
    assert (Problem.PERIOD_REVERSED, "$.expirationDate") in found(report, Check.STRUCTURE)


def test_it_is_held_to_the_schema() -> None:
    without_date = {name: value for name, value in first_years().items() if name != "issuanceDate"}
    assert found(report_on(without_date), Check.SCHEMA) == [(Problem.SCHEMA_VIOLATION, "$")]
    document = first_years()
    del document["credentialSubject"]["achievement"]["criteria"]
    assert found(report_on(document), Check.SCHEMA) == [(Problem.SCHEMA_VIOLATION, "$.credentialSubject.achievement")]


def test_the_old_names_in_a_badge_of_today_are_no_part_of_it() -> None:
    with pytest.raises(IssuanceRefused, match="unmapped-term"):
        prepared(badge(expirationDate="2030-01-01T00:00:00Z"))


def test_nothing_new_is_issued_under_version_1() -> None:
    document = badge()
    document["@context"][0] = CREDENTIALS_V1
    document["issuanceDate"] = document.pop("validFrom")
    with pytest.raises(IssuanceRefused) as caught:
        prepared(document)
    assert (Problem.CONTEXT_ORDER, "$['@context'][0]") in [(one.code, one.path) for one in caught.value.findings]
