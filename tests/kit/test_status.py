"""Status lists: a set bit is the bit that is read, and a list that is not sound says nothing."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbadges_kit.did.did_key import did_of, verification_method_of
from openbadges_kit.did.resolver import Resolver
from openbadges_kit.documents import JsonObject, as_list, dump_json
from openbadges_kit.encoding import base64url, multibase
from openbadges_kit.errors import ResolutionError, StatusListError
from openbadges_kit.issuance import issue_status_list_token, issue_vc_jwt, prepare
from openbadges_kit.keys.signing_key import InMemoryKey
from openbadges_kit.keys.verification_method import VerificationMethod
from openbadges_kit.problems import Problem
from openbadges_kit.proof.vc_jwt import encode_vc_jwt
from openbadges_kit.status.bitstring import (
    MAX_LIST_BYTES,
    MINIMUM_ENTRIES,
    StatusEntry,
    build_status_entry,
    build_status_list_credential,
    decode_list,
    encode_list,
    read_status,
    status_at,
    time_to_live,
)
from openbadges_kit.status.free_index import random_free_index
from openbadges_kit.status.revocation_list import find_revocation
from openbadges_kit.status.token_status_list import (
    StatusReference,
    TokenStatus,
    build_status_list_claims,
    read_token_status,
)
from openbadges_kit.verification.report import Check, CheckResult, Outcome, Report, Verdict
from openbadges_kit.verification.verifier import verify
from openbadges_kit.vocabulary import OPEN_BADGES_EXTENSIONS, ProblemType, StatusPurpose
from tests.kit.samples import (
    ISSUER,
    ISSUER_KEY,
    LIST_URL,
    NOW,
    OTHER_KEY,
    P256_KEY,
    signed,
    signed_unchecked,
    status_entry,
    status_list,
    unsigned,
)
from tests.published import published_json

indexes = st.integers(0, MINIMUM_ENTRIES - 1)


def verified(badge: bytes | str | JsonObject, pages: Mapping[str, bytes | JsonObject]) -> Report:
    """The report, with these pages as all the network there is."""

    def fetch(url: str) -> bytes:
        if url not in pages:
            raise ResolutionError(f"{url} is down")
        page = pages[url]
        return page if isinstance(page, bytes) else dump_json(page)

    return verify(badge, now=NOW, fetch=fetch)


def as_token(badge: JsonObject) -> str:
    """The badge as a JWT, whatever JSON-LD would say of it."""
    return encode_vc_jwt(
        badge, verification_method=verification_method_of(ISSUER_KEY.public_key), signing_key=ISSUER_KEY
    )


def result(report: Report, check: Check = Check.STATUS) -> CheckResult:
    return next(one for one in report.results if one.check is check)


def codes(report: Report, check: Check = Check.STATUS) -> list[Problem]:
    return [finding.code for finding in result(report, check).findings]


class TestBitstring:
    """A value that is set is the value that is read, whatever stands around it."""

    @given(
        st.integers(1, 8).flatmap(
            lambda size: st.tuples(st.just(size), st.dictionaries(indexes, st.integers(0, 2**size - 1)))
        )
    )
    def test_values(self, drawn: tuple[int, dict[int, int]]) -> None:
        size, values = drawn
        bits = decode_list(encode_list(values=values, size=size), size=size)
        assert all(status_at(bits, index, size=size) == value for index, value in values.items())
        assert sum(bits) == sum(
            decode_list(encode_list(values={i: v for i, v in values.items() if v}, size=size), size=size)
        )
        for neighbour in {index + step for index in values for step in (-1, 1)} - values.keys():
            if 0 <= neighbour < MINIMUM_ENTRIES:
                assert status_at(bits, neighbour, size=size) == 0

    def test_the_first_bit_is_the_most_significant_of_the_first_byte(self) -> None:
        bits = decode_list(encode_list([0, 9]))
        assert bits[:2] == b"\x80\x40"
        assert decode_list(encode_list(values={1: 2}, size=2), size=2)[:1] == b"\x20"

    def test_the_published_list_has_its_published_bit(self) -> None:
        badge = published_json("vectors/1edtech/ob30/bit-string-list/credential-status-revoked.json")
        listed = published_json("vectors/1edtech/ob30/bit-string-list/testlist")
        assert read_status(StatusEntry.parse(badge["credentialStatus"]), listed) == 1

    @pytest.mark.parametrize(
        "arguments",
        [
            {"set_indexes": [MINIMUM_ENTRIES]},
            {"set_indexes": [-1]},
            {"values": {0: 2}},
            {"values": {0: -1}},
            {"values": {0: 4}, "size": 2},
        ],
        ids=str,
    )
    def test_what_does_not_fit_is_not_set(self, arguments: dict[str, Any]) -> None:
        with pytest.raises(StatusListError):
            encode_list(**arguments)

    @pytest.mark.parametrize("index", [-1, MINIMUM_ENTRIES])
    def test_nothing_is_read_beyond_the_end(self, index: int) -> None:
        with pytest.raises(StatusListError):
            status_at(decode_list(encode_list()), index)

    @pytest.mark.parametrize(
        "encoded",
        [
            multibase.encode_base64url(gzip.compress(bytes(MAX_LIST_BYTES + 1))),
            multibase.encode_base64url(gzip.compress(bytes(16 * 1024)) + b"\0"),
            multibase.encode_base64url(gzip.compress(bytes(16 * 1024))[:-9]),
            multibase.encode_base64url(zlib.compress(bytes(16 * 1024))),
            multibase.encode_base58(gzip.compress(bytes(16 * 1024))),
            gzip.compress(bytes(16 * 1024)).hex(),
            "u",
            "u=",
            7,
            None,
        ],
        ids=["bomb", "more behind", "cut off", "zlib", "base58", "hex", "empty", "not base64url", "number", "nothing"],
    )
    def test_a_list_that_cannot_be_read_is_none(self, encoded: object) -> None:
        with pytest.raises(StatusListError):
            decode_list(encoded)

    def test_a_short_list_is_named_as_the_standard_names_it(self) -> None:
        short = encode_list(entries=MINIMUM_ENTRIES // 2)
        with pytest.raises(StatusListError) as refused:
            decode_list(short)
        assert refused.value.problem_type is ProblemType.STATUS_LIST_LENGTH
        with pytest.raises(StatusListError):
            decode_list(encode_list(), size=2)

    @given(st.text() | st.binary().map(multibase.encode_base64url))
    def test_whatever_the_text_only_the_kits_error_comes_out(self, encoded: str) -> None:
        with pytest.raises(StatusListError):
            decode_list(encoded)


class TestStatusEntry:
    """What an entry says is read as it was built."""

    def test_an_entry_for_messages(self) -> None:
        texts = ["in behandeling", "toegekend", "afgewezen", "vervallen"]
        built = build_status_entry(url=LIST_URL, index=3, purpose=StatusPurpose.MESSAGE, messages=texts)
        assert built["statusSize"] == 2
        assert StatusEntry.parse(built) == StatusEntry("message", 3, LIST_URL, 2, dict(enumerate(texts)))

    @pytest.mark.parametrize("purpose", sorted(set(StatusPurpose) - {StatusPurpose.MESSAGE}))
    def test_an_entry_for_anything_else(self, purpose: StatusPurpose) -> None:
        built = build_status_entry(url=LIST_URL, index=7, purpose=purpose)
        assert built == status_entry(7, purpose=purpose)
        assert StatusEntry.parse(built) == StatusEntry(purpose, 7, LIST_URL)

    @pytest.mark.parametrize(
        ("purpose", "messages"),
        [("message", []), ("message", ["a"]), ("message", ["a"] * 3), ("revocation", ["a", "b"])],
    )
    def test_messages_come_in_powers_of_two_and_for_messages_only(self, purpose: str, messages: list[str]) -> None:
        with pytest.raises(StatusListError):
            build_status_entry(url=LIST_URL, index=0, purpose=StatusPurpose(purpose), messages=messages)

    @pytest.mark.parametrize(
        "changes",
        [
            {"statusListIndex": "07"},
            {"statusListIndex": "-1"},
            {"statusListIndex": "١"},
            {"statusListIndex": 1.5},
            {"statusListIndex": True},
            {"statusListIndex": None},
            {"statusListIndex": "9" * 40},
            {"statusListCredential": 7},
            {"statusSize": 0},
            {"statusSize": 9},
            {"statusSize": "1"},
            {"statusSize": True},
            {"statusMessage": [7]},
            {"statusMessage": {"status": "1", "message": "a"}},
            {"statusMessage": {"status": "0x1"}},
        ],
        ids=str,
    )
    def test_an_entry_that_says_nothing_clear_is_none(self, changes: JsonObject) -> None:
        with pytest.raises(StatusListError):
            StatusEntry.parse({**status_entry(), **changes})
        badge = as_token(unsigned(credentialStatus={**status_entry(), **changes}))
        assert not verified(badge, {LIST_URL: status_list()}).verified

    def test_how_long_a_list_may_be_kept(self) -> None:
        document = build_status_list_credential(url=LIST_URL, issuer=ISSUER, valid_from=NOW, ttl=timedelta(minutes=5))
        assert document["credentialSubject"]["ttl"] == 300_000
        assert time_to_live(document) == timedelta(minutes=5)
        assert time_to_live(status_list()) is None
        for ttl in ("5", -1, True, 10**30, 1.5):
            with pytest.raises(StatusListError):
                time_to_live({"credentialSubject": {"ttl": ttl}})


class TestFreeIndex:
    """Every free index can come out, and no other."""

    @given(st.data())
    def test_it_is_free(self, data: st.DataObject) -> None:
        entries = data.draw(st.integers(1, 12))
        taken = data.draw(st.sets(st.integers(-2, 14)))
        free = [index for index in range(entries) if index not in taken]
        for position, expected in enumerate(free):
            asked: list[int] = []

            def draw(n: int, position: int = position, asked: list[int] = asked) -> int:
                asked.append(n)
                return position

            assert random_free_index(taken, entries=entries, draw=draw) == expected
            assert asked == [len(free)]
        if not free:
            with pytest.raises(StatusListError):
                random_free_index(taken, entries=entries, draw=lambda _: 0)

    @pytest.mark.parametrize("drawn", [-1, 4])
    def test_a_draw_outside_is_refused(self, drawn: int) -> None:
        with pytest.raises(StatusListError):
            random_free_index([], entries=4, draw=lambda _: drawn)


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
            status_list(type=["VerifiableCredential", "OpenBadgeCredential"]),
            status_list(credentialSubject={"id": f"{LIST_URL}#list", "type": "BitstringStatusList"}),
            status_list(validUntil="2026-11-20T08:59:59Z"),
            signed(),
            b"<html>",
            b"",
            b"[]",
        ],
        ids=["another issuer's", "changed", "no list", "empty", "expired", "a badge", "a page", "nothing", "an array"],
    )
    def test_a_list_that_is_not_the_issuers_or_not_sound_is_not_used(self, listed: bytes | JsonObject) -> None:
        report = verified(signed(credentialStatus=status_entry()), {LIST_URL: listed})
        assert result(report).outcome is Outcome.COULD_NOT_CHECK
        assert codes(report) == [Problem.STATUS_LIST_INVALID]
        assert report.verdict is Verdict.UNSETTLED

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
