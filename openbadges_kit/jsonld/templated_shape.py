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

from openbadges_kit.documents import JsonObject
from openbadges_kit.jsonld.compiled_shape import CompiledShape
from openbadges_kit.jsonld.recognised import Between, between_leaves, find_texts

__all__ = ["Template", "TemplatedShape"]

# Binding takes as long as some ten documents. Each time, twice as many must have come since the time before, so
# that documents made to differ everywhere cost next to nothing.
FIRST_PATIENCE: Final = 2
# A template keeps the texts of one document, which may be anybody's.
MAX_CHARACTERS: Final = 100_000


class Template(NamedTuple):
    """What documents have in common: their leaves but the varying ones, and all that stands between those."""

    leaves: tuple[str, ...]
    varying: tuple[int, ...]
    bound: CompiledShape
    between: Between | None

    def canonical_nquads(self, data: bytes, hash_algorithm: str) -> bytes | None:
        """The canonical N-Quads of an encoded document; None when it is none of these, or only another way can tell."""
        texts = find_texts(data, self.between) if self.between is not None else None
        if texts is None or not self.bound.fits(texts):
            return None
        return self.bound.canonical_nquads(texts, hash_algorithm)


class TemplatedShape:
    """A compiled shape with its template. Threads may share it: at worst one makes a template in vain."""

    __slots__ = ("_patience", "_since", "shape", "template")

    def __init__(self, shape: CompiledShape) -> None:
        self.shape = shape
        self.template: Template | None = None
        self._patience = FIRST_PATIENCE
        self._since = 0

    @property
    def size(self) -> int:
        """Its measure in the cache; a template is as large again, and the document that it was made of is smaller."""
        return 3 * self.shape.size

    @property
    def constants(self) -> tuple[tuple[int, str], ...]:
        """The leaves that are no slots."""
        return self.shape.constants

    def fits(self, leaves: Sequence[str]) -> bool:
        """Are the leaves those of a document that this shape was compiled for?"""
        return self.shape.fits(leaves)

    def canonical_nquads(
        self, leaves: Sequence[str], hash_algorithm: str = "sha256", document: JsonObject | None = None
    ) -> bytes | None:
        """The canonical N-Quads of the document with these leaves, for which it must `fit`; see CompiledShape.

        With the `document` itself a template can be made by which others like it are recognised.
        """
        self._since += 1
        template = self.template
        changed: list[int] = []
        if template is not None:
            changed = list(compress(range(len(leaves)), map(ne, leaves, template.leaves)))
            if set(template.varying).issuperset(changed):
                return template.bound.canonical_nquads([leaves[leaf] for leaf in template.varying], hash_algorithm)
        nquads = self.shape.canonical_nquads(leaves, hash_algorithm)
        if nquads is not None and self._since >= self._patience and sum(map(len, leaves)) <= MAX_CHARACTERS:
            self._bind(leaves, changed, template, document)
        return nquads

    def _bind(
        self, leaves: Sequence[str], changed: list[int], template: Template | None, document: JsonObject | None
    ) -> None:
        self._since = 0
        self._patience *= 2
        varying = sorted({*changed, *(template.varying if template is not None else ())})
        if 2 * len(varying) > len(leaves):
            # Little in common: perhaps more with the next ones.
            varying = []
        bound = self.shape.bind(leaves, varying)
        between = between_leaves(document, leaves, varying) if document is not None else None
        self.template = Template(tuple(leaves), tuple(varying), bound, between) if bound is not None else None
