"""One installation of the service: its settings, database, clock, randomness and jobs, given to whoever works in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from threading import Lock

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from issuer_service.audit.trail import Trail, act_as, keep_trail
from issuer_service.clock import Clock, Randomness
from issuer_service.jobs.port import Jobs
from issuer_service.persistence import database
from issuer_service.persistence.tenancy import Tenant, confine
from issuer_service.settings import Settings

__all__ = ["Installation"]


@dataclass(frozen=True, slots=True)
class Installation:
    """What the outside world is, for this process."""

    settings: Settings
    engine: Engine
    jobs: Jobs
    now: Clock
    randomness: Randomness
    bulk_turn: AbstractContextManager[object] = field(default_factory=Lock, repr=False)
    """Held while a chunk of a bulk run is worked on outside the database, for which there is one interpreter.

    Two chunks at once would take turns every few milliseconds and each lose what the processor had of it at hand, a
    seventh of the time; so one is worked on while the other is written. Nobody who waits for it holds a transaction.
    """

    @property
    def base_url(self) -> str:
        """The public address, without a slash at its end."""
        return self.settings.base_url

    @property
    def trail(self) -> Trail:
        """What the audit trail is kept with."""
        return Trail.of(self.settings.secret.get_secret_value(), self.now)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session that commits at the end of the block, or changes nothing. What it records is in the audit trail."""
        with database.transaction(self.engine) as session:
            keep_trail(session, self.trail)
            yield session

    @contextmanager
    def transaction_for(self, caller: Tenant) -> Iterator[Session]:
        """A transaction that finds and writes rows of the caller's organisation only."""
        with self.transaction() as session:
            confine(session, caller.organisation_id)
            act_as(session, organisation_id=caller.organisation_id, person_id=caller.person_id)
            yield session

    @contextmanager
    def reading_for(self, caller: Tenant) -> Iterator[Session]:
        """A session that changes nothing and finds rows of the caller's organisation only."""
        with self.reading() as session:
            confine(session, caller.organisation_id)
            yield session

    def reading(self) -> AbstractContextManager[Session]:
        """A session that changes nothing."""
        return database.reading(self.engine)
