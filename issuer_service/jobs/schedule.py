"""Scheduled jobs as rows: whichever worker sees first that one is due starts it, and no other does."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from issuer_service.jobs.port import Jobs
from issuer_service.jobs.tables import ScheduledJob
from issuer_service.persistence.upsert import insert_or_ignore

__all__ = ["set_schedule", "start_due"]


def set_schedule(session: Session, job: str, *, every: timedelta, first: datetime) -> None:
    """Have a job done every so often from `first` on; one that is known keeps its next time."""
    seconds = int(every.total_seconds())
    row = {"name": job, "every_seconds": seconds, "next_at": first, "runs": 0}
    insert_or_ignore(session, ScheduledJob, [row])
    session.execute(update(ScheduledJob).where(ScheduledJob.name == job).values(every_seconds=seconds))


def start_due(session: Session, jobs: Jobs, *, now: datetime) -> list[str]:
    """Enqueue every scheduled job whose time has come. Gives their names."""
    started = []
    for row in session.scalars(select(ScheduledJob).order_by(ScheduledJob.name)).all():
        every = timedelta(seconds=row.every_seconds)
        # A clock that was set back must not keep a job waiting for as long as it was wrong.
        if now < row.next_at <= now + every:
            continue
        # Missed turns are not made up for. The count in the condition is what lets one worker through.
        missed = (now - row.next_at) // every if row.next_at <= now else 0
        following = row.next_at + every * (missed + 1) if row.next_at <= now else now + every
        taken = session.execute(
            update(ScheduledJob)
            .where(ScheduledJob.name == row.name, ScheduledJob.runs == row.runs)
            .values(runs=row.runs + 1, next_at=following)
            .execution_options(synchronize_session=False)
        )
        if taken.rowcount == 1:  # type: ignore[attr-defined]  # a CursorResult, which an update gives
            jobs.enqueue(session, row.name, "", key=f"{row.name}:{row.runs + 1}")
            started.append(row.name)
    return started
