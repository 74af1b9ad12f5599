"""What somebody has already is not sent again: its content has an entity tag, and who knows it is told 304."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Annotated, Any, Final

from fastapi import Header, Response

__all__ = ["NOT_MODIFIED", "IfNoneMatch", "tagged"]

IfNoneMatch = Annotated[
    str | None, Header(description="The entity tags of what one has; answered with 304 where it is still so.")
]
NOT_MODIFIED: Final[dict[int | str, dict[str, Any]]] = {304: {"description": "It is what one has."}}


def tagged(
    content: bytes, media_type: str, if_none_match: str | None, *, headers: Mapping[str, str] | None = None
) -> Response:
    """The content, or 304. The tag is that of the content, so it holds whatever the content was made by."""
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    every = {"ETag": etag, **(headers or {})}
    if if_none_match is not None and (etag in if_none_match or if_none_match.strip() == "*"):
        return Response(status_code=304, headers=every)
    return Response(content, media_type=media_type, headers=every)
