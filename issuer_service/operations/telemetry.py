"""Measuring requests and jobs: Prometheus metrics and OpenTelemetry spans, each only where the settings ask for it.

Nothing here holds an id, an address or a name: a label is the template of a route or the name of a kind of job.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from issuer_service.installation import Installation
from issuer_service.jobs.port import GATHER, Handlers
from issuer_service.operations.state import (
    keys_that_sign,
    notices_put_off,
    signatures,
    unpublished_lists,
    waiting,
    workers,
)

if TYPE_CHECKING:
    from opentelemetry.trace import Tracer
    from prometheus_client import CollectorRegistry
    from prometheus_client.core import Metric

__all__ = ["Measured", "Telemetry", "observed", "telemetry_of"]

_PREFIX: Final = "issuer_service"
_UNKNOWN: Final = "none"
_Message = MutableMapping[str, Any]
_Send = Callable[[_Message], Awaitable[None]]
_Receive = Callable[[], Awaitable[_Message]]
_App = Callable[[_Message, _Receive, _Send], Awaitable[None]]


class Telemetry:
    """What is measured in this process. Without a registry and a tracer, nothing."""

    def __init__(self, registry: CollectorRegistry | None = None, tracer: Tracer | None = None) -> None:
        self._tracer = tracer
        self._requests: Any = None
        self._jobs: Any = None
        if registry is not None:
            from prometheus_client import Histogram  # noqa: PLC0415

            self._requests = Histogram(
                f"{_PREFIX}_request_seconds", "Requests, by route.", ["method", "route", "status"], registry=registry
            )
            self._jobs = Histogram(
                f"{_PREFIX}_job_seconds", "Jobs, by kind and outcome.", ["job", "outcome"], registry=registry
            )

    @property
    def measures(self) -> bool:
        """Is there anything to do at all?"""
        return self._requests is not None or self._tracer is not None

    @contextmanager
    def job(self, name: str) -> Iterator[None]:
        """Measure a job while the block lasts."""
        began, outcome = time.monotonic(), "failed"
        with self._span(f"job {name}"):
            try:
                yield
                outcome = "done"
            finally:
                if self._jobs is not None:
                    self._jobs.labels(name, outcome).observe(time.monotonic() - began)

    @contextmanager
    def request(self, scope: _Message, answered: dict[str, int]) -> Iterator[None]:
        """Measure a request while the block lasts; `answered` gets its status."""
        began = time.monotonic()
        with self._span(f"request {scope['method']}") as span:
            try:
                yield
            finally:
                # Known once it was routed; what fits no route has none, or anybody could make labels.
                route = getattr(scope.get("route"), "path", _UNKNOWN)
                status = answered.get("status", 500)
                if self._requests is not None:
                    self._requests.labels(scope["method"], route, status).observe(time.monotonic() - began)
                if span is not None:
                    span.set_attribute("http.route", route)
                    span.set_attribute("http.response.status_code", status)

    def _span(self, name: str) -> Any:  # a context manager that gives a span or None
        # Neither the message nor the trace of an error is told: they may hold what somebody sent.
        if self._tracer is None:
            return nullcontext()
        return self._tracer.start_as_current_span(name, record_exception=False, set_status_on_exception=False)


class Measured:
    """The application, each request of which is measured."""

    def __init__(self, app: _App, telemetry: Telemetry) -> None:
        self._app = app
        self._telemetry = telemetry

    async def __call__(self, scope: _Message, receive: _Receive, send: _Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answered: dict[str, int] = {}

        async def sending(message: _Message) -> None:
            if message["type"] == "http.response.start":
                answered["status"] = message["status"]
            await send(message)

        with self._telemetry.request(scope, answered):
            await self._app(scope, receive, sending)


def observed(handlers: Handlers, telemetry: Telemetry) -> Handlers:
    """The same handlers, measured."""
    if not telemetry.measures:
        return handlers

    def measured(name: str, handle: Callable[[str], None]) -> Callable[[str], None]:
        def handle_measured(about: str) -> None:
            with telemetry.job(name):
                handle(about)

        return handle_measured

    # Looking some times a second whether anything waits is no job, and would bury the others.
    return {name: handle if name == GATHER else measured(name, handle) for name, handle in handlers.items()}


@contextmanager
def telemetry_of(here: Installation) -> Iterator[Telemetry]:
    """What the settings ask for, shown at the metrics' address for as long as the block lasts."""
    tracer = None
    if here.settings.tracing:
        from opentelemetry import trace  # noqa: PLC0415  # off, it is not even imported

        tracer = trace.get_tracer(_PREFIX)
    if here.settings.metrics_address is None:
        yield Telemetry(None, tracer)
        return
    from prometheus_client import CollectorRegistry, start_http_server  # noqa: PLC0415

    registry = CollectorRegistry()
    registry.register(_Collector(here))
    parts = urlsplit(f"//{here.settings.metrics_address}")
    server, thread = start_http_server(parts.port or 0, parts.hostname or "", registry)
    try:
        yield Telemetry(registry, tracer)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Collector:
    """What is asked of the database each time that somebody looks. It is the same in every process."""

    def __init__(self, here: Installation) -> None:
        self._here = here

    def describe(self) -> list[Metric]:
        """Nothing is asked at registration: the database may be away."""
        return []

    def collect(self) -> Iterator[Metric]:
        """The numbers of now."""
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily  # noqa: PLC0415
        from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415

        up = GaugeMetricFamily(f"{_PREFIX}_database_up", "Whether the database answers.")
        try:
            with self._here.reading() as session:
                now = self._here.now()
                found, keys = waiting(session, now=now), keys_that_sign(session, now=now)
                gauges = {
                    "awards_waiting": ("Approved awards without a badge.", found.awards),
                    "oldest_waiting_seconds": ("How long the oldest of them waits.", found.oldest_seconds),
                    "awards_with_problem": ("Awards that could not be signed.", found.with_problem),
                    "lists_unpublished": ("Status lists with changes to publish.", unpublished_lists(session)),
                    "notices_put_off": ("Notices that the mail server did not take yet.", notices_put_off(session)),
                    "keys": ("Signing keys in use.", keys.in_use),
                    "keys_silent": ("Those that were not seen to sign.", keys.silent),
                    "workers": ("Workers on the list of the living.", workers(session)),
                }
                signed = signatures(session)
        except SQLAlchemyError:
            up.add_metric([], 0)
            yield up
            return
        up.add_metric([], 1)
        yield up
        for name, (text, value) in gauges.items():
            gauge = GaugeMetricFamily(f"{_PREFIX}_{name}", text)
            gauge.add_metric([], value)
            yield gauge
        counter = CounterMetricFamily(f"{_PREFIX}_signatures", "Signatures, by what was signed.", labels=["what"])
        for what, count in signed.items():
            counter.add_metric([what], count)
        yield counter
