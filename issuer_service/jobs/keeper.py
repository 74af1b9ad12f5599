"""A worker's own upkeep: it shows that it lives, takes over the jobs of the dead, and starts what is due.

A worker that is frozen and wakes again after its jobs were taken over does them too; doing a job twice is
harmless, and that is what makes taking over safe without asking the dead.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

import structlog
from sqlalchemy import Engine, delete, select, update
from sqlalchemy.exc import SQLAlchemyError

from issuer_service.clock import Clock
from issuer_service.jobs.port import BegunJobs
from issuer_service.jobs.schedule import start_due
from issuer_service.jobs.tables import Worker
from issuer_service.persistence.database import reading, transaction
from issuer_service.persistence.upsert import insert_or_ignore

__all__ = ["DEAD_AFTER", "Keeper", "kept"]

_BEAT_SECONDS: Final = 2.0
# Ten beats missed. Longer, and a crash is felt; shorter, and a loaded machine loses its workers.
DEAD_AFTER: Final = timedelta(seconds=20)


class Keeper:
    """The upkeep of one worker. `monotonic` is a clock that nobody can set."""

    def __init__(
        self,
        engine: Engine,
        jobs: BegunJobs,
        *,
        executor: str,
        now: Clock,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engine = engine
        self._jobs = jobs
        self._executor = executor
        self._now = now
        self._monotonic = monotonic
        self._seen: dict[str, tuple[int, float]] = {}

    def turn(self) -> None:
        """One round of upkeep."""
        self.beat()
        self.take_over()
        with transaction(self._engine) as session:
            start_due(session, self._jobs, now=self._now())

    def beat(self) -> None:
        """Show that this worker lives, again if others had buried it."""
        with transaction(self._engine) as session:
            row = {"executor": self._executor, "beats": 0, "started_at": self._now()}
            insert_or_ignore(session, Worker, [row])
            session.execute(update(Worker).where(Worker.executor == self._executor).values(beats=Worker.beats + 1))

    def take_over(self) -> list[str]:
        """Bury workers that show no sign of life, and have their jobs begun again. Gives the jobs' keys."""
        # In this order: a worker registers before it takes its first job, so that one whose job is seen here
        # and who is not registered below is dead.
        begun = self._jobs.begun()
        with reading(self._engine) as session:
            beats = {row.executor: row.beats for row in session.scalars(select(Worker))}
        dead = self._without_sign_of_life(beats)
        if dead:
            with transaction(self._engine) as session:
                for executor in dead:
                    # With the count in the condition: one that has just shown itself after all is left alone.
                    session.execute(delete(Worker).where(Worker.executor == executor, Worker.beats == beats[executor]))
        alive = set(beats) - dead
        lost = [key for key, executor in begun.items() if executor not in alive]
        if lost:
            structlog.get_logger().warning("jobs taken over", jobs=len(lost), workers=len(dead))
            self._jobs.begin_again(lost)
        return lost

    def leave(self) -> None:
        """Take this worker off the list: what it has not done is free for others at once."""
        with transaction(self._engine) as session:
            session.execute(delete(Worker).where(Worker.executor == self._executor))

    def _without_sign_of_life(self, beats: dict[str, int]) -> set[str]:
        moment, dead = self._monotonic(), set()
        for executor, count in beats.items():
            known, since = self._seen.get(executor, (None, moment))
            if known != count:
                since = moment
            self._seen[executor] = (count, since)
            if moment - since > DEAD_AFTER.total_seconds() and executor != self._executor:
                dead.add(executor)
        self._seen = {executor: seen for executor, seen in self._seen.items() if executor in beats}
        return dead


@contextmanager
def kept(keeper: Keeper) -> Iterator[None]:
    """Have the upkeep done in a thread for as long as the block lasts; the worker is registered before it begins."""
    over = threading.Event()

    def keep() -> None:
        while not over.wait(_BEAT_SECONDS):
            try:
                keeper.turn()
            except SQLAlchemyError as error:
                # The database is away; so is everything else, and it is tried again in two seconds.
                structlog.get_logger().warning("upkeep failed", error=type(error).__name__)

    keeper.beat()
    thread = threading.Thread(target=keep, name="keeper", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        keeper.leave()
