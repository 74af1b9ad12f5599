"""The two databases that every test of the service runs on, kept by each worker of a run from test to test.

To make a PostgreSQL database, migrate it and drop it again takes two seconds, to empty it ten milliseconds.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import psycopg
import pytest
from psycopg.sql import SQL, Composed, Identifier
from sqlalchemy import Engine

from issuer_service.jobs.dbos_engine import prepare_tables
from issuer_service.persistence.database import create_database_engine
from issuer_service.persistence.migration import migrate

Made = TypeVar("Made")

# Where a PostgreSQL is expected; another one is named by this variable.
_VARIABLE = "TEST_POSTGRESQL"
_DEFAULT = "host=127.0.0.1 dbname=postgres user=postgres"
# Of two schemas: the service's and the one of its jobs. What says how far they were migrated stays.
_TABLES = """SELECT schemaname, tablename FROM pg_tables
    WHERE schemaname IN ('public', 'dbos') AND tablename NOT IN ('alembic_version', 'dbos_migrations')"""
_OTHERS = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()"""

Table = tuple[str, str]


class KeptDatabase(ABC):
    """A migrated database whose rows can be put back. One engine, since each new one compiles every statement anew."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine: Engine = create_database_engine(url)
        migrate(self.engine)
        prepare_tables(self.engine)
        self._states: dict[str, tuple[Any, Any]] = {}
        self._empty = self._save()

    @abstractmethod
    def _save(self) -> Any:  # whatever _load takes
        """All rows."""

    @abstractmethod
    def _load(self, state: Any) -> None:
        """Put those rows in the place of what is there."""

    def empty(self) -> None:
        """Take away what a test left."""
        self._load(self._empty)

    def holding(self, name: str, make: Callable[[], Made], *, on: str = "") -> Made:
        """Empty but for what `make` writes, which is written once and then put back. Gives what it gave.

        `on` names what is there already when it is made.
        """
        if name in self._states:
            state, made = self._states[name]
            self._load(state)
        else:
            self._load(self._states[on][0] if on else self._empty)
            made = make()
            self._states[name] = self._save(), made
        return made  # type: ignore[no-any-return]  # one type for each name


class KeptSqlite(KeptDatabase):
    """A file."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "service.sqlite"
        super().__init__(sqlite_url(folder))

    def _save(self) -> bytes:
        connection = sqlite3.connect(self._path)
        try:
            return connection.serialize()
        finally:
            connection.close()

    def _load(self, state: bytes) -> None:
        self.engine.dispose()
        # A new file: a connection that a test forgot keeps the old one, and disturbs nobody.
        for suffix in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
        self._path.write_bytes(state)


class KeptPostgresql(KeptDatabase):
    """A database on the server. Its commits don't wait for the disk: no test here takes the power away."""

    def __init__(self, url: str, conninfo: str) -> None:
        self._connection = psycopg.connect(conninfo, autocommit=True)
        super().__init__(url)

    def _save(self) -> Mapping[Table, bytes]:
        return {table: rows for table in self._tables() if (rows := self._copy_out(table))}

    def _load(self, state: Mapping[Table, bytes]) -> None:
        self.engine.dispose()
        self._connection.execute(_OTHERS)
        # As a replica it runs no trigger, so that the order of the tables and what may be deleted do not matter.
        with self._connection.transaction():
            self._connection.execute("SET LOCAL session_replication_role = replica")
            self._connection.execute(
                SQL(";").join(SQL("DELETE FROM {}").format(Identifier(*table)) for table in self._tables())
            )
            for table, rows in state.items():
                with self._connection.cursor().copy(_copy(table, "FROM STDIN")) as copy:
                    copy.write(rows)

    def _tables(self) -> list[Table]:
        return [(schema, table) for schema, table in self._connection.execute(_TABLES)]

    def _copy_out(self, table: Table) -> bytes:
        with self._connection.cursor().copy(_copy(table, "TO STDOUT")) as copy:
            return b"".join(bytes(part) for part in copy)

    def close(self) -> None:
        """Let go of the database, so that it can be dropped."""
        self.engine.dispose()
        self._connection.close()


def _copy(table: Table, direction: str) -> Composed:
    return SQL("COPY {} ").format(Identifier(*table)) + SQL(direction)


def sqlite_url(folder: Path) -> str:
    """A SQLite database in that folder."""
    return f"sqlite:///{folder}/service.sqlite"


@contextmanager
def folder_in_memory() -> Iterator[Path]:
    """A folder for files that need not survive a power cut: where none is in memory, a temporary one does."""
    memory = Path("/dev/shm")  # noqa: S108  # see above
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as folder:
        yield Path(folder)


@contextmanager
def kept_sqlite() -> Iterator[KeptSqlite]:
    """A SQLite database for a worker's tests."""
    with folder_in_memory() as folder:
        database = KeptSqlite(folder)
        yield database
        database.engine.dispose()


@contextmanager
def kept_postgresql() -> Iterator[KeptPostgresql]:
    """A PostgreSQL database for a worker's tests."""
    with new_postgresql() as (url, conninfo):
        with psycopg.connect(conninfo, autocommit=True) as connection:
            name = Identifier(connection.info.dbname)
            connection.execute(SQL("ALTER DATABASE {} SET synchronous_commit = off").format(name))
        database = KeptPostgresql(url, conninfo)
        yield database
        database.close()


def postgresql_is_reachable() -> bool:
    """Whether there is a server to test on."""
    try:
        psycopg.connect(os.environ.get(_VARIABLE, _DEFAULT), connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True


@contextmanager
def new_postgresql() -> Iterator[tuple[str, str]]:
    """A new PostgreSQL database, dropped afterwards; a stranger without a server skips, CI does not.

    Gives its URL for SQLAlchemy and its connection string for psycopg.
    """
    name = f"issuer_service_test_{uuid4().hex[:12]}"
    where = os.environ.get(_VARIABLE, _DEFAULT)
    try:
        admin = psycopg.connect(where, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError as error:
        message = f"no PostgreSQL at {where!r} (set {_VARIABLE}): {error}"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    with admin:
        admin.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        info = admin.info
        try:
            yield (
                f"postgresql+psycopg://{info.user}:{info.password}@{info.host}:{info.port}/{name}",
                psycopg.conninfo.make_conninfo(where, dbname=name),
            )
        finally:
            # The run is over: a server that stopped meanwhile has nothing to drop for us.
            with suppress(psycopg.OperationalError):
                admin.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))
