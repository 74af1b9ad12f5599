"""PyLD with two memos: what a type's or property's own context makes of a context, and what a term stands for.

Every badge has contexts that come with types, and PyLD processes them anew for each node of each document: more
than half of its time. This module overrides two of its private methods, which `docs/decisions/` gives the
reasons for, and so it is for the versions that it was compared with, and for no other. Not imported before
JSON-LD is needed, as PyLD itself is not.
"""

from __future__ import annotations

import copy
from typing import Any, Final

from frozendict import frozendict
from pyld.__about__ import __version__
from pyld.identifier_issuer import IdentifierIssuer
from pyld.jsonld import JsonLdProcessor

from openbadges_kit.documents import JsonObject, members
from openbadges_kit.jsonld.context_store import Memo

__all__ = ["COMPARED_VERSIONS", "MemoisedProcessor", "is_compared"]

COMPARED_VERSIONS: Final = frozenset({"3.3.0"})


def is_compared() -> bool:
    """Is the installed PyLD one whose private methods are known here?"""
    return __version__ in COMPARED_VERSIONS


class MemoisedProcessor(JsonLdProcessor):  # type: ignore[misc]  # pyld has no types
    """PyLD's processor, with the memo of one store of contexts. One thread at a time."""

    def __init__(self, memo: Memo, dropped: list[str | None]) -> None:
        super().__init__(on_property_dropped=dropped.append)
        self._memo = memo

    def expand(self, input_: JsonObject, options: dict[str, Any]) -> list[Any]:
        """What PyLD gives, without a copy of the whole document. The document is not changed."""
        document = input_
        if _has_inline_context(document):
            # PyLD keeps an inline context that it has seen; it must not be one that the caller can change.
            document = copy.deepcopy(document)
        options = {"isFrame": False, "keepFreeFloatingNodes": False, "processingMode": "json-ld-1.1", **options}
        active = self._get_initial_context(options)
        result = self._expand(active, None, document, options, inside_list=False)
        if isinstance(result, dict) and len(result) == 1 and "@graph" in result:
            result = result["@graph"]
        if result is None:
            return []
        return result if isinstance(result, list) else [result]

    def dataset(self, expanded: list[Any], options: dict[str, Any]) -> dict[str, list[JsonObject]]:
        """What `to_rdf` gives for an expanded document, without expanding it once more. `expanded` is used up."""
        options = {"produceGeneralizedRdf": False, "processingMode": "json-ld-1.1", **options}
        issuer = IdentifierIssuer("_:b")
        graphs: dict[str, Any] = {"@default": {}}
        self._create_node_map(expanded, graphs, "@default", issuer)
        return {
            name: self._graph_to_rdf(graph, issuer, options)
            for name, graph in sorted(graphs.items())
            if name == "@default" or ":" in name
        }

    def _process_context(  # noqa: PLR0917  # pyld's own signature
        self,
        active_ctx: Any,
        local_ctx: Any,
        options: dict[str, Any],
        override_protected: bool = False,  # noqa: FBT001, FBT002  # pyld's own signature
        propagate: bool = True,  # noqa: FBT001, FBT002
        validate_scoped: bool = True,  # noqa: FBT001, FBT002
        cycles: set[str] | None = None,
    ) -> Any:
        arguments = (active_ctx, local_ctx, options, override_protected, propagate, validate_scoped, cycles)
        # Only the contexts of types and properties: they are part of a processed context, which is never changed.
        # A document's own context is the caller's.
        if cycles is not None or type(active_ctx) is not frozendict or not (override_protected or not propagate):
            return super()._process_context(*arguments)
        # By identity, which is safe as long as the entry itself keeps both alive.
        key = (id(active_ctx), id(local_ctx), override_protected, propagate, validate_scoped)
        known = self._memo.contexts.get(key)
        if known is not None:
            return known[2]
        result = super()._process_context(*arguments)
        self._memo.add_context(key, (active_ctx, local_ctx, result))
        return result

    def _expand_iri(  # noqa: PLR0917
        self,
        active_ctx: Any,
        value: Any,
        base: str | None = None,
        vocab: bool = False,  # noqa: FBT001, FBT002
        local_ctx: Any = None,
        defined: Any = None,
    ) -> Any:
        if not vocab or base is not None or local_ctx or type(active_ctx) is not frozendict or type(value) is not str:
            return super()._expand_iri(active_ctx, value, base, vocab, local_ctx, defined)
        entry = self._memo.terms.get(id(active_ctx))
        if entry is None:
            entry = self._memo.add_terms(active_ctx)
        terms = entry[1]
        if value in terms:
            return terms[value]
        expanded = super()._expand_iri(active_ctx, value, base, vocab, local_ctx, defined)
        self._memo.add_term(terms, value, expanded)
        return expanded


def _has_inline_context(document: JsonObject) -> bool:
    return any(step == "@context" and not _is_urls(value) for step, value in members(document))


def _is_urls(context: object) -> bool:
    return isinstance(context, str) or (isinstance(context, list) and all(isinstance(one, str) for one in context))
