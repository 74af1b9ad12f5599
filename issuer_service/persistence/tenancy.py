"""Which organisation a row belongs to, and sessions that see the rows of one organisation only.

A query that forgets whose rows it wants is the mistake that shows one provider another's people. So it is not
left to queries: a session that works for a caller is confined, once, and every query made through it, whatever
it asks, finds only rows of that caller's organisation. A table says in `__tenant_by__` how its rows belong to
one; a table that says nothing shows a confined session nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any, Final, Protocol, Self
from weakref import WeakKeyDictionary

from sqlalchemy import (
    Boolean,
    ColumnClause,
    ColumnElement,
    Executable,
    FromClause,
    TextClause,
    TextualSelect,
    event,
    exists,
    false,
    select,
)
from sqlalchemy import Table as Columns
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import LoaderCriteriaOption, ORMExecuteState, Session
from sqlalchemy.sql import visitors
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from issuer_service.errors import NotFound
from issuer_service.persistence.columns import Table

__all__ = ["NOBODY", "SHARED", "Mostly", "Tenant", "belongs_to", "confine", "tables_in", "tables_without_owner"]

SHARED: Final = "shared"
"""The value of `__tenant_by__` for what is public to all, such as the catalogue."""

NOBODY: Final = "nobody"
"""The value of `__tenant_by__` for what is the installation's own: no caller's session finds it."""

_TENANT: Final = "organisation"
_OWNER: Final = "organisation_id"
_MOST_KNOWN: Final = 512
_known: Final[WeakKeyDictionary[Executable, dict[str, Executable]]] = WeakKeyDictionary()


class Tenant(Protocol):
    """Whoever works for one organisation."""

    @property
    def organisation_id(self) -> str:
        """That organisation."""

    @property
    def person_id(self) -> str:
        """Who it is."""


class _OfTheName(LoaderCriteriaOption):
    """`with_loader_criteria`, under every name that a table has in a statement.

    What is joined under another name SQLAlchemy gives the condition of the table's own name: a condition on other rows
    where these are in the statement too, so that one sees what is another's; and no SQL at all where they are not.
    """

    inherit_cache = True
    _cache_key_traversal = LoaderCriteriaOption._traverse_internals  # noqa: SLF001  # it differs in nothing else

    def _resolve_where_criteria(self, ext_info: Any) -> ColumnElement[bool]:  # a mapper, or what stands for an alias
        found = super()._resolve_where_criteria(ext_info)
        if not ext_info.is_aliased_class:
            return found
        # SQLAlchemy has no public way to say this; a test joins tables under other names on both databases.
        adapted: ColumnElement[bool] = ext_info._adapter.traverse(found)  # noqa: SLF001
        return adapted


def belongs_to(table: type[Table], organisation_id: str) -> ColumnElement[bool] | None:
    """The condition under which a row of this table belongs to the organisation; None where all may see it."""
    by = _path_of(table)
    if by in {None, NOBODY}:
        return false()
    if by == SHARED:
        return None
    return _condition(_columns(table), by, organisation_id)


def confine(session: Session, organisation_id: str) -> None:
    """From here on the session finds, changes and adds rows of this organisation only.

    Adding or changing a row so that it belongs to another raises NotFound when it is written.
    """

    @event.listens_for(session, "do_orm_execute")
    def add_condition(state: ORMExecuteState) -> None:
        if not state.is_orm_statement or state.is_column_load or state.is_relationship_load:
            return
        state.statement = _confined(state.statement, organisation_id)

    @event.listens_for(session, "before_flush")
    def check_owner(session: Session, _context: object, _instances: object) -> None:
        with session.no_autoflush:
            for row in (*session.new, *session.dirty):
                _must_belong(session, row, organisation_id)


def tables_without_owner(tables: Iterable[type[Table]]) -> set[str]:
    """The tables that do not say to whom their rows belong."""
    return {table.__tablename__ for table in tables if _path_of(table) is None}


def tables_in(statement: Executable) -> set[str] | None:
    """The names of the tables that a statement has anywhere: in a join, a subquery, under another name.

    None when it is not certain, as for SQL that is text. To give every statement the conditions of every table
    would be certain too, and takes a millisecond of each, several times what the rest of a query takes.
    """
    found: set[str] = set()
    todo: list[Any] = [statement]
    known: set[int] = set()
    while todo:
        for element in visitors.iterate(todo.pop()):
            if isinstance(element, Columns):
                found.add(element.name)
            elif isinstance(element, TextClause | TextualSelect):
                return None
            elif isinstance(element, ColumnClause) and element.table is not None and id(element.table) not in known:
                # What it is a column of need not be named otherwise.
                known.add(id(element.table))
                todo.append(element.table)
    return found or None


def _confined(statement: Executable, organisation_id: str) -> Executable:
    """The statement with the conditions of its tables; the same object for the same one, as long as that is there.

    Most that are asked over and over are made once, and so this is done, and the key by which SQLAlchemy finds what it
    compiled is made, once for each organisation too.
    """
    known = _known.get(statement)
    if known is None:
        known = _known[statement] = {}
    confined = known.get(organisation_id)
    if confined is None:
        conditions = _conditions(organisation_id)
        asked = tables_in(statement)
        wanted = conditions.values() if asked is None else [conditions[one] for one in asked & conditions.keys()]
        if len(known) >= _MOST_KNOWN:
            known.clear()
        confined = known[organisation_id] = statement.options(*wanted)
    return confined


@lru_cache(maxsize=_MOST_KNOWN)
def _conditions(organisation_id: str) -> dict[str, LoaderCriteriaOption]:
    found = ((m.class_, belongs_to(m.class_, organisation_id)) for m in Table.registry.mappers)
    return {
        table.__tablename__: _OfTheName(table, condition, include_aliases=True)
        for table, condition in found
        if condition is not None
    }


@cache
def _path_of(table: type[Table]) -> str | None:
    if table.__tenant_by__:
        return table.__tenant_by__
    return _OWNER if _OWNER in table.__table__.columns else None


class Mostly(FunctionElement[bool]):
    """A condition that most rows meet. SQLite has no statistics and takes any index for as good as any other.

    It would look through all of an organisation's rows for the one that is asked for; PostgreSQL knows better itself.
    """

    type = Boolean()
    inherit_cache = True

    def self_group(self, against: object = None) -> Self:  # noqa: ARG002
        """A condition by itself: `likely(…) = 1` would be none that an index answers."""
        return self


@compiles(Mostly)
def _as_it_is(element: Mostly, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(element.clauses, **options)


@compiles(Mostly, "sqlite")
def _as_a_hint(element: Mostly, compiler: SQLCompiler, **options: Any) -> str:
    return f"likely({compiler.process(element.clauses, **options)})"


def _condition(
    columns: Columns, by: str, organisation_id: str, *, named: FromClause | None = None
) -> ColumnElement[bool]:
    """`by` names the row's own column, or `table.column` of one that points here; `named` stands for the table."""
    here = columns if named is None else named
    if "." in by:
        other, _, column = by.partition(".")
        return _owned(columns.metadata.tables[other], column, here.c.id, organisation_id)
    if by == _OWNER or columns.name == _TENANT:
        return Mostly(here.c[by] == organisation_id)
    (key,) = columns.c[by].foreign_keys
    return _owned(key.column.table, key.column.name, here.c[by], organisation_id)


def _owned(columns: Columns, column: str, value: ColumnElement[Any], organisation_id: str) -> ColumnElement[bool]:
    """That there is such a row, and it is theirs. Asked of each row: a list of all that are theirs may be long."""
    # Under a name of its own, since the statement may have the table too.
    there = columns.alias()
    owned = _condition(columns, _by_of(columns), organisation_id, named=there)
    return exists().where(there.c[column] == value, owned)


def _by_of(columns: Columns) -> str:
    by = _path_of(_class_of(columns))
    if by is None or by in {NOBODY, SHARED}:
        raise LookupError(f"{columns.name} belongs to no organisation")
    return by


def _columns(table: type[Table]) -> Columns:
    columns = table.__table__
    if not isinstance(columns, Columns):
        raise TypeError(f"{table.__name__} is no table of its own")
    return columns


def _class_of(columns: FromClause) -> type[Table]:
    found: list[type[Table]] = [m.class_ for m in Table.registry.mappers if m.local_table is columns]
    return found[0]


def _must_belong(session: Session, row: object, organisation_id: str) -> None:
    table = type(row)
    if not issubclass(table, Table):
        return
    by = _path_of(table)
    if by == SHARED or (by is not None and "." in by):
        # What points at a row of theirs is checked itself; a person belongs by a membership that is.
        return
    if by == _OWNER or table.__tablename__ == _TENANT:
        if getattr(row, by or "") != organisation_id:
            raise NotFound("there is no such organisation")
        return
    if by is None or by == NOBODY:
        raise NotFound(f"{table.__tablename__} belongs to no organisation")
    (key,) = table.__table__.c[by].foreign_keys
    parent = _class_of(key.column.table)
    value = getattr(row, by)
    if any(isinstance(new, parent) and getattr(new, key.column.name) == value for new in session.new):
        return
    if session.scalar(select(key.column).select_from(parent).where(key.column == value)) is None:
        raise NotFound(f"there is no such {parent.__tablename__}")
