"""Migrations run forward on databases that have been in use: no row is lost, and the schema is the code's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from issuer_service.persistence.columns import Table
from issuer_service.persistence.database import create_database_engine
from issuer_service.persistence.migration import alembic_config, migrate
from tests.service.databases import new_postgresql, sqlite_url

pytestmark = pytest.mark.both_databases

FIRST = datetime(2026, 1, 1, tzinfo=UTC)
ROWS = 2
# Where any text will not do.
SENSIBLE = {"purpose": "jwt", "role": "teacher"}
# Tables whose rows live on under another name.
MOVED = {"access_token": "api_key", "outgoing_message": "notice"}


def before_the_last() -> list[str]:
    """Every revision that somebody may be at."""
    found = [one.revision for one in ScriptDirectory.from_config(alembic_config()).walk_revisions()]
    return sorted(found)[:-1]


def bring_to(engine: Engine, revision: str) -> None:
    config = alembic_config()
    with engine.connect() as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def fill(engine: Engine) -> dict[str, int]:
    """Two rows in every table, in the order in which they refer to each other. Gives how many there are."""
    metadata = sa.MetaData()
    metadata.reflect(engine)
    serial = count()
    with engine.begin() as connection:
        known: dict[str, list[dict[str, Any]]] = {}
        for table in metadata.sorted_tables:
            if table.name == "alembic_version":
                continue
            known[table.name] = [row_of(table, number, known, serial) for number in range(ROWS)]
            connection.execute(sa.insert(table), known[table.name])
    return counted(engine, set(known))


def row_of(
    table: sa.Table, number: int, known: dict[str, list[dict[str, Any]]], serial: Iterator[int]
) -> dict[str, Any]:
    row = {column.name: value_of(column, number, next(serial)) for column in table.columns}
    for constraint in table.foreign_key_constraints:
        for element in constraint.elements:
            # None where tables refer to each other in a circle, or to themselves.
            others = known.get(element.column.table.name)
            row[element.parent.name] = others[number][element.column.name] if others is not None else None
    return row


def value_of(column: sa.Column[Any], number: int, serial: int) -> Any:
    match column.type:
        case sa.Boolean():
            return bool(number)
        case sa.DateTime():
            return FIRST + timedelta(days=serial)
        case sa.Date():
            return (FIRST + timedelta(days=serial)).date()
        case sa.Integer():
            return number + 1
        case sa.Float():
            return number + 0.5
        case sa.LargeBinary():
            return b"bytes"
        case sa.JSON():
            return {"number": number}
        case sa.String(length=length):
            return SENSIBLE.get(column.name, f"text-{serial}"[: length or 100])
        case other:
            pytest.fail(f"{column} has a type that this test has no value for: {other}")


def counted(engine: Engine, tables: set[str]) -> dict[str, int]:
    with engine.connect() as connection:
        return {
            name: connection.execute(sa.text(f'SELECT count(*) FROM "{name}"')).scalar_one()  # noqa: S608  # our own tables
            for name in tables
        }


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Engine]:
    engine = create_database_engine(sqlite_url(tmp_path))
    yield engine
    engine.dispose()


@pytest.fixture
def postgresql() -> Iterator[Engine]:
    with new_postgresql() as (url, _):
        engine = create_database_engine(url)
        yield engine
        engine.dispose()


@pytest.mark.parametrize("revision", before_the_last())
def test_a_filled_sqlite_database_loses_no_row(sqlite: Engine, revision: str) -> None:
    """From every version: SQLite makes a table anew to change it, and its rows must come along."""
    is_brought_forward(sqlite, revision)
    with sqlite.connect() as connection:
        assert connection.execute(sa.text("PRAGMA foreign_key_check")).all() == []


@pytest.mark.parametrize("revision", [before_the_last()[0], before_the_last()[-1]])
def test_a_filled_postgresql_database_loses_no_row(postgresql: Engine, revision: str) -> None:
    """From the first version, whose tables most of the others change, and from the last."""
    is_brought_forward(postgresql, revision)


def is_brought_forward(engine: Engine, revision: str) -> None:
    bring_to(engine, revision)
    before = fill(engine)
    assert before
    assert set(before.values()) == {ROWS}
    migrate(engine)
    expected = {MOVED.get(name, name): rows for name, rows in before.items()}
    assert counted(engine, set(expected)) == expected
    if revision == before_the_last()[0]:
        # Wherever it began, it ends in the same schema.
        with engine.connect() as connection:
            assert compare_metadata(MigrationContext.configure(connection), Table.metadata) == []
