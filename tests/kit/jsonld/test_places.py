"""Blank nodes named by place make the same statements as blank nodes named by anybody."""

from __future__ import annotations

import copy

import pytest
from pyld.jsonld import JsonLdProcessor

from openbadges_kit.documents import JsonObject
from openbadges_kit.jsonld.context_store import BUNDLED_CONTEXTS
from openbadges_kit.jsonld.places import PlacedObject, place_objects, to_placed_quads
from openbadges_kit.jsonld.processor import expand_with, quads_of
from openbadges_kit.jsonld.rdfc10 import canonicalize
from openbadges_kit.vocabulary import CREDENTIALS_V2, OPEN_BADGES_3_0_3
from tests.kit.proof.documents import badge

TERMS: JsonObject = {
    "@version": 1.1,
    "@vocab": "https://v.example/",
    "id": "@id",
    "type": "@type",
    "list": {"@container": "@list"},
    "graph": {"@container": "@graph"},
    "byLanguage": {"@container": "@language"},
    "byIndex": {"@container": "@index"},
    "byId": {"@container": "@id"},
    "byType": {"@container": "@type"},
    "parentOf": {"@reverse": "https://v.example/childOf"},
    "json": {"@type": "@json"},
    "nested": "@nest",
}
MEMBERS: dict[str, JsonObject] = {
    "objects without ids": {"a": {"b": {"c": "x"}}, "d": [{"e": 1}, {"e": 1}, {"e": 2}]},
    "an empty object": {"a": {}},
    "a list": {"list": ["x", "y", "x"]},
    "an empty list": {"list": []},
    "a list of one": {"list": "x"},
    "lists in lists": {"list": [["x"], [], [["y", {"a": 1}]]]},
    "objects in a list": {"list": [{"a": 1}, {"list": [{"a": 2}]}]},
    "two equal lists": {"a": {"list": ["x"]}, "b": {"list": ["x"]}},
    "one object twice, with a list each": {"a": {"id": "urn:1", "list": ["x"]}, "b": {"id": "urn:1", "list": ["y"]}},
    "a graph": {"graph": {"a": {"b": "x"}, "list": ["x", {"a": 1}]}},
    "graphs": {"graph": [{"a": {"b": "x"}}, {"a": {"b": "y"}}]},
    "a graph without a term": {"a": {"@graph": [{"a": {"b": "x"}}]}},
    "languages": {"byLanguage": {"nl": "versnelling", "en": ["gear", "gears"]}},
    "indexes": {"byIndex": {"one": {"a": 1}, "two": [{"a": 2}]}},
    "ids": {"byId": {"urn:1": {"a": {"b": 1}}}},
    "types": {"byType": {"One": [{"a": {"b": 1}}, {"a": 2}]}},
    "a reverse term": {"parentOf": [{"a": {"b": 1}}, {"list": ["x"]}]},
    "a reverse keyword": {"@reverse": {"childOf": {"a": {"b": 1}}}},
    "a JSON literal": {"json": {"a": [{"b": 1}]}},
    "nesting": {"nested": {"a": {"b": 1}, "list": ["x"]}},
    "a set": {"a": {"@set": [{"b": 1}, {"b": 2}]}},
    "included": {"@included": [{"a": {"b": 1}}]},
    "values": {"a": [{"@value": "x", "@language": "nl"}, {"@value": "1", "@type": "https://v.example/T"}]},
    "names that look like paths": {"a/b": {"c": 1}, "a": {"b/c": {"d": 1}, "~1": {"d": 1}}},
}


def _plain(document: JsonObject) -> str:
    return canonicalize(quads_of(expand_with(JsonLdProcessor, document))).nquads


@pytest.mark.parametrize("name", MEMBERS)
@pytest.mark.parametrize("extra", [{}, {"id": "urn:root"}], ids=["root without an id", "root with an id"])
def test_the_canonical_form_is_the_same(name: str, extra: JsonObject) -> None:
    document = {"@context": TERMS, **extra, "z": "last", **MEMBERS[name]}
    placed = canonicalize(to_placed_quads(place_objects(document), BUNDLED_CONTEXTS))
    assert placed.nquads == _plain(document)


def test_a_badge_and_a_presentation_of_it_have_the_same_canonical_form() -> None:
    presentation = {
        "@context": [CREDENTIALS_V2, OPEN_BADGES_3_0_3],
        "type": "VerifiablePresentation",
        "verifiableCredential": [badge(), badge()],
    }
    for document in (badge(), presentation):
        placed = canonicalize(to_placed_quads(place_objects(document), BUNDLED_CONTEXTS))
        assert placed.nquads == _plain(document)


@pytest.mark.parametrize("name", MEMBERS)
def test_a_part_says_of_the_same_nodes_what_the_whole_says(name: str) -> None:
    whole = place_objects({"@context": TERMS, **MEMBERS[name], "other": [{"x": 1}, {"x": 1}]})
    part = copy.deepcopy(whole)
    del part["other"]
    statements = [set(to_placed_quads(document, BUNDLED_CONTEXTS)) for document in (whole, part)]
    assert statements[1] < statements[0]


def test_an_object_keeps_its_place_wherever_it_is_copied_to() -> None:
    placed = place_objects({"a": [{"b": {}}, {"c/~": {}}]})
    [_, second] = copy.deepcopy(placed)["a"]
    assert isinstance(second["c/~"], PlacedObject)
    assert second["c/~"].place == "/a/1/c~1~0"
