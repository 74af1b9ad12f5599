"""Token status lists: the same for badges that travel as tokens."""

from __future__ import annotations

import gzip
import zlib
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbadges_kit.did.did_key import verification_method_of
from openbadges_kit.did.resolver import Resolver
from openbadges_kit.documents import JsonObject
from openbadges_kit.encoding import base64url
from openbadges_kit.errors import StatusListError
from openbadges_kit.issuance import issue_status_list_token, issue_vc_jwt, prepare
from openbadges_kit.keys.signing_key import InMemoryKey
from openbadges_kit.keys.verification_method import VerificationMethod
from openbadges_kit.problems import Problem
from openbadges_kit.proof.sd_jwt_holding import select_disclosures
from openbadges_kit.proof.sd_jwt_issuance import issue_sd_jwt
from openbadges_kit.proof.vc_jwt import encode_vc_jwt
from openbadges_kit.status import token_status_list
from openbadges_kit.status.bitstring import (
    MAX_LIST_BYTES,
)
from openbadges_kit.status.token_status_list import (
    StatusReference,
    TokenStatus,
    build_status_list_claims,
    read_token_status,
)
from openbadges_kit.verification.policy import Policy
from openbadges_kit.verification.report import Verdict
from openbadges_kit.verification.verifier import verify
from tests.kit.samples import (
    ISSUER_KEY,
    LIST_URL,
    NOW,
    OTHER_KEY,
    P256_KEY,
    status_list,
    unsigned,
)
from tests.kit.status.asking import codes, verified


def token_badge(reference: object = None, key: InMemoryKey = ISSUER_KEY) -> str:
    """A badge as a JWT with a `status` claim."""
    status = StatusReference(LIST_URL, 7).to_json() if reference is None else reference
    method = verification_method_of(key.public_key)
    prepared = prepare(unsigned(), verification_method=method, created=NOW)
    return issue_vc_jwt(prepared, verification_method=method, signing_key=key, claims={"status": status})


def token_list(key: InMemoryKey = ISSUER_KEY, changes: JsonObject | None = None, **arguments: Any) -> bytes:
    claims = build_status_list_claims(uri=LIST_URL, entries=1000, issued_at=NOW, **arguments) | (changes or {})
    method = verification_method_of(key.public_key)
    return issue_status_list_token(claims, verification_method=method, signing_key=key).encode()


BOMB = base64url.encode(zlib.compress(bytes(MAX_LIST_BYTES + 1)))


class TestTokenStatusList:
    """The same for tokens: a value that is set is the value that is read, and only of the issuer's own list."""

    @given(
        st.sampled_from([1, 2, 4, 8]).flatmap(
            lambda bits: st.tuples(st.just(bits), st.dictionaries(st.integers(0, 999), st.integers(0, 2**bits - 1)))
        )
    )
    def test_values(self, drawn: tuple[int, dict[int, int]]) -> None:
        bits, values = drawn
        claims = build_status_list_claims(uri=LIST_URL, entries=1000, issued_at=NOW, values=values, bits=bits)
        for index in range(1000):
            if index in values or index - 1 in values or index + 1 in values:
                read = read_token_status(StatusReference(LIST_URL, index), claims, now=NOW)
                assert read == values.get(index, 0)

    def test_the_example_of_its_specification(self) -> None:
        """https://datatracker.ietf.org/doc/html/draft-ietf-oauth-status-list-17#section-4.1: 0xb9 and 0xa3."""
        values = dict(enumerate([1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1]))
        claims = build_status_list_claims(uri=LIST_URL, entries=16, issued_at=NOW, values=values)
        assert zlib.decompress(base64url.decode(claims["status_list"]["lst"])) == b"\xb9\xa3"
        published = {**claims, "status_list": {"bits": 1, "lst": "eNrbuRgAAhcBXQ"}}
        assert [read_token_status(StatusReference(LIST_URL, i), published, now=NOW) for i in range(16)] == list(
            values.values()
        )

    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            (TokenStatus.VALID, []),
            (TokenStatus.INVALID, [Problem.REVOKED]),
            (TokenStatus.SUSPENDED, [Problem.SUSPENDED]),
            (3, [Problem.STATUS_UNKNOWN]),
        ],
    )
    def test_what_it_says_about_a_badge(self, value: int, expected: list[Problem]) -> None:
        report = verified(token_badge(), {LIST_URL: token_list(values={7: value, 6: 1}, bits=2)})
        assert codes(report) == expected
        assert report.verified is (value == TokenStatus.VALID)

    @pytest.mark.parametrize(
        "listed",
        [
            token_list(OTHER_KEY),
            token_list(changes={"sub": f"{LIST_URL}/other"}),
            token_list(changes={"exp": NOW.timestamp() - 1}),
            token_list(changes={"exp": "tomorrow"}),
            token_list(changes={"iat": None}),
            token_list(changes={"status_list": {"bits": 3, "lst": "eNrbuRgAAhcBXQ"}}),
            token_list(changes={"status_list": {"bits": True, "lst": "eNrbuRgAAhcBXQ"}}),
            token_list(changes={"status_list": {"bits": 1, "lst": BOMB}}),
            token_list(changes={"status_list": {"bits": 1, "lst": base64url.encode(gzip.compress(bytes(99)))}}),
            token_list(changes={"status_list": {"bits": 1, "lst": "eNo"}}),
            token_list(changes={"status_list": {"bits": 1, "lst": base64url.encode(zlib.compress(b""))}}),
            token_list(changes={"status_list": []}),
            token_badge().encode(),
            status_list(),
            b"eyJ",
            b"\xff",
        ],
        ids=[
            "another issuer's", "of another address", "expired", "expiry unclear", "no moment", "three bits",
            "true bits", "bomb", "gzip", "cut off", "too short", "an array", "a badge", "a bitstring list",
            "no token", "bytes",
        ],
    )  # fmt: skip
    def test_a_list_that_is_not_the_issuers_or_not_sound_is_not_used(self, listed: bytes | JsonObject) -> None:
        report = verified(token_badge(), {LIST_URL: listed})
        assert codes(report) == [Problem.STATUS_LIST_INVALID]
        assert report.verdict is Verdict.UNSETTLED

    def test_a_list_that_is_down_is_no_all_clear(self) -> None:
        assert codes(verified(token_badge(), {})) == [Problem.STATUS_NOT_HAD]

    @pytest.mark.parametrize(
        ("status", "problem"),
        [
            ({"identifier_list": {"id": "a"}}, Problem.STATUS_UNKNOWN),
            ({"status_list": {"uri": LIST_URL}}, Problem.STATUS_LIST_INVALID),
            ({"status_list": {"uri": LIST_URL, "idx": True}}, Problem.STATUS_LIST_INVALID),
            ({"status_list": {"uri": LIST_URL, "idx": -1}}, Problem.STATUS_LIST_INVALID),
            ({"status_list": {"uri": 7, "idx": 1}}, Problem.STATUS_LIST_INVALID),
            ({"status_list": {"uri": LIST_URL, "idx": 10**9}}, Problem.STATUS_LIST_INVALID),
            ({"status_list": []}, Problem.STATUS_LIST_INVALID),
            ("revoked", Problem.STATUS_LIST_INVALID),
        ],
        ids=str,
    )
    def test_a_reference_that_says_nothing_clear_is_no_all_clear(self, status: object, problem: Problem) -> None:
        report = verified(token_badge(status), {LIST_URL: token_list()})
        assert codes(report) == [problem]
        assert not report.verified

    @pytest.mark.parametrize(
        ("changes", "sound"), [({}, True), ({"revoked": NOW}, False), ({"expires": NOW - timedelta(1)}, False)]
    )
    def test_a_list_of_a_key_in_other_hands_is_not_used(self, changes: dict[str, Any], sound: bool) -> None:  # noqa: FBT001
        issuer = "https://issuer.example.org"
        methods = [
            VerificationMethod(f"{issuer}#badges", issuer, P256_KEY.public_key),
            VerificationMethod(f"{issuer}#lists", issuer, OTHER_KEY.public_key, **changes),
        ]
        document = {
            "id": issuer,
            "verificationMethod": [m.to_json() for m in methods],
            "assertionMethod": [m.id for m in methods],
        }
        badge = unsigned(issuer={"id": issuer, "type": ["Profile"], "name": "A"})
        status = StatusReference(LIST_URL, 7).to_json()
        token = encode_vc_jwt(badge, verification_method=methods[0].id, signing_key=P256_KEY, claims={"status": status})
        claims = build_status_list_claims(
            uri=LIST_URL, entries=1000, issued_at=NOW, ttl=timedelta(hours=1), expires=NOW + timedelta(1)
        )
        listed = issue_status_list_token(claims, verification_method=methods[1].id, signing_key=OTHER_KEY)
        assert claims["ttl"] == 3600
        report = verify(token, now=NOW, resolver=Resolver({issuer: document}), fetch=lambda _: listed.encode())
        assert report.verified is sound

    @pytest.mark.parametrize("most", [0, 125, 1 << 20])
    def test_a_list_too_large_to_be_kept_unpacked_says_the_same_each_time(
        self, most: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(token_status_list, "MAX_BYTES_KEPT_UNPACKED", most)
        claims = build_status_list_claims(uri=LIST_URL, entries=1000, issued_at=NOW, values={7: 1, 999: 1})
        opened = token_status_list.OpenedTokenList(claims)
        for _ in range(2):
            said = [opened.read(StatusReference(LIST_URL, index), now=NOW) for index in (6, 7, 8, 998, 999)]
            assert said == [0, 1, 0, 0, 1]

    def test_a_list_is_held_to_the_algorithms_of_the_policy(self) -> None:
        did = "did:web:school.example"
        methods = [
            VerificationMethod(f"{did}#{number}", did, key.public_key)
            for number, key in enumerate((P256_KEY, ISSUER_KEY))
        ]
        document = {
            "id": did,
            "verificationMethod": [method.to_json() for method in methods],
            "assertionMethod": [method.id for method in methods],
        }
        badge = unsigned(issuer={"id": did, "type": ["Profile"], "name": "School"})
        token = issue_vc_jwt(
            prepare(badge, verification_method=methods[0].id, created=NOW),
            verification_method=methods[0].id,
            signing_key=P256_KEY,
            claims={"status": StatusReference(LIST_URL, 7).to_json()},
        )
        claims = build_status_list_claims(uri=LIST_URL, entries=1000, issued_at=NOW)
        listed = issue_status_list_token(claims, verification_method=methods[1].id, signing_key=ISSUER_KEY).encode()
        for allowed, verdict in (({"ES256"}, Verdict.UNSETTLED), ({"ES256", "EdDSA"}, Verdict.VALID)):
            policy = Policy(algorithms=frozenset(allowed))
            report = verify(token, now=NOW, resolver=Resolver({did: document}), fetch=lambda _: listed, policy=policy)
            assert report.verdict is verdict

    def test_a_badge_shown_in_part_is_asked_about_too(self) -> None:
        counter = iter(range(100))
        text = issue_sd_jwt(
            unsigned(),
            disclosable=["/name"],
            salt=lambda: next(counter).to_bytes(16, "big"),
            verification_method=verification_method_of(ISSUER_KEY.public_key),
            signing_key=ISSUER_KEY,
            issued_at=NOW,
            claims={"status": StatusReference(LIST_URL, 7).to_json()},
        )
        shown = select_disclosures(text, disclose=[])
        assert verified(shown, {LIST_URL: token_list()}).verified
        assert codes(verified(shown, {LIST_URL: token_list(values={7: 1})})) == [Problem.REVOKED]

    @pytest.mark.parametrize(
        "arguments", [{"bits": 3}, {"bits": 0}, {"values": {1000: 1}}, {"values": {-1: 1}}, {"values": {0: 2}}], ids=str
    )
    def test_what_does_not_fit_is_not_listed(self, arguments: dict[str, Any]) -> None:
        with pytest.raises(StatusListError):
            token_list(**arguments)

    @given(
        st.dictionaries(
            st.sampled_from(["sub", "iat", "exp", "status_list"]),
            st.none()
            | st.text()
            | st.floats()
            | st.dictionaries(st.sampled_from(["bits", "lst"]), st.integers() | st.text()),
        )
    )
    def test_whatever_the_claims_only_the_kits_error_comes_out(self, claims: JsonObject) -> None:
        with pytest.raises(StatusListError):
            read_token_status(StatusReference(LIST_URL, 0), {"sub": LIST_URL, "iat": 1, **claims}, now=NOW)
