"""What the cache of compiled shapes knows, and when: it changes speed only."""

from __future__ import annotations

import threading

import pytest

from openbadges_kit.did.did_key import verification_method_of
from openbadges_kit.errors import ProofVerificationError
from openbadges_kit.jsonld.canonical_form import canonical_nquads
from openbadges_kit.jsonld.context_store import ContextStore
from openbadges_kit.jsonld.shape import shape_of
from openbadges_kit.jsonld.shape_cache import ShapeCache
from openbadges_kit.proof.data_integrity import add_proof, build_proof_options, verify_proof
from tests.kit.differential import NAMED, OWN_CONTEXT
from tests.kit.shapes import (
    GENERAL,
    KEY,
    NOW,
    OWN,
    assert_same,
    changed,
    compiled,
    learned,
    own,
    reference,
    signed,
    teach,
)

pytestmark = pytest.mark.filterwarnings("ignore::SyntaxWarning")  # PyLD warns of terms that begin with "@"


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
    # That of the badge. The proof's configuration was the last one, and is not canonicalised again.
    assert len(store.shapes) == 1


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
        assert shape.template is not None or number < 4
        bound.append(len(shape.template.varying) if shape.template is not None else 0)
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
