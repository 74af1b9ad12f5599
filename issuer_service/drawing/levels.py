"""What a drawing of skills shows: of each specialism the level that is there, the level that is asked for, and the gap.

Levels and gaps come from whoever computed them; nothing is computed here but how they are said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, Literal

__all__ = ["HIGHEST", "WORDS", "Language", "Levels", "amount", "beside", "current_said", "said", "step"]

Language = Literal["nl", "en"]
HIGHEST: Final = 5

WORDS: Final[Mapping[Language, Mapping[str, str]]] = {
    "nl": {
        "specialism": "Specialisme",
        "current": "nu",
        "required": "nodig",
        "gap": "tekort",
        "not-applicable": "niet van toepassing",
        "own-word": "eigen inschatting",
        "too-few": "te weinig mensen om te tonen",
        "nothing-short": "Nergens is een tekort.",
        "most-short": "Het grootste tekort is {amount}: {names}.",
        "and-more": "en nog {count}",
    },
    "en": {
        "specialism": "Specialism",
        "current": "current",
        "required": "required",
        "gap": "gap",
        "not-applicable": "not applicable",
        "own-word": "own word",
        "too-few": "too few people to show",
        "nothing-short": "There is no gap.",
        "most-short": "The largest gap is {amount}: {names}.",
        "and-more": "and {count} more",
    },
}


@dataclass(frozen=True, slots=True)
class Levels:
    """Of one specialism. Of a group they are averages, and the gap is the average of everybody's gap.

    `required` is 0 where the specialism does not apply. `current` and `gap` are None where a group is too small.
    `own_word`: somebody says so of themselves and nobody assessed it; it never looks like what was assessed.
    """

    current: Decimal | int | None
    required: Decimal | int
    gap: Decimal | int | None
    own_word: bool = False

    @property
    def applies(self) -> bool:
        """Whether anything is asked for."""
        return self.required > 0


def amount(value: Decimal | int, language: Language) -> str:
    """A level or a gap as it is written: 2, and in Dutch 1,4."""
    text = str(value)
    return text.replace(".", ",") if language == "nl" else text


def said(levels: Levels, language: Language) -> str:
    """All of it in words: "nu 1, nodig 2, tekort 1"."""
    words = WORDS[language]
    if not levels.applies:
        return words["not-applicable"]
    if levels.current is None or levels.gap is None:
        return f"{words['required']} {amount(levels.required, language)}; {words['too-few']}"
    current = f"{words['current']} {current_said(levels, language)}"
    parts = (("required", levels.required), ("gap", levels.gap))
    return ", ".join([current, *(f"{words[name]} {amount(value, language)}" for name, value in parts)])


def current_said(levels: Levels, language: Language) -> str:
    """The level that is there, in words: "3", or "3 (eigen inschatting)"."""
    if levels.current is None:
        return WORDS[language]["too-few"]
    own = f" ({WORDS[language]['own-word']})" if levels.own_word else ""
    return f"{amount(levels.current, language)}{own}"


def beside(levels: Levels, language: Language) -> str:
    """The two levels as they stand in a drawing: "3 → 5", and "~3 → 5" for one's own word."""
    own = "~" if levels.own_word else ""
    current = "*" if levels.current is None else f"{own}{amount(levels.current, language)}"
    return f"{current} → {amount(levels.required, language)}"


def step(value: Decimal | int) -> int:
    """Which of the fills goes with it."""
    return min(HIGHEST, max(0, int(Decimal(value).quantize(Decimal(1), ROUND_HALF_UP))))
