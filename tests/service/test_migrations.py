"""Migrations run forward on databases that have been in use: no row is lost, and the schema is the code's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from issuer_service.persistence.columns import Table
from issuer_service.persistence.database import create_database_engine
from issuer_service.persistence.migration import alembic_config, migrate
from tests.service.databases import folder_in_memory, new_postgresql, sqlite_url

pytestmark = pytest.mark.both_databases

FIRST = datetime(2026, 1, 1, tzinfo=UTC)
ROWS = 2
# Where any text will not do.
SENSIBLE = {"purpose": "jwt", "role": "teacher"}
# Tables whose rows live on under another name.
MOVED = {"access_token": "api_key", "outgoing_message": "notice"}


def versions() -> list[str]:
    """Every version that a database may be of, the newest last."""
    found = [one.revision for one in ScriptDirectory.from_config(alembic_config()).walk_revisions()]
    return sorted(found)


def fill(engine: Engine, serial: Iterator[int]) -> dict[str, int]:
    """Two more rows in every table, in the order in which they refer to each other. Gives how many each has."""
    metadata = sa.MetaData()
    metadata.reflect(engine)
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
    row = {column.name: value_of(column, next(serial)) for column in table.columns}
    for constraint in table.foreign_key_constraints:
        for element in constraint.elements:
            # None where tables refer to each other in a circle, or to themselves.
            others = known.get(element.column.table.name)
            row[element.parent.name] = others[number][element.column.name] if others is not None else None
    return row


def value_of(column: sa.Column[Any], serial: int) -> Any:
    match column.type:
        case sa.Boolean():
            return bool(serial % 2)
        case sa.DateTime():
            return FIRST + timedelta(days=serial)
        case sa.Date():
            return (FIRST + timedelta(days=serial)).date()
        case sa.Integer():
            return serial + 1
        case sa.Float():
            return serial + 0.5
        case sa.LargeBinary():
            return b"bytes"
        case sa.JSON():
            return {"number": serial}
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
def sqlite() -> Iterator[Engine]:
    with folder_in_memory() as folder:
        engine = create_database_engine(sqlite_url(folder))
        yield engine
        engine.dispose()


@pytest.fixture
def postgresql() -> Iterator[Engine]:
    with new_postgresql() as (url, _):
        engine = create_database_engine(url)
        yield engine
        engine.dispose()


def test_on_the_way_from_version_to_version_no_row_is_lost(sqlite: Engine) -> None:
    """SQLite makes a table anew to change it, and its rows must come along: those that any version wrote."""
    first, *later = versions()
    migrate(sqlite, to=first)
    serial = count()
    for onward in later:
        is_brought_forward(sqlite, onward, serial)
        with sqlite.connect() as connection:
            assert connection.execute(sa.text("PRAGMA foreign_key_check")).all() == [], onward


@pytest.mark.parametrize("at_once", ["sqlite", "postgresql"])
def test_all_the_way_at_once_no_row_is_lost_and_the_schema_is_the_codes(
    at_once: str, request: pytest.FixtureRequest
) -> None:
    """In one transaction, from the first version, whose tables most of the others change."""
    engine = request.getfixturevalue(at_once)
    migrate(engine, to=versions()[0])
    is_brought_forward(engine, versions()[-1], count())
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Table.metadata) == []


def test_the_last_step_of_a_filled_postgresql_database_loses_no_row(postgresql: Engine) -> None:
    migrate(postgresql, to=versions()[-2])
    is_brought_forward(postgresql, versions()[-1], count())


def is_brought_forward(engine: Engine, onward: str, serial: Iterator[int]) -> None:
    before = fill(engine, serial)
    assert before
    assert all(rows >= ROWS for rows in before.values())
    migrate(engine, to=onward)
    there = sa.inspect(engine).get_table_names()
    expected = {name if name in there else MOVED[name]: rows for name, rows in before.items()}
    assert counted(engine, set(expected)) == expected, onward
