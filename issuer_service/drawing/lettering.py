"""How much room words take. An estimate on the wide side: which letters a reader's machine has is not known."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["shortened", "width_of", "wrapped"]

_NARROW: Final = frozenset("fijlrtI .,;:'!|()[]-/")
_WIDE: Final = frozenset("mwMW@%&—…")
# Where a long word may be parted, with three letters at least before and four after: in Dutch and English most
# syllables end between two consonants, but not between those that sound as one, or that a syllable begins with.
_TOGETHER: Final = "ch|ng[^aeiou]|sch|th|s[pt]|[bcdfgkptv][lr]"
_CONSONANT: Final = "[b-df-hj-np-tv-xz]"
_BREAK: Final = re.compile(
    rf"(?<=\w{{2}})(?:-(?=\w{{4}})|(?!{_TOGETHER}){_CONSONANT}(?={_CONSONANT}\w{{3}}))", re.IGNORECASE
)
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
    """The text on at most so many lines, broken between words; the last one is shortened where it must be.

    A word that is wider than a line is broken within: after a hyphen of its own, or between two consonants.
    """
    rows: list[str] = []
    rest = text.split()
    while rest and len(rows) < lines - 1:
        row, broken_off = _broken(rest.pop(0), width, size)
        while rest and not broken_off and width_of(f"{row} {rest[0]}", size) <= width:
            row += f" {rest.pop(0)}"
        if rest and not broken_off and width_of(rest[0], size) > width:
            part, broken_off = _broken(rest[0], width - width_of(f"{row} ", size), size)
            if broken_off:
                row += f" {part}"
                rest.pop(0)
        rows.append(shortened(row, width, size))
        rest[:0] = [broken_off] if broken_off else []
    return (*rows, shortened(" ".join(rest), width, size)) if rest or not rows else tuple(rows)


def _broken(word: str, width: float, size: float) -> tuple[str, str]:
    """The word as far as it fits on a line, and what of it comes on the next."""
    if width_of(word, size) <= width:
        return word, ""
    fitting = [one.end() for one in _BREAK.finditer(word) if width_of(word[: one.end()] + "-", size) <= width]
    # A hyphen that the word has comes before one that it is given.
    own = [end for end in fitting if word[end - 1] == "-"]
    end = max(own or fitting, default=len(word))
    return word[:end] + ("" if own or end == len(word) else "-"), word[end:]


def _share(character: str) -> float:
    if character in _NARROW:
        return 0.34
    if character in _WIDE or ord(character) >= _SQUARE_FROM:
        return 1.0
    return 0.68 if character.isupper() else 0.57
