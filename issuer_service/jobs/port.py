"""What the service asks of an engine for durable jobs. `dbos_engine.py` is the one in use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Protocol

from sqlalchemy.orm import Session

__all__ = ["AWARD", "CREATE_KEYS", "NO_DELAY", "OFFER", "PUBLISH_STATUS_LIST", "SIGN", "Handlers", "JobState", "Jobs"]

AWARD = "award"
SIGN = "sign"
OFFER = "offer"
PUBLISH_STATUS_LIST = "publish-status-list"
CREATE_KEYS = "create-keys"

NO_DELAY = timedelta()

Handlers = Mapping[str, Callable[[str], None]]
"""By the name of a job, what does it; the text is the id of what it is about."""


class JobState(StrEnum):
    """Where a job is."""

    UNKNOWN = "unknown"
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Jobs(Protocol):
    """Takes jobs in. They are run by a worker, at least once each; doing one twice must be harmless."""

    def enqueue(self, session: Session, job: str, about: str, *, key: str, delay: timedelta = NO_DELAY) -> None:
        """Have `job` done about `about`, if and when the session's transaction commits.

        The same `key` is taken in once. With a delay it is not done before then.
        """

    def cancel(self, key: str) -> None:
        """Do not do it, if it has not begun."""

    def state_of(self, key: str) -> JobState:
        """Where the job is."""
