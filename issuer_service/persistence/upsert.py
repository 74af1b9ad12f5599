"""Adding many rows, of which some may be there already, on both databases.

Past the ORM, which would look at each: whoever adds rows so does not have them as objects of the session. And with one
statement for any number of rows, so that it is made once.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Insert, insert
from sqlalchemy import Table as Columns
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert

from issuer_service.persistence.columns import Table

__all__ = ["columns_of", "insert_or_ignore", "insert_rows", "insert_those_that_are_new"]


def columns_of(table: type[Table]) -> Columns:
    """The table itself, for statements past the ORM. No session confines these: whoever writes one says whose rows."""
    columns = table.__table__
    if not isinstance(columns, Columns):
        raise TypeError(f"{table.__name__} is no table of its own")
    return columns


def insert_rows(session: Session, table: type[Table], rows: Sequence[dict[str, Any]]) -> None:
    """Add the rows. Raises IntegrityError when a key is taken."""
    if rows:
        session.execute(_insert(table), rows[0] if len(rows) == 1 else list(rows))


def insert_or_ignore(session: Session, table: type[Table], rows: Sequence[dict[str, Any]]) -> None:
    """Add the rows whose keys are not taken yet."""
    if rows:
        session.execute(_unless_taken(session, table), rows[0] if len(rows) == 1 else list(rows))


def insert_those_that_are_new(
    session: Session, table: type[Table], rows: Sequence[dict[str, Any]], *, giving: str
) -> list[Any]:
    """Add the rows whose keys are not taken yet, and give one column of those that were added, in any order."""
    statement = _giving(session.get_bind().dialect.name, table, giving)
    return list(session.scalars(statement, rows[0] if len(rows) == 1 else list(rows)))


def _unless_taken(session: Session, table: type[Table]) -> sqlite.Insert | postgresql.Insert:
    return _ignoring(session.get_bind().dialect.name, table)


# Each is made once: to make a statement, and to find it among those that were compiled, takes longer than to send it.


@cache
def _insert(table: type[Table]) -> Insert:
    return insert(columns_of(table))


@cache
def _ignoring(dialect: str, table: type[Table]) -> sqlite.Insert | postgresql.Insert:
    if dialect == "sqlite":
        return sqlite.insert(columns_of(table)).on_conflict_do_nothing()
    return postgresql.insert(columns_of(table)).on_conflict_do_nothing()


@cache
def _giving(dialect: str, table: type[Table], column: str) -> ReturningInsert[Any]:
    return _ignoring(dialect, table).returning(columns_of(table).c[column])
