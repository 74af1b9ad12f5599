"""Engines and transactions.

SQLite runs in WAL mode with `synchronous=FULL`: what was committed survives a power cut. A transaction that
may write begins IMMEDIATE, because one that starts reading and then writes may be refused in the middle. Those of one
process queue for their turn: SQLite has no queue, whoever waits looks again every now and then, and among fifty callers
some would look at the wrong moment for half a minute.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

__all__ = ["create_database_engine", "reading", "transaction"]

# A worker that hangs in an open transaction would keep its locks; PostgreSQL ends it after a minute.
_IDLE_IN_TRANSACTION_MS = 60_000
_BUSY_TIMEOUT_SECONDS = 30
_LOOK_AGAIN_SECONDS: Final = 0.001
# Longer than anybody waits for an answer. Who waited in vain asks SQLite itself, and is told that it is locked.
_TURN_SECONDS = 60
# A server that was away for longer has let go of what was idle, and one that is busy is not asked again and again.
_TRIED_AFTER_SECONDS: Final = 1.0
_SINCE: Final = "idle since"
_BEGIN: Final = text("BEGIN")
_BEGIN_TO_WRITE: Final = text("BEGIN IMMEDIATE")
_for_reading: Final[WeakKeyDictionary[Engine, Engine]] = WeakKeyDictionary()
_turns: Final[WeakKeyDictionary[Engine, threading.Lock]] = WeakKeyDictionary()


def create_database_engine(url: str) -> Engine:
    """The engine for a database URL; nothing is connected yet."""
    if make_url(url).get_backend_name() == "sqlite":
        return _sqlite_engine(url)
    engine = create_engine(
        url,
        pool_size=10,
        # An error would otherwise say what stood in the statement: names, addresses.
        hide_parameters=True,
        connect_args={"options": f"-c idle_in_transaction_session_timeout={_IDLE_IN_TRANSACTION_MS}"},
    )
    _try_what_was_idle(engine)
    return engine


def _try_what_was_idle(engine: Engine) -> None:
    """Try a connection before it is used, where it was not used for a moment.

    As `pool_pre_ping` does for every use, which asks the server a question more for each.
    """

    @event.listens_for(engine, "checkin")
    def remember(_connection: object, record: ConnectionPoolEntry) -> None:
        record.info[_SINCE] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def try_it(connection: Any, record: ConnectionPoolEntry, _proxy: object) -> None:  # the driver's own
        since = record.info.get(_SINCE)
        if since is None or time.monotonic() - since < _TRIED_AFTER_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            # All that are idle are as old as this one: they are made anew, and the caller knows nothing of it.
            raise InvalidatePoolError from error


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
            _begin_to_write(session)
            yield session
        return
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session


def _begin_to_write(session: Session) -> None:
    """Begin as soon as no other process writes. Raises OperationalError after half a minute.

    SQLite's own waiting looks again after 1, 2, 5, 10 and up to 100 milliseconds, and so mostly too late: most that
    write are done within a few. Of this process nobody else looks, since this one has the turn.
    """
    driver: Any = session.connection().connection.driver_connection
    until = time.monotonic() + _BUSY_TIMEOUT_SECONDS
    driver.execute("PRAGMA busy_timeout=0")
    try:
        while time.monotonic() < until:
            try:
                driver.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                    break
                time.sleep(_LOOK_AGAIN_SECONDS)
            else:
                return
        # So that what is raised is what is always raised.
        session.execute(_BEGIN_TO_WRITE)
    finally:
        # For what dbos does on this connection.
        driver.execute(f"PRAGMA busy_timeout={int(_BUSY_TIMEOUT_SECONDS * 1000)}")


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
    if engine.dialect.name == "sqlite":
        with Session(engine, expire_on_commit=False) as session, session.begin():
            session.execute(_BEGIN)
            yield session
        return
    # Said with the BEGIN itself, which a statement of its own would say at the price of a question more.
    for_reading = _for_reading.get(engine)
    if for_reading is None:
        for_reading = _for_reading[engine] = engine.execution_options(postgresql_readonly=True)
    with Session(for_reading, expire_on_commit=False) as session, session.begin():
        yield session
