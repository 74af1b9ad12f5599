"""Who writes to SQLite waits for a turn."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from issuer_service.persistence import database
from issuer_service.persistence.database import create_database_engine, transaction

AT_ONCE = 12


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
