"""A compiled shape that also knows what its documents have in common, as the badges of one achievement do.

The texts that did not change between documents are written into the shape, so that only the others are left to
fill in. That is a shape like any other, bound to some of the leaves; a document that differs elsewhere takes the
shape as it was compiled.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress
from operator import ne
from typing import Final, NamedTuple

from openbadges_kit.jsonld.compiled_shape import CompiledShape

__all__ = ["TemplatedShape"]

# Binding takes as long as some ten documents. Each time, twice as many must have come since the time before, so
# that documents made to differ everywhere cost next to nothing.
FIRST_PATIENCE: Final = 2


class _Template(NamedTuple):
    leaves: tuple[str, ...]
    varying: tuple[int, ...]
    bound: CompiledShape


class TemplatedShape:
    """A compiled shape with its template. Threads may share it: at worst one makes a template in vain."""

    __slots__ = ("_patience", "_since", "_template", "shape")

    def __init__(self, shape: CompiledShape) -> None:
        self.shape = shape
        self._template: _Template | None = None
        self._patience = FIRST_PATIENCE
        self._since = 0

    @property
    def size(self) -> int:
        """Its measure in the cache; a template is as large again."""
        return 2 * self.shape.size

    @property
    def constants(self) -> tuple[tuple[int, str], ...]:
        """The leaves that are no slots."""
        return self.shape.constants

    def fits(self, leaves: Sequence[str]) -> bool:
        """Are the leaves those of a document that this shape was compiled for?"""
        return self.shape.fits(leaves)

    def canonical_nquads(self, leaves: Sequence[str], hash_algorithm: str = "sha256") -> bytes | None:
        """The canonical N-Quads of the document with these leaves, for which it must `fit`; see CompiledShape."""
        self._since += 1
        template = self._template
        changed: list[int] = []
        if template is not None:
            changed = list(compress(range(len(leaves)), map(ne, leaves, template.leaves)))
            if set(template.varying).issuperset(changed):
                return template.bound.canonical_nquads([leaves[leaf] for leaf in template.varying], hash_algorithm)
        nquads = self.shape.canonical_nquads(leaves, hash_algorithm)
        if nquads is not None and self._since >= self._patience:
            self._bind(leaves, changed, template)
        return nquads

    def _bind(self, leaves: Sequence[str], changed: list[int], template: _Template | None) -> None:
        self._since = 0
        self._patience *= 2
        varying = sorted({*changed, *(template.varying if template is not None else ())})
        if 2 * len(varying) > len(leaves):
            # Little in common: perhaps more with the next ones.
            varying = []
        bound = self.shape.bind(leaves, varying)
        self._template = _Template(tuple(leaves), tuple(varying), bound) if bound is not None else None
