"""How much room words take. An estimate on the wide side: which letters a reader's machine has is not known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

__all__ = ["shortened", "width_of", "wrapped"]

_NARROW: Final = frozenset("fijlrtI .,;:'!|()[]-/")
_WIDE: Final = frozenset("mwMW@%&—…")
_ELLIPSIS: Final = "…"
_SQUARE_FROM: Final = 0x2E80  # from here on come the scripts whose letters are as wide as they are high


def width_of(text: str, size: float = 13) -> float:
    """The width of a text in the units that its size is in."""
    return sum(map(_share, text)) * size


def shortened(text: str, width: float, size: float = 13) -> str:
    """As much of the text as fits, with an ellipsis where it does not. The twin of the drawing has all of it."""
    if width_of(text, size) <= width:
        return text
    while text and width_of(text + _ELLIPSIS, size) > width:
        text = text[:-1]
    return text.rstrip() + _ELLIPSIS


def wrapped(text: str, width: float, size: float = 13, *, lines: int = 2) -> tuple[str, ...]:
    """The text on at most so many lines, broken between words; the last one is shortened where it must be."""
    rows: list[str] = []
    for word in text.split():
        if rows and width_of(f"{rows[-1]} {word}", size) <= width:
            rows[-1] += f" {word}"
        else:
            rows.append(word)
    if len(rows) > lines:
        rows = [*rows[: lines - 1], " ".join(rows[lines - 1 :])]
    return tuple(_each(rows, width, size)) or ("",)


def _each(rows: list[str], width: float, size: float) -> Iterator[str]:
    for row in rows:
        yield shortened(row, width, size)


def _share(character: str) -> float:
    if character in _NARROW:
        return 0.34
    if character in _WIDE or ord(character) >= _SQUARE_FROM:
        return 1.0
    return 0.68 if character.isupper() else 0.57
