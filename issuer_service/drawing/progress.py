"""Bars that say how far something is: how much is satisfied, partly so, and missing, before and after."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from issuer_service.drawing.drawing import Drawing
from issuer_service.drawing.levels import Language
from issuer_service.drawing.markup import Element, element
from issuer_service.drawing.table import Table

__all__ = ["Progress", "draw_progress", "table_of"]

_WIDTH: Final = 380
_BAR: Final = 26
_ROW: Final = 62
_KINDS: Final = ("satisfied", "partly", "missing")
# Which of the fills, and beside it a shape: what is satisfied is dark and what is missing is as empty as the paper.
_FILLS: Final = {"satisfied": "step-5", "partly": "step-2", "missing": "paper"}
_INKS: Final = {"satisfied": "on-step-5", "partly": "on-step-2", "missing": None}
_MARKS: Final = {"satisfied": "✓", "partly": "~", "missing": "✗"}
_WORDS: Final = {
    "nl": {"satisfied": "voldaan", "partly": "deels", "missing": "ontbreekt", "when": "Wanneer"},
    "en": {"satisfied": "satisfied", "partly": "partly", "missing": "missing", "when": "When"},
}


@dataclass(frozen=True, slots=True)
class Progress:
    """One bar: its name, and of how many things each is said.

    Raises:
        ValueError: a number below zero.
    """

    name: str
    satisfied: int
    partly: int
    missing: int

    def __post_init__(self) -> None:
        if min(self.satisfied, self.partly, self.missing) < 0:
            raise ValueError("there are no fewer things than none")

    def of(self, kind: str) -> int:
        """How many of one of the three."""
        return {"satisfied": self.satisfied, "partly": self.partly, "missing": self.missing}[kind]

    @property
    def all(self) -> int:
        """How many together."""
        return self.satisfied + self.partly + self.missing


def draw_progress(title: str, bars: Sequence[Progress], *, key: str, language: Language) -> Drawing:
    """The bars below each other; `key` begins the ids of the drawing."""
    content = [part for place, bar in enumerate(bars) for part in _bar(bar, _ROW * place, language)]
    description = " ".join(f"{bar.name}: {_said(bar, language)}." for bar in bars)
    return Drawing(key, title, description, language, _WIDTH, _ROW * len(bars), tuple(content))


def table_of(title: str, bars: Sequence[Progress], *, language: Language) -> Table:
    """The same as a table."""
    words = _WORDS[language]
    head = (words["when"], *(words[kind].capitalize() for kind in _KINDS))
    return Table(title, head, tuple((bar.name, *(str(bar.of(kind)) for kind in _KINDS)) for bar in bars), language)


def _said(bar: Progress, language: Language) -> str:
    return ", ".join(f"{bar.of(kind)} {_WORDS[language][kind]}" for kind in _KINDS)


def _bar(bar: Progress, top: float, language: Language) -> Iterator[Element]:
    yield element("text", f"{bar.name}: {_said(bar, language)}", x=0, y=top + 14)
    x = 0.0
    for kind in _KINDS:
        if not bar.of(kind):
            continue
        width = _WIDTH * bar.of(kind) / bar.all
        yield element("rect", class_=_FILLS[kind], x=x, y=top + 22, width=width, height=_BAR)
        yield element("rect", class_="rule", x=x + 0.5, y=top + 22.5, width=width - 1, height=_BAR - 1)
        classes = " ".join(filter(None, (_INKS[kind], "middle", "strong")))
        yield element("text", _MARKS[kind], class_=classes, x=x + width / 2, y=top + 40, font_size=15)
        x += width
