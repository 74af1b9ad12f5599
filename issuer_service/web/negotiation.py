"""Which form of a thing whoever asks would like best: https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1"""

from __future__ import annotations

import re
from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import Header
from starlette.exceptions import HTTPException

from issuer_service.problem_details import problem_response

__all__ = ["HTML", "JSON", "JSON_LD", "NEGOTIATED", "Accept", "chosen"]

HTML: Final = "text/html"
JSON_LD: Final = "application/ld+json"
JSON: Final = "application/json"

NEGOTIATED: Final[dict[int | str, dict[str, Any]]] = {
    int(HTTPStatus.NOT_ACCEPTABLE): problem_response(HTTPStatus.NOT_ACCEPTABLE)
}
"""The `responses` of an endpoint that has several forms, for OpenAPI."""

Accept = Annotated[
    str, Header(description=f"{HTML} for a page, {JSON_LD} for linked data, {JSON} for plain JSON.", max_length=2000)
]

_RANGE: Final = re.compile(r"\s*([\w.+*-]+)/([\w.+*-]+)\s*((?:;[^,]*)?)", re.ASCII)
_QUALITY: Final = re.compile(r";\s*q\s*=\s*([01](?:\.[0-9]{0,3})?)\s*(?:;|$)", re.IGNORECASE)


def chosen(accept: str, *offered: str) -> str:
    """The media type among those offered that is wanted most; of equals the first.

    Without an Accept header anything is. Raises HTTPException with status 406 when none is wanted.
    """
    ranges = [_range(part) for part in accept.split(",")] if accept.strip() else [("*", "*", 1.0)]
    wanted = [one for one in ranges if one is not None]
    qualities = [_quality(media_type, wanted) for media_type in offered]
    best = max(qualities, default=0.0)
    if best <= 0:
        raise HTTPException(HTTPStatus.NOT_ACCEPTABLE, f"this is there as: {', '.join(offered)}")
    return offered[qualities.index(best)]


def _range(part: str) -> tuple[str, str, float] | None:
    found = _RANGE.match(part)
    if found is None:
        return None
    quality = _QUALITY.search(found[3])
    if quality is None and re.search(r";\s*q\s*=", found[3], re.IGNORECASE):
        # A weight that is none is no wish.
        return None
    return found[1].lower(), found[2].lower(), min(float(quality[1]), 1.0) if quality else 1.0


def _quality(media_type: str, wanted: Sequence[tuple[str, str, float]]) -> float:
    """How much it is wanted: what names it goes before what names its kind, and that before what names anything."""
    kind, _, name = media_type.partition("/")
    for pair in ((kind, name), (kind, "*"), ("*", "*")):
        found = [quality for one, other, quality in wanted if (one, other) == pair]
        if found:
            return max(found)
    return 0.0
