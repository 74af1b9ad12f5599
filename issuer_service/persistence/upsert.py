"""Adding many rows, of which some may be there already, on both databases.

Past the ORM, which would look at each: whoever adds rows so does not have them as objects of the session. And with one
statement for any number of rows, so that it is made once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table as Columns
from sqlalchemy import insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from issuer_service.persistence.columns import Table

__all__ = ["insert_or_ignore", "insert_rows", "insert_those_that_are_new"]


def insert_rows(session: Session, table: type[Table], rows: Sequence[dict[str, Any]]) -> None:
    """Add the rows. Raises IntegrityError when a key is taken."""
    if rows:
        session.execute(insert(_columns(table)), list(rows))


def insert_or_ignore(session: Session, table: type[Table], rows: Sequence[dict[str, Any]]) -> None:
    """Add the rows whose keys are not taken yet."""
    if rows:
        session.execute(_unless_taken(session, table), list(rows))


def insert_those_that_are_new(
    session: Session, table: type[Table], rows: Sequence[dict[str, Any]], *, giving: str
) -> list[Any]:
    """Add the rows whose keys are not taken yet, and give one column of those that were added, in any order."""
    statement = _unless_taken(session, table).returning(_columns(table).c[giving])
    return list(session.scalars(statement, list(rows)))


def _unless_taken(session: Session, table: type[Table]) -> sqlite.Insert | postgresql.Insert:
    if session.get_bind().dialect.name == "sqlite":
        return sqlite.insert(_columns(table)).on_conflict_do_nothing()
    return postgresql.insert(_columns(table)).on_conflict_do_nothing()


def _columns(table: type[Table]) -> Columns:
    columns = table.__table__
    if not isinstance(columns, Columns):
        raise TypeError(f"{table.__name__} is no table of its own")
    return columns
