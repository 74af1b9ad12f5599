"""The bundled contexts and schemas: found, read and checked against their hashes.

A wheel carries the top-level `contexts/` as `openbadges_kit/_contexts`; an editable install and a
checkout have it beside the package. This is the only place that knows.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal

from openbadges_kit.errors import ContextNotBundled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openbadges_kit.documents import JsonObject

__all__ = ["bundled_bytes", "bundled_context", "bundled_schema", "bundled_urls", "contexts_folder", "earlier_context"]

_PACKAGE: Final = Path(__file__).resolve().parent.parent
Section = Literal["contexts", "earlierStates", "schemas"]


@cache
def contexts_folder() -> Path:
    """The folder of the bundled documents. Raises FileNotFoundError when the installation lacks it."""
    for folder in (_PACKAGE / "_contexts", _PACKAGE.parent / "contexts"):
        if (folder / "manifest.json").is_file():
            return folder
    raise FileNotFoundError("contexts/manifest.json: this installation of openbadges-kit is incomplete")


@cache
def _manifest() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    manifest = json.loads((contexts_folder() / "manifest.json").read_bytes())
    return MappingProxyType(
        {section: {entry["url"]: entry for entry in entries} for section, entries in manifest.items()}
    )


def bundled_urls(section: Section = "contexts") -> frozenset[str]:
    """The URLs of all bundled documents of a kind."""
    return frozenset(_manifest()[section])


def bundled_context(url: str) -> JsonObject:
    """The context document behind `url`; the caller must not change it. Raises ContextNotBundled."""
    document: JsonObject = _read("contexts", url)
    return document


def earlier_context(url: str) -> JsonObject:
    """What stood at `url` before its publisher changed it; the caller must not change it. Raises ContextNotBundled."""
    document: JsonObject = _read("earlierStates", url)
    return document


def bundled_schema(url: str) -> JsonObject:
    """The JSON Schema behind `url`; the caller must not change it. Raises ContextNotBundled."""
    document: JsonObject = _read("schemas", url)
    return document


def bundled_bytes(url: str) -> bytes:
    """The context behind `url` byte for byte, for whoever compares a digest of it. Raises ContextNotBundled."""
    return _bytes("contexts", url)


@cache
def _read(section: Section, url: str) -> Any:  # JSON
    return json.loads(_bytes(section, url))


def _bytes(section: Section, url: str) -> bytes:
    entry = _manifest()[section].get(url)
    if entry is None:
        raise ContextNotBundled(url)
    data = (contexts_folder() / entry["file"]).read_bytes()
    # A context decides what a signature means: one changed byte must not pass unnoticed.
    if hashlib.sha256(data).hexdigest() != entry["sha256"]:
        raise ContextNotBundled(url)
    return data
