"""Workers are killed and frozen and the database crashes, while awards come in: each is signed once.

Minutes long, because the dead must first be found dead: `make faults` runs it in full, `make faults FAULTS=short` in
short. Every run of the tests has `test_writes.py` and `tests/service/test_kill.py` in its place.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.cluster import Cluster, private_cluster
from tests.faults.storm import FULL, Storm
from tests.service.databases import sqlite_url

pytestmark = pytest.mark.storm

AWARDS = 20_000 if FULL else 500
KILLS = 20 if FULL else 2
CRASHES = 3 if FULL else 1
PATIENCE_SECONDS = 1800 if FULL else 240
# What is left after the last fault has this long: a minute, and what the work itself takes. On a machine that others
# use it takes as many times longer as FAULTS_SLOWNESS says.
SLOWNESS = float(os.environ.get("FAULTS_SLOWNESS", "1"))


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    with private_cluster() as cluster:
        yield cluster


@pytest.fixture(params=["sqlite", "postgresql"])
def storm(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Storm]:
    url = sqlite_url(tmp_path) if request.param == "sqlite" else request.getfixturevalue("cluster").url
    storm = Storm.over(url, tmp_path)
    try:
        yield storm
    finally:
        storm.end()


def test_workers_that_are_killed_again_and_again_lose_and_repeat_nothing(storm: Storm) -> None:
    chance = random.Random(20_000)  # noqa: S311  # it chooses a victim
    storm.start_worker()
    storm.start_worker()
    run = storm.send(AWARDS)
    for kill in range(1, KILLS + 1):
        reached = AWARDS * kill // (KILLS + 1)
        storm.wait_until(lambda reached=reached: storm.signed() >= reached, seconds=PATIENCE_SECONDS, what="progress")  # type: ignore[misc]  # mypy cannot infer a lambda's default
        storm.kill(chance.choice(storm.workers))
        storm.start_worker()
    storm.wait_until_all_is_done(run, seconds=afterwards(AWARDS // (KILLS + 1)))
    assert storm.stop() == [0, 0]
    storm.check(AWARDS)


def afterwards(awards: int) -> float:
    return (60 + awards * 0.01) * SLOWNESS


def test_a_database_that_crashes_loses_and_repeats_nothing(cluster: Cluster, tmp_path: Path) -> None:
    storm = Storm.over(cluster.url, tmp_path)
    storm.start_worker()
    storm.start_worker()
    run = storm.send(AWARDS)
    try:
        for crash in range(1, CRASHES + 1):
            reached = AWARDS * crash // (CRASHES + 2)
            storm.wait_until(
                lambda reached=reached: storm.signed() >= reached,  # type: ignore[misc]  # as above
                seconds=PATIENCE_SECONDS,
                what="progress",
            )
            cluster.crash()
            time.sleep(2)
            cluster.start()
        storm.wait_until_all_is_done(run, seconds=afterwards(AWARDS * 2 // (CRASHES + 2)))
        # Nobody died of it, and they stop when they are asked to.
        assert storm.stop() == [0, 0]
        storm.check(AWARDS)
    finally:
        storm.end()


def test_a_worker_that_was_frozen_and_wakes_after_it_was_taken_over_repeats_nothing(storm: Storm) -> None:
    frozen, _ = storm.start_worker(), storm.start_worker()
    storm.wait_until(lambda: len(storm.executors()) == 2, seconds=PATIENCE_SECONDS, what="two workers")
    run = storm.send(AWARDS)
    storm.wait_until(lambda: storm.signed() > 0, seconds=PATIENCE_SECONDS, what="the first badge")
    storm.freeze(frozen)
    storm.wait_until(lambda: len(storm.executors()) == 1, seconds=PATIENCE_SECONDS, what="the frozen one buried")
    frozen.send_signal(signal.SIGCONT)
    storm.wait_until_all_is_done(run, seconds=afterwards(AWARDS))
    assert storm.stop() == [0, 0]
    storm.check(AWARDS)
