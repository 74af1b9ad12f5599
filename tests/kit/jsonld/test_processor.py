"""Safe mode: whatever JSON-LD would leave out of the signature is refused, with the place where it stands.

https://www.w3.org/TR/json-ld11-api/ drops without a word what it does not know.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from openbadges_kit.documents import JsonObject
from openbadges_kit.errors import (
    ContextNotBundled,
    OpenBadgesError,
    ProofTransformationError,
    UnmappedTerms,
    WorkLimitExceeded,
)
from openbadges_kit.jsonld.processor import MAX_SIBLINGS, MAX_VALUES, find_unmapped_terms, to_quads
from openbadges_kit.jsonld.rdfc10 import canonicalize
from openbadges_kit.problems import Problem
from openbadges_kit.vocabulary import CREDENTIALS_V2, OPEN_BADGES_3_0_3
from tests.kit.samples import unsigned


def _achievement(**changes: Any) -> JsonObject:
    badge = unsigned()
    badge["credentialSubject"]["achievement"].update(changes)
    return badge


def _found(document: JsonObject) -> set[tuple[Problem, str]]:
    return {(finding.code, finding.path) for finding in find_unmapped_terms(document)}


def test_a_good_badge_has_every_leaf_in_a_statement() -> None:
    assert find_unmapped_terms(unsigned()) == ()
    canonical = canonicalize(to_quads(unsigned())).nquads
    for text in ("Een lekke band plakken", "Fietsschool", "Laat het zien.", '"fiets"', '"band"'):
        assert text in canonical


@pytest.mark.parametrize(
    ("document", "code", "path"),
    [
        (unsigned(naam="x"), Problem.UNMAPPED_TERM, "$.naam"),
        (_achievement(nivo="4"), Problem.UNMAPPED_TERM, "$.credentialSubject.achievement.nivo"),
        (unsigned(**{"Naam & nivo": "x"}), Problem.UNMAPPED_TERM, "$['Naam & nivo']"),
        (unsigned(evidence=[{"type": ["Evidence"]}, {"type": ["Evidence"], "soort": "x"}]),
         Problem.UNMAPPED_TERM, "$.evidence[1].soort"),
        (_achievement(description=None), Problem.NULL_VALUE, "$.credentialSubject.achievement.description"),
        (_achievement(tag=["a", None]), Problem.NULL_VALUE, "$.credentialSubject.achievement.tag[1]"),
        (unsigned(id="badge-7"), Problem.RELATIVE_IRI, "$.id"),
        (_achievement(id="/achievements/7"), Problem.RELATIVE_IRI, "$.credentialSubject.achievement.id"),
        (_achievement(id="https://e.example/a b"), Problem.RELATIVE_IRI, "$.credentialSubject.achievement.id"),
        (_achievement(id="_:b0"), Problem.RELATIVE_IRI, "$.credentialSubject.achievement.id"),
        (_achievement(type=["Achievement", "Prestatie"]), Problem.RELATIVE_IRI,
         "$.credentialSubject.achievement.type[1]"),
        (unsigned(name={"@value": "x", "@language": "ned land"}), Problem.LANGUAGE_TAG, "$.name['@language']"),
        (unsigned(name={"@value": "x", "@direction": "rtl"}), Problem.NOT_IN_RDF, "$.name['@direction']"),
    ],
    ids=lambda value: value if isinstance(value, str) else str(value["credentialSubject"]["achievement"]["id"])[-8:],
)  # fmt: skip
def test_what_would_be_dropped_is_named_with_its_place(document: JsonObject, code: Problem, path: str) -> None:
    assert _found(document) == {(code, path)}
    with pytest.raises(UnmappedTerms) as refused:
        to_quads(document)
    assert [finding.path for finding in refused.value.findings] == [path]


def test_a_term_of_another_place_is_named_where_it_does_not_belong() -> None:
    """`achievedLevel` belongs to a Result. In an Evidence the same name means nothing."""
    result = {"type": ["Result"], "achievedLevel": "urn:level"}
    badge = unsigned(evidence=[{"type": ["Evidence"], "achievedLevel": "urn:level"}])
    badge["credentialSubject"]["result"] = [result]
    assert _found(badge) == {(Problem.UNMAPPED_TERM, "$.evidence[0].achievedLevel")}


@pytest.mark.parametrize(
    "value",
    [{"a": 1, "b": [None, {"id": "relative"}]}, "text", [1, 2], 7, {}, [], None],
    ids=["object", "text", "array", "number", "empty-object", "empty-array", "null"],
)
def test_embedded_json_is_refused_by_that_name_and_in_its_place(value: object) -> None:
    context = {"data": {"@id": "https://a.example/data", "@type": "@json"}}
    badge = unsigned() | {"@context": [CREDENTIALS_V2, OPEN_BADGES_3_0_3, context], "data": value}
    assert {code for code, _ in _found(badge)} == {Problem.JSON_LITERAL}
    assert (Problem.JSON_LITERAL, "$.data") in _found(badge)
    with pytest.raises(UnmappedTerms):
        to_quads(badge)


def test_embedded_json_of_a_bundled_context_is_refused_too() -> None:
    badge = unsigned(
        credentialSchema=[{"id": "https://a.example/1", "type": "JsonSchema", "jsonSchema": {"type": "x"}}]
    )
    assert (Problem.JSON_LITERAL, "$.credentialSchema[0].jsonSchema") in _found(badge)


def test_every_place_is_told_at_once() -> None:
    badge = _achievement(nivo="4", id="rel")
    badge["naam"] = None
    badge["evidence"] = [{"type": ["Evidence"], "soort": "x"}]
    assert {path for _, path in _found(badge)} == {
        "$.naam",
        "$.evidence[0].soort",
        "$.credentialSubject.achievement.id",
        "$.credentialSubject.achievement.nivo",
    }


@pytest.mark.parametrize(
    "context",
    [
        ["https://evil.example/context"],
        [{"@import": "https://evil.example/context"}],
        [{"x": {"@id": "https://e.example/x", "@context": "https://evil.example/context"}}],
    ],
)
def test_no_context_outside_the_bundle_is_used(context: list[Any]) -> None:
    document = unsigned(**{"@context": [CREDENTIALS_V2, OPEN_BADGES_3_0_3, *context]})
    with pytest.raises((ContextNotBundled, ProofTransformationError)):
        to_quads(document)
    with pytest.raises(ContextNotBundled):
        to_quads(_achievement(**{"@context": "https://evil.example/context"}))


def test_a_protected_term_cannot_be_given_another_meaning() -> None:
    for redefinition in ({"name": "https://e.example/x"}, {"VerifiableCredential": "https://e.example/x"}, None):
        document = unsigned(**{"@context": [CREDENTIALS_V2, OPEN_BADGES_3_0_3, redefinition]})
        with pytest.raises((ProofTransformationError, UnmappedTerms)):
            to_quads(document)


def test_more_than_can_be_processed_is_refused_before_it_is_tried() -> None:
    for document in (
        _achievement(tag=["x"] * (MAX_SIBLINGS + 1)),
        _achievement(**{f"x{number}": "y" for number in range(MAX_VALUES)}),
    ):
        with pytest.raises(WorkLimitExceeded):
            to_quads(document)
    assert len(find_unmapped_terms(_achievement(**{f"x{number}": "y" for number in range(1000)}))) <= 20


NAMES = st.sampled_from(
    ["id", "type", "name", "@id", "@type", "@value", "@language", "@list", "@set", "@graph", "@included", "@reverse",
     "@nest", "@index", "@context", "@json", "issuer", "achievement", "credentialSubject", "https://e.example/x",
     "x:y", ""]
)  # fmt: skip
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=12,
)
USUAL = [CREDENTIALS_V2, OPEN_BADGES_3_0_3]


class TestAnythingMayBeAsked:
    """Whatever JSON comes, it is quads or one of the kit's errors."""

    @given(st.dictionaries(NAMES, json_values, max_size=5), st.sampled_from([{}, {"@context": USUAL}]))
    @example({"@included": False}, {"@context": []})
    def test_only_the_kits_errors_come_out(self, document: JsonObject, contexts: JsonObject) -> None:
        document |= contexts
        try:
            quads = to_quads(document)
        except OpenBadgesError:
            return
        for quad in quads:
            assert not any(term.startswith("<") and ":" not in term for term in quad)
