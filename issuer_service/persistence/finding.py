"""Finding a row by its id with a statement that is made once for each table.

`Session.get` makes a statement each time, and each is confined anew: that takes longer than the database does. It is
for where a row is likely to be in the session already.
"""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Select, String, bindparam, select
from sqlalchemy.orm import Session

from issuer_service.persistence.columns import Table
from issuer_service.persistence.upsert import columns_of

__all__ = ["find", "find_and_lock"]

_T = TypeVar("_T", bound=Table)


def find(session: Session, table: type[_T], row_id: str) -> _T | None:
    """The row of this id, if the session finds it."""
    found: _T | None = session.scalar(_by_id(table), {"wanted": row_id})
    return found


def find_and_lock(session: Session, table: type[_T], row_id: str) -> _T | None:
    """As it stands once nobody else is changing it, and until the transaction ends nobody else does."""
    found: _T | None = session.scalar(_to_lock(table), {"wanted": row_id})
    return found


@cache
def _by_id(table: type[Table]) -> Select[Any]:
    return select(table).where(columns_of(table).c.id == bindparam("wanted", String))


@cache
def _to_lock(table: type[Table]) -> Select[Any]:
    return _by_id(table).with_for_update().execution_options(populate_existing=True)
