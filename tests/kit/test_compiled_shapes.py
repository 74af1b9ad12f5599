"""What must hold for a compiled shape to be allowed in place of JSON-LD and RDFC-1.0: the same bytes, always."""

from __future__ import annotations

import subprocess
import sys

import pytest

from openbadges_kit.documents import JsonObject
from openbadges_kit.jsonld.canonical_form import canonical_nquads
from openbadges_kit.jsonld.processor import to_quads
from openbadges_kit.jsonld.shape import shape_of, with_leaves
from tests.kit import differential
from tests.kit.shapes import (
    GENERAL,
    assert_both_refuse,
    assert_same,
    changed,
    compiled,
    learned,
    own,
    reference,
)

KIT_BAKING, KIT_SELECTIVE = "openbadges_kit.baking", "openbadges_kit.proof.selective"
pytestmark = pytest.mark.filterwarnings("ignore::SyntaxWarning")  # PyLD warns of terms that begin with "@"


# The result is that of the general path


def test_a_fixed_budget_of_hostile_documents_shows_no_difference() -> None:
    counts, different = differential.run(20261120, limit=400)
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


@pytest.mark.parametrize(
    "module", ["pyld", "pydantic", "jsonschema_rs", "PIL", "pyoxigraph", "asyncio", KIT_BAKING, KIT_SELECTIVE]
)
def test_issuing_and_verifying_are_imported_without_what_only_some_need(module: str) -> None:
    modules = "openbadges_kit.issuance, openbadges_kit.batch_issuance, openbadges_kit.verification.batch"
    code = f"import sys, {modules}; sys.exit({module!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
