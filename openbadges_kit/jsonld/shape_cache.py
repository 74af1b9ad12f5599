"""Compiled shapes, kept by the shape's key, the ones used longest ago making room.

What is in it changes how fast a document is canonicalised and never to what: each use checks that the
document fits. It is bounded, because whoever can have a document verified can have a shape remembered.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Any, Final

from openbadges_kit.jsonld.compiled_shape import CompiledShape
from openbadges_kit.jsonld.templated_shape import TemplatedShape

__all__ = ["ShapeCache"]

Key = tuple[Any, ...]

# A badge's shape takes some 15,000 characters and five times that in bytes.
MAX_CHARACTERS: Final = 4_000_000
# Shapes seen once, as hashes: a second document of the shape is what makes it worth compiling.
MAX_SEEN: Final = 4096
# One key has several compiled shapes where a fixed text among the leaves differs, as a proof's purpose does.
MAX_VARIANTS: Final = 8
_NOTHING: Final[tuple[Key, tuple[TemplatedShape, ...]]] = ((), ())


class ShapeCache:
    """A bounded cache of the compiled shapes of one store of contexts. It may be used by threads."""

    def __init__(self, max_characters: int = MAX_CHARACTERS) -> None:
        self._max_characters = max_characters
        self._characters = 0
        # By the key's hash, which is then computed once; the key itself is beside it and compared.
        self._shapes: OrderedDict[int, tuple[Key, tuple[TemplatedShape, ...]]] = OrderedDict()
        self._seen: OrderedDict[int, bool] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """How many compiled shapes are kept."""
        return sum(len(variants) for _, variants in self._shapes.values())

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
            if known != key:
                return
            self._shapes[digest] = (key, (*variants, shape))
            self._shapes.move_to_end(digest)
            self._characters += _size(key, (shape,)) if not variants else shape.size
            while self._characters > self._max_characters:
                _, gone = self._shapes.popitem(last=False)
                self._characters -= _size(*gone)

    def _remember(self, digest: int, *, compilable: bool) -> None:
        self._seen[digest] = compilable
        self._seen.move_to_end(digest)
        if len(self._seen) > MAX_SEEN:
            self._seen.popitem(last=False)


def _size(key: Key, variants: tuple[TemplatedShape, ...]) -> int:
    # The key holds the contexts of the document, which may be large where the quads are few.
    return len(repr(key)) + sum(shape.size for shape in variants)
