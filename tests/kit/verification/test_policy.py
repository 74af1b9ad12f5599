"""What the verifying party decides: the document cannot."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from openbadges_kit.did.did_key import did_of, verification_method_of
from openbadges_kit.did.resolver import Resolver
from openbadges_kit.documents import JsonObject, dump_json
from openbadges_kit.model.identity import IdentityObject
from openbadges_kit.problems import Problem
from openbadges_kit.proof.vc_jwt import encode_vc_jwt
from openbadges_kit.verification.policy import Policy, Recipient
from openbadges_kit.verification.report import Check, CheckResult, Outcome, Report, Verdict
from openbadges_kit.verification.verifier import verify
from tests.kit.samples import (
    ISSUER,
    ISSUER_KEY,
    NOW,
    OTHER_KEY,
    P256_KEY,
    signed,
    signed_unchecked,
    status_entry,
    status_list,
    unsigned,
)

THUMBPRINT = ISSUER_KEY.public_key.thumbprint
SUBJECT = "urn:uuid:4f0c6c1a-55f2-4c7f-8ddf-2f5a7d0f0b11"


def result_of(report: Report, check: Check) -> CheckResult:
    return next(result for result in report.results if result.check is check)


def codes(result: CheckResult) -> list[Problem]:
    return [finding.code for finding in result.findings]


def token() -> str:
    issuer = {"id": did_of(P256_KEY.public_key), "type": ["Profile"], "name": "A school"}
    method = verification_method_of(P256_KEY.public_key)
    return encode_vc_jwt(unsigned(issuer=issuer), verification_method=method, signing_key=P256_KEY)


class TestSuitesAndAlgorithms:
    def test_a_suite_that_is_not_allowed_is_one_that_is_not_known(self) -> None:
        report = verify(signed(), now=NOW, policy=Policy(cryptosuites=frozenset({"ecdsa-rdfc-2019"})))
        assert codes(result_of(report, Check.PROOF)) == [Problem.PROOF_UNKNOWN]
        assert result_of(report, Check.ISSUER_BINDING).outcome is Outcome.NOT_APPLICABLE
        assert report.verdict is Verdict.NOT_VALID
        assert verify(signed(), now=NOW, policy=Policy(cryptosuites=frozenset({"eddsa-rdfc-2022"}))).verified

    def test_an_algorithm_that_is_not_allowed_does_not_sign(self) -> None:
        assert verify(token(), now=NOW, policy=Policy(algorithms=frozenset({"ES256"}))).verified
        report = verify(token(), now=NOW, policy=Policy(algorithms=frozenset({"RS256"})))
        assert codes(result_of(report, Check.PROOF)) == [Problem.PROOF_UNKNOWN]
        assert report.verdict is Verdict.NOT_VALID


class TestTrust:
    @pytest.mark.parametrize(
        ("trusted", "verdict"),
        [
            (None, Verdict.VALID),
            (frozenset({ISSUER}), Verdict.VALID),
            (frozenset(), Verdict.VALID_ISSUER_UNKNOWN),
        ],
    )
    def test_an_unknown_issuer_is_told_and_not_refused(self, trusted: frozenset[str] | None, verdict: Verdict) -> None:
        report = verify(signed(), now=NOW, policy=Policy(trusted_issuers=trusted))
        assert report.verdict is verdict
        assert report.verified

    def test_where_trust_is_required_an_unknown_issuer_is_refused(self) -> None:
        policy = Policy(trusted_issuers=frozenset(), required=frozenset({"trust"}))
        report = verify(signed(), now=NOW, policy=policy)
        assert report.verdict is Verdict.NOT_VALID
        assert Problem.ISSUER_NOT_TRUSTED in {finding.code for finding in report.findings}

    @pytest.mark.parametrize(
        ("pins", "outcome"),
        [
            ({ISSUER: frozenset({THUMBPRINT})}, Outcome.PASSED),
            ({ISSUER: frozenset({"another"})}, Outcome.FAILED),
            ({"https://other.example/": frozenset({"another"})}, Outcome.NOT_APPLICABLE),
        ],
    )
    def test_a_pinned_issuer_signs_with_a_pinned_key(self, pins: dict[str, frozenset[str]], outcome: Outcome) -> None:
        assert result_of(verify(signed(), now=NOW, policy=Policy(pinned_keys=pins)), Check.TRUST).outcome is outcome

    def test_the_key_of_a_token_is_pinned_as_well(self) -> None:
        issuer = did_of(P256_KEY.public_key)
        pins = {issuer: frozenset({P256_KEY.public_key.thumbprint})}
        assert (
            result_of(verify(token(), now=NOW, policy=Policy(pinned_keys=pins)), Check.TRUST).outcome is Outcome.PASSED
        )

    def test_a_key_that_cannot_be_had_is_no_pinned_one(self) -> None:
        issuer = "https://school.example/"
        document = signed_unchecked(
            unsigned(issuer={"id": issuer, "type": ["Profile"], "name": "x"}), verificationMethod=issuer + "#1"
        )
        report = verify(document, now=NOW, policy=Policy(pinned_keys={issuer: frozenset({THUMBPRINT})}))
        assert codes(result_of(report, Check.TRUST)) == [Problem.KEY_NOT_PINNED]


class TestRequired:
    def test_what_must_be_checked_fails_where_there_is_nothing_to_check(self) -> None:
        report = verify(signed(), now=NOW, policy=Policy(required=frozenset({"status"})))
        assert codes(result_of(report, Check.STATUS)) == [Problem.REQUIRED_CHECK]
        assert report.verdict is Verdict.NOT_VALID

    def test_it_is_asked_of_the_badge_and_not_of_its_list(self) -> None:
        badge = signed(credentialStatus=status_entry())
        served = dump_json(status_list())
        policy = Policy(
            required=frozenset({"status"}), trusted_issuers=frozenset({ISSUER}), recipient=Recipient(SUBJECT)
        )
        assert verify(badge, now=NOW, fetch=lambda _: served, policy=policy).verdict is Verdict.VALID


class TestOffline:
    def test_nothing_is_fetched(self) -> None:
        asked: list[str] = []

        def fetch(url: str) -> bytes:
            asked.append(url)
            return dump_json(status_list())

        badge = signed(credentialStatus=status_entry())
        resolver = Resolver(fetch=fetch)
        assert not verify(badge, now=NOW, fetch=fetch, resolver=resolver, policy=Policy(online=False)).verified
        assert asked == []
        assert verify(badge, now=NOW, fetch=fetch, resolver=resolver).verified

    def test_nor_is_a_controller_document(self) -> None:
        asked: list[str] = []

        def fetch(url: str) -> bytes:
            asked.append(url)
            return b"{}"

        issuer = "https://school.example/"
        badge = signed_unchecked(
            unsigned(issuer={"id": issuer, "type": ["Profile"], "name": "x"}), verificationMethod=issuer + "#1"
        )
        report = verify(badge, now=NOW, resolver=Resolver(fetch=fetch), policy=Policy(online=False))
        assert (report.verdict, asked) == (Verdict.UNSETTLED, [])


class TestClockSkew:
    def test_a_badge_of_a_clock_that_is_ahead_is_valid_within_the_skew(self) -> None:
        early = NOW - timedelta(minutes=5)
        badge = signed()
        assert not verify(badge, now=early).verified
        assert verify(badge, now=early, policy=Policy(clock_skew=timedelta(minutes=5))).verified


def about(**subject: Any) -> JsonObject:
    changed = unsigned()["credentialSubject"] | subject
    return signed_unchecked(unsigned(credentialSubject={k: v for k, v in changed.items() if v is not None}))


class TestRecipient:
    HASHED = IdentityObject.hash_of("ann@example.org", identity_type="emailAddress", salt=bytes(range(16))).to_json()

    @pytest.mark.parametrize(
        ("recipient", "outcome"),
        [
            (Recipient(id=SUBJECT), Outcome.PASSED),
            (Recipient(id="urn:uuid:another"), Outcome.FAILED),
            (Recipient(identity="Ann@Example.org"), Outcome.PASSED),
            (Recipient(identity="bob@example.org"), Outcome.FAILED),
            (Recipient(id="urn:uuid:another", identity="ann@example.org"), Outcome.PASSED),
            (Recipient(identity="4711", identity_type="sourcedId"), Outcome.COULD_NOT_CHECK),
        ],
    )
    def test_the_one_who_is_expected_is_told_from_another(self, recipient: Recipient, outcome: Outcome) -> None:
        badge = about(identifier=[self.HASHED])
        result = result_of(verify(badge, now=NOW, policy=Policy(recipient=recipient)), Check.RECIPIENT)
        assert result.outcome is outcome

    def test_a_badge_about_nobody_that_can_be_compared_settles_nothing(self) -> None:
        badge = about(id=None, identifier=[{"type": "IdentityObject"}, "ann"])
        report = verify(badge, now=NOW, policy=Policy(recipient=Recipient(id=SUBJECT, identity="ann@example.org")))
        assert codes(result_of(report, Check.RECIPIENT)) == [Problem.RECIPIENT_NOT_NAMED]

    def test_a_subject_that_is_no_object_is_nobody(self) -> None:
        badge = signed() | {"credentialSubject": "ann"}
        report = verify(badge, now=NOW, policy=Policy(recipient=Recipient(id="ann")))
        assert result_of(report, Check.RECIPIENT).outcome is Outcome.COULD_NOT_CHECK


def test_a_proof_that_is_not_allowed_lends_nobody_its_issuers_name() -> None:
    """The allowed proof is a stranger's, the issuer's is not allowed: neither alone would do, nor both."""
    badge = signed()
    options = {"verificationMethod": verification_method_of(OTHER_KEY.public_key)}
    both = signed_unchecked(badge, OTHER_KEY, **options)
    both["proof"][0]["cryptosuite"] = "eddsa-jcs-2022"
    report = verify(both, now=NOW, policy=Policy(cryptosuites=frozenset({"eddsa-rdfc-2022"})))
    assert result_of(report, Check.ISSUER_BINDING).outcome is Outcome.FAILED
