"""Keys come and go: what a retired key signed stays valid, and what a stolen one signed after the theft is not."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from openbadges_kit.did.resolver import Resolver
from openbadges_kit.documents import JsonObject
from openbadges_kit.issuance import issue, issue_selectively_disclosable, issue_vc_jwt, prepare
from openbadges_kit.keys.verification_method import VerificationMethod
from openbadges_kit.problems import Problem
from openbadges_kit.proof.cryptosuite import ECDSA_RDFC_2019
from openbadges_kit.verification.report import Report, Verdict
from openbadges_kit.verification.verifier import verify
from tests.kit.proof.test_sd_jwt import salts
from tests.kit.samples import ISSUER_KEY, NOW, P256_KEY, unsigned

CONTROLLER = "did:web:issuer.example.org"
METHOD = f"{CONTROLLER}#2026"
YEAR = timedelta(days=365)


def document(**changes: Any) -> JsonObject:
    """The issuer's document, in which the key of 2026 stands beside the one of 2027."""
    old = VerificationMethod(METHOD, CONTROLLER, P256_KEY.public_key, **changes)
    new = VerificationMethod(f"{CONTROLLER}#2027", CONTROLLER, ISSUER_KEY.public_key)
    methods = [method.to_json() for method in (old, new)]
    return {"id": CONTROLLER, "verificationMethod": methods, "assertionMethod": [old.id, new.id]}


def badge(form: str, signed_at: datetime) -> JsonObject | str:
    """A badge in any of its forms, signed with the key of 2026 at this moment."""
    unsecured = unsigned(
        issuer={"id": CONTROLLER, "type": ["Profile"], "name": "Fietsschool"}, validFrom="2026-01-01T00:00:00Z"
    )
    prepared = prepare(unsecured, verification_method=METHOD, created=signed_at, cryptosuite=ECDSA_RDFC_2019)
    match form:
        case "Data Integrity":
            return issue(prepared, signing_key=P256_KEY)
        case "VC-JWT":
            return issue_vc_jwt(prepared, verification_method=METHOD, signing_key=P256_KEY)
        case _:
            return issue_selectively_disclosable(
                prepared,
                disclosable=["/name"],
                salt=salts(),
                verification_method=METHOD,
                signing_key=P256_KEY,
            )


def verified(received: JsonObject | str, controller: JsonObject) -> Report:
    return verify(received, now=NOW + 2 * YEAR, resolver=Resolver({CONTROLLER: controller}))


FORMS = pytest.mark.parametrize("form", ["Data Integrity", "VC-JWT", "SD-JWT"])


@FORMS
def test_what_a_retired_key_signed_in_its_time_stays_valid(form: str) -> None:
    assert verified(badge(form, NOW), document(expires=NOW + timedelta(days=1))).verified


@FORMS
def test_a_retired_key_signs_nothing_more(form: str) -> None:
    report = verified(badge(form, NOW + timedelta(days=2)), document(expires=NOW + timedelta(days=1)))
    assert [finding.code for finding in report.findings] == [Problem.KEY_EXPIRED]
    assert report.verdict is Verdict.NOT_VALID


@FORMS
def test_what_a_stolen_key_signed_before_the_theft_stays_valid(form: str) -> None:
    assert verified(badge(form, NOW), document(revoked=NOW + timedelta(seconds=1))).verified


@FORMS
@pytest.mark.parametrize("after", [timedelta(0), timedelta(days=90)])
def test_what_it_signed_from_the_theft_on_is_not_valid_and_the_report_says_since_when(
    form: str, after: timedelta
) -> None:
    report = verified(badge(form, NOW + after), document(revoked=NOW))
    assert [finding.code for finding in report.findings] == [Problem.KEY_COMPROMISED]
    assert "2026-11-20" in report.reasons("nl")[0]
    assert report.verdict is Verdict.NOT_VALID


@FORMS
def test_a_key_that_was_taken_out_of_the_document_vouches_for_nothing(form: str) -> None:
    controller = document()
    controller["assertionMethod"].remove(METHOD)
    assert verified(badge(form, NOW), controller).verdict is Verdict.NOT_VALID


@FORMS
def test_a_moment_that_cannot_be_read_is_no_better_than_a_stolen_key(form: str) -> None:
    controller = document()
    controller["verificationMethod"][0]["revoked"] = "last week"
    assert verified(badge(form, NOW), controller).verdict is Verdict.UNSETTLED
