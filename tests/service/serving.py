"""The application of a test's installation.

To analyse some two hundred routes takes half a second of computing, which FastAPI does anew for each application. So
those of a worker share one set of routes, and before each call it is said whose call it is.
"""

from __future__ import annotations

from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from issuer_service.api import create_app
from issuer_service.installation import Installation
from issuer_service.settings import VcApi
from issuer_service.web.authentication import Gates

_ROUTES: dict[VcApi, FastAPI] = {}


class Serving:
    """What `create_app` gives, for a test whose calls come one after another."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._gates = Gates.of(installation.settings)
        # What is served follows from this setting, and from no other.
        served = installation.settings.vc_api
        if served not in _ROUTES:
            _ROUTES[served] = create_app(installation)
        self._routes = _ROUTES[served]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._routes.state.installation = self._installation
        self._routes.state.gates = self._gates
        await self._routes(scope, receive, send)
