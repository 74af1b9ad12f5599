"""From a document to the compiled shape of all documents like it.

JSON-LD runs once more, on the document with a marker in the place of every free string. Where a marker comes
out, there the string of another document would. Whatever is not plainly so makes the answer None, and the
documents of that shape keep to the general path.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from openbadges_kit.documents import JsonObject, walk
from openbadges_kit.errors import OpenBadgesError
from openbadges_kit.jsonld.compiled_shape import (
    IRI_SCHEMES,
    CompiledShape,
    IriSlot,
    LiteralSlot,
    NodeSlot,
    QuadTemplate,
    Term,
    is_free_iri,
)
from openbadges_kit.jsonld.context_store import ContextStore
from openbadges_kit.jsonld.processor import expand_in_safe_mode, quads_of
from openbadges_kit.jsonld.quads import Quad, iri
from openbadges_kit.jsonld.shape import Shape, with_leaves

__all__ = ["compile_shape"]

_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDF_TYPE: Final = f"<{_RDF}type>"
# Equal lists of one node are one list or two, depending on who is asked; no badge has a list.
_LIST_TERMS: Final = frozenset({f"<{_RDF}{name}>" for name in ("first", "rest", "nil")})
# JSON-LD rewrites the text of a double, so that a marker that passes untouched would prove nothing.
_XSD_DOUBLE: Final = "http://www.w3.org/2001/XMLSchema#double"
# What takes longer to compile than a few milliseconds, or more than some memory to keep, is not worth it.
MAX_QUADS: Final = 2_000


class _NotCompilable(Exception):  # never leaves this module
    """Something about the shape is not plain enough."""


def compile_shape(
    document: JsonObject, shape: Shape, contexts: ContextStore, *, hash_algorithm: str, canonical_nquads: bytes
) -> CompiledShape | None:
    """The compiled shape of a document; None when it cannot be had.

    `canonical_nquads` is what the general path made of the document, and what the compiled shape must make of
    it. Raises nothing: whatever is wrong with the document, the general path says it better.
    """
    try:
        _check_numbers(document)
        _check_terms(document, contexts)
        compiled = _compile(document, shape.leaves, contexts)
    except (_NotCompilable, OpenBadgesError, UnicodeError):
        return None
    if not compiled.fits(shape.leaves):
        return None
    return compiled if compiled.canonical_nquads(shape.leaves, hash_algorithm) == canonical_nquads else None


def _compile(document: JsonObject, leaves: list[str], contexts: ContextStore) -> CompiledShape:
    constants: dict[int, str] = {}
    # A leaf that cannot be a slot stays as it is, and the second time round all others must come out.
    for _ in range(2):
        landing = _land(document, leaves, constants, contexts)
        if not (found := landing.constants(leaves)):
            return CompiledShape(landing.templates, len(leaves), constants, landing.root).sorted_as(leaves)
        constants |= {leaf: leaves[leaf] for leaf in found}
    raise _NotCompilable


@dataclass(slots=True)
class _Landing:
    """Where every marker came out."""

    marker: re.Pattern[str]
    root: Term = ""
    templates: list[QuadTemplate] = field(default_factory=list)
    as_iri: set[int] = field(default_factory=set)
    as_literal: set[int] = field(default_factory=set)
    not_free: set[int] = field(default_factory=set)
    nodes: dict[str, NodeSlot] = field(default_factory=dict)

    def add(self, quad: Quad) -> None:
        terms = [self.slot(term) for term in quad if term]
        match terms:
            case [_, str(predicate), object_, *_] if predicate not in _LIST_TERMS and object_ not in _LIST_TERMS:
                # A type may bring a context with it, so that another one would be another shape.
                if predicate == _RDF_TYPE and isinstance(object_, IriSlot):
                    self.not_free.add(object_.leaf)
            case _:
                raise _NotCompilable
        self.templates.append(tuple(terms))

    def slot(self, term: str) -> Term:
        if term.startswith("_:"):
            return self.nodes.setdefault(term, NodeSlot(len(self.nodes)))
        match = self.marker.search(term)
        if match is None:
            return term
        leaf, before, after = int(match[1]), term[: match.start()], term[match.end() :]
        if (before, after) == ("<", ">"):
            self.as_iri.add(leaf)
            return IriSlot(leaf)
        if before == '"' and after.startswith('"') and self.marker.search(after) is None:
            if _XSD_DOUBLE in after:
                self.not_free.add(leaf)
            self.as_literal.add(leaf)
            return LiteralSlot(leaf, after.removeprefix('"'))
        # Part of a larger text, such as a JSON literal.
        raise _NotCompilable

    def constants(self, leaves: Sequence[str]) -> set[int]:
        return self.not_free | {leaf for leaf in self.as_iri if not is_free_iri(leaves[leaf])}


def _land(document: JsonObject, leaves: Sequence[str], constants: dict[int, str], contexts: ContextStore) -> _Landing:
    stem = _unused_stem(document)
    markers = [constants.get(leaf, f"{stem}{leaf}:") for leaf in range(len(leaves))]
    expanded = expand_in_safe_mode(with_leaves(document, markers), contexts)
    landing = _Landing(re.compile(re.escape(stem) + "([0-9]+):"))
    root = expanded[0].get("@id") if expanded else None
    landing.root = landing.slot(iri(root)) if root is not None else ""
    quads = dict.fromkeys(quads_of(expanded, contexts))
    if len(quads) > MAX_QUADS:
        raise _NotCompilable
    for quad in quads:
        landing.add(quad)
    # A leaf in no quad would be unsigned, and one in two roles is nothing that JSON-LD does.
    if landing.as_iri & landing.as_literal or len(landing.as_iri | landing.as_literal) + len(constants) != len(leaves):
        raise _NotCompilable
    return landing


def _unused_stem(document: JsonObject) -> str:
    # An absolute IRI, so that it comes out of IRI slots too; not in the document, or it would not be a marker.
    text = json.dumps(document)
    number = 0
    while (stem := f"urn:openbadges-kit:leaf:{number}:") in text:
        number += 1
    return stem


def _check_numbers(document: JsonObject) -> None:
    """Refuse numbers that are equal and not the same: JSON-LD takes 1 and 1.0 of one node for one value."""
    texts: dict[float, str] = {}
    for _, _, value in walk(document):
        if type(value) in {int, float} and texts.setdefault(value, repr(value)) != repr(value):
            raise _NotCompilable


def _check_terms(document: JsonObject, contexts: ContextStore) -> None:
    """Refuse contexts in which an absolute IRI might be a term or begin with a prefix."""
    for name in _names_in_contexts(document, contexts):
        if ":" in name or name in IRI_SCHEMES:
            raise _NotCompilable


def _names_in_contexts(document: JsonObject, contexts: ContextStore) -> Iterator[str]:
    """Every name in every context that the document names, and so every term."""
    waiting: list[Any] = [value for _, step, value in walk(document) if step == "@context"]
    seen: set[str] = set()
    while waiting:
        match waiting.pop():
            case str(url) if url not in seen:
                seen.add(url)
                waiting.append(contexts.document(url).get("@context"))
            case list(several):
                waiting += several
            case dict(definitions):
                yield from definitions
                waiting += [
                    inner
                    for name, inner in definitions.items()
                    if name in {"@context", "@import"} or isinstance(inner, dict)
                ]
            case _:
                pass
