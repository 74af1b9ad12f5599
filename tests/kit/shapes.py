"""Documents, the shapes that are learned from them, and both ways to a canonical form side by side."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from openbadges_kit.did.did_key import did_of, verification_method_of
from openbadges_kit.documents import JsonObject
from openbadges_kit.errors import OpenBadgesError
from openbadges_kit.jsonld.canonical_form import canonical_nquads, learn_shapes
from openbadges_kit.jsonld.compiled_shape import CompiledShape
from openbadges_kit.jsonld.context_store import ContextStore
from openbadges_kit.jsonld.shape import shape_of
from openbadges_kit.jsonld.templated_shape import TemplatedShape
from openbadges_kit.keys.signing_key import ed25519_key
from openbadges_kit.proof.data_integrity import add_proof, build_proof_options
from tests.kit.differential import NAMED, REFERENCE

__all__ = [
    "GENERAL",
    "KEY",
    "NOW",
    "OWN",
    "assert_both_refuse",
    "assert_same",
    "changed",
    "compiled",
    "learned",
    "own",
    "reference",
    "signed",
    "teach",
]

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


def signed(document: JsonObject) -> JsonObject:
    options = build_proof_options(verification_method=verification_method_of(KEY.public_key), created=NOW)
    return add_proof(document, proof_options=options, signing_key=KEY, contexts=GENERAL)
