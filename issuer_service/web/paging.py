"""Lists in pages, each with the cursor of the next: what is added meanwhile neither doubles nor hides a row."""

from __future__ import annotations

import binascii
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final, Generic, TypeVar

from fastapi import Depends, Query
from pydantic import BaseModel, Field
from sqlalchemy import Select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from issuer_service.errors import Refused

__all__ = ["Page", "Paging", "page_of"]

T = TypeVar("T")
Shown = TypeVar("Shown")
MAX_CURSOR: Final = 400
MAX_NUMBER: Final = 2**31 - 1


class Page(BaseModel, Generic[T]):
    """A part of a list."""

    items: list[T]
    next: str | None = Field(description="The cursor of the next page; null on the last.", examples=[None])


@dataclass(frozen=True, slots=True)
class Asked:
    """Which page is wanted."""

    limit: int
    cursor: str | None


def _asked(
    limit: Annotated[int, Query(ge=1, le=200, description="How many at most.")] = 50,
    cursor: Annotated[
        str | None, Query(max_length=MAX_CURSOR, description="`next` of the page before; left out for the first.")
    ] = None,
) -> Asked:
    return Asked(limit, cursor)


Paging = Annotated[Asked, Depends(_asked)]


def page_of(
    session: Session,
    statement: Select[T],
    asked: Asked,
    *,
    order: Sequence[InstrumentedAttribute[Any]],
    show: Callable[[T], Shown],
    newest_first: bool = False,
) -> Page[Shown]:
    """The page of a query, ordered by columns that together are unique. Raises Refused for a foreign cursor."""
    ways = [column.desc() for column in order] if newest_first else order
    ordered = statement.order_by(*ways).limit(asked.limit + 1)
    if asked.cursor is not None:
        here, there = tuple_(*order), tuple_(*_read(asked.cursor, order))
        ordered = ordered.where(here < there if newest_first else here > there)
    rows = session.scalars(ordered).all()
    more = len(rows) > asked.limit
    shown = rows[: asked.limit]
    return Page(items=[show(row) for row in shown], next=_cursor(shown[-1], order) if more else None)


def _cursor(row: object, order: Sequence[InstrumentedAttribute[Any]]) -> str:
    values = [getattr(row, column.key) for column in order]
    plain = [value.isoformat() if isinstance(value, datetime) else value for value in values]
    return urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def _read(cursor: str, order: Sequence[InstrumentedAttribute[Any]]) -> list[Any]:
    try:
        values = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(values, list) or len(values) != len(order):
            raise ValueError("not a cursor of this list")
        return [_value(value, column) for value, column in zip(values, order, strict=True)]
    except (ValueError, binascii.Error, RecursionError) as error:
        raise Refused("this is no cursor of this list", field="cursor") from error


def _value(value: object, column: InstrumentedAttribute[Any]) -> object:
    if column.type.python_type is int:
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MAX_NUMBER:
            raise ValueError("not a cursor of this list")
        return value
    if not isinstance(value, str) or "\0" in value:
        raise ValueError("not a cursor of this list")
    if column.type.python_type is datetime:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError("a moment without a zone")
        return moment
    return value
