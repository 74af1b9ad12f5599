"""Logs: one JSON object a line, on standard error. Ids and numbers stand in them, names and addresses do not.

What libraries log comes the same way. Of an error that they log, only its kinds and places are told: the web server
would print the whole of every unexpected one, with what a database says of the row that stood in its way.
"""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

import structlog

from issuer_service.errors import where_it_failed

__all__ = ["Lines", "set_up_logs"]


class Lines(logging.Formatter):
    """Writes what a library logs as our own lines are."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON."""
        told: dict[str, object] = {"event": record.getMessage(), "logger": record.name}
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            # A message that comes with an error is often made of it.
            told = {"event": "a library logged an error", "logger": record.name, **where_it_failed(error)}
        moment = datetime.fromtimestamp(record.created, UTC).isoformat()
        return json.dumps({**told, "level": record.levelname.lower(), "timestamp": moment})


class _ToStandardError(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        sys.stderr.write(self.format(record) + "\n")


def set_up_logs() -> None:
    """Have this process log so. Called by what is run, never by what is imported."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        # Whatever standard error is when something is told, and not when this was set up.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = _ToStandardError()
    handler.setFormatter(Lines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    # dbos adds a handler of its own, unless it finds one.
    engine = logging.getLogger("dbos")
    engine.handlers[:] = [handler]
    engine.propagate = False
