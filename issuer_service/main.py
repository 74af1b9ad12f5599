"""A process that serves, and by itself works too: the embedded mode, for a laptop and a small provider."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from typing import Final
from urllib.parse import urlsplit

import uvicorn
from fastapi import APIRouter

from issuer_service.api import create_app
from issuer_service.installation import Installation
from issuer_service.operations.restoring import must_not_be_behind
from issuer_service.operations.telemetry import telemetry_of
from issuer_service.worker import working

__all__ = ["serve"]

# Whoever waits for an answer waits for each of its steps to get its turn among the threads of the other calls, and
# Python lets a thread that computes go on for five milliseconds while the others wait.
_SWITCH_SECONDS: Final = 0.001
# Looking through everything for rings that nobody refers to stops all calls at once, for a tenth of a second and more
# while what was there from the beginning is looked through too.
_NEW_OBJECTS_BEFORE_COLLECTION: Final = 10_000


def serve(installation: Installation, *, with_jobs: bool = True, before: Sequence[APIRouter] = ()) -> None:
    """Serve until interrupted, at the listen address or that of the base URL; `with_jobs`, do the jobs in between.

    What is routed `before` all else stands in its place.
    """
    must_not_be_behind(installation)
    listen = installation.settings.listen_address
    address = urlsplit(installation.base_url if listen is None else f"//{listen}")
    with telemetry_of(installation) as telemetry, working(installation, telemetry) if with_jobs else nullcontext():
        app = create_app(installation, telemetry, before=before)
        sys.setswitchinterval(_SWITCH_SECONDS)
        gc.freeze()
        gc.set_threshold(_NEW_OBJECTS_BEFORE_COLLECTION)
        uvicorn.run(
            app,
            host=address.hostname or "127.0.0.1",
            port=address.port or 8000,
            # By our own handler: its own prints errors whole.
            log_config=None,
            log_level="warning",
        )
