"""What the service says in English, in Dutch: `refusals.json`, by the sentence as the code has it.

The service refuses in one language, for its API; people read in theirs. What is not known in Dutch is shown as it is,
and marked as English: a test walks past the places where something is refused, so that no sentence is.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Final

from issuer_service.pages.process_words import ROLES, Said
from issuer_service.people.roles import Role
from issuer_service.web.dependencies import Language

__all__ = ["said"]

_FILE: Final = Path(__file__).resolve().parent / "refusals.json"
_PLACE: Final = re.compile(r"\\\{\d\\\}")
_LIST: Final = ", "


def said(sentence: str, language: Language) -> Said:
    """A sentence of the service in the reader's language, where it is known in it."""
    dutch = _in_dutch(sentence) if language == "nl" else None
    return Said(sentence, "en") if dutch is None else Said(dutch, "nl")


def _in_dutch(sentence: str) -> str | None:
    words, exact, shapes = _read()
    if sentence in exact:
        return exact[sentence]
    for shape, dutch in shapes:
        found = shape.fullmatch(sentence)
        if found is not None:
            return dutch.format(*(_Named(one, words) for one in found.groups()))
    return None


class _Named:
    """What stands in a place of a sentence: as it is; or, where Dutch asks for it, as roles or by other words."""

    def __init__(self, text: str, words: dict[str, str]) -> None:
        self._text, self._words = text, words

    def __format__(self, wanted: str) -> str:
        if not wanted:
            return self._text
        parts = [self._text] if self._text in self._words else self._text.split(_LIST)
        return _LIST.join(self._named(one, wanted) for one in parts)

    def _named(self, one: str, wanted: str) -> str:
        if wanted == "roles":
            return ROLES[Role(one)].nl if one in set(Role) else one
        return self._words.get(one, one)


@cache
def _read() -> tuple[dict[str, str], dict[str, str], tuple[tuple[re.Pattern[str], str], ...]]:
    """Words, sentences without a place for anything, and those with one: the most that is said in them first."""
    content = json.loads(_FILE.read_bytes())
    sentences: dict[str, str] = content["sentences"]
    exact = {english: dutch for english, dutch in sentences.items() if "{" not in english}
    shapes = sorted((one for one in sentences.items() if "{" in one[0]), key=lambda one: -len(one[0]))
    compiled = ((re.compile(_PLACE.sub("(.+)", re.escape(english)), re.DOTALL), dutch) for english, dutch in shapes)
    return content["words"], exact, tuple(compiled)
