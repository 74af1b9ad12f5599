"""The two databases that every test of the service runs on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

# Where a PostgreSQL is expected; another one is named by this variable.
_VARIABLE = "TEST_POSTGRESQL"
_DEFAULT = "host=127.0.0.1 dbname=postgres user=postgres"


def sqlite_url(folder: Path) -> str:
    """A new SQLite database."""
    return f"sqlite:///{folder}/service.sqlite"


@contextmanager
def postgresql_url() -> Iterator[str]:
    """A new PostgreSQL database, dropped afterwards; a stranger without a server skips, CI does not."""
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
        admin.execute(f'CREATE DATABASE "{name}"')
        info = admin.info
        try:
            yield f"postgresql+psycopg://{info.user}:{info.password}@{info.host}:{info.port}/{name}"
        finally:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    admin.close()
