"""Compiled shapes, kept by the shape's key, the ones used longest ago making room.

What is in it changes how fast a document is canonicalised and never to what: each use checks that the
document fits. It is bounded, because whoever can have a document verified can have a shape remembered.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, Final

from openbadges_kit.documents import JsonObject
from openbadges_kit.jsonld.compiled_shape import CompiledShape
from openbadges_kit.jsonld.recognised import encoded
from openbadges_kit.jsonld.templated_shape import TemplatedShape

__all__ = ["ShapeCache"]

Key = tuple[Any, ...]

# A badge's shape takes some 15,000 characters and five times that in bytes.
MAX_CHARACTERS: Final = 4_000_000
# Shapes seen once, as hashes: a second document of the shape is what makes it worth compiling.
MAX_SEEN: Final = 4096
# One key has several compiled shapes where a fixed text among the leaves differs, as a proof's purpose does.
MAX_VARIANTS: Final = 8
# Achievements of an issuer have members of the same names; trying one takes half a microsecond.
MAX_CANDIDATES: Final = 8
MAX_NAMES: Final = 64
# A bound shape is as large as the one that it was made of.
MAX_BOUND: Final = 32
MAX_BOUND_CHARACTERS: Final = 100_000
_NOTHING: Final[tuple[Key, tuple[TemplatedShape, ...]]] = ((), ())


class ShapeCache:
    """A bounded cache of the compiled shapes of one store of contexts. It may be used by threads."""

    def __init__(self, max_characters: int = MAX_CHARACTERS) -> None:
        self._max_characters = max_characters
        self._characters = 0
        # By the key's hash, which is then computed once; the key itself is beside it and compared.
        self._shapes: OrderedDict[int, tuple[Key, tuple[TemplatedShape, ...]]] = OrderedDict()
        self._seen: OrderedDict[int, bool] = OrderedDict()
        # By the names of a document's members: shapes with a template that it may be recognised by, and their hashes.
        self._recognisable: OrderedDict[tuple[str, ...], tuple[tuple[int, TemplatedShape], ...]] = OrderedDict()
        self._bound: OrderedDict[Key, tuple[CompiledShape, CompiledShape]] = OrderedDict()
        # What was canonicalised last of the proofs' configurations, and how: a batch has one for all its badges.
        self.last_config: tuple[tuple[str, bytes], bytes] = (("", b""), b"")
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """How many compiled shapes are kept."""
        return sum(len(variants) for _, variants in self._shapes.values())

    def recognise(self, document: JsonObject, hash_algorithm: str) -> bytes | None:
        """The canonical N-Quads of a document that is another one but for a few texts; see `recognised`."""
        names = tuple(document) if type(document) is dict else ()
        candidates = self._recognisable.get(names, ())
        data = encoded(document) if candidates else None
        if data is None:
            return None
        for candidate in candidates:
            digest, shape = candidate
            template = shape.template
            nquads = template.canonical_nquads(data, hash_algorithm) if template is not None else None
            if nquads is not None:
                with self._lock:
                    if digest in self._shapes:
                        self._shapes.move_to_end(digest)
                        if candidate is not candidates[0]:
                            self._put_first(names, candidate)
                return nquads
        return None

    def make_recognisable(self, document: JsonObject, key: Key, shape: TemplatedShape) -> None:
        """Let documents be recognised by the template that was just made of this one."""
        with self._lock:
            if hash(key) in self._shapes:
                self._put_first(tuple(document), (hash(key), shape))

    def _put_first(self, names: tuple[str, ...], candidate: tuple[int, TemplatedShape]) -> None:
        others = [other for other in self._recognisable.get(names, ()) if other[1] is not candidate[1]]
        self._recognisable[names] = (candidate, *others[: MAX_CANDIDATES - 1])
        self._recognisable.move_to_end(names)
        if len(self._recognisable) > MAX_NAMES:
            self._recognisable.popitem(last=False)

    def _forget(self, shapes: tuple[TemplatedShape, ...]) -> None:
        for names, candidates in list(self._recognisable.items()):
            kept = tuple(candidate for candidate in candidates if candidate[1] not in shapes)
            if kept:
                self._recognisable[names] = kept
            else:
                del self._recognisable[names]

    def find(self, key: Key, leaves: list[str]) -> TemplatedShape | None:
        """A compiled shape that the document with this key and these leaves fits."""
        digest = hash(key)
        with self._lock:
            known, variants = self._shapes.get(digest, _NOTHING)
            if variants:
                self._shapes.move_to_end(digest)
        if known != key:
            return None
        return next((shape for shape in variants if shape.fits(leaves)), None)

    def bound(self, shape: CompiledShape, leaves: Sequence[str], varying: Sequence[int]) -> CompiledShape | None:
        """What shape.bind() gives; kept, because batch after batch of one achievement is bound alike."""
        differ = set(varying)
        common = tuple(text for leaf, text in enumerate(leaves) if leaf not in differ)
        key = (id(shape), tuple(varying), common)
        with self._lock:
            # The shape itself is beside it, so that no other one gets its id.
            _, known = self._bound.get(key, (shape, None))
            if known is not None:
                self._bound.move_to_end(key)
                return known
        made = shape.bind(leaves, varying)
        if made is not None and sum(map(len, common)) <= MAX_BOUND_CHARACTERS:
            with self._lock:
                self._bound[key] = (shape, made)
                if len(self._bound) > MAX_BOUND:
                    self._bound.popitem(last=False)
        return made

    def is_worth_compiling(self, key: Key) -> bool:
        """Was the key asked for before? Says no once, so that a shape that comes once is never compiled."""
        digest = hash(key)
        with self._lock:
            known, variants = self._shapes.get(digest, _NOTHING)
            if len(variants) >= MAX_VARIANTS or (variants and known != key):
                return False
            compilable = self._seen.get(digest)
            if compilable is None:
                self._remember(digest, compilable=True)
            return bool(compilable)

    def refuse(self, key: Key) -> None:
        """Remember that the shape cannot be compiled, so that it is not tried for every document."""
        with self._lock:
            self._remember(hash(key), compilable=False)

    def keep(self, key: Key, compiled: CompiledShape) -> None:
        """Keep the shape, and forget others when there is no room."""
        digest, shape = hash(key), TemplatedShape(compiled)
        with self._lock:
            known, variants = self._shapes.get(digest, (key, ()))
            if known != key or len(variants) >= MAX_VARIANTS:
                return
            self._shapes[digest] = (key, (*variants, shape))
            self._shapes.move_to_end(digest)
            self._characters += _size(key, (shape,)) if not variants else shape.size
            while self._characters > self._max_characters:
                _, gone = self._shapes.popitem(last=False)
                self._characters -= _size(*gone)
                self._forget(gone[1])

    def _remember(self, digest: int, *, compilable: bool) -> None:
        self._seen[digest] = compilable
        self._seen.move_to_end(digest)
        if len(self._seen) > MAX_SEEN:
            self._seen.popitem(last=False)


def _size(key: Key, variants: tuple[TemplatedShape, ...]) -> int:
    # The key holds the contexts of the document, which may be large where the quads are few.
    return len(repr(key)) + sum(shape.size for shape in variants)
