"""What is asked of one text of a row, once the badge was asked about as a whole: all that prepare() would ask of it."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbadges_kit import batch_issuance
from openbadges_kit.batch_issuance import Issued, Refused, issue_many
from openbadges_kit.documents import JsonObject
from openbadges_kit.errors import IssuanceRefused
from openbadges_kit.issuance import PreparedCredential
from openbadges_kit.jsonld.shape import leaf_places
from openbadges_kit.schema import free_places
from openbadges_kit.schema.free_places import takes_any_text
from openbadges_kit.schema.open_badges import ACHIEVEMENT_CREDENTIAL_SCHEMA
from openbadges_kit.skills import guards
from openbadges_kit.status.bitstring import build_status_entry
from openbadges_kit.verification import questions
from openbadges_kit.verification.questions import order_of_period, question_of
from openbadges_kit.verification.verifier import check_schema, check_schema_takes_any_text, check_structure
from openbadges_kit.vocabulary import ULO_V1_SCHEMA
from tests.kit.test_batches import (
    ID,
    KEY,
    LEVEL,
    LEVELS,
    NOW,
    SUBJECT,
    document,
    one_by_one,
    outcome,
    prepared,
)

UUID = "urn:uuid:11122233-3000-4000-8000-123456782000"
STATUS = "$.credentialStatus.id"
INDEX, LIST = "$.credentialStatus.statusListIndex", "$.credentialStatus.statusListCredential"
HASH, SALT = "$.credentialSubject.identifier[0].identityHash", "$.credentialSubject.identifier[0].salt"
START, END, AWARDED = "$.validFrom", "$.validUntil", "$.awardedDate"
EVIDENCE, TITLE, STORY = "$.evidence[0].id", "$.evidence[0].name", "$.evidence[0].narrative"


@cache
def ready() -> PreparedCredential:
    return prepared(badge())


def badge() -> JsonObject:
    made = document()
    made["credentialSubject"]["identifier"] = [
        {"type": "IdentityObject", "hashed": True, "identityHash": "sha256$00", "identityType": "name", "salt": "zout"}
    ]
    made["credentialStatus"] = build_status_entry(url="https://status.example.org/lists/1", index=7)
    return made


def place_of(path: str) -> list[str | int]:
    return [int(step) if step.isdigit() else step for step in re.split(r"[.\[\]]+", path.removeprefix("$.")) if step]


def text_at(path: str) -> str:
    text: Any = badge()
    for step in place_of(path):
        text = text[step]
    assert isinstance(text, str)
    return text


def filled(row: dict[str, str]) -> JsonObject:
    made = badge()
    for path, text in row.items():
        *steps, last = place_of(path)
        target: Any = made
        for step in steps:
            target = target[step]
        target[last] = text
    return made


def stream(*rows: dict[str, str]) -> list[Issued | Refused]:
    """The rows behind a good one of their kind: those before it are asked about as a whole."""
    good = {path: text_at(path) for path in rows[0]}
    first, *rest = issue_many(ready(), [{**good, ID: "urn:x:1"}, *rows], signing_key=KEY)
    assert isinstance(first, Issued)
    return rest


HOSTILE = {
    ID: [
        "",
        "urn:",
        "geen kenmerk",
        "_:b0",
        "urn:x y",
        "urn:bsn:111222333",
        "relatief",
        "urn:x\n",
        UUID,
        "urn:uuid:111222333",
    ],
    SUBJECT: [
        *(
            "",
            "urn:",
            "geen kenmerk",
            "_:b0",
            "https://a.example/111222333",
            "urn:uuid:111222333",
            UUID,
            f"{UUID}/111222333",
        ),
        *("urn:x\u2028", "mailto:111.222.333@example.org", "urn:bsn:11122233", "x:111222333https://a.example"),
    ],
    START: [
        *("gisteren", "", "2026-11-20", "2026-02-30T09:00:00Z", "2026-11-20T09:00:00", "2036-11-20T09:00:01Z"),
        *("2036-11-20T09:00:00Z", "2036-11-20T09:00:01+00:01"),
    ],
    END: ["morgen", "2026-11-20T08:59:59Z", "2026-11-20T09:00:00Z", "2026-11-20T24:00:01Z"],
    AWARDED: ["ooit", "2026-13-01T00:00:00Z", "1122-23-33T00:00:00Z", "2040-01-01T00:00:00Z"],
    HASH: ["111222333", "bsn 111222333", "", "\ud800"],
    SALT: ["111222333", "\0"],
    STATUS: ["111222333", "urn:x:111222333"],
    INDEX: ["111222333"],
    LIST: ["geen adres", "urn:x:1"],
    EVIDENCE: ["https://a.example/111222333", "urn:x:1", "relatief", "urn:y 1"],
    TITLE: ["Burgerservicenummer 111222333", "111222333", "1112.22.333"],
    STORY: ["bel 06-11122233", "data:text/plain,bsn 111222333", "10 cijfers 1112223334"],
}


@pytest.mark.parametrize("path", HOSTILE)
def test_a_hostile_text_behind_a_good_one_gets_the_answer_of_prepare_and_issue(path: str) -> None:
    rows = [{ID: "urn:x:3", path: text} for text in HOSTILE[path]]
    for row, result in zip(rows, stream(*rows), strict=True):
        assert outcome(result) == one_by_one(row, badge())


def test_both_ends_of_a_period_may_differ() -> None:
    start = "2030-01-01T00:00:00Z"
    rows = [{ID: "urn:x:3", START: start, END: end} for end in ("2029-12-31T23:59:59Z", start)]
    assert [outcome(result) for result in stream(*rows)] == [one_by_one(row, badge()) for row in rows]


digits = st.sampled_from(
    ["111222333", "11122233", "111.222.333", "1112.22.333", "123456789", "20261120", "0", "bsn", " "]
)
addresses = st.sampled_from(["urn:x:", "https://a.example/", "mailto:", "data:,", UUID, "did:key:z", "x:", "", "_:"])
moments = st.sampled_from(
    ["2026-11-20T09:00:00Z", "2036-11-20T09:00:00Z", "2036-11-20T09:00:00.5Z", "2030-01-01T24:00:00-14:00", "T"]
)
pieces = st.lists(st.one_of(digits, addresses, moments), max_size=3).map("".join)
texts = st.one_of(pieces, st.text(max_size=12), moments)


class TestNothingIsForgotten:
    """Whatever the rows, each gets what prepare() and issue() give for its document."""

    @given(row=st.dictionaries(st.sampled_from(sorted(HOSTILE)), texts, min_size=1, max_size=3))
    def test_of_texts_that_are_asked_about_alone(self, row: dict[str, str]) -> None:
        row = {ID: "urn:x:3", **row}
        (result,) = stream(row)
        try:
            expected: object = prepared(filled(row))
        except IssuanceRefused as error:
            expected = error.findings
        assert (result.prepared if isinstance(result, Issued) else result.findings) == expected

    @given(text=texts)
    def test_of_the_guards(self, text: str) -> None:
        found = guards.find_problems({"credentialSubject": {"id": text}}, now=NOW)
        assert guards.may_hold_number(text, of_a_person=True) >= bool(found)
        assert guards.may_hold_number(text, of_a_person=False) == bool(guards.find_problems({"name": text}, now=NOW))

    @given(data=st.data(), text=texts)
    def test_of_the_schema(self, data: st.DataObject, text: str) -> None:
        made = badge() | {"credentialSchema": {"id": ULO_V1_SCHEMA, "type": "JsonSchema"}}
        *steps, last = data.draw(
            st.sampled_from([p for p in leaf_places(made) if check_schema_takes_any_text(made, p)])
        )
        target: Any = made
        for step in steps:
            target = target[step]
        before = check_schema(made)
        target[last] = text
        assert check_schema(made) == before


def test_levels_that_passed_together_are_not_asked_about_again(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[JsonObject] = []

    def counted(one: JsonObject) -> Any:
        asked.append(one)
        return check_structure(one)

    monkeypatch.setattr(batch_issuance, "check_structure", counted)
    levels = [f"{LEVELS}/{level}" for level in ("voldoende", "onvoldoende", "voldoende", "onbekend", "voldoende")]
    rows = [{ID: f"urn:x:{n}", LEVEL: level} for n, level in enumerate(levels)]
    results = list(issue_many(ready(), rows, signing_key=KEY))
    assert [outcome(result) for result in results] == [one_by_one(row, badge()) for row in rows]
    assert [isinstance(result, Issued) for result in results] == [True, False, True, False, True]
    # Once for the level that passes, and for each row that does not.
    assert len(asked) == 3


def test_as_many_combinations_as_are_remembered_and_more_are_issued(monkeypatch: pytest.MonkeyPatch) -> None:
    path = "$.credentialSubject.achievement.tag[0]"
    rows = [{ID: f"urn:x:{n}", path: f"{n % 3}" * (1 + 9 * (n % 2))} for n in range(8)]
    for limit, value in (("MAX_SOUND", 1), ("MAX_SOUND_TEXT", 5)):
        monkeypatch.setattr(questions, limit, value)
        for row, result in zip(rows, issue_many(ready(), rows, signing_key=KEY), strict=True):
            assert outcome(result) == one_by_one(row, badge())


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"targetUrl": "https://a.example/"}, ("id",)),
        ({"credentialSubject": {"id": "urn:x:1", "achievementType": "Badge"}}, ("credentialSubject", "id")),
        ({"evidence": {"identifierType": "isbn", "id": "urn:x"}}, ("evidence", "id")),
        ({}, ("credentialSubject", "achievement", "name")),
        ({}, ("issuer", "id")),
        ({}, ("credentialSubject", "identifier", 0, "identityType")),
        ({}, ("credentialStatus", "statusPurpose")),
        ({"type": ["VerifiableCredential", "EndorsementCredential"]}, ("id",)),
        ({"@context": ["https://www.w3.org/2018/credentials/v1"]}, ("id",)),
    ],
)  # fmt: skip
def test_what_is_judged_with_something_else_is_not_asked_about_alone(
    changes: JsonObject, place: tuple[str | int, ...]
) -> None:
    assert question_of(badge() | changes, place) is None


def test_a_period_is_asked_about_where_it_has_two_ends_and_one_may_differ() -> None:
    assert order_of_period(badge(), [("id",)]) is None
    without = badge()
    del without["validUntil"]
    assert order_of_period(without, [("validFrom",)]) is None
    assert order_of_period(badge(), [("validFrom",)]) is not None


@pytest.mark.parametrize(
    ("schema", "place", "expected"),
    [
        ({"properties": {"a": {"type": "string", "format": "uri"}}}, ("a",), True),
        ({"properties": {"a": {"type": "string", "pattern": "b"}}}, ("a",), False),
        ({"properties": {"a": {"enum": ["b"]}}}, ("a",), False),
        ({"properties": {"a": {"anyOf": [{"type": "string"}, {"minLength": 3}]}}}, ("a",), False),
        ({"properties": {"a": {"not": {"const": "b"}}}}, ("a",), False),
        ({"properties": {"a": {"$ref": "#/$defs/A"}}, "$defs": {"A": {"maxLength": 1}}}, ("a",), False),
        ({"properties": {"a": {"$ref": "#/$defs/A"}}, "$defs": {"A": {"$ref": "#/$defs/A"}}}, ("a",), False),
        ({"properties": {"a": {"$ref": "https://a.example/"}}}, ("a",), False),
        ({"properties": {"a": {"if": {"properties": {"b": {"const": "c"}}}}}}, ("a", "b"), False),
        ({"properties": {"a": {"const": {"b": "c"}}}}, ("a", "b"), False),
        ({"patternProperties": {"a": {"const": "b"}}}, ("a",), False),
        ({"additionalProperties": {"const": "b"}}, ("a",), False),
        ({"properties": {"a": {}}, "additionalProperties": {"const": "b"}}, ("a",), True),
        ({"additionalProperties": False}, ("a",), True),
        ({"properties": {"a": {"items": {"pattern": "b"}}}}, ("a", 0), False),
        ({"properties": {"a": {"items": [{}]}}}, ("a", 0), False),
        ({"properties": {"a": {"uniqueItems": True}}}, ("a", 0), False),
        ({"properties": {"a": {"contains": {"const": "b"}}}}, ("a", 0), False),
        ({"properties": {"a": {"items": {"type": "object"}}}}, ("a", 0), True),
        ({"propertyNames": {"pattern": "b"}}, ("a",), True),
    ],
)
def test_a_schema_takes_any_text_where_nothing_in_it_looks_at_one(
    schema: JsonObject,
    place: tuple[str | int, ...],
    expected: bool,  # noqa: FBT001  # a table
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(free_places, "bundled_schema", lambda _: schema)
    takes_any_text.cache_clear()
    try:
        assert takes_any_text("urn:schema", place) is expected
    finally:
        takes_any_text.cache_clear()


def test_the_places_that_most_batches_differ_in_are_asked_about_alone() -> None:
    places = {
        *(("id",), ("credentialSubject", "id"), ("validFrom",), ("validUntil",), ("awardedDate",)),
        *(("credentialStatus", "id"), ("credentialStatus", "statusListIndex"), ("evidence", 1, "id")),
        ("credentialSubject", "identifier", 0, "identityHash"),
    }
    assert {place for place in leaf_places(badge()) if question_of(badge(), place) is not None} >= places
    assert takes_any_text(ACHIEVEMENT_CREDENTIAL_SCHEMA, ("credentialSubject", "result", 0, "status")) is False
