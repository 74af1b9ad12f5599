"""How long it took from one moment to another, worked out by the database, and the median of many such times."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Float, Select, case, func, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

__all__ = ["medians", "seconds_between"]


class seconds_between(FunctionElement[float]):  # noqa: N801  # it is called as `func.…` is
    """The seconds from the first of two moments to the second."""

    type = Float()
    inherit_cache = True


@compiles(seconds_between, "postgresql")
def _on_postgresql(element: seconds_between, compiler: SQLCompiler, **options: Any) -> str:
    earlier, later = (compiler.process(one, **options) for one in element.clauses)
    return f"CAST(EXTRACT(EPOCH FROM {later} - {earlier}) AS DOUBLE PRECISION)"


@compiles(seconds_between, "sqlite")
def _on_sqlite(element: seconds_between, compiler: SQLCompiler, **options: Any) -> str:
    earlier, later = (compiler.process(one, **options) for one in element.clauses)
    return f"((julianday({later}) - julianday({earlier})) * 86400.0)"


def medians(values: Select[*tuple[Any, ...]], *sums: str) -> Select[*tuple[Any, ...]]:
    """By `key` how `many` there are, the median of their `value`, and the sum of each other column that is named.

    As `PERCENTILE_CONT(0.5)`, which SQLite does not have.
    """
    given = values.subquery()
    place = func.row_number().over(partition_by=given.c.key, order_by=given.c.value).label("place")
    ranked = select(given, place, func.count().over(partition_by=given.c.key).label("many")).subquery()
    half = ranked.c.many / 2.0
    in_the_middle = case((ranked.c.place.between(half, half + 1), ranked.c.value))
    return select(
        ranked.c.key,
        func.max(ranked.c.many).label("many"),
        func.avg(in_the_middle).label("median"),
        *(func.sum(ranked.c[name]).label(name) for name in sums),
    ).group_by(ranked.c.key)
