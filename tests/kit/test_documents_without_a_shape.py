"""What is never compiled, and what a compiled shape refuses because JSON-LD does."""

from __future__ import annotations

import re

import pytest

from openbadges_kit.did.did_key import verification_method_of
from openbadges_kit.documents import JsonObject
from openbadges_kit.errors import OpenBadgesError, ProofTransformationError, UnmappedTerms
from openbadges_kit.jsonld import compiler
from openbadges_kit.jsonld.canonical_form import canonical_nquads
from openbadges_kit.jsonld.compiled_shape import LiteralSlot, is_free_iri
from openbadges_kit.jsonld.context_store import ContextStore
from openbadges_kit.proof.data_integrity import build_proof_options
from tests.kit import differential
from tests.kit.differential import NAMED
from tests.kit.shapes import (
    GENERAL,
    KEY,
    NOW,
    OWN,
    assert_both_refuse,
    assert_same,
    changed,
    learned,
    own,
    reference,
    teach,
)

pytestmark = pytest.mark.filterwarnings("ignore::SyntaxWarning")  # PyLD warns of terms that begin with "@"


# IRI slots


@pytest.mark.parametrize(
    "value",
    ["", "_:b0", "relative", "/path", "#fragment", "//host/x", "ex:thing", "known:x", "@id", "urn:a b", "urn:<",
     "urn:>", 'urn:"', "urn:{", "urn:}", "urn:|", "urn:\\", "urn:^", "urn:`", "urn:\x00", "urn:\n", "urn:x\nurn:y",
     "\nurn:x", "urn:x\n", "urn:\u2028", "urn:\x7f", "urn:é", "urn:\ud800", "HTTPS://a.example/",
     "tag:a.example,2026:1", "Thing", "https//a.example"],
)  # fmt: skip
def test_only_a_plain_absolute_iri_fills_an_iri_slot(value: str) -> None:
    store, shape = learned(own(ref="urn:y"))
    assert shape is not None
    assert not is_free_iri(value)
    assert not shape.fits(["urn:x", "naam", value])
    assert not shape.fits([value, "naam", "urn:y"])
    document = own(ref=value)
    try:
        expected = canonical_nquads(document, GENERAL)
    except OpenBadgesError:
        assert_both_refuse(document, store)
    else:
        assert canonical_nquads(document, store) == expected


@pytest.mark.parametrize(
    "context", [{"urn": "https://term.example/"}, {"https://v.example/known": {"@id": "https://v.example/known"}}]
)  # fmt: skip
def test_a_context_with_a_term_that_an_iri_could_be_is_not_compiled(context: JsonObject) -> None:
    url = "https://v.example/context/own-term"
    store = ContextStore({**NAMED, url: {"@context": context}})
    document = {"@context": [OWN, url], "id": "did:example:1", "word": "https://v.example/known"}
    assert learned(document, store)[1] is None


def test_a_vocabulary_word_and_the_iri_that_it_stands_for_are_two_variants() -> None:
    options = build_proof_options(verification_method=verification_method_of(KEY.public_key), created=NOW)
    word = {**options, "@context": reference()["@context"]}
    iri = {**word, "proofPurpose": "https://w3id.org/security#assertionMethod"}
    store, shape = learned(word)
    assert shape is not None
    assert [text for _, text in shape.constants] == ["assertionMethod"]
    assert_same(iri, store)
    teach(store, iri)
    assert store.shapes is not None
    assert len(store.shapes) == 2
    assert assert_same(iri, store) == assert_same(word, store)
    assert_same({**word, "proofPurpose": "authentication"}, store)


# What is never compiled


def test_equal_numbers_of_two_kinds_are_not_compiled() -> None:
    # Found in reading PyLD: it takes 1 and 1.0 of one node for one value. Two nodes that become one lose a quad.
    document = own(part=[{"id": "urn:y", "known": 1}, {"id": "urn:z", "known": 1.0}])
    store, shape = learned(document)
    assert shape is None
    assert_same(own(part=[{"id": "urn:y", "known": 1}, {"id": "urn:y", "known": 1.0}]), store)


def test_the_text_of_a_double_is_no_slot() -> None:
    # JSON-LD rewrites 1.50 to 1.5E0, and leaves a marker as it is.
    store, shape = learned(own(double="1.50"))
    assert shape is not None
    assert [text for _, text in shape.constants] == ["1.50"]
    assert b'"2.5E0"' in assert_same(own(double="2.5"), store)


def test_a_list_is_not_compiled() -> None:
    assert learned(own(list=["een", "twee"]))[1] is None


def test_a_marker_within_a_larger_text_stops_the_compiling() -> None:
    landing = compiler._Landing(re.compile("marker([0-9]+):"))
    assert landing.slot('"marker7:"') == LiteralSlot(7, "")
    for term in (
        '"{\\"a\\":\\"marker7:\\"}"',
        '"x"^^<marker7:>',
        '"x"@marker7:',
        "<urn:marker7:>",
        '"marker7:"^^<marker7:>',
    ):
        with pytest.raises(compiler._NotCompilable):
            landing.slot(term)


def test_a_text_that_looks_like_a_marker_is_a_text() -> None:
    document = own(ref="urn:openbadges-kit:leaf:0:0:", name="urn:openbadges-kit:leaf:1:0:")
    store, shape = learned(document)
    assert shape is not None
    assert_same(document, store)
    assert_same(own(ref="urn:y", name="urn:openbadges-kit:leaf:2:0:"), store)


# What the general path refuses


def test_a_term_that_no_context_defines_is_refused_for_a_known_shape_too() -> None:
    store, _ = learned(reference())
    assert_both_refuse({**reference(), "unknown": "x"}, store)
    assert_both_refuse({**reference(), "name": None}, store)


def test_what_is_said_elsewhere_of_the_credential_itself_is_refused_by_a_compiled_shape_too() -> None:
    # Found by the fuzzer: safe mode refuses it for the equality of two identifiers, which no shape knows.
    status = differential.ATTACHMENTS["credentialStatus"]
    related = [{"id": "https://a.example/1", "digestSRI": "sha384-x", "mediaType": "text/plain"}]
    document = {**reference(), "credentialStatus": status, "relatedResource": related}
    store, shape = learned(document)
    assert shape is not None
    hidden = changed(document, "relatedResource.0.id", document["id"])
    with pytest.raises(UnmappedTerms, match="hidden-member"):
        canonical_nquads(hidden, GENERAL)
    assert_both_refuse(hidden, store)


@pytest.mark.parametrize("store", [ContextStore(NAMED), GENERAL])
@pytest.mark.parametrize("document", [own(ref="@foo"), own(part={"id": "@foo", "name": "x"}), {**own(), "id": "@foo"}])
def test_an_identifier_that_looks_like_a_keyword_is_refused(store: ContextStore, document: JsonObject) -> None:
    # Found by the fuzzer: expanding makes it null, which safe mode took for nothing, and only PyLD's second
    # expansion, on the way to RDF, stumbled over it.
    with pytest.raises(UnmappedTerms):
        canonical_nquads(document, store)


def test_a_document_that_imports_a_context_does_not_change_it_for_others() -> None:
    store = ContextStore()
    credential = reference()
    before = canonical_nquads(credential, store)
    importing = {"@context": {"@import": credential["@context"][0], "name": "https://evil.example/"}, "name": "x"}
    with pytest.raises(ProofTransformationError):
        canonical_nquads(importing, store)
    assert canonical_nquads(credential, store) == before
    assert canonical_nquads(credential, ContextStore()) == before
