"""A process that does jobs: any number of them, on any number of hosts, beside the same database."""

from __future__ import annotations

import gc
import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import structlog

from issuer_service.bootstrap import handlers, resume_lost_work, schedule_upkeep
from issuer_service.installation import Installation
from issuer_service.jobs.dbos_engine import DbosJobs, run_worker
from issuer_service.jobs.keeper import Keeper, kept
from issuer_service.operations.restoring import must_not_be_behind
from issuer_service.operations.telemetry import Telemetry, observed, telemetry_of

__all__ = ["work", "working"]

# A chunk of badges is tens of thousands of objects that live until it is done. Looking through them for rings that
# nobody refers to after every seven hundred new ones, as Python does, takes a tenth of the time.
_NEW_OBJECTS_BEFORE_COLLECTION: Final = 50_000
# As long as a service manager gives before it kills (systemd: 90 seconds); a chunk takes some seconds.
_GRACE_SECONDS: Final = 60


@contextmanager
def working(
    installation: Installation, telemetry: Telemetry | None = None, *, grace_seconds: int = _GRACE_SECONDS
) -> Iterator[str]:
    """Do jobs for as long as the block lasts, under a name that no other worker has; gives the name.

    At the end, what is being done comes to its end, and nothing new is begun.
    """
    must_not_be_behind(installation)
    executor = f"{socket.gethostname()[:60]}-{os.getpid()}-{installation.randomness(6).hex()}"
    jobs = DbosJobs(installation.engine)
    keeper = Keeper(installation.engine, jobs, executor=executor, now=installation.now)
    schedule_upkeep(installation)
    doing = observed(handlers(installation), telemetry or Telemetry())
    # Registered before the first job is taken and until the last is done: the others would take it over.
    with (
        kept(keeper),
        run_worker(installation.engine, doing, executor=executor, grace_seconds=grace_seconds),
    ):
        resume_lost_work(installation, with_problems=True)
        yield executor


def work(installation: Installation, *, grace_seconds: int = _GRACE_SECONDS) -> None:
    """Do jobs until SIGTERM or SIGINT."""
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS_BEFORE_COLLECTION)
    over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: over.set())
    log = structlog.get_logger()
    with (
        telemetry_of(installation) as telemetry,
        working(installation, telemetry, grace_seconds=grace_seconds) as executor,
    ):
        log.info("working", executor=executor)
        over.wait()
        log.info("stopping: what is being done comes to its end", executor=executor)
    log.info("stopped", executor=executor)
