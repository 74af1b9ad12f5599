"""How a test calls its installation: the whole application, in the test's own thread.

A run makes some ten thousand calls, and as many applications as there are tests. FastAPI analyses two hundred routes
anew for each application, and its own client hands each call to a thread, which hands it to others: either costs more
than what the application does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any
from unittest.mock import patch

import anyio.to_thread
import httpx2
from fastapi import FastAPI
from starlette.types import Message, Receive, Scope, Send

from issuer_service.api import create_app
from issuer_service.installation import Installation
from issuer_service.settings import VcApi
from issuer_service.web.authentication import Gates

_ROUTES: dict[VcApi, FastAPI] = {}
_LOOP = asyncio.Runner()


class Serving:
    """What `create_app` gives, for calls that come one after another: the routes are those of every other test."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._gates = Gates.of(installation.settings)
        # What is served follows from this setting, and from no other.
        served = installation.settings.vc_api
        if served not in _ROUTES:
            _ROUTES[served] = create_app(installation)
        self.routes = _ROUTES[served]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.routes.state.installation = self._installation
        self.routes.state.gates = self._gates
        await self.routes(scope, receive, send)


class Client(httpx2.Client):
    """Calls an installation. What the application raises and does not answer comes out of the call."""

    def __init__(self, installation: Installation, *, follow_redirects: bool = True) -> None:
        self.app = Serving(installation)
        super().__init__(
            transport=_InThisThread(self.app), base_url="https://badges.example", follow_redirects=follow_redirects
        )


class _InThisThread(httpx2.BaseTransport):
    def __init__(self, app: Serving) -> None:
        self._app = app

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": request.method,
            "scheme": request.url.scheme,
            "path": request.url.path,
            "raw_path": request.url.raw_path.split(b"?")[0],
            "query_string": request.url.query,
            "root_path": "",
            "headers": [(name.lower(), value) for name, value in request.headers.raw],
            "server": (request.url.host, request.url.port),
            "client": ("127.0.0.1", 50000),
        }
        # A body that comes in parts is taken together: there is nobody to wait for.
        heard: Iterator[Message] = iter([{"type": "http.request", "body": request.read(), "more_body": False}])
        told: list[Message] = []

        async def receive() -> Message:
            return next(heard, {"type": "http.disconnect"})

        async def send(message: Message) -> None:
            told.append(message)

        with patch.object(anyio.to_thread, "run_sync", _at_once):
            _LOOP.run(self._app(scope, receive, send))
        start, *parts = told
        body = b"".join(part.get("body", b"") for part in parts)
        return httpx2.Response(start["status"], headers=start["headers"], content=body)


async def _at_once(function: Callable[..., Any], *arguments: Any, **_: Any) -> Any:  # whatever it gives
    """In the place of what gives a function that may wait a thread of its own."""
    return function(*arguments)
