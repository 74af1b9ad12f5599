"""What must hold for a compiled shape to be allowed in place of JSON-LD and RDFC-1.0."""

from __future__ import annotations

import copy
import json
import re
import subprocess
import sys
import threading
import warnings
from datetime import UTC, datetime
from typing import Any

import pytest

from openbadges_kit.did.did_key import did_of, verification_method_of
from openbadges_kit.documents import JsonObject
from openbadges_kit.errors import OpenBadgesError, ProofTransformationError, ProofVerificationError, UnmappedTerms
from openbadges_kit.jsonld import compiler
from openbadges_kit.jsonld.canonical_form import canonical_nquads, learn_shapes
from openbadges_kit.jsonld.compiled_shape import CompiledShape, LiteralSlot, is_free_iri
from openbadges_kit.jsonld.context_store import ContextStore
from openbadges_kit.jsonld.processor import to_quads
from openbadges_kit.jsonld.shape import shape_of, with_leaves
from openbadges_kit.jsonld.shape_cache import ShapeCache
from openbadges_kit.jsonld.templated_shape import TemplatedShape
from openbadges_kit.keys.signing_key import ed25519_key
from openbadges_kit.proof.data_integrity import add_proof, build_proof_options, verify_proof
from tests.kit import differential
from tests.kit.differential import NAMED, OWN_CONTEXT, REFERENCE

KEY = ed25519_key(bytes([7]) * 32)
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
GENERAL = ContextStore(NAMED, compile_shapes=False, memoise=False)
OWN = next(iter(NAMED))


def reference() -> JsonObject:
    document: JsonObject = json.loads(REFERENCE.read_bytes())
    document["issuer"]["id"] = did_of(KEY.public_key)
    return document


def own(**members: Any) -> JsonObject:
    return {"@context": OWN, "id": "urn:x", "name": "naam", **members}


def teach(store: ContextStore, document: JsonObject) -> None:
    """What two documents that verify teach."""
    for _ in range(2):
        observed = store.observing()
        canonical_nquads(document, observed)
        learn_shapes(observed)


def learned(document: JsonObject, store: ContextStore | None = None) -> tuple[ContextStore, TemplatedShape | None]:
    """A store that knows the document's shape, and its compiled shape if it could be had."""
    store = store or ContextStore(NAMED)
    teach(store, document)
    shape = shape_of(document)
    assert shape is not None
    assert store.shapes is not None
    return store, store.shapes.find(shape.key, shape.leaves)


def compiled(document: JsonObject) -> CompiledShape:
    shape = learned(document)[1]
    assert shape is not None
    return shape.shape


def changed(document: JsonObject, path: str, value: Any) -> JsonObject:
    result = copy.deepcopy(document)
    *steps, last = path.split(".")
    target: Any = result
    for step in steps:
        target = target[int(step) if step.isdigit() else step]
    target[int(last) if last.isdigit() else last] = value
    return result


def assert_same(document: JsonObject, store: ContextStore) -> bytes:
    """Both paths give the same bytes."""
    expected = canonical_nquads(document, GENERAL)
    assert canonical_nquads(document, store) == expected
    return expected


def assert_both_refuse(document: JsonObject, store: ContextStore) -> None:
    with pytest.raises(OpenBadgesError) as general:
        canonical_nquads(document, GENERAL)
    with pytest.raises(type(general.value)):
        canonical_nquads(document, store)


# The result is that of the general path


def test_a_fixed_budget_of_hostile_documents_shows_no_difference() -> None:
    counts, different = differential.run(20261120, limit=600)
    assert different == []
    assert counts.fast > counts.cases // 4, "the fuzzer no longer reaches the compiled shapes"
    assert counts.refused > counts.cases // 20, "the fuzzer is no longer hostile"


def test_a_known_shape_is_canonicalised_without_json_ld(monkeypatch: pytest.MonkeyPatch) -> None:
    store, _ = learned(reference())
    monkeypatch.setattr(store, "pyld_options", None)
    other = changed(reference(), "credentialSubject.id", "urn:uuid:7d0b8d3e-53a2-4b43-8a58-1f8c0a1c2f78")
    assert b"urn:uuid:7d0b8d3e-53a2-4b43-8a58-1f8c0a1c2f78" in canonical_nquads(other, store)


def test_labels_of_blank_nodes_move_with_the_values_and_are_recomputed() -> None:
    store, _ = learned(reference())
    labels = set()
    for number in range(40):
        document = changed(reference(), "credentialSubject.result.0.status", f"Status {number}")
        document["credentialSubject"]["id"] = f"urn:x:{number}"
        nquads = assert_same(document, store).decode()
        labels.add(next(line.split(" ")[0] for line in nquads.split("\n") if "#status>" in line))
    assert labels == {"_:c14n1", "_:c14n2", "_:c14n3"}


def test_blank_nodes_with_one_first_degree_hash_take_the_general_path() -> None:
    document = own(part=[{"name": "een"}, {"name": "twee"}])
    store, shape = learned(document)
    alike = own(part=[{"name": "een"}, {"name": "een"}])
    assert shape is not None
    assert shape.canonical_nquads(["urn:x", "naam", "een", "een"]) is None
    assert_same(alike, store)


def test_alike_blank_nodes_in_different_graphs_take_the_general_path() -> None:
    # No quads fall together here, so that only the hashes show it.
    def graphs(one: str, other: str) -> JsonObject:
        return own(graph=[{"name": one, "part": {"name": "drie"}}, {"name": other, "part": {"name": "vier"}}])

    store, shape = learned(graphs("een", "twee"))
    assert shape is not None
    alike = shape_of(graphs("een", "een"))
    assert alike is not None
    assert shape.canonical_nquads(alike.leaves) is None
    assert_same(graphs("een", "een"), store)


def test_equal_quads_of_a_blank_node_take_the_general_path() -> None:
    document = own(part={"part": ["een", "twee"]})
    store, shape = learned(document)
    assert shape is not None
    assert shape.canonical_nquads(["urn:x", "naam", "een", "een"]) is None
    assert_same(own(part={"part": ["een", "een"]}), store)


def test_a_first_degree_hash_counts_quads_that_only_look_equal_once_relabelled() -> None:
    # Both parts of the blank node are _:z to it: two lines, not one.
    document = own(part={"part": [{"name": "een"}, {"name": "twee"}], "note": "drie"})
    store, shape = learned(document)
    assert shape is not None
    assert_same(own(part={"part": [{"name": "vier"}, {"name": "vijf"}], "note": "zes"}), store)


def test_equal_quads_of_named_nodes_become_one() -> None:
    document = reference()
    store, shape = learned(document)
    assert shape is not None
    document["credentialSubject"]["achievement"]["creator"]["id"] = document["issuer"]["id"]
    document["credentialSubject"]["achievement"]["creator"]["name"] = document["issuer"]["name"]
    assert len(assert_same(document, store).splitlines()) == 79


@pytest.mark.parametrize(
    "text",
    ["\b", "\t", "\n", "\f", "\r", '"', "\\", "\x00", "\x0b", "\x1f", "\x7f", "\x85", "\u2028", "\ufffe", "\uffff",
     "\U0001f6b2", "%", "%s", "%%", "", " ", '" .\n_:a <urn:p> "', "\\n", "é", "e\u0301"],
)  # fmt: skip
def test_a_literal_is_escaped_as_in_canonical_nquads(text: str) -> None:
    store, shape = learned(own(part={"note": "een"}))
    assert shape is not None
    assert shape.canonical_nquads(["urn:x", f"a{text}b", text]) == assert_same(
        own(name=f"a{text}b", part={"note": text}), store
    )


@pytest.mark.parametrize("character", ["\ud800", "\udfff"])  # noqa: PT014  # two surrogates, not one
def test_a_lone_surrogate_is_refused_on_both_paths(character: str) -> None:
    store, _ = learned(own())
    assert_both_refuse(own(name=character), store)


def test_members_in_another_order_give_the_same_form() -> None:
    store, _ = learned(reference())
    backwards = dict(reversed(reference().items()))
    assert canonical_nquads(backwards, store) == canonical_nquads(reference(), store)


# What belongs to the shape


def test_a_number_a_boolean_and_its_look_alikes_are_other_shapes() -> None:
    keys = [shape_of(own(known=value)) for value in (1, 1.0, True, "1", 0, 0.0, -0.0, False, 10**21, 1e21)]
    assert len({shape.key for shape in keys if shape is not None}) == len(keys)
    store, _ = learned(own(known=1))
    for value in (1.0, True, "1", 2):
        assert_same(own(known=value), store)


def test_types_contexts_names_and_lengths_are_the_shape_and_texts_are_not() -> None:
    def key(document: JsonObject) -> object:
        shape = shape_of(document)
        assert shape is not None
        return shape.key

    base = reference()
    assert key(base) == key(changed(base, "name", "anders"))
    for path, value in (
        ("@context.1", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json"),
        ("type", ["VerifiableCredential", "AchievementCredential"]),
        ("type", "OpenBadgeCredential"),
        ("credentialSubject.achievement.tag", ["fiets"]),
        ("credentialSubject.achievement.tag", ["fiets", ["versnelling"]]),
        ("credentialSubject.achievement.creditsAvailable", 0.25),
        ("name", {"@value": "Een versnelling afstellen"}),
        ("extra", "x"),
    ):
        assert key(base) != key(changed(base, path, value)), path


@pytest.mark.parametrize("name", ["@language", "@direction", "@index", "@type", "@foo", "type"])
def test_a_keyword_s_value_is_never_a_free_text(name: str) -> None:
    shape = shape_of({"name": {"@value": "vrij", name: "nl"}})
    assert shape is not None
    assert shape.leaves == ["vrij"]


def test_another_name_of_type_is_no_free_text_either() -> None:
    store, shape = learned(own(part={"id": "urn:y", "kind": "Other", "name": "een"}))
    assert shape is not None
    assert [text for _, text in shape.constants] == ["Other"]
    loose = compiled(own(part={"id": "urn:y", "kind": "https://v.example/Loose", "name": "een"}))
    assert [text for _, text in loose.constants] == ["https://v.example/Loose"]
    for kind in ("Thing", "https://v.example/Loose"):
        assert_same(own(part={"id": "urn:y", "kind": kind, "name": "een"}), store)


def test_what_is_no_json_has_no_shape() -> None:
    for value in (None, (1,), {1: 2}, b"x", object(), [None]):
        assert shape_of({"name": value}) is None
    deep: JsonObject = {}
    for _ in range(100):
        deep = {"part": deep}
    assert shape_of(deep) is None
    assert shape_of({"tag": ["x"] * 10_000, "name": {}}) is None


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


# The cache changes speed only


def signed(document: JsonObject) -> JsonObject:
    options = build_proof_options(verification_method=verification_method_of(KEY.public_key), created=NOW)
    return add_proof(document, proof_options=options, signing_key=KEY, contexts=GENERAL)


def test_a_document_that_does_not_verify_teaches_nothing() -> None:
    store = ContextStore()
    forged = changed(signed(reference()), "name", "Vals")
    for _ in range(5):
        with pytest.raises(ProofVerificationError):
            verify_proof(forged, proof=forged["proof"][0], public_key=KEY.public_key, contexts=store)
    assert store.shapes is not None
    assert len(store.shapes) == 0
    # Nor has it been counted as the first of two.
    genuine = signed(reference())
    verify_proof(genuine, proof=genuine["proof"][0], public_key=KEY.public_key, contexts=store)
    assert len(store.shapes) == 0
    verify_proof(genuine, proof=genuine["proof"][0], public_key=KEY.public_key, contexts=store)
    assert len(store.shapes) == 2


def test_a_forgery_of_a_known_shape_does_not_verify() -> None:
    store, _ = learned({name: value for name, value in signed(reference()).items() if name != "proof"})
    forged = changed(signed(reference()), "credentialSubject.id", "urn:uuid:0")
    with pytest.raises(ProofVerificationError):
        verify_proof(forged, proof=forged["proof"][0], public_key=KEY.public_key, contexts=store)


def test_the_switch_keeps_every_document_to_the_general_path() -> None:
    store = ContextStore(NAMED, compile_shapes=False)
    teach(store, reference())
    assert store.shapes is None
    assert signed(reference()) == add_proof(
        reference(),
        proof_options=build_proof_options(verification_method=verification_method_of(KEY.public_key), created=NOW),
        signing_key=KEY,
        contexts=ContextStore(),
    )


def test_a_shape_belongs_to_one_store_of_contexts() -> None:
    one, _ = learned(own())
    other_context = {**OWN_CONTEXT, "name": "https://other.example/name"}
    other = ContextStore({**NAMED, OWN: {"@context": other_context}})
    assert b"https://v.example/name" in canonical_nquads(own(), one)
    assert b"https://other.example/name" in canonical_nquads(own(), other)
    assert b"https://other.example/name" in canonical_nquads(own(), learned(own(), other)[0])


def test_a_shape_in_the_wrong_place_of_the_cache_is_not_used() -> None:
    # Whatever is under a key must have been compiled for that key; a document that does not fit is not forced in.
    proof = {"@context": reference()["@context"], "type": "DataIntegrityProof", "proofPurpose": "assertionMethod"}
    store, shape = learned(proof)
    assert shape is not None
    assert not shape.fits(["authentication"])
    assert_same({**proof, "proofPurpose": "authentication"}, store)


def test_a_cache_without_room_changes_speed_only() -> None:
    store = ContextStore(NAMED)
    store.shapes = ShapeCache(max_characters=10)
    teach(store, reference())
    assert len(store.shapes) == 0
    assert_same(reference(), store)


def test_the_cache_is_bounded_and_forgets_what_was_used_longest_ago() -> None:
    shapes = ShapeCache(max_characters=1000)
    one = compiled(own())
    for number in range(1000):
        shapes.keep((number,), one)
        shapes.find((0,), ["urn:x", "naam"])
    assert len(shapes) * one.size <= 1000
    assert shapes.find((0,), ["urn:x", "naam"]) is not None
    assert shapes.find((1,), ["urn:x", "naam"]) is None


def test_a_shape_that_comes_once_is_not_compiled_and_one_that_cannot_be_is_tried_once() -> None:
    shapes = ShapeCache()
    assert [shapes.is_worth_compiling(("a",)) for _ in range(3)] == [False, True, True]
    shapes.refuse(("a",))
    assert not shapes.is_worth_compiling(("a",))


def test_what_documents_have_in_common_is_written_once_and_may_change_again() -> None:
    store, shape = learned(reference())
    assert shape is not None
    bound = []
    for number in range(60):
        document = changed(reference(), "credentialSubject.id", f"urn:x:{number}")
        if number % 3:
            document["validFrom"] = f"2026-11-{number % 20 + 1:02}T09:00:00Z"
        if number >= 30:
            document["issuer"]["name"] = "Een andere school"
        if number == 45:
            document["credentialSubject"]["achievement"]["tag"] = ["x", "x"]
            document["credentialSubject"]["id"] = document["issuer"]["id"]
        assert_same(document, store)
        assert shape._template is not None or number < 4
        bound.append(len(shape._template.varying) if shape._template is not None else 0)
    assert bound[-1] == 3


def test_documents_made_to_differ_everywhere_are_not_bound_again_and_again() -> None:
    store, shape = learned(reference())
    assert shape is not None
    once = shape_of(reference())
    assert once is not None
    for number in range(200):
        shape.canonical_nquads([f"{leaf}{number}" for leaf in once.leaves])
    assert shape._patience >= 64
    assert_same(reference(), store)


def test_threads_may_share_a_store() -> None:
    store = ContextStore(NAMED)
    documents = [own(part={"name": f"deel {number}", "known": number % 5}) for number in range(60)]
    expected = [canonical_nquads(document, GENERAL) for document in documents]
    wrong = []

    def work() -> None:
        for document, nquads in zip(documents, expected, strict=True):
            teach(store, document)
            if canonical_nquads(document, store) != nquads:
                wrong.append(document)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


# The rest


def test_both_hash_algorithms_of_rdfc_label_by_a_compiled_shape() -> None:
    store, shape = learned(reference())
    assert shape is not None
    for algorithm in ("sha256", "sha384"):
        expected = canonical_nquads(reference(), GENERAL, hash_algorithm=algorithm)
        assert canonical_nquads(reference(), store, hash_algorithm=algorithm) == expected


def test_leaves_go_back_to_where_they_came_from() -> None:
    shape = shape_of(reference())
    assert shape is not None
    assert with_leaves(reference(), shape.leaves) == reference()


def test_the_reference_credential_has_the_measure_of_the_comparison() -> None:
    quads = set(to_quads(reference()))
    blank = {term for quad in quads for term in (quad.subject, quad.object, quad.graph) if term.startswith("_:")}
    assert (len(quads), len(blank)) == (81, 4)


@pytest.mark.parametrize("module", ["pyld", "pydantic", "jsonschema_rs", "PIL", "pyoxigraph", "asyncio"])
def test_issuing_and_verifying_are_imported_without_what_only_some_need(module: str) -> None:
    modules = "openbadges_kit.issuance, openbadges_kit.batch_issuance, openbadges_kit.verification.batch"
    code = f"import sys, {modules}; sys.exit({module!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.fixture(autouse=True)
def _pyld_may_warn() -> Any:
    # PyLD warns about a term that begins with "@", and some of these documents have one on purpose.
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=SyntaxWarning)
        yield
