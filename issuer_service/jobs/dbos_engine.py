"""The port of `port.py` on dbos: the same code on SQLite without a server and on PostgreSQL with many workers.

dbos keeps its tables beside ours (on SQLite without a prefix), so that a job is enqueued in the transaction
that makes it necessary. Exactly once is not its task but the schema's: see `issuance/tables.py`.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import structlog
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from issuer_service.errors import ServiceError, where_it_failed
from issuer_service.jobs.gatherer import gathering
from issuer_service.jobs.port import GATHER, NO_DELAY, PROMPT, Handlers, JobState
from issuer_service.jobs.schedule import set_schedule
from openbadges_kit.errors import OpenBadgesError

if TYPE_CHECKING:
    from dbos import DBOSClient, DBOSConfig

__all__ = ["DbosJobs", "JobFailed", "do_job", "prepare_tables", "run_worker"]

_APPLICATION: Final = "issuer-service"
# dbos resumes only jobs of its own application version. Ours carry an id and nothing else, so any version may.
_VERSION: Final = "1"
# A hundred thousand rows are four hundred chunks in a queue; behind them somebody's one badge would wait for minutes.
_QUEUE: Final = "jobs"
_PROMPT_QUEUE: Final = "prompt"
_WORKFLOW: Final = "run_job"
_POLLING_SECONDS: Final = 0.2
# Looking more often is felt by nobody, and takes some per cent of a processor of whoever has nothing to do.
_PROMPT_POLLING_SECONDS: Final = 0.2
# A worker that is asked to stop lets what it is doing come to its end, for at most this long.
_GRACE_SECONDS: Final = 10
_WORKER_CONCURRENCY: Final = 2
# Each look at a queue takes up to so many jobs: with two, five looks a second would do no more than ten awards.
_PROMPT_CONCURRENCY: Final = 10
# SQLite takes no more than some thirty thousand variables in one statement; a thousand are quick everywhere.
_KEYS_PER_QUESTION: Final = 1000
_MOST_BEGUN: Final = 1000
_FORGOTTEN_AT_ONCE: Final = 5000
MAX_RETRIES: Final = 5
_RETRY_SECONDS: Final = 0.5

_STATES: Final = {
    "ENQUEUED": JobState.WAITING,
    "DELAYED": JobState.WAITING,
    "PENDING": JobState.RUNNING,
    "SUCCESS": JobState.DONE,
    "ERROR": JobState.FAILED,
    "MAX_RECOVERY_ATTEMPTS_EXCEEDED": JobState.FAILED,
    "CANCELLED": JobState.CANCELLED,
}


class DbosJobs:
    """Takes jobs in; runs none."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._made: DBOSClient | None = None

    @property
    def _client(self) -> DBOSClient:
        # Importing dbos takes a second that a command which enqueues nothing need not wait for.
        if self._made is None:
            from dbos import DBOSClient  # noqa: PLC0415

            self._made = DBOSClient(system_database_engine=self._engine, application_name=_APPLICATION, lazy=True)
        return self._made

    def enqueue(self, session: Session, job: str, about: str, *, key: str, delay: timedelta = NO_DELAY) -> None:
        """See `Jobs.enqueue`."""
        options: dict[str, Any] = {
            "queue_name": _PROMPT_QUEUE if job in PROMPT else _QUEUE,
            "workflow_name": _WORKFLOW,
            "workflow_id": key,
            "app_version": _VERSION,
        }
        if delay > NO_DELAY:
            options["delay_seconds"] = delay.total_seconds()
        self._client.enqueue_in_transaction(session, options, job, about)  # type: ignore[arg-type]  # a TypedDict

    def cancel(self, key: str) -> None:
        """See `Jobs.cancel`."""
        self._client.cancel_workflow(key)

    def schedule(self, session: Session, job: str, *, every: timedelta, first: datetime) -> None:
        """See `Jobs.schedule`."""
        set_schedule(session, job, every=every, first=first)

    def state_of(self, key: str) -> JobState:
        """See `Jobs.state_of`."""
        return self.states_of([key])[key]

    def states_of(self, keys: Collection[str]) -> Mapping[str, JobState]:
        """See `Jobs.states_of`."""
        wanted = list(keys)
        states = dict.fromkeys(wanted, JobState.UNKNOWN)
        for start in range(0, len(wanted), _KEYS_PER_QUESTION):
            some = wanted[start : start + _KEYS_PER_QUESTION]
            found = self._client.list_workflows(workflow_ids=some, load_input=False, load_output=False)
            states.update({status.workflow_id: _STATES[status.status] for status in found})
        return states

    def begun(self) -> dict[str, str]:
        """The jobs that were begun and have not come to an end, each with the worker that began it."""
        found = self._client.list_workflows(status="PENDING", load_input=False, load_output=False, limit=_MOST_BEGUN)
        return {status.workflow_id: status.executor_id or "" for status in found}

    def begin_again(self, keys: Collection[str]) -> None:
        """Give jobs that were begun back to the queue."""
        self._client.resume_workflows(list(keys), queue_name=_PROMPT_QUEUE)

    def forget_done(self, *, before: datetime) -> int:
        """Remove what the engine remembers of jobs that ended well before then. The number of them."""
        found = self._client.list_workflows(
            status="SUCCESS",
            completed_before=before.isoformat(),
            load_input=False,
            load_output=False,
            limit=_FORGOTTEN_AT_ONCE,
        )
        if found:
            self._client.delete_workflows([status.workflow_id for status in found])
        return len(found)


def prepare_tables(engine: Engine) -> None:
    """Make dbos's tables, so that jobs can be taken in before any worker has run.

    The queue with them: a worker that finds it begins at once, and one that makes it looks for work a second later.
    """
    from dbos import DBOS  # noqa: PLC0415

    with _launched(DBOS, _config(engine, executor="setup"), {}, grace_seconds=0):
        pass


@contextmanager
def run_worker(
    engine: Engine, handlers: Handlers, *, executor: str = "local", grace_seconds: int = _GRACE_SECONDS
) -> Iterator[None]:
    """Run jobs in threads of this process for as long as the block lasts, and let those that run come to their end.

    Jobs that a former process of the same `executor` name had begun are begun again.
    """
    from dbos import DBOS  # noqa: PLC0415

    gather = handlers.get(GATHER)
    with (
        _launched(DBOS, _config(engine, executor=executor), handlers, grace_seconds=grace_seconds),
        gathering(lambda: gather("")) if gather is not None else nullcontext(),
    ):
        yield


def do_job(handlers: Handlers, job: str, about: str) -> None:
    """Do a job. Raises what it raises where that is a refusal of ours, and JobFailed for anything else.

    The engine logs and keeps the error of a job that fails; what a database says of a row must not get there.
    """
    try:
        handlers[job](about)
    except (ServiceError, OpenBadgesError):
        raise
    except Exception as error:  # noqa: BLE001  # whatever it is, it is told and raised again without its words
        told = where_it_failed(error)
        structlog.get_logger().error("a job failed", job=job, **told)
        raise JobFailed(f"{job}: {', '.join(told['errors'])}") from None


class JobFailed(Exception):  # named for what happened
    """A job failed in a way that nobody foresaw; the log says where."""


@contextmanager
def _launched(
    dbos: Any,  # the DBOS class
    config: DBOSConfig,
    handlers: Handlers,
    *,
    grace_seconds: int,
) -> Iterator[None]:
    dbos(config=config)

    # No step of dbos within it: what a step has done is remembered, at the price of two commits more for every job,
    # and doing a job again is harmless.
    @dbos.workflow(name=_WORKFLOW)  # type: ignore[untyped-decorator]  # dbos is passed in
    def run_job(job: str, about: str) -> None:
        for attempt in range(MAX_RETRIES):
            try:
                do_job(handlers, job, about)
            except Exception:  # whatever it is, the last time it is the job's outcome
                if attempt == MAX_RETRIES - 1:
                    raise
                time.sleep(_RETRY_SECONDS * 2**attempt)
            else:
                break

    try:
        dbos.launch()
        for queue, concurrency, seconds in (
            (_QUEUE, _WORKER_CONCURRENCY, _POLLING_SECONDS),
            (_PROMPT_QUEUE, _PROMPT_CONCURRENCY, _PROMPT_POLLING_SECONDS),
        ):
            dbos.register_queue(
                queue, worker_concurrency=concurrency, polling_interval_sec=seconds, on_conflict="always_update"
            )
        yield
    finally:
        dbos.destroy(destroy_registry=True, workflow_completion_timeout_sec=grace_seconds)


def _config(engine: Engine, *, executor: str) -> DBOSConfig:
    return {
        "name": _APPLICATION,
        "system_database_engine": engine,
        "application_version": _VERSION,
        "executor_id": executor,
        "log_level": "ERROR",
        "use_listen_notify": False,
        # How long its listener sleeps, and so how long a worker takes to stop.
        "notification_listener_polling_interval_sec": 0.25,
    }
