"""What the service asks of an engine for durable jobs. `dbos_engine.py` is the one in use."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol

from sqlalchemy.orm import Session

__all__ = [
    "AUDIT",
    "AWARD",
    "BULK",
    "CHANGE_KEY",
    "CREATE_KEYS",
    "DELIVER",
    "ENDORSE",
    "EXPIRE",
    "FORGET",
    "GATHER",
    "NOTIFY",
    "NO_DELAY",
    "OFFER",
    "PROBE_KEYS",
    "PROMPT",
    "PUBLISH_STATUS_LIST",
    "RECONCILE",
    "REFUSED",
    "REMIND",
    "REVERIFY",
    "SEND_NOTICES",
    "SIGN",
    "SIGN_ONE",
    "TAKE_OVER",
    "TELL_WEBHOOK",
    "BegunJobs",
    "Handlers",
    "JobState",
    "Jobs",
]

AUDIT = "verify-audit-trail"
AWARD = "award"
BULK = "bulk"
DELIVER = "deliver-to-registry"
ENDORSE = "endorse"
EXPIRE = "expire"
FORGET = "forget-done-jobs"
GATHER = "gather"
"""Not enqueued by anybody: a worker does it some times a second, for as long as it lives."""
NOTIFY = "notify"
OFFER = "offer"
PUBLISH_STATUS_LIST = "publish-status-list"
CHANGE_KEY = "change-key"
CREATE_KEYS = "create-keys"
PROBE_KEYS = "probe-keys"
RECONCILE = "reconcile"
REFUSED = "award-refused"
REMIND = "remind"
REVERIFY = "reverify"
SEND_NOTICES = "send-notices"
SIGN = "sign"
SIGN_ONE = "sign-one"
"""Signs what was approved one at a time, and gathered."""
TAKE_OVER = "take-over"
TELL_WEBHOOK = "tell-webhook"

PROMPT: Final = frozenset(
    {
        AWARD,
        CHANGE_KEY,
        CREATE_KEYS,
        ENDORSE,
        NOTIFY,
        OFFER,
        PUBLISH_STATUS_LIST,
        REFUSED,
        SEND_NOTICES,
        SIGN_ONE,
        TAKE_OVER,
    },
)
"""Jobs that somebody waits for, each of them a moment's work: they do not stand behind a bulk run."""

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

    def schedule(self, session: Session, job: str, *, every: timedelta, first: datetime) -> None:
        """Have `job` done every so often, by one worker each time. A known schedule gets the new interval."""

    def cancel(self, key: str) -> None:
        """Do not do it, if it has not begun."""

    def state_of(self, key: str) -> JobState:
        """Where the job is."""

    def states_of(self, keys: Collection[str]) -> Mapping[str, JobState]:
        """Where each of the jobs is."""


class BegunJobs(Jobs, Protocol):
    """What a worker needs besides, to take over from one that died."""

    def begun(self) -> Mapping[str, str]:
        """The jobs that were begun and have not come to an end, each with the worker that began it."""

    def begin_again(self, keys: Collection[str]) -> None:
        """Give jobs that were begun back to the queue."""
