"""Each check passing and failing, and what the checks come down to."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import Any

import pytest

from openbadges_kit.did.did_key import did_of, verification_method_of
from openbadges_kit.did.resolver import Resolver
from openbadges_kit.documents import JsonObject, dump_json
from openbadges_kit.errors import NotVerified, ResolutionError
from openbadges_kit.issuance import issue, prepare
from openbadges_kit.keys.signing_key import InMemoryKey
from openbadges_kit.keys.verification_method import VerificationMethod
from openbadges_kit.problems import Problem
from openbadges_kit.verification.policy import Policy
from openbadges_kit.verification.report import Check, CheckResult, Outcome, Report, Verdict
from openbadges_kit.verification.verifier import verify
from openbadges_kit.vocabulary import CREDENTIALS_V2, OPEN_BADGES_3_0_3
from tests.kit.samples import (
    ISSUER,
    ISSUER_KEY,
    LIST_URL,
    NOW,
    OTHER_KEY,
    signed,
    signed_unchecked,
    status_entry,
    status_list,
    unsigned,
)

DID = "did:web:school.example"
KEY_URL = f"{DID}#key-1"


def _outcome(report: Report, check: Check) -> Outcome:
    return next(result.outcome for result in report.results if result.check is check)


def _codes(report: Report) -> set[Problem]:
    return {finding.code for finding in report.findings}


def _verify_with_list(badge: JsonObject, listed: JsonObject) -> Report:
    def fetch(url: str) -> bytes:
        if url != LIST_URL:
            raise ResolutionError(url)
        return dump_json(listed)

    return verify(badge, now=NOW, fetch=fetch)


class TestVerdicts:
    """The proof must have passed, and nothing may have failed or stayed unchecked."""

    def test_a_report_without_results_is_not_verified(self) -> None:
        report = verify(signed(), now=NOW)
        empty = Report(report.document, ())
        assert report.verified
        assert not empty.verified
        assert empty.verdict is Verdict.UNSETTLED

    def test_a_report_in_which_the_proof_was_not_checked_is_not_verified(self) -> None:
        report = verify(signed(), now=NOW)
        others = tuple(result for result in report.results if result.check is not Check.PROOF)
        assert not Report(report.document, others).verified
        for outcome in (Outcome.NOT_APPLICABLE, Outcome.COULD_NOT_CHECK, Outcome.FAILED):
            assert not Report(report.document, (*others, CheckResult(Check.PROOF, outcome))).verified

    def test_failed_outweighs_could_not_check(self) -> None:
        badge = signed(credentialStatus=status_entry())
        assert verify(badge, now=NOW).verdict is Verdict.UNSETTLED
        badge["name"] = "Something else"
        assert verify(badge, now=NOW).verdict is Verdict.NOT_VALID

    def test_only_a_verified_report_gives_its_document(self) -> None:
        badge = signed()
        assert verify(badge, now=NOW).verified_document() == badge
        badge["name"] = "Something else"
        with pytest.raises(NotVerified, match="signature"):
            verify(badge, now=NOW).verified_document()


class TestTrust:
    """An issuer that is not on the list leaves the badge valid, and says so; an empty list trusts nobody."""

    @pytest.mark.parametrize(
        ("trusted", "verdict", "outcome"),
        [
            (None, Verdict.VALID, Outcome.NOT_APPLICABLE),
            (frozenset({ISSUER}), Verdict.VALID, Outcome.PASSED),
            (frozenset(), Verdict.VALID_ISSUER_UNKNOWN, Outcome.FAILED),
            (frozenset({ISSUER[:-1]}), Verdict.VALID_ISSUER_UNKNOWN, Outcome.FAILED),
        ],
    )
    def test_the_list(self, trusted: frozenset[str] | None, verdict: Verdict, outcome: Outcome) -> None:
        report = verify(signed(), now=NOW, policy=Policy(trusted_issuers=trusted))
        assert (report.verdict, _outcome(report, Check.TRUST), report.verified) == (verdict, outcome, True)

    def test_a_trusted_issuer_makes_nothing_valid(self) -> None:
        badge = signed() | {"name": "Something else"}
        assert verify(badge, now=NOW, policy=Policy(frozenset({ISSUER}))).verdict is Verdict.NOT_VALID


class TestValidityPeriod:
    """From validFrom, with two minutes for clocks that differ, to validUntil, with none."""

    @pytest.mark.parametrize(
        ("after", "problem"),
        [
            (timedelta(minutes=-3), Problem.NOT_YET_VALID),
            (timedelta(minutes=-2), None),
            (timedelta(), None),
            (timedelta(hours=1), None),
            (timedelta(hours=1, seconds=1), Problem.EXPIRED),
        ],
    )
    def test_its_ends(self, after: timedelta, problem: Problem | None) -> None:
        badge = signed(validUntil="2026-11-20T10:00:00Z")
        report = verify(badge, now=NOW + after)
        assert _codes(report) == ({problem} if problem else set())
        assert report.verified is (problem is None)


class TestIssuerBinding:
    """The key stands in the document of the issuer that the badge names."""

    def test_another_keys_badge_in_the_issuers_name_fails(self) -> None:
        report = verify(signed_unchecked(unsigned(), OTHER_KEY), now=NOW)
        assert _outcome(report, Check.PROOF) is Outcome.PASSED
        assert _outcome(report, Check.ISSUER_BINDING) is Outcome.FAILED
        assert report.verdict is Verdict.NOT_VALID

    @pytest.mark.parametrize("issuer", [ISSUER, {"id": ISSUER, "type": ["Profile"]}])
    def test_an_issuer_may_be_a_name_alone(self, issuer: object) -> None:
        report = verify(signed_unchecked(unsigned(issuer=issuer)), now=NOW)
        assert _outcome(report, Check.ISSUER_BINDING) is Outcome.PASSED

    @pytest.mark.parametrize("issuer", [{"name": "No id"}, [ISSUER], {"id": [ISSUER]}])
    def test_an_issuer_that_is_nobody_binds_nothing(self, issuer: object) -> None:
        badge = signed() | {"issuer": issuer}
        assert _outcome(verify(badge, now=NOW), Check.ISSUER_BINDING) is Outcome.FAILED


class TestProof:
    """Every proof of a known kind holds, and there is one."""

    def test_no_proof_is_no_proof(self) -> None:
        for badge in (unsigned(), unsigned(proof=[]), unsigned() | {"proof": None}):
            report = verify(badge, now=NOW)
            assert _outcome(report, Check.PROOF) is Outcome.FAILED
            assert Problem.NO_PROOF in _codes(report)

    def test_an_unknown_kind_beside_a_good_one_is_a_warning(self) -> None:
        badge = signed()
        badge["proof"].append({"type": "UnheardOf"})
        report = verify(badge, now=NOW)
        assert report.verified
        assert _codes(report) == {Problem.PROOF_UNKNOWN}

    def test_only_unknown_kinds_are_no_proof(self) -> None:
        badge = signed() | {"proof": [{"type": "UnheardOf"}, {"type": "DataIntegrityProof", "cryptosuite": "x"}, 5]}
        assert _outcome(verify(badge, now=NOW), Check.PROOF) is Outcome.FAILED

    def test_one_good_proof_does_not_make_up_for_a_bad_one(self) -> None:
        badge = signed()
        badge["proof"].append(badge["proof"][0] | {"created": "2026-11-20T09:00:01Z"})
        assert verify(badge, now=NOW).verdict is Verdict.NOT_VALID

    @pytest.mark.parametrize("purpose", ["authentication", "keyAgreement", None])
    def test_a_proof_for_another_purpose_asserts_nothing(self, purpose: str | None) -> None:
        report = verify(signed_unchecked(unsigned(), proofPurpose=purpose), now=NOW)
        assert not report.verified
        assert Problem.PROOF_PURPOSE in _codes(report)

    @pytest.mark.parametrize("method", [None, 7, ["a"], {"id": "a"}], ids=["missing", "number", "list", "object"])
    def test_a_proof_that_names_no_key_does_not_hold(self, method: object) -> None:
        badge = signed()
        proof = {name: value for name, value in badge["proof"][0].items() if name != "verificationMethod"}
        badge["proof"] = [proof if method is None else {**proof, "verificationMethod": method}]
        report = verify(badge, now=NOW)
        assert _outcome(report, Check.PROOF) is Outcome.FAILED
        assert Problem.PROOF_INVALID in _codes(report)

    def test_an_expired_proof_fails(self) -> None:
        badge = signed_unchecked(unsigned(), expires="2026-11-20T10:00:00Z")
        assert verify(badge, now=NOW).verified
        assert Problem.PROOF_EXPIRED in _codes(verify(badge, now=NOW + timedelta(hours=2)))


def _of_did_web(**method_changes: str) -> tuple[JsonObject, JsonObject]:
    """A badge of a did:web, and the did:web's document."""
    document = unsigned(issuer={"id": DID, "type": ["Profile"], "name": "School"})
    badge = issue(prepare(document, verification_method=KEY_URL, created=NOW), signing_key=ISSUER_KEY)
    method = VerificationMethod(KEY_URL, DID, ISSUER_KEY.public_key).to_json() | method_changes
    return badge, {"id": DID, "verificationMethod": [method], "assertionMethod": [KEY_URL]}


class TestKeysOverTime:
    """A key that was retired still verifies what it signed before; a compromised one only what it signed before."""

    @pytest.mark.parametrize(
        ("changes", "problem"),
        [
            ({}, None),
            ({"expires": "2026-11-20T10:00:00Z"}, None),
            ({"expires": "2026-11-20T08:00:00Z"}, Problem.KEY_EXPIRED),
            ({"revoked": "2026-11-20T10:00:00Z"}, None),
            ({"revoked": "2026-11-20T09:00:00Z"}, Problem.KEY_COMPROMISED),
        ],
    )
    def test_a_key_retired_or_in_other_hands(self, changes: dict[str, str], problem: Problem | None) -> None:
        badge, did_document = _of_did_web(**changes)
        report = verify(badge, now=NOW + timedelta(days=900), resolver=Resolver({DID: did_document}))
        assert report.verified is (problem is None)
        assert _codes(report) == ({problem} if problem else set())

    @pytest.mark.parametrize(
        ("changes", "verdict"),
        [
            ({"id": "did:web:other.example"}, Verdict.UNSETTLED),
            ({"assertionMethod": []}, Verdict.NOT_VALID),
            ({"assertionMethod": [[KEY_URL]]}, Verdict.NOT_VALID),
            ({"verificationMethod": []}, Verdict.NOT_VALID),
            ({"assertionMethod": [], "authentication": [KEY_URL]}, Verdict.NOT_VALID),
        ],
        ids=str,
    )
    def test_a_key_that_its_controller_does_not_name_signs_nothing(self, changes: Any, verdict: Verdict) -> None:
        badge, did_document = _of_did_web()
        report = verify(badge, now=NOW, resolver=Resolver({DID: did_document | changes}))
        assert report.verdict is verdict

    def test_without_the_issuers_document_nothing_is_settled(self) -> None:
        badge, _ = _of_did_web()
        report = verify(badge, now=NOW)
        assert report.verdict is Verdict.UNSETTLED
        assert Problem.KEY_NOT_HAD in _codes(report)


class TestStatus:
    """Revoked is revoked; whatever is not the issuer's own sound list settles nothing."""

    def test_the_bit_decides(self) -> None:
        badge = signed(credentialStatus=status_entry(7))
        assert _verify_with_list(badge, status_list(())).verdict is Verdict.VALID
        assert _verify_with_list(badge, status_list((6, 8))).verdict is Verdict.VALID
        revoked = _verify_with_list(badge, status_list((7,)))
        assert revoked.verdict is Verdict.NOT_VALID
        assert Problem.REVOKED in _codes(revoked)

    def test_a_list_of_another_issuer_is_not_used(self) -> None:
        badge = signed(credentialStatus=status_entry(7))
        report = _verify_with_list(badge, status_list((), OTHER_KEY))
        assert report.verdict is Verdict.UNSETTLED

    @pytest.mark.parametrize(
        "listed",
        [
            status_list(
                (), type=["VerifiableCredential", "BitstringStatusListCredential"], validUntil="2026-01-01T00:00:00Z"
            ),
            status_list(()) | {"validFrom": "2020-01-01T00:00:00Z"},
            signed(),
            {"id": LIST_URL},
        ],
        ids=["expired", "changed", "no list", "no credential"],
    )
    def test_a_list_that_does_not_hold_is_not_used(self, listed: JsonObject) -> None:
        badge = signed(credentialStatus=status_entry(7))
        assert _verify_with_list(badge, listed).verdict is Verdict.UNSETTLED


def _endorsement(key: InMemoryKey = OTHER_KEY, **changes: Any) -> JsonObject:
    endorser = did_of(key.public_key)
    document: JsonObject = {
        "@context": [CREDENTIALS_V2, OPEN_BADGES_3_0_3],
        "id": "urn:uuid:0d0f5f0e-7a3c-4f2f-9a53-08fd2f4d1c8e",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "issuer": {"id": endorser, "type": ["Profile"], "name": "Branche"},
        "validFrom": "2026-11-20T09:00:00Z",
        "name": "Aanbevolen",
        "credentialSubject": {"id": ISSUER, "type": ["EndorsementSubject"], "endorsementComment": "Goed werk."},
    }
    return signed_unchecked(document | changes, key)


class TestEndorsements:
    """Each endorsement verifies like a credential of its own."""

    def test_a_good_one_passes(self) -> None:
        report = verify(signed_unchecked(unsigned(endorsement=[_endorsement()])), now=NOW)
        assert _outcome(report, Check.ENDORSEMENTS) is Outcome.PASSED
        assert report.verified

    @pytest.mark.parametrize(
        ("endorsement", "outcome"),
        [
            (_endorsement() | {"name": "Sterk aanbevolen"}, Outcome.FAILED),
            (_endorsement(validUntil="2026-11-20T09:00:00Z", validFrom="2026-11-19T09:00:00Z"), Outcome.PASSED),
            (_endorsement(validUntil="2026-11-20T08:00:00Z", validFrom="2026-11-19T09:00:00Z"), Outcome.FAILED),
            (signed(OTHER_KEY, id="urn:uuid:90a3a0ac-3a0e-4b9b-8d3c-0f3b5d5f7a01"), Outcome.FAILED),
            (_endorsement(credentialStatus=status_entry()), Outcome.COULD_NOT_CHECK),
        ],
        ids=["changed", "just valid", "expired", "a badge instead", "status not had"],
    )
    def test_it_counts_like_the_credential_that_it_is(self, endorsement: JsonObject, outcome: Outcome) -> None:
        report = verify(signed_unchecked(unsigned(endorsement=[copy.deepcopy(endorsement)])), now=NOW)
        assert _outcome(report, Check.ENDORSEMENTS) is outcome

    @pytest.mark.parametrize("endorsement", [5, "x", "eyJ.eyJ.eyJ", [[]], {}])
    def test_what_is_none_fails(self, endorsement: object) -> None:
        badge = signed() | {"endorsement": endorsement}
        report = verify(badge, now=NOW)
        assert not report.verified
        assert _outcome(report, Check.ENDORSEMENTS) is not Outcome.PASSED


def test_every_check_is_reported_in_order_whatever_the_others_say() -> None:
    for document in (signed(), {"id": "urn:x"}, {}, {"type": 5, "proof": 5, "credentialStatus": 5, "endorsement": 5}):
        assert [result.check for result in verify(document, now=NOW).results] == list(Check)


def test_a_did_key_of_another_fragment_is_no_key() -> None:
    badge = signed()
    badge["proof"][0]["verificationMethod"] = verification_method_of(OTHER_KEY.public_key).replace(
        did_of(OTHER_KEY.public_key), ISSUER
    )
    assert verify(badge, now=NOW).verdict is Verdict.NOT_VALID
