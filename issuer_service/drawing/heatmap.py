"""A heatmap of skills: a row for each specialism, a column for each occupation, group or person.

Each cell has its numbers in it, so that nothing is told by colour alone; the table beside it says all of it in words.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from issuer_service.drawing.drawing import Drawing
from issuer_service.drawing.lettering import shortened, width_of, wrapped
from issuer_service.drawing.levels import HIGHEST, WORDS, Language, Levels, amount, beside, said, step
from issuer_service.drawing.markup import Element, element
from issuer_service.drawing.table import Table

__all__ = ["Grid", "Shown", "draw_heatmap", "table_of"]

Shown = Literal["gap", "current", "required"]
"""Which of the three stands large in a cell and gives it its fill."""

_NAMES: Final = 104  # the column with the specialisms
_CELL: Final = 64
_ROW: Final = 42
_LONGEST_HEAD: Final = 150
# Heads are slanted: names of occupations are long words, and Dutch ones cannot be broken just anywhere.
_SLANT: Final = 45
_LEGEND: Final = 52
_NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class Grid:
    """What is drawn. Every row has a cell in every column.

    Raises:
        ValueError: a cell that is missing, or nothing to draw.
    """

    title: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Mapping[tuple[str, str], Levels]
    language: Language

    def __post_init__(self) -> None:
        if not self.cells or set(self.cells) != {(row, column) for row in self.rows for column in self.columns}:
            raise ValueError("a grid has one cell for each row in each column, and at least one")


def draw_heatmap(grid: Grid, *, key: str, shown: Shown = "gap") -> Drawing:
    """The heatmap; `key` begins its ids, and `shown` says which number stands large."""
    heads = _Heads.of(grid.columns)
    bottom = heads.height + _ROW * len(grid.rows)
    legend = _legend(bottom + 16, WORDS[grid.language][shown])
    content = (*heads.drawn(), *_rows(grid, heads.height, shown), *legend)
    width = max(_NAMES + _CELL * len(grid.columns) + heads.beyond, _NAMES + (HIGHEST + 1) * 36)
    return Drawing(key, grid.title, _summary(grid), grid.language, width, bottom + _LEGEND, content)


def table_of(grid: Grid) -> Table:
    """The same in words."""
    rows = tuple((row, *(said(grid.cells[row, column], grid.language) for column in grid.columns)) for row in grid.rows)
    return Table(grid.title, (WORDS[grid.language]["specialism"], *grid.columns), rows, grid.language)


@dataclass(frozen=True, slots=True)
class _Heads:
    names: tuple[str, ...]
    height: float
    beyond: float

    @classmethod
    def of(cls, columns: tuple[str, ...]) -> _Heads:
        names = tuple(shortened(name, _LONGEST_HEAD) for name in columns)
        slant = math.radians(_SLANT)
        # A head begins in the middle of its column, and the last one ends to the right of it.
        ends = [
            width_of(name) * math.cos(slant) - _CELL * (len(names) - place - 0.5) for place, name in enumerate(names)
        ]
        height = max(width_of(name) for name in names) * math.sin(slant) + 24
        return cls(names, round(height), round(max(0, *ends) + 10))

    def drawn(self) -> Iterator[Element]:
        for place, name in enumerate(self.names):
            x, y = _NAMES + _CELL * (place + 0.5), self.height - 10
            yield element("text", name, x=x, y=y, transform=f"rotate(-{_SLANT} {x:g} {y:g})")


def _rows(grid: Grid, top: float, shown: Shown) -> Iterator[Element]:
    for place, row in enumerate(grid.rows):
        y = top + _ROW * place
        lines = wrapped(row, _NAMES - 8)
        first = y + _ROW / 2 + 4.5 - 7.5 * (len(lines) - 1)
        yield element(
            "text",
            *(element("tspan", line, x=0, y=first + 15 * number) for number, line in enumerate(lines)),
        )
        for number, column in enumerate(grid.columns):
            levels = grid.cells[row, column]
            name = f"{row}, {column}: {said(levels, grid.language)}"
            yield element("g", element("title", name), *_cell(levels, _NAMES + _CELL * number, y, shown, grid.language))


def _cell(levels: Levels, x: float, y: float, shown: Shown, language: Language) -> Iterator[Element]:
    value = {"gap": levels.gap, "current": levels.current, "required": levels.required}[shown]
    middle = x + _CELL / 2
    if not levels.applies or value is None:
        yield element("rect", class_="paper", x=x, y=y, width=_CELL, height=_ROW)
        yield element("rect", class_="rule", x=x + 0.5, y=y + 0.5, width=_CELL - 1, height=_ROW - 1)
        yield element("text", "–" if not levels.applies else "*", class_="middle", x=middle, y=y + _ROW / 2 + 4.5)
        return
    fill = step(value)
    yield element("rect", class_=f"step-{fill}", x=x, y=y, width=_CELL, height=_ROW)
    yield element("rect", class_="rule", x=x + 0.5, y=y + 0.5, width=_CELL - 1, height=_ROW - 1)
    large = f"on-step-{fill} middle strong"
    yield element("text", amount(value, language), class_=large, x=middle, y=y + 20, font_size=16)
    yield element("text", beside(levels, language), class_=f"on-step-{fill} middle", x=middle, y=y + 35, font_size=12)


def _legend(y: float, name: str) -> Iterator[Element]:
    yield element("text", name, x=0, y=y + 16)
    for one in range(HIGHEST + 1):
        x = _NAMES + one * 36
        yield element("rect", class_=f"step-{one}", x=x, y=y, width=36, height=24)
        yield element("rect", class_="rule", x=x + 0.5, y=y + 0.5, width=35, height=23)
        yield element("text", str(one), class_=f"on-step-{one} middle", x=x + 18, y=y + 16)


def _summary(grid: Grid) -> str:
    words = WORDS[grid.language]
    gaps = {key: levels.gap for key, levels in grid.cells.items() if levels.applies and levels.gap}
    if not gaps:
        return words["nothing-short"]
    largest = max(gaps.values(), key=Decimal)
    places = [f"{row} – {column}" for (row, column), gap in gaps.items() if gap == largest]
    more = [words["and-more"].format(count=len(places) - _NAMED)] if len(places) > _NAMED else []
    return words["most-short"].format(amount=amount(largest, grid.language), names="; ".join(places[:_NAMED] + more))
