"""Jobs that come back, and the workers that are alive. The jobs themselves stand in the engine's own tables."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from issuer_service.persistence.columns import Table, UtcDateTime

__all__ = ["ScheduledJob", "Worker"]


class ScheduledJob(Table):
    """A job that is done every so often. `runs` counts how often it was started, and names each start."""

    __tablename__ = "scheduled_job"
    __tenant_by__ = "nobody"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    every_seconds: Mapped[int]
    next_at: Mapped[datetime] = mapped_column(UtcDateTime)
    runs: Mapped[int] = mapped_column(default=0)


class Worker(Table):
    """A process that does jobs. `beats` goes up while it lives; whose does not is dead to the others.

    A count, not a time: hosts whose clocks differ, or a clock that is set, cannot make anybody seem dead.
    """

    __tablename__ = "worker"
    __tenant_by__ = "nobody"

    executor: Mapped[str] = mapped_column(String(120), primary_key=True)
    beats: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
