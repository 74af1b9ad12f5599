"""Who writes to SQLite waits for a turn."""

from __future__ import annotations

import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import InvalidRequestError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from issuer_service.persistence import database
from issuer_service.persistence.database import create_database_engine, transaction
from issuer_service.persistence.passing import passes
from tests.service.conftest import World
from tests.service.databases import sqlite_url

AT_ONCE = 12
SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


class OfTheServer(Exception):
    """What a driver raises when PostgreSQL says no."""

    def __init__(self, sqlstate: str | None) -> None:
        super().__init__("its words")
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("sqlstate", "is_passing"),
    [(None, True), ("57P01", True), ("40P01", True), ("53300", True), ("55P03", True), ("42703", False)],
)
def test_what_passes_is_told_from_what_is_wrong(sqlstate: str | None, is_passing: bool) -> None:  # noqa: FBT001  # a case
    assert passes(OperationalError("SELECT 1", {}, OfTheServer(sqlstate))) is is_passing


def test_a_query_that_is_wrong_is_no_reason_to_try_again(tmp_path: Path) -> None:
    engine = create_database_engine(sqlite_url(tmp_path))
    with pytest.raises(OperationalError) as wrong, engine.connect() as connection:
        connection.execute(text("SELECT nothing FROM nowhere"))
    engine.dispose()
    assert not passes(wrong.value)
    assert not passes(InvalidRequestError())
    assert passes(PoolTimeoutError())


@SQLITE
def test_a_call_that_finds_sqlite_busy_is_told_to_try_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_BUSY_TIMEOUT_SECONDS", 0.01)
    file = world.installation.engine.url.database
    assert file is not None
    with closing(sqlite3.connect(file, isolation_level=None)) as another_process:
        another_process.execute("BEGIN IMMEDIATE")
        answer = world.http.post(
            "/v1/module-results",
            json={"enrolment_id": "x", "module_id": "y", "levels": {}},
            headers={"Authorization": f"Bearer {world.setting.teacher_token}"},
        )
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert "try again" in answer.json()["detail"]


def test_who_finds_another_process_writing_writes_as_soon_as_it_is_done(tmp_path: Path) -> None:
    engine = create_database_engine(sqlite_url(tmp_path))
    with transaction(engine) as session:
        session.execute(text("CREATE TABLE visit (number INTEGER PRIMARY KEY)"))
    file = engine.url.database
    assert file is not None
    another_process = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    another_process.execute("BEGIN IMMEDIATE")

    def end_soon() -> None:
        time.sleep(0.02)
        another_process.execute("COMMIT")

    with ThreadPoolExecutor(1) as threads, closing(another_process):
        ends = threads.submit(end_soon)
        with transaction(engine) as session:
            ends.result(timeout=60)
            session.execute(text("INSERT INTO visit VALUES (1)"))
            (timeout,) = session.execute(text("PRAGMA busy_timeout")).one()
    engine.dispose()
    assert timeout == 30_000


def test_many_who_write_at_once_in_one_process_are_all_served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # SQLite itself would turn away whoever found it busy for this long.
    monkeypatch.setattr(database, "_BUSY_TIMEOUT_SECONDS", 0.001)
    engine = create_database_engine(f"sqlite:///{tmp_path}/busy.sqlite")
    with transaction(engine) as session:
        session.execute(text("CREATE TABLE visit (number INTEGER PRIMARY KEY)"))

    def visit(number: int) -> None:
        with transaction(engine) as session:
            session.execute(text("INSERT INTO visit VALUES (:number)"), {"number": number})
            time.sleep(0.003)

    with ThreadPoolExecutor(AT_ONCE) as threads:
        list(threads.map(visit, range(AT_ONCE)))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM visit")).scalar_one() == AT_ONCE
    engine.dispose()
