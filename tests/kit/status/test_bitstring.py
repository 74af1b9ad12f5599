"""Bitstring status lists: a set bit is the bit that is read, and a list that is not sound is none."""

from __future__ import annotations

import gzip
import zlib
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbadges_kit.documents import JsonObject
from openbadges_kit.encoding import multibase
from openbadges_kit.errors import StatusListError
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
from openbadges_kit.vocabulary import ProblemType, StatusPurpose
from tests.kit.samples import (
    ISSUER,
    LIST_URL,
    NOW,
    status_entry,
    status_list,
    unsigned,
)
from tests.kit.status.asking import as_token, verified
from tests.published import published_json

indexes = st.integers(0, MINIMUM_ENTRIES - 1)


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

    @pytest.mark.parametrize(("drawn", "index"), [(0, 1), (1, 2), (2, 4), (3, 7)])
    def test_the_taken_ones_are_stepped_over(self, drawn: int, index: int) -> None:
        assert random_free_index([0, 3, 5, 6], entries=8, draw=lambda _: drawn) == index

    def test_a_full_list_has_none(self) -> None:
        with pytest.raises(StatusListError, match="all 4 entries"):
            random_free_index(range(4), entries=4, draw=lambda _: 0)

    @pytest.mark.parametrize("drawn", [-1, 4])
    def test_a_draw_outside_is_refused(self, drawn: int) -> None:
        with pytest.raises(StatusListError):
            random_free_index([], entries=4, draw=lambda _: drawn)
