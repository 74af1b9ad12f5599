"""The contexts that JSON-LD may use. Whatever is not in the store is refused, never fetched."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from typing import Any, Final

from openbadges_kit.documents import JsonObject
from openbadges_kit.jsonld.bundle import bundled_context

__all__ = ["BUNDLED_CONTEXTS", "ContextStore"]

_NONE: Final[Mapping[str, JsonObject]] = {}
# Parsed contexts that PyLD keeps: the bundled ones and their scoped parts are some sixty.
_PARSED_CONTEXTS_KEPT: Final = 500


class ContextStore:
    """The bundled contexts, with others in front of them where a caller adds or replaces some."""

    def __init__(self, extra: Mapping[str, JsonObject] = _NONE) -> None:
        self._extra = dict(extra)
        # A store keeps its own parsed contexts: PyLD's shared cache knows a context by its URL alone,
        # and two stores may have two documents under one URL.
        self._parsed: MutableMapping[Any, Any] | None = None

    def document(self, url: str) -> JsonObject:
        """The context document behind `url`. Raises ContextNotBundled."""
        return self._extra[url] if url in self._extra else bundled_context(url)

    def require(self, url: str) -> None:
        """Raise ContextNotBundled unless the store has `url`."""
        self.document(url)

    def pyld_options(self) -> dict[str, Any]:
        """What PyLD needs to see this store and nothing else."""
        from cachetools import LRUCache  # noqa: PLC0415  # PyLD's own cache, and imported when PyLD is
        from pyld.context_resolver import ContextResolver  # noqa: PLC0415

        if self._parsed is None:
            self._parsed = LRUCache(maxsize=_PARSED_CONTEXTS_KEPT)
        # A resolver serves one operation: what it keeps of inline contexts would be a leak otherwise.
        resolver = ContextResolver(self._parsed, self._load)
        return {"documentLoader": self._load, "contextResolver": resolver, "base": ""}

    def _load(self, url: str, _options: object) -> JsonObject:
        return {
            "contentType": "application/ld+json",
            "contextUrl": None,
            "documentUrl": url,
            "document": self.document(url),
            "tag": "static",
        }


BUNDLED_CONTEXTS: Final = ContextStore()
