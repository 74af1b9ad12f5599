"""The contexts that JSON-LD may use. Whatever is not in the store is refused, never fetched."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from openbadges_kit.documents import JsonObject
from openbadges_kit.jsonld.bundle import bundled_context, bundled_urls, earlier_context
from openbadges_kit.jsonld.shape import Shape
from openbadges_kit.jsonld.shape_cache import ShapeCache

__all__ = ["BUNDLED_CONTEXTS", "ContextStore", "Memo", "Unseen"]

_NONE: Final[Mapping[str, JsonObject]] = {}
# Parsed contexts that PyLD keeps: the bundled ones and their scoped parts are some sixty.
_PARSED_CONTEXTS_KEPT: Final = 500
# Those of all types of badges are some hundred; each has some hundred terms.
_PROCESSED_CONTEXTS_KEPT: Final = 300
_TERMS_KEPT: Final = 20_000


@dataclass(frozen=True, slots=True)
class Unseen:
    """A document that took the general path, and what came of it."""

    document: JsonObject
    shape: Shape
    hash_algorithm: str
    canonical_nquads: bytes


# A document has no address of its own. Left out, PyLD takes http://example.org/base/ and signs relative names below it;
# under this one, of a scheme that does not exist, the audit of `processor` knows them again.
NO_BASE: Final = "no-base://document/"


class _ParsedContexts(OrderedDict[str, Any]):
    """What PyLD keeps of a context that it has parsed, the latest ones."""

    def get(self, key: str, default: Any = None) -> Any:
        if key in self:
            self.move_to_end(key)
        return super().get(key, default)

    def __setitem__(self, key: str, value: Any) -> None:
        super().__setitem__(key, value)
        if len(self) > _PARSED_CONTEXTS_KEPT:
            self.popitem(last=False)


@dataclass(slots=True)
class Memo:
    """What `memoised_pyld` remembers. Bounded: it is emptied when full, and fills again."""

    contexts: dict[tuple[Any, ...], tuple[Any, Any, Any]] = field(default_factory=dict)
    terms: dict[int, tuple[Any, dict[str, Any]]] = field(default_factory=dict)
    _count: int = 0

    def add_context(self, key: tuple[Any, ...], entry: tuple[Any, Any, Any]) -> None:
        """Remember a processed context, with the two that it was made of."""
        if len(self.contexts) >= _PROCESSED_CONTEXTS_KEPT:
            self.contexts.clear()
        self.contexts[key] = entry

    def add_terms(self, active_context: Any) -> tuple[Any, dict[str, Any]]:
        """An empty table of the terms of a context."""
        if len(self.terms) >= _PROCESSED_CONTEXTS_KEPT:
            self.terms.clear()
        self.terms[id(active_context)] = (active_context, {})
        return self.terms[id(active_context)]

    def add_term(self, terms: dict[str, Any], value: str, expanded: Any) -> None:
        """Remember what a term stands for."""
        self._count += 1
        if self._count > _TERMS_KEPT:
            # Whoever writes a document chooses its names, and could fill the memory with them.
            self.terms.clear()
            self._count = 0
        terms[value] = expanded


class ContextStore:
    """The bundled contexts, with others in front of them where a caller adds or replaces some.

    `compile_shapes=False` keeps to the general path for every document: the same results, some thirty times
    slower; `memoise=False` keeps that path to PyLD as it comes. A store has its own compiled shapes and memos,
    for they mean nothing without its contexts.
    """

    def __init__(
        self, extra: Mapping[str, JsonObject] = _NONE, *, compile_shapes: bool = True, memoise: bool = True
    ) -> None:
        self.shapes = ShapeCache() if compile_shapes else None
        self.memo = Memo() if memoise else None
        self.unseen: list[Unseen] | None = None
        self._extra = dict(extra)
        # A store keeps its own parsed contexts: PyLD's shared cache knows a context by its URL alone,
        # and two stores may have two documents under one URL.
        self._parsed = _ParsedContexts()
        # A list, for `observing` to share.
        self._earlier: list[ContextStore] = []

    def observing(self) -> ContextStore:
        """The same store for one operation, which notes what it takes the general path for."""
        store = object.__new__(type(self))
        store.__dict__.update(self.__dict__)
        store.unseen = []
        return store

    def with_earlier_states(self) -> ContextStore:
        """A store like this one, with what stood at some URLs before it was changed; made once, to verify with."""
        if not self._earlier:
            extra = {url: earlier_context(url) for url in bundled_urls("earlierStates")} | self._extra
            options = {"compile_shapes": self.shapes is not None, "memoise": self.memo is not None}
            self._earlier.append(ContextStore(extra, **options))
        return self._earlier[0]

    def document(self, url: str) -> JsonObject:
        """The context document behind `url`. Raises ContextNotBundled."""
        return self._extra[url] if url in self._extra else bundled_context(url)

    def require(self, url: str) -> None:
        """Raise ContextNotBundled unless the store has `url`."""
        self.document(url)

    def pyld_options(self) -> dict[str, Any]:
        """What PyLD needs to see this store and nothing else."""
        from pyld.context_resolver import ContextResolver  # noqa: PLC0415

        # A resolver serves one operation: what it keeps of inline contexts would be a leak otherwise.
        resolver = ContextResolver(self._parsed, self._load)
        return {"documentLoader": self._load, "contextResolver": resolver, "base": NO_BASE}

    def _load(self, url: str, _options: object) -> JsonObject:
        return {
            "contentType": "application/ld+json",
            "contextUrl": None,
            "documentUrl": url,
            "document": self.document(url),
            "tag": "static",
        }


BUNDLED_CONTEXTS: Final = ContextStore()
