"""Documents with places for texts: what is written reads back, and nothing else does."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbadges_kit.documents import dump_json, parse_json_object
from openbadges_kit.errors import MalformedDocument
from openbadges_kit.patterns import Pattern, pattern_of

DOCUMENT: dict[str, Any] = {"a": "één", "b": [{"c": "<0|1>", "d": 1}, "twee"], "e": {"f": 'drie "', "g": True}, "h": {}}
PLACES = [("b", 0, "c"), ("a",), ("e", "f")]
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)


def made() -> Pattern:
    pattern = pattern_of(DOCUMENT, PLACES)
    assert pattern is not None
    return pattern


@given(st.tuples(texts, texts, texts))
def test_what_is_written_from_texts_is_the_document_with_them_and_reads_back(some: tuple[str, ...]) -> None:
    pattern = made()
    data = pattern.written(some)
    assert data == dump_json(pattern.filled(some))
    needs_escape = any(json.dumps(text, ensure_ascii=False) != f'"{text}"' for text in some)
    # Whatever needs an escape goes the long way.
    assert pattern.read(data) == (None if needs_escape else (some, b"}"))


@given(st.lists(st.tuples(st.integers(0, 100), st.binary(max_size=3)), min_size=1, max_size=2))
def test_bytes_that_were_changed_read_as_what_a_parser_reads_or_as_nothing(changes: list[tuple[int, bytes]]) -> None:
    pattern = made()
    data = pattern.written(["x", "y", "z"])
    for place, new in changes:
        data = data[:place] + new + data[place + 1 :]
    read = pattern.read(data)
    if read is None:
        return
    some, rest = read
    whole = data[: len(data) - len(rest)] + b"}"
    assert parse_json_object(whole) == pattern.filled(some)


@pytest.mark.parametrize("bad", [b"\\n", b"\n", b"\xff", b"\xed\xa0\x80", b'"'], ids=str)
def test_a_text_that_is_written_otherwise_or_is_none_is_not_read(bad: bytes) -> None:
    pattern = made()
    data = pattern.written(["x", "HERE", "z"]).replace(b"HERE", bad)
    assert pattern.read(data) is None
    if bad != b"\\n":
        with pytest.raises(MalformedDocument):
            parse_json_object(data)


def test_more_members_behind_the_last_are_given_back_unread() -> None:
    pattern = made()
    data = pattern.written(["x", "y", "z"])
    assert pattern.read(data[:-1] + b',"proof":[]}') == (("x", "y", "z"), b',"proof":[]}')
    assert pattern.read(data[:-1]) == (("x", "y", "z"), b"")
    assert pattern.read(data[:-2]) is None


def test_without_a_place_there_is_no_pattern() -> None:
    assert pattern_of(DOCUMENT, []) is None
