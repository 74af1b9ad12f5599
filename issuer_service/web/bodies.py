"""Bounds on what comes in: the size of a body, and characters that no address of ours has."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Final

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from issuer_service.problem_details import MEDIA_TYPE, ProblemDetails

__all__ = ["LIMITS", "BoundedBodies"]

_KIB: Final = 1024
_MIB: Final = 1024 * _KIB
DEFAULT_LIMIT: Final = _MIB
LIMITS: Final = {
    "/verify": 21 * _MIB,  # a picture with a badge in it
    "/v1/verifications": 4 * _MIB,
    "/v1/ulo-versions": 2 * _MIB,  # a catalogue's table
    "/v1/qualifications": 64 * _MIB,  # a catalogue as a CASE package
    "/v1/ulo-drafts": 2 * _MIB,
    "/desk/recognition/": 21 * _MIB,  # the same, on a page
    "/v1/recognition-requests": 21 * _MIB,  # a picture with a badge in it
    "/v1/bulk-runs": 64 * _MIB,  # a hundred thousand rows
    "/vc-api/": 4 * _MIB,  # what the kit reads
}
"""By the beginning of a path, how many bytes a body may have; elsewhere a mebibyte."""


class BoundedBodies:
    """Refuses a body that is larger than its place takes, before it is read to its end."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request, https://asgi.readthedocs.io/en/latest/specs/www.html"""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        # PostgreSQL keeps no NUL: nothing of ours has one in its name, and no query would find it.
        if "\0" in scope["path"] or b"%00" in scope["query_string"]:
            await _problem(send, HTTPStatus.BAD_REQUEST, "an address has no NUL character")
            return
        limit = next((size for path, size in LIMITS.items() if scope["path"].startswith(path)), DEFAULT_LIMIT)
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        too_large = f"larger than the {limit} bytes that are taken in here"
        if not announced.isdigit() or int(announced) > limit:
            await _problem(send, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, too_large)
            return
        seen = 0

        async def bounded() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > limit:
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, too_large)
            return message

        await self._app(scope, bounded, send)


async def _problem(send: Send, status: HTTPStatus, detail: str) -> None:
    problem = ProblemDetails(title=status.phrase, status=status, detail=detail)
    body = json.dumps(problem.model_dump()).encode()
    headers = [(b"content-type", MEDIA_TYPE.encode()), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": int(status), "headers": headers})
    await send({"type": "http.response.body", "body": body})
