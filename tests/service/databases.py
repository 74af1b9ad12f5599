"""The two databases that every test of the service runs on: empty ones, and copies of one that is made once."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Generic, TypeVar
from uuid import uuid4

import psycopg
import pytest

__all__ = ["Template", "postgresql_url", "sqlite_url"]

# Where a PostgreSQL is expected; another one is named by this variable.
_VARIABLE = "TEST_POSTGRESQL"
_DEFAULT = "host=127.0.0.1 dbname=postgres user=postgres"

Made = TypeVar("Made")


def sqlite_url(folder: Path) -> str:
    """A new SQLite database."""
    return f"sqlite:///{folder}/service.sqlite"


@contextmanager
def postgresql_url(*, like: str = "template1") -> Iterator[str]:
    """A new PostgreSQL database, dropped afterwards; a stranger without a server skips, CI does not.

    It begins as a copy of the database named `like`, to which nobody may be connected.
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
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{like}"')
        # Nobody cuts the power of this server while a test runs, so nobody waits for its disk.
        admin.execute(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
        info = admin.info
        try:
            yield f"postgresql+psycopg://{info.user}:{info.password}@{info.host}:{info.port}/{name}"
        finally:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    admin.close()


class Template(Generic[Made]):
    """A database that is made once of each kind and copied for every test: a copy takes a tenth of making one."""

    def __init__(self, make: Callable[[str], Made], folder: Path) -> None:
        self._make, self._folder = make, folder
        self._made: dict[str, tuple[str, Made]] = {}
        self._until_the_end = ExitStack()

    @contextmanager
    def copy(self, kind: str, folder: Path) -> Iterator[tuple[str, Made]]:
        """A database like the template, with what was given when that was made."""
        if kind not in self._made:
            empty = (
                sqlite_url(self._folder) if kind == "sqlite" else self._until_the_end.enter_context(postgresql_url())
            )
            # No connection may be left: of SQLite the newest would be in another file, of PostgreSQL nothing is copied.
            self._made[kind] = (empty, self._make(empty))
        url, made = self._made[kind]
        if kind == "sqlite":
            shutil.copy(url.removeprefix("sqlite:///"), folder / "service.sqlite")
            yield sqlite_url(folder), made
            return
        with postgresql_url(like=url.rpartition("/")[2]) as copied:
            yield copied, made

    def close(self) -> None:
        """Remove the templates."""
        self._until_the_end.close()
