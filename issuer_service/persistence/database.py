"""Engines and transactions.

SQLite runs in WAL mode with `synchronous=FULL`: what was committed survives a power cut. A transaction that
may write begins IMMEDIATE, because one that starts reading and then writes may be refused in the middle. Those of one
process queue for their turn: SQLite has no queue, whoever waits looks again every now and then, and among fifty callers
some would look at the wrong moment for half a minute.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

__all__ = ["create_database_engine", "reading", "transaction"]

# A worker that hangs in an open transaction would keep its locks; PostgreSQL ends it after a minute.
_IDLE_IN_TRANSACTION_MS = 60_000
_BUSY_TIMEOUT_SECONDS = 30
# Longer than anybody waits for an answer. Who waited in vain asks SQLite itself, and is told that it is locked.
_TURN_SECONDS = 60
_turns: Final[WeakKeyDictionary[Engine, threading.Lock]] = WeakKeyDictionary()


def create_database_engine(url: str) -> Engine:
    """The engine for a database URL; nothing is connected yet."""
    if make_url(url).get_backend_name() == "sqlite":
        return _sqlite_engine(url)
    return create_engine(
        url,
        pool_size=10,
        pool_pre_ping=True,
        # An error would otherwise say what stood in the statement: names, addresses.
        hide_parameters=True,
        connect_args={"options": f"-c idle_in_transaction_session_timeout={_IDLE_IN_TRANSACTION_MS}"},
    )


def _sqlite_engine(url: str) -> Engine:
    engine = create_engine(
        url, hide_parameters=True, connect_args={"timeout": _BUSY_TIMEOUT_SECONDS, "check_same_thread": False}
    )

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _record: object) -> None:  # the driver's own
        # For what dbos does on its own connections: it counts on the driver to begin before a write.
        connection.isolation_level = "IMMEDIATE"
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    return engine


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """A session whose work is committed together at the end, or not at all."""
    if engine.dialect.name == "sqlite":
        with _turn(engine), Session(engine, expire_on_commit=False) as session, session.begin():
            session.execute(text("BEGIN IMMEDIATE"))
            yield session
        return
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def _turn(engine: Engine) -> Iterator[None]:
    lock = _turns.setdefault(engine, threading.Lock())
    has_turn = lock.acquire(timeout=_TURN_SECONDS)
    try:
        yield
    finally:
        if has_turn:
            lock.release()


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session that sees one state of the database and changes nothing."""
    with Session(engine, expire_on_commit=False) as session, session.begin():
        session.execute(text("BEGIN" if engine.dialect.name == "sqlite" else "SET TRANSACTION READ ONLY"))
        yield session
