"""A list that many badges of a batch lean on is fetched and verified once, and what it says is asked for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from openbadges_kit.did.did_key import verification_method_of
from openbadges_kit.documents import JsonObject, dump_json
from openbadges_kit.errors import ResolutionError
from openbadges_kit.issuance import issue_status_list_token
from openbadges_kit.proof.vc_jwt import encode_vc_jwt
from openbadges_kit.status.bitstring import build_status_list_credential
from openbadges_kit.status.token_status_list import StatusReference, build_status_list_claims
from openbadges_kit.verification import kept_lists, verifier
from openbadges_kit.verification.batch import verify_many
from openbadges_kit.verification.kept_lists import USUAL_TIME_TO_LIVE
from openbadges_kit.verification.report import Report
from openbadges_kit.verification.statuses import token_list
from openbadges_kit.verification.verifier import verify
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

METHOD: Final = verification_method_of(ISSUER_KEY.public_key)
HOUR: Final = timedelta(hours=1)
SECOND: Final = timedelta(seconds=1)

Made = Callable[..., Any]


def bitstring_list(set_indexes: tuple[int, ...] = (), ttl: timedelta | None = HOUR, **changes: Any) -> bytes:
    listed = build_status_list_credential(
        url=LIST_URL, issuer=ISSUER, set_indexes=set_indexes, valid_from=NOW, ttl=ttl, **changes
    )
    return dump_json(signed_unchecked(listed))


def tokens_list(set_indexes: tuple[int, ...] = (), ttl: timedelta | None = HOUR) -> bytes:
    values = dict.fromkeys(set_indexes, 1)
    claims = build_status_list_claims(uri=LIST_URL, entries=1000, issued_at=NOW, values=values, ttl=ttl)
    return issue_status_list_token(claims, verification_method=METHOD, signing_key=ISSUER_KEY).encode()


def badge(index: int) -> JsonObject:
    return signed(credentialStatus=status_entry(index))


def token(index: int) -> str:
    status = StatusReference(LIST_URL, index).to_json()
    return encode_vc_jwt(unsigned(), verification_method=METHOD, signing_key=ISSUER_KEY, claims={"status": status})


class Pages:
    """All the network there is, which counts."""

    def __init__(self, *answers: bytes | None) -> None:
        self.answers = answers
        self.asked = 0

    def fetch(self, url: str) -> bytes:
        answer = self.answers[min(self.asked, len(self.answers) - 1)]
        self.asked += 1
        if answer is None:
            raise ResolutionError(f"{url} is down")
        return answer


def verdicts(badges: Iterator[Any] | list[Any], pages: Pages, now: Any = NOW) -> list[bool]:
    return [isinstance(one, Report) and one.verified for one in verify_many(badges, now=now, fetch=pages.fetch)]


both = pytest.mark.parametrize(
    ("a_badge", "a_list"), [(badge, bitstring_list), (token, tokens_list)], ids=["bitstring", "token"]
)


@both
def test_it_is_fetched_and_verified_once(a_badge: Made, a_list: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    verified = []

    def counted(function: Callable[..., Any]) -> Callable[..., Any]:
        def counts(*arguments: Any) -> Any:
            verified.append(1)
            return function(*arguments)

        return counts

    monkeypatch.setattr(verifier, "_verified_list", counted(verifier._verified_list))
    monkeypatch.setattr(token_list, "_verify", counted(token_list._verify))
    pages = Pages(a_list([7]))
    assert verdicts([a_badge(index) for index in (5, 7, 6, 7)], pages) == [True, False, True, False]
    assert (pages.asked, len(verified)) == (1, 1)


@both
def test_each_badge_gets_the_report_of_verify(a_badge: Made, a_list: Made) -> None:
    of_another = signed(OTHER_KEY, credentialStatus=status_entry(5))
    hostile = signed(credentialStatus=status_entry(5, purpose="suspension"))
    beyond = signed(credentialStatus=status_entry(10**9))
    badges = [a_badge(5), of_another, hostile, beyond, a_badge(7), a_badge(5)]
    pages = Pages(a_list([7]))
    for one, report in zip(badges, verify_many(badges, now=NOW, fetch=pages.fetch), strict=True):
        assert isinstance(report, Report)
        assert report.results == verify(one, now=NOW, fetch=Pages(a_list([7])).fetch).results


@both
@pytest.mark.parametrize(
    ("ttl", "after", "asked"),
    [
        (HOUR, HOUR - SECOND, 1), (HOUR, HOUR, 2), (timedelta(0), timedelta(0), 2), (HOUR, -SECOND, 2),
        (None, USUAL_TIME_TO_LIVE - SECOND, 1), (None, USUAL_TIME_TO_LIVE, 2),
    ],
    ids=["still good", "over", "good for no time", "a clock set back", "does not say", "does not say, later"],
)  # fmt: skip
def test_it_is_fetched_again_when_its_time_is_over(
    a_badge: Made, a_list: Made, ttl: timedelta | None, after: timedelta, asked: int
) -> None:
    clock = iter([NOW + SECOND, NOW + SECOND + after])
    pages = Pages(a_list(ttl=ttl), a_list([5], ttl=ttl))
    assert verdicts([a_badge(5), a_badge(5)], pages, now=lambda: next(clock)) == [True, asked == 1]
    assert pages.asked == asked


def test_it_is_not_used_beyond_its_own_end() -> None:
    pages = Pages(bitstring_list(valid_until=NOW + SECOND))
    clock = iter([NOW, NOW + HOUR / 2])
    assert verdicts([badge(5), badge(5)], pages, now=lambda: next(clock)) == [True, False]


@pytest.mark.parametrize("ttl", ["an hour", -1, True, 10**30])
def test_one_that_does_not_say_clearly_how_long_it_is_good_is_not_kept(ttl: object) -> None:
    listed = build_status_list_credential(url=LIST_URL, issuer=ISSUER, valid_from=NOW, ttl=HOUR)
    listed["credentialSubject"]["ttl"] = ttl
    claims = build_status_list_claims(uri=LIST_URL, entries=1000, issued_at=NOW) | {"ttl": ttl}
    as_token = issue_status_list_token(claims, verification_method=METHOD, signing_key=ISSUER_KEY).encode()
    for made, page in ((badge, _as_jwt(listed)), (token, as_token)):
        pages = Pages(page)
        assert verdicts([made(5), made(6)], pages) == [True, True]
        assert pages.asked == 2


def _as_jwt(listed: JsonObject) -> bytes:
    # As a JWT: JSON-LD takes a number, and safe mode refuses what is none.
    return encode_vc_jwt(listed, verification_method=METHOD, signing_key=ISSUER_KEY).encode()


@both
@pytest.mark.parametrize("first", [None, b"<html>"], ids=["down", "no list"])
def test_one_that_could_not_be_used_is_asked_for_again(a_badge: Made, a_list: Made, first: bytes | None) -> None:
    assert verdicts([a_badge(5), a_badge(5)], Pages(first, a_list())) == [False, True]


def test_a_list_that_leans_on_another_is_verified_for_each() -> None:
    listed = build_status_list_credential(url=LIST_URL, issuer=ISSUER, valid_from=NOW, ttl=HOUR)
    listed["credentialStatus"] = status_entry(1, url="https://status.example.org/lists/2")
    of_lists = build_status_list_credential(
        url="https://status.example.org/lists/2", issuer=ISSUER, valid_from=NOW, ttl=HOUR
    )
    pages = {LIST_URL: signed_unchecked(listed), "https://status.example.org/lists/2": signed_unchecked(of_lists)}
    asked: list[str] = []

    def fetch(url: str) -> bytes:
        asked.append(url)
        return dump_json(pages[url])

    for report in verify_many([badge(5), badge(6)], now=NOW, fetch=fetch):
        assert isinstance(report, Report)
        assert report.verified
    assert asked == [LIST_URL, "https://status.example.org/lists/2", LIST_URL]


def test_a_kept_list_counts_among_the_others_that_a_badge_may_lean_on(monkeypatch: pytest.MonkeyPatch) -> None:
    reports = verify_many([badge(5), badge(6)], now=NOW, fetch=Pages(bitstring_list()).fetch)
    first = next(reports)
    monkeypatch.setattr(verifier, "MAX_OTHER_DOCUMENTS", 0)
    second = next(reports)
    assert isinstance(first, Report)
    assert isinstance(second, Report)
    assert (first.verified, second.verified) == (True, False)


@both
def test_those_fetched_longest_ago_make_room(a_badge: Made, a_list: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    for limit, value in (("MAX_LISTS", 0), ("MAX_BYTES", 10)):
        pages = Pages(a_list())
        with monkeypatch.context() as patched:
            patched.setattr(kept_lists, limit, value)
            assert verdicts([a_badge(5), a_badge(6)], pages) == [True, True]
        assert pages.asked == 2


def test_a_time_to_live_may_end_beyond_the_calendar() -> None:
    lists, data, late = kept_lists.KeptLists(), b"a list", datetime.max.replace(tzinfo=UTC) - HOUR
    lists.keep(LIST_URL, data, "opened", about=None, now=late, time_to_live=2 * HOUR, ends=None)
    assert lists.through(lambda _: b"anew", now=late)(LIST_URL) is data
    assert lists.find(LIST_URL, data, about=None, now=late) == "opened"
    assert lists.find(LIST_URL, data, about="another issuer", now=late) is None


def test_a_large_list_is_unpacked_for_each() -> None:
    entries = 2 * 1024 * 1024
    assert verdicts([badge(5), badge(entries - 1)], Pages(bitstring_list((entries - 1,), entries=entries))) == [
        True,
        False,
    ]
