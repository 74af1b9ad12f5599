"""RDF Dataset Canonicalization: the W3C test suite, the bound on its work, and a second implementation beside it.

https://www.w3.org/TR/rdf-canon/. pyoxigraph reads the N-Quads of the tests and is the second implementation; the
kit itself does not need it (docs/decisions/0002-own-rdfc10.md).
"""

from __future__ import annotations

import json
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbadges_kit.errors import WorkLimitExceeded
from openbadges_kit.jsonld.quads import Quad, iri, literal
from openbadges_kit.jsonld.rdfc10 import MAX_STEPS, canonicalize
from tests.published import SHARED, published, published_json

FOLDER = "vectors/w3c/rdf-canon"
HASHES = {"SHA256": "sha256", "SHA384": "sha384"}


def _entries(kind: str) -> list[Any]:
    # Read when tests are collected, so that each entry is a test of its own; where the files are not, one test skips.
    if not (SHARED / FOLDER).exists():
        return [pytest.param(None, id="not-here")]
    entries = json.loads((SHARED / FOLDER / "manifest.jsonld").read_bytes())["entries"]
    return [pytest.param(entry, id=entry["id"].lstrip("#")) for entry in entries if entry["type"] == f"rdfc:{kind}"]


def _term(term: object) -> str:
    match term:
        case ox.NamedNode():
            return iri(term.value)
        case ox.BlankNode():
            return f"_:{term.value}"
        case ox.Literal():
            return literal(term.value, term.datatype.value, term.language)
        case _:
            return ""


def _quads(data: bytes) -> list[Quad]:
    parsed = ox.parse(data, format=ox.RdfFormat.N_QUADS)
    return [Quad(_term(q.subject), _term(q.predicate), _term(q.object), _term(q.graph_name)) for q in parsed]


def _input(entry: dict[str, str] | None) -> list[Quad]:
    published(f"{FOLDER}/manifest.jsonld")
    assert entry is not None
    return _quads(published(f"{FOLDER}/{entry['action']}").read_bytes())


@pytest.mark.parametrize("entry", _entries("RDFC10EvalTest"))
def test_the_canonical_form_is_the_published_one(entry: dict[str, str]) -> None:
    quads = _input(entry)
    canonical = canonicalize(quads, hash_algorithm=HASHES[entry.get("hashAlgorithm", "SHA256")])
    assert canonical.nquads == published(f"{FOLDER}/{entry['result']}").read_bytes().decode()
    assert "".join(canonical.lines) == canonical.nquads


@pytest.mark.parametrize("entry", _entries("RDFC10MapTest"))
def test_the_labels_are_the_published_ones(entry: dict[str, str]) -> None:
    quads = _input(entry)
    canonical = canonicalize(quads, hash_algorithm=HASHES[entry.get("hashAlgorithm", "SHA256")])
    labels = {before.removeprefix("_:"): after.removeprefix("_:") for before, after in canonical.labels.items()}
    assert labels == published_json(f"{FOLDER}/{entry['result']}")


@pytest.mark.parametrize("entry", _entries("RDFC10NegativeEvalTest"))
def test_the_poison_graph_is_refused(entry: dict[str, str]) -> None:
    with pytest.raises(WorkLimitExceeded):
        canonicalize(_input(entry))


def test_the_suite_is_whole() -> None:
    published(f"{FOLDER}/manifest.jsonld")
    counts = [len(_entries(f"RDFC10{kind}Test")) for kind in ("Eval", "Map", "NegativeEval")]
    assert counts == [64, 21, 1]


class TestTheWorkIsBounded:
    """However alike the blank nodes are, no more steps are taken than were allowed."""

    @pytest.mark.parametrize("nodes", [3, 6, 10, 40])
    def test_a_clique_of_blank_nodes_takes_no_step_too_many(self, nodes: int) -> None:
        edges = [Quad(f"_:n{a}", "<u:p>", f"_:n{b}") for a in range(nodes) for b in range(nodes) if a != b]
        if nodes <= 3:
            assert canonicalize(edges).labels.keys() == {f"_:n{a}" for a in range(nodes)}
        else:
            with pytest.raises(WorkLimitExceeded):
                canonicalize(edges, max_steps=1000)

    def test_the_limit_is_exact(self) -> None:
        pair = [Quad("_:a", "<u:p>", "_:b"), Quad("_:b", "<u:p>", "_:a")]
        needed = next(steps for steps in range(MAX_STEPS) if _within(pair, steps))
        assert needed > 0
        with pytest.raises(WorkLimitExceeded):
            canonicalize(pair, max_steps=needed - 1)


def _within(quads: list[Quad], steps: int) -> bool:
    try:
        canonicalize(quads, max_steps=steps)
    except WorkLimitExceeded:
        return False
    return True


blank = st.integers(0, 4).map(lambda number: f"_:b{number}")
name = st.sampled_from(["<u:a>", "<u:b>"])
text = st.text(st.characters(exclude_categories=["Cs"]), max_size=3)
value = st.builds(literal, text) | st.builds(
    literal, text, st.just("http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"), st.sampled_from(["nl", "en"])
)
quad = st.builds(Quad, blank | name, name, blank | name | value, st.just("") | blank | name)
dataset = st.lists(quad, max_size=12)


class TestTwoImplementationsAgree:
    """The canonical form is one, whoever makes it, in whatever order and under whatever labels."""

    @given(dataset)
    def test_as_pyoxigraph_has_it(self, quads: list[Quad]) -> None:
        store = ox.Dataset(ox.parse("".join(map(Quad.line, quads)), format=ox.RdfFormat.N_QUADS))
        for algorithm, digest in (
            (ox.CanonicalizationAlgorithm.RDFC_1_0, "sha256"),
            (ox.CanonicalizationAlgorithm.RDFC_1_0_SHA_384, "sha384"),
        ):
            copy = ox.Dataset(store)
            copy.canonicalize(algorithm)
            theirs = "".join(
                sorted(Quad(*map(_term, (q.subject, q.predicate, q.object, q.graph_name))).line() for q in copy)
            )
            assert canonicalize(quads, hash_algorithm=digest).nquads == theirs

    @given(dataset, st.permutations(range(5)), st.randoms(use_true_random=False))
    def test_order_and_labels_do_not_matter(self, quads: list[Quad], order: list[int], random: Any) -> None:
        labels = {f"_:b{number}": f"_:other{order[number]}" for number in range(5)}
        renamed = [Quad(*(labels.get(term, term) for term in quad)) for quad in quads]
        random.shuffle(renamed)
        assert canonicalize(renamed).nquads == canonicalize(quads).nquads
