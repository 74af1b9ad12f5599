"""What a bitstring list says about a badge, and when it says nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbadges_kit.did.did_key import verification_method_of
from openbadges_kit.did.resolver import Resolver
from openbadges_kit.documents import JsonObject, as_list, dump_json
from openbadges_kit.keys.public_key import PublicKey
from openbadges_kit.keys.verification_method import VerificationMethod
from openbadges_kit.problems import Problem
from openbadges_kit.proof.vc_jwt import encode_vc_jwt
from openbadges_kit.status.bitstring import (
    MINIMUM_ENTRIES,
    build_status_entry,
    build_status_list_credential,
    encode_list,
)
from openbadges_kit.verification.report import Outcome, Verdict
from openbadges_kit.verification.verifier import verify
from openbadges_kit.vocabulary import StatusPurpose
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
from tests.kit.status.asking import as_token, codes, result, verified
from tests.published import published_json


class TestBitstringVerified:
    """What the list of the issuer says about a badge decides; what is not the issuer's list decides nothing."""

    @pytest.mark.parametrize(
        ("purpose", "problem"), [("revocation", Problem.REVOKED), ("suspension", Problem.SUSPENDED)]
    )
    def test_revoked_and_suspended_are_not_valid(self, purpose: str, problem: Problem) -> None:
        badge = as_token(unsigned(credentialStatus=[status_entry(5), status_entry(7, purpose=purpose)]))
        listed = signed_unchecked(
            build_status_list_credential(url=LIST_URL, issuer=ISSUER, set_indexes=[7], valid_from=NOW)
            | {"credentialSubject": _subject([7], ["revocation", "suspension"])}
        )
        report = verified(badge, {LIST_URL: listed})
        assert report.verdict is Verdict.NOT_VALID
        assert [(finding.code, finding.path) for finding in result(report).findings] == [
            (problem, "$.credentialStatus[1]")
        ]

    def test_a_newer_version_is_told_and_stands_in_nobodys_way(self) -> None:
        badge = signed(credentialStatus=status_entry(7, purpose="refresh"))
        listed = _list_for(StatusPurpose.REFRESH, set_indexes=[7])
        assert codes(verified(badge, {LIST_URL: listed})) == [Problem.NEWER_VERSION]
        assert verified(badge, {LIST_URL: listed}).verified
        assert codes(verified(badge, {LIST_URL: _list_for(StatusPurpose.REFRESH)})) == []

    @pytest.mark.parametrize(("value", "text"), [(0, "nieuw"), (2, "gezien"), (3, "0x3")])
    def test_a_message_is_passed_on(self, value: int, text: str) -> None:
        texts = ["nieuw", "oud", "gezien", "-"]
        entry = build_status_entry(url=LIST_URL, index=7, purpose=StatusPurpose.MESSAGE, messages=texts)
        entry["statusMessage"].pop()
        listed = _list_for(StatusPurpose.MESSAGE, values={7: value}, size=2, entries=2 * MINIMUM_ENTRIES)
        report = verified(signed(credentialStatus=entry), {LIST_URL: listed})
        assert report.verified
        assert [(finding.code, finding.details["value"]) for finding in result(report).findings] == [
            (Problem.STATUS_MESSAGE, text)
        ]
        assert text in report.to_json()["results"][6]["findings"][0]["sentence"]

    def test_a_purpose_of_another_kind_is_not_known(self) -> None:
        badge = signed(credentialStatus=status_entry(7, purpose="lending"))
        report = verified(badge, {LIST_URL: status_list()})
        assert codes(report) == [Problem.STATUS_UNKNOWN]
        assert report.verdict is Verdict.UNSETTLED

    @pytest.mark.parametrize(
        "listed",
        [
            status_list(key=OTHER_KEY),
            status_list() | {"validFrom": "2026-11-19T09:00:00Z"},
            status_list(type=["VerifiableCredential"]),
            status_list(credentialSubject={"id": f"{LIST_URL}#list", "type": "BitstringStatusList"}),
            status_list(credentialSubject={"id": f"{LIST_URL}#list"}),
            status_list(validUntil="2026-11-20T08:59:59Z"),
            signed(),
            b"<html>",
            b"",
            b"[]",
        ],
        ids=[
            "another issuer's",
            "changed",
            "no list",
            "empty",
            "no type",
            "expired",
            "a badge",
            "a page",
            "nothing",
            "an array",
        ],
    )
    def test_a_list_that_is_not_the_issuers_or_not_sound_is_not_used(self, listed: bytes | JsonObject) -> None:
        report = verified(signed(credentialStatus=status_entry()), {LIST_URL: listed})
        assert result(report).outcome is Outcome.COULD_NOT_CHECK
        assert codes(report) == [Problem.STATUS_LIST_INVALID]
        assert report.verdict is Verdict.UNSETTLED

    def test_a_list_says_how_long_it_is_good(self) -> None:
        listed = _list_for(StatusPurpose.REVOCATION, valid_until=NOW + timedelta(days=1))
        assert listed["validUntil"] == "2026-11-21T09:00:00Z"
        assert verified(signed(credentialStatus=status_entry()), {LIST_URL: listed}).verified

    def test_the_published_revoked_badge_is_revoked_once_its_issuer_lists_its_key(self) -> None:
        folder = "vectors/1edtech/ob30/bit-string-list"
        badge, listed = (published_json(f"{folder}/{name}") for name in ("credential-status-revoked.json", "testlist"))
        issuer, method_url = badge["issuer"]["id"], badge["proof"]["verificationMethod"]
        key = PublicKey.from_multikey(method_url.partition("#")[2])
        method = VerificationMethod(method_url, issuer, key)
        page = {"id": issuer, "verificationMethod": [method.to_json()], "assertionMethod": [method_url]}
        report = verify(badge, now=NOW, resolver=Resolver({issuer: page}), fetch=lambda _: dump_json(listed))
        assert codes(report) == [Problem.REVOKED]
        assert codes(verify(badge, now=NOW)) == [Problem.STATUS_NOT_HAD]

    @pytest.mark.parametrize("purpose", ["revocation", "suspension", "refresh"])
    def test_a_list_that_belongs_elsewhere_by_its_own_word_is_told_and_counts(self, purpose: str) -> None:
        badge = signed(credentialStatus=status_entry(7, purpose=purpose))
        for named, warnings in ((f"{LIST_URL}0", [Problem.STATUS_LIST_ELSEWHERE]), (LIST_URL, []), (None, [])):
            listed = build_status_list_credential(
                url=LIST_URL, issuer=ISSUER, valid_from=NOW, purpose=StatusPurpose(purpose)
            )
            listed = {name: value for name, value in {**listed, "id": named}.items() if value is not None}
            report = verified(badge, {LIST_URL: signed_unchecked(listed)})
            assert (codes(report), report.verdict) == (warnings, Verdict.VALID)

    def test_a_message_from_a_list_that_belongs_elsewhere_is_told_with_it(self) -> None:
        entry = build_status_entry(url=LIST_URL, index=7, purpose=StatusPurpose.MESSAGE, messages=["nieuw", "oud"])
        listed = build_status_list_credential(
            url=f"{LIST_URL}0", issuer=ISSUER, valid_from=NOW, purpose=StatusPurpose.MESSAGE
        )
        report = verified(signed(credentialStatus=entry), {LIST_URL: signed_unchecked(listed)})
        assert codes(report) == [Problem.STATUS_MESSAGE, Problem.STATUS_LIST_ELSEWHERE]

    def test_a_list_that_is_down_is_no_all_clear(self) -> None:
        report = verified(signed(credentialStatus=status_entry()), {})
        assert codes(report) == [Problem.STATUS_NOT_HAD]
        assert report.verdict is Verdict.UNSETTLED

    def test_a_list_for_another_purpose_is_no_all_clear(self) -> None:
        report = verified(signed(credentialStatus=status_entry(purpose="suspension")), {LIST_URL: status_list()})
        assert result(report).outcome is Outcome.COULD_NOT_CHECK

    @pytest.mark.parametrize("with_vc_claim", [False, True])
    def test_a_list_may_come_as_a_jwt(self, *, with_vc_claim: bool) -> None:
        def as_jwt(set_indexes: list[int]) -> bytes:
            document = build_status_list_credential(
                url=LIST_URL, issuer=ISSUER, set_indexes=set_indexes, valid_from=NOW
            )
            method = verification_method_of(ISSUER_KEY.public_key)
            token = encode_vc_jwt(
                document, verification_method=method, signing_key=ISSUER_KEY, with_vc_claim=with_vc_claim
            )
            return token.encode()

        badge = signed(credentialStatus=status_entry(7))
        assert verified(badge, {LIST_URL: as_jwt([8])}).verified
        assert codes(verified(badge, {LIST_URL: as_jwt([7])})) == [Problem.REVOKED]

    @pytest.mark.parametrize("entry", [7, "x", {"type": "StatusList2021Entry"}, {"type": 7}, None])
    def test_a_status_of_another_kind_could_not_be_checked(self, entry: object) -> None:
        report = verified(as_token(unsigned(credentialStatus=[entry, status_entry()])), {LIST_URL: status_list()})
        assert not report.verified
        assert Problem.STATUS_UNKNOWN in codes(report)

    def test_more_entries_than_a_badge_needs_are_not_asked(self) -> None:
        report = verified(signed_unchecked(unsigned(credentialStatus=[status_entry(n) for n in range(9)])), {})
        assert codes(report) == [Problem.STATUS_NOT_HAD]


def _subject(set_indexes: list[int], purposes: list[str]) -> JsonObject:
    return {
        "id": f"{LIST_URL}#list",
        "type": "BitstringStatusList",
        "statusPurpose": purposes,
        "encodedList": encode_list(set_indexes),
    }


def _list_for(purpose: StatusPurpose, **arguments: Any) -> JsonObject:
    return signed_unchecked(
        build_status_list_credential(url=LIST_URL, issuer=ISSUER, valid_from=NOW, purpose=purpose, **arguments)
    )


@given(
    st.recursive(
        st.none() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["id", "type", "statusListIndex"]), inner),
    )
)
def test_whatever_a_badge_says_of_its_status_it_is_no_all_clear(value: Any) -> None:
    report = verified(as_token(unsigned(credentialStatus=value) | {"refreshService": value}), {})
    expected = Outcome.COULD_NOT_CHECK if as_list(value) else Outcome.NOT_APPLICABLE
    assert result(report).outcome is expected
