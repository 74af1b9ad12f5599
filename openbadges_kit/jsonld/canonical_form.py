"""The canonical form of a JSON-LD document, by a compiled shape where one is known and fits.

The caller never chooses and the result is always that of the general path: JSON-LD in safe mode (`processor`),
then RDFC-1.0 (`rdfc10`). A store of contexts made with `compile_shapes=False` takes the general path only.
"""

from __future__ import annotations

from openbadges_kit.documents import JsonObject
from openbadges_kit.errors import ProofTransformationError
from openbadges_kit.jsonld.context_store import BUNDLED_CONTEXTS, ContextStore, Unseen
from openbadges_kit.jsonld.processor import to_quads
from openbadges_kit.jsonld.rdfc10 import canonicalize
from openbadges_kit.jsonld.shape import Shape, shape_of
from openbadges_kit.jsonld.shape_cache import ShapeCache
from openbadges_kit.jsonld.templated_shape import TemplatedShape

__all__ = ["canonical_nquads", "learn_shapes"]


def canonical_nquads(
    document: JsonObject, contexts: ContextStore = BUNDLED_CONTEXTS, *, hash_algorithm: str = "sha256"
) -> bytes:
    """The canonical N-Quads of a document, with every leaf of it in one of them.

    Raises like `to_quads` and `canonicalize`, and ProofTransformationError for text that is no Unicode.
    """
    shape, compiled = None, None
    if contexts.shapes is not None:
        nquads = contexts.shapes.recognise(document, hash_algorithm)
        if nquads is None and (shape := shape_of(document)) is not None:
            compiled = contexts.shapes.find(shape.key, shape.leaves)
            nquads = _by_shape(document, shape, compiled, contexts.shapes, hash_algorithm) if compiled else None
        if nquads is not None:
            return nquads
    try:
        nquads = canonicalize(to_quads(document, contexts), hash_algorithm=hash_algorithm).nquads.encode()
    except UnicodeEncodeError as error:
        raise ProofTransformationError("a lone surrogate is no text, and cannot be hashed") from error
    if shape is not None and compiled is None and contexts.unseen is not None:
        contexts.unseen.append(Unseen(document, shape, hash_algorithm, nquads))
    return nquads


def _by_shape(
    document: JsonObject, shape: Shape, compiled: TemplatedShape, shapes: ShapeCache, hash_algorithm: str
) -> bytes | None:
    before = compiled.template
    nquads = compiled.canonical_nquads(shape.leaves, hash_algorithm, document)
    if compiled.template is not before:
        shapes.make_recognisable(document, shape.key, compiled)
    return nquads


def learn_shapes(contexts: ContextStore) -> None:
    """Compile the shapes that an observing store took the general path for and that have come before.

    Call it when the signature over those documents was made or has verified, and only then: what anybody can
    send must not fill the cache.
    """
    # Compiling is what takes time and memory, and PyLD with it: not for a program that meets each shape once.
    if contexts.shapes is None or not contexts.unseen:
        return
    for unseen in contexts.unseen:
        if contexts.shapes.is_worth_compiling(unseen.shape.key):
            from openbadges_kit.jsonld.compiler import compile_shape  # noqa: PLC0415

            compiled = compile_shape(
                unseen.document,
                unseen.shape,
                contexts,
                hash_algorithm=unseen.hash_algorithm,
                canonical_nquads=unseen.canonical_nquads,
            )
            if compiled is None:
                contexts.shapes.refuse(unseen.shape.key)
            else:
                contexts.shapes.keep(unseen.shape.key, compiled)
    contexts.unseen.clear()
