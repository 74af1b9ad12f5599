"""A development spider: an axis for each specialism; what is there is a filled shape, what is asked for a dashed one.

The shapes differ by dash and by mark, each axis has its numbers beside its name, and the table says the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from issuer_service.drawing.drawing import Drawing
from issuer_service.drawing.lettering import wrapped
from issuer_service.drawing.levels import HIGHEST, WORDS, Language, Levels, amount, beside, current_said
from issuer_service.drawing.markup import Element, element, number
from issuer_service.drawing.table import Table

__all__ = ["Profile", "draw_spider", "table_of"]

_WIDTH: Final = 390
_RADIUS: Final = 116
_MIDDLE: Final = (_WIDTH / 2, 164.0)
_HEIGHT: Final = 360
_LABEL: Final = 12
_ASIDE: Final = 0.3  # from here on a label stands beside its axis instead of above or below it
_NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class Profile:
    """What is drawn: the specialisms that apply, each with its levels. Those that do not apply are left out.

    Raises:
        ValueError: nothing applies, so that there is nothing to draw.
    """

    title: str
    levels: Mapping[str, Levels]
    language: Language

    def __post_init__(self) -> None:
        if not any(one.applies for one in self.levels.values()):
            raise ValueError("a profile has at least one specialism that applies")

    @property
    def axes(self) -> Mapping[str, Levels]:
        """Those that are drawn."""
        return {name: levels for name, levels in self.levels.items() if levels.applies}


def draw_spider(profile: Profile, *, key: str) -> Drawing:
    """The spider; `key` begins its ids."""
    axes = profile.axes
    required: list[Decimal | int | None] = [levels.required for levels in axes.values()]
    current = [levels.current for levels in axes.values()]
    own_word = frozenset(place for place, levels in enumerate(axes.values()) if levels.own_word)
    content = (
        *_web(len(axes)),
        *_shape(required, "second", filled=False),
        *_shape(current, "accent", filled=True, hollow=own_word),
        *_labels(axes, profile.language),
        *_legend(profile.language, own_word=bool(own_word)),
    )
    return Drawing(key, profile.title, _summary(profile), profile.language, _WIDTH, _HEIGHT, content)


def table_of(profile: Profile) -> Table:
    """The same as numbers."""
    words, language = WORDS[profile.language], profile.language
    head = (words["specialism"], *(words[name].capitalize() for name in ("current", "required", "gap")))
    rows = tuple(
        (name, current_said(one, language), amount(one.required, language), _told(one.gap, language))
        for name, one in profile.axes.items()
    )
    return Table(profile.title, head, rows, language)


def _told(value: Decimal | int | None, language: Language) -> str:
    return WORDS[language]["too-few"] if value is None else amount(value, language)


def _at(place: int, count: int, level: float | Decimal, beyond: float = 0) -> tuple[float, float]:
    turn = 2 * math.pi * place / count - math.pi / 2
    away = _RADIUS * float(level) / HIGHEST + beyond
    return _MIDDLE[0] + away * math.cos(turn), _MIDDLE[1] + away * math.sin(turn)


def _points(levels: Sequence[tuple[int, Decimal | int]], count: int) -> str:
    return " ".join(",".join(map(number, _at(place, count, level))) for place, level in levels)


def _web(count: int) -> Iterator[Element]:
    for ring in range(1, HIGHEST + 1):
        yield element(
            "circle", class_="rule", cx=_MIDDLE[0], cy=_MIDDLE[1], r=_RADIUS * ring / HIGHEST, stroke_opacity=0.55
        )
    for place in range(count):
        x, y = _at(place, count, HIGHEST)
        yield element("line", class_="rule", x1=_MIDDLE[0], y1=_MIDDLE[1], x2=x, y2=y, stroke_opacity=0.55)
    for ring in range(1, HIGHEST + 1):
        y = _MIDDLE[1] - _RADIUS * ring / HIGHEST
        yield element("text", str(ring), class_="end", x=_MIDDLE[0] - 3, y=y + 9, font_size=9)


def _shape(
    levels: Sequence[Decimal | int | None], tone: str, *, filled: bool, hollow: frozenset[int] = frozenset()
) -> Iterator[Element]:
    told = [(place, level) for place, level in enumerate(levels) if level is not None]
    if not told:
        return
    yield element(
        "polygon",
        class_=f"{tone} filled-{tone}" if filled else tone,
        points=_points(told, len(levels)),
        fill=None if filled else "none",
        fill_opacity=0.2 if filled else None,
        stroke_width=2,
        stroke_dasharray=None if filled else "6 4",
    )
    for place, level in told:
        x, y = _at(place, len(levels), level)
        yield _mark(tone, x, y, round_=filled, hollow=place in hollow)


def _mark(tone: str, x: float, y: float, *, round_: bool, hollow: bool = False) -> Element:
    if hollow:
        return element("circle", class_=f"paper {tone}", cx=x, cy=y, r=4.5, stroke_width=2)
    if round_:
        return element("circle", class_=f"filled-{tone}", cx=x, cy=y, r=3.5)
    return element("rect", class_=f"paper {tone}", x=x - 4, y=y - 4, width=8, height=8, stroke_width=2)


def _labels(axes: Mapping[str, Levels], language: Language) -> Iterator[Element]:
    for place, (name, levels) in enumerate(axes.items()):
        x, y = _at(place, len(axes), HIGHEST, 12)
        aside = (x - _MIDDLE[0]) / _RADIUS
        room = (x - 2 if aside < 0 else _WIDTH - x - 2) if abs(aside) > _ASIDE else _WIDTH / 3
        lines = (*wrapped(name, room, _LABEL), beside(levels, language))
        # Above the web the lines end at its edge, below it they begin there, and beside it they stand in the middle.
        down = (y - _MIDDLE[1]) / _RADIUS
        first = y + 4 - 7 * (len(lines) - 1) * (1 - down)
        anchor = ("end" if aside < 0 else None) if abs(aside) > _ASIDE else "middle"
        yield element(
            "text",
            *(
                element("tspan", line, x=x, y=first + 14 * row, class_="strong" if row == len(lines) - 1 else None)
                for row, line in enumerate(lines)
            ),
            class_=anchor,
            font_size=_LABEL,
        )


def _legend(language: Language, *, own_word: bool) -> Iterator[Element]:
    y = _HEIGHT - 14
    words = WORDS[language]
    for x, name, tone, filled in ((10, "current", "accent", True), (130, "required", "second", False)):
        dash = None if filled else "6 4"
        yield element("line", class_=tone, x1=x, y1=y - 4, x2=x + 36, y2=y - 4, stroke_width=2, stroke_dasharray=dash)
        yield _mark(tone, x + 18, y - 4, round_=filled)
        yield element("text", words[name], x=x + 44, y=y)
    if own_word:
        yield _mark("accent", 258, y - 4, round_=True, hollow=True)
        yield element("text", f"~ {words['own-word']}", x=268, y=y, font_size=_LABEL)


def _summary(profile: Profile) -> str:
    words = WORDS[profile.language]
    short = {name: levels.gap for name, levels in profile.axes.items() if levels.gap}
    if not short:
        return words["nothing-short"]
    largest = max(short.values(), key=Decimal)
    names = [name for name, gap in short.items() if gap == largest]
    more = [words["and-more"].format(count=len(names) - _NAMED)] if len(names) > _NAMED else []
    return words["most-short"].format(amount=amount(largest, profile.language), names=", ".join(names[:_NAMED] + more))
