"""https://www.rfc-editor.org/rfc/rfc6901 and https://www.w3.org/TR/vc-di-ecdsa/#selectjsonld"""

from __future__ import annotations

from typing import Any

import pytest

from openbadges_kit.documents import JsonObject
from openbadges_kit.errors import MalformedDocument
from openbadges_kit.proof.selective.pointers import parse_pointer, resolve_pointer, select

# https://www.rfc-editor.org/rfc/rfc6901#section-5
RFC_6901: JsonObject = {
    "foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, "i\\j": 5, 'k"l': 6, " ": 7, "m~n": 8,
}  # fmt: skip
DOCUMENT: JsonObject = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "id": "urn:1",
    "type": ["A", "B"],
    "name": "n",
    "list": [{"id": "urn:2", "type": "C", "x": 1, "y": 2}, {"id": "_:b", "x": 3, "y": 4}, "text"],
    "deep": {"type": "D", "er": {"est": [1, 2, 3]}},
    "0": "a name that looks like an index",
}


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("", RFC_6901), ("/foo", ["bar", "baz"]), ("/foo/0", "bar"), ("/", 0), ("/a~1b", 1), ("/c%d", 2),
        ("/e^f", 3), ("/g|h", 4), ("/i\\j", 5), ('/k"l', 6), ("/ ", 7), ("/m~0n", 8),
    ],
)  # fmt: skip
def test_an_example_of_the_rfc_points_where_it_says(pointer: str, value: Any) -> None:
    assert resolve_pointer(RFC_6901, pointer) == value


def test_an_escaped_tilde_before_a_one_is_no_slash() -> None:
    assert parse_pointer("/~01/~10") == ["~1", "/0"]


@pytest.mark.parametrize("pointer", ["foo", "#/foo", "/~", "/~2", "/a~", "/a~/b", None, 1, ["/foo"], b"/foo"])
def test_what_is_no_pointer_is_refused(pointer: Any) -> None:
    with pytest.raises(MalformedDocument):
        parse_pointer(pointer)


@pytest.mark.parametrize(
    "pointer",
    [
        "/none", "/list/3", "/list/-", "/list/00", "/list/01", "/list/-1", "/list/+1", "/list/1.0", "/list/ 1",
        "/list/١", "/list/999999999999999999999", "/name/0", "/name/length", "/deep/er/est/0/1", "/list/0/id/x",
        "/Name",
    ],
)  # fmt: skip
def test_a_pointer_to_nothing_is_refused(pointer: str) -> None:
    with pytest.raises(MalformedDocument):
        select(DOCUMENT, [pointer])


@pytest.mark.parametrize(
    ("pointers", "expected"),
    [
        (["/name"], {"name": "n"}),
        (["/0"], {"0": "a name that looks like an index"}),
        (["/id"], {}),
        (["/type"], {}),
        (["/type/1"], {}),
        (["/@context"], {}),
        (["/@context/0"], {}),
        (["/list/0/x"], {"list": [{"id": "urn:2", "type": "C", "x": 1}]}),
        # A blank node's label is no identity, and array elements close up in their order.
        (["/list/2", "/list/1/y"], {"list": [{"y": 4}, "text"]}),
        (["/list/1"], {"list": [{"id": "_:b", "x": 3, "y": 4}]}),
        (["/deep/er/est/2", "/deep/er/est/0"], {"deep": {"type": "D", "er": {"est": [1, 3]}}}),
        (["/deep/er/est/2", "/deep/er"], {"deep": {"type": "D", "er": {"est": [1, 2, 3]}}}),
        (["/deep/er", "/deep/er/est/2"], {"deep": {"type": "D", "er": {"est": [1, 2, 3]}}}),
        (["/name", "/name"], {"name": "n"}),
    ],
)
def test_a_selection_has_what_was_asked_for_and_what_says_what_it_is(pointers: list[str], expected: JsonObject) -> None:
    always = {name: DOCUMENT[name] for name in ("@context", "id", "type")}
    assert select(DOCUMENT, pointers) == always | expected


def test_the_pointer_to_all_selects_all() -> None:
    assert select(DOCUMENT, ["/name", ""]) == DOCUMENT
    assert select(DOCUMENT, ["", "/name"]) == DOCUMENT


def test_without_pointers_there_is_no_selection() -> None:
    assert select(DOCUMENT, []) is None


def test_more_pointers_than_a_credential_has_members_are_refused() -> None:
    assert select(DOCUMENT, ["/name"] * 1024) is not None
    with pytest.raises(MalformedDocument):
        select(DOCUMENT, ["/name"] * 1025)
