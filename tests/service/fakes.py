"""Stand-ins that keep the promises of what they stand for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta

from sqlalchemy import event
from sqlalchemy.orm import Session

from issuer_service.jobs.port import GATHER, NO_DELAY, Handlers, JobState
from issuer_service.jobs.schedule import set_schedule


class JobsByHand:
    """Jobs that are done when the test says so. Like the real ones: only after a commit, and a key once."""

    def __init__(self) -> None:
        self.taken: dict[str, tuple[str, str]] = {}
        self.states: dict[str, JobState] = {}
        self.begun_by: dict[str, str] = {}
        self.later: dict[str, timedelta] = {}

    def enqueue(self, session: Session, job: str, about: str, *, key: str, delay: timedelta = NO_DELAY) -> None:
        if delay > NO_DELAY:
            # Nobody waits in a test: what is for later is noted, and done by nobody.
            event.listen(session, "after_commit", lambda _: self.later.setdefault(key, delay), once=True)
            return

        def take_in(_session: Session) -> None:
            if key not in self.taken:
                self.taken[key] = (job, about)
                self.states[key] = JobState.WAITING

        event.listen(session, "after_commit", take_in, once=True)

    def schedule(self, session: Session, job: str, *, every: timedelta, first: datetime) -> None:
        set_schedule(session, job, every=every, first=first)

    def cancel(self, key: str) -> None:
        self.states[key] = JobState.CANCELLED

    def state_of(self, key: str) -> JobState:
        return self.states.get(key, JobState.UNKNOWN)

    def states_of(self, keys: Collection[str]) -> Mapping[str, JobState]:
        return {key: self.state_of(key) for key in keys}

    def begun(self) -> Mapping[str, str]:
        return dict(self.begun_by)

    def begin_again(self, keys: Collection[str]) -> None:
        for key in keys:
            del self.begun_by[key]
            self.states[key] = JobState.WAITING

    def do_all(self, handlers: Handlers) -> int:
        """Do what waits, and what comes of it. The number of jobs done."""
        done = 0
        while waiting := self._waiting(handlers):
            for key in waiting:
                job, about = self.taken[key]
                handlers[job](about)
                self.states[key] = JobState.DONE
                done += 1
        return done

    def _waiting(self, handlers: Handlers) -> list[str]:
        if GATHER in handlers:
            handlers[GATHER]("")
        return [key for key, state in self.states.items() if state is JobState.WAITING]

    def forget(self) -> None:
        """As if nothing had ever been taken in."""
        self.taken.clear()
        self.states.clear()
        self.later.clear()

    def repeat_everything(self, handlers: Handlers) -> None:
        """Do every job that was ever taken in once more, as an engine may after a crash."""
        for job, about in list(self.taken.values()):
            handlers[job](about)


class SettableClock:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, by: timedelta) -> None:
        self.moment += by
