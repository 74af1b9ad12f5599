"""Adding rows of which some may be there already, in one statement, on both databases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from issuer_service.persistence.columns import Table

__all__ = ["insert_or_ignore", "insert_or_ignore_statement"]


def insert_or_ignore_statement(session: Session, table: type[Table], rows: Sequence[dict[str, Any]]) -> Insert:
    """An INSERT of all rows that passes over those whose keys are taken."""
    if session.get_bind().dialect.name == "sqlite":
        return sqlite.insert(table).values(list(rows)).on_conflict_do_nothing()
    return postgresql.insert(table).values(list(rows)).on_conflict_do_nothing()


def insert_or_ignore(session: Session, table: type[Table], rows: Sequence[dict[str, Any]]) -> None:
    """Add the rows whose keys are not taken yet."""
    if rows:
        session.execute(insert_or_ignore_statement(session, table, rows))
