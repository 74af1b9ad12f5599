"""Column types that mean the same on SQLite and on PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import DateTime, Dialect, TypeDecorator
from sqlalchemy.orm import DeclarativeBase

__all__ = ["Table", "UtcDateTime"]


class Table(DeclarativeBase):
    """The base of all tables.

    `__tenant_by__` says to which organisation a row belongs: the name of the column that leads there, or
    `table.column` of one that points here. A column `organisation_id` says it by itself. See `tenancy.py`.
    """

    __tenant_by__: ClassVar[str] = ""


class UtcDateTime(TypeDecorator[datetime]):
    """A moment. SQLite forgets the zone, so everything is UTC on the way in and out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        """What a cursor of a list is read back as: as a text, SQLite would compare it with other texts."""
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Refuse a moment without a zone, which could be any of 24."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give the zone back."""
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
