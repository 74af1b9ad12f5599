"""A job that fails is done again, and the last time its failure is its outcome. On the real engine for jobs."""

from __future__ import annotations

import time

import pytest

from issuer_service.errors import Unavailable
from issuer_service.jobs import dbos_engine
from issuer_service.jobs.dbos_engine import MAX_RETRIES, DbosJobs, run_worker
from issuer_service.jobs.port import OFFER, JobState
from tests.service.conftest import World

PATIENCE_SECONDS = 30


@pytest.mark.parametrize(
    ("failures", "outcome", "attempts"),
    [(0, JobState.DONE, 1), (2, JobState.DONE, 3), (MAX_RETRIES, JobState.FAILED, MAX_RETRIES)],
)
def test_a_job_is_tried_so_often_and_no_more(
    world: World, monkeypatch: pytest.MonkeyPatch, failures: int, outcome: JobState, attempts: int
) -> None:
    monkeypatch.setattr(dbos_engine, "_RETRY_SECONDS", 0.001)
    here, done = world.installation, []

    def fails_at_first(about: str) -> None:
        done.append(about)
        if len(done) <= failures:
            raise Unavailable("not yet")

    jobs = DbosJobs(here.engine)
    with here.transaction() as session:
        jobs.enqueue(session, OFFER, "it", key="a-job")
    with run_worker(here.engine, {OFFER: fails_at_first}, grace_seconds=0):
        deadline = time.monotonic() + PATIENCE_SECONDS
        while jobs.state_of("a-job") in {JobState.WAITING, JobState.RUNNING}:
            assert time.monotonic() < deadline
            time.sleep(0.02)
    assert jobs.state_of("a-job") is outcome
    assert done == ["it"] * attempts
