"""did:web, a DID whose document stands on a web server: https://w3c-ccg.github.io/did-method-web/.

Only the name is turned into an address here; whoever fetches it is an argument of the resolver.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from openbadges_kit.errors import ResolutionError

__all__ = ["PREFIX", "did_from_url", "document_url"]

PREFIX: Final = "did:web:"
_HOST: Final = re.compile(r"[A-Za-z0-9.-]+(?::[0-9]{1,5})?")
_SEGMENT: Final = re.compile(r"[A-Za-z0-9._~-]+")


def document_url(did: str) -> str:
    """Where the DID's document stands.

    Raises ResolutionError when the DID names no host, or hides a slash or another address in a part.
    """
    host, *segments = did.removeprefix(PREFIX).split(":")
    host, segments = unquote(host), [unquote(segment) for segment in segments]
    if not _HOST.fullmatch(host) or not all(_SEGMENT.fullmatch(segment) for segment in segments):
        raise ResolutionError(f"{did} is not a did:web")
    if any(segment in {".", ".."} for segment in segments):
        raise ResolutionError(f"{did} leaves its own path")
    return f"https://{host}/{'/'.join([*segments, 'did.json'] if segments else ['.well-known', 'did.json'])}"


def did_from_url(base_url: str) -> str:
    """The did:web whose document stands below `base_url`: `https://host:8000/a` is did:web:host%3A8000:a."""
    parts = urlsplit(base_url)
    segments = [segment for segment in parts.path.split("/") if segment]
    return PREFIX + ":".join([quote(parts.netloc, safe=""), *segments])
