"""What must be asked of one text of a badge, where everything else was asked of the badge as a whole.

The checks of prepare() and of the verifier's structure and schema look at a badge as a whole and take most of the
time. At a few places, those that differ between most badges of a batch, each of them asks about the text by itself:
then it is enough to ask that. The questions may be stricter than the checks, for whatever gets a no here goes the long
way; they may not be milder. What is forgotten here would be signed unasked, or taken for verified, so every question
has a row in `tests/kit/test_questions.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from openbadges_kit.documents import JsonObject
from openbadges_kit.errors import MalformedDocument
from openbadges_kit.jsonld.shape import leaf_places
from openbadges_kit.patterns import Place
from openbadges_kit.skills import guards
from openbadges_kit.timestamps import parse_timestamp
from openbadges_kit.verification.checks.structure import is_iri
from openbadges_kit.verification.verifier import check_schema_takes_any_text

__all__ = ["Question", "Questions", "order_of_period", "question_of", "usual_places"]

Question = Callable[[str], bool]
"""May this text stand there?"""

_ID: Final = ("id",)
_SUBJECT_ID: Final = ("credentialSubject", "id")
_START, _END = ("validFrom",), ("validUntil",)
_TIMES: Final = frozenset({_START, _END, ("awardedDate",)})
# Of which the checks ask nothing but what the guards ask of every text: places with their indexes left out.
_TEXTS: Final = frozenset({
    ("credentialSubject", "identifier", "identityHash"), ("credentialSubject", "identifier", "salt"),
    ("credentialStatus", "id"), ("credentialStatus", "statusListIndex"), ("credentialStatus", "statusListCredential"),
    ("evidence", "id"), ("evidence", "name"), ("evidence", "narrative"), ("evidence", "description"),
})  # fmt: skip
# An object with one of these is judged by the texts in it together.
_JUDGED_TOGETHER: Final = frozenset({"targetUrl", "identifierType", "achievementType"})
# What somebody was given, which differs between badges and is judged by what the achievement says of it.
_RESULTS: Final = ("credentialSubject", "result")
# Combinations of texts that passed together, such as the levels of a rubric; longer ones do not come twice.
MAX_SOUND: Final = 256
MAX_SOUND_TEXT: Final = 4_000
# With more places to differ in, two badges have little in common.
MAX_PLACES: Final = 128


class Questions:
    """The questions about all texts in which badges of a kind differ, in the order of their places.

    What is asked of a text by itself has a question; the others are asked about together, of a whole badge, by who
    has one: `keep_sound` remembers what passed. Threads may share it.
    """

    __slots__ = ("_alone", "_order_of_period", "_sound", "_together")

    def __init__(self, document: JsonObject, places: Sequence[Place], *, guarded: bool = True) -> None:
        """`guarded`: are the guards of what is issued asked as well?"""
        questions = [question_of(document, place, guarded=guarded) for place in places]
        self._alone = [(number, question) for number, question in enumerate(questions) if question is not None]
        self._together = [number for number, question in enumerate(questions) if question is None]
        self._order_of_period = order_of_period(document, places)
        self._sound: set[tuple[str, ...]] = set()

    def pass_alone(self, texts: Sequence[str]) -> bool:
        """Does each text pass that is asked about by itself?"""
        for number, question in self._alone:
            if not question(texts[number]):
                return False
        return self._order_of_period is None or self._order_of_period(texts)

    def passed_together(self, texts: Sequence[str]) -> bool:
        """Did these texts, as far as they are asked about together, pass in another badge?"""
        return tuple([texts[number] for number in self._together]) in self._sound

    def keep_sound(self, texts: Sequence[str]) -> None:
        """Remember that a badge with these texts passed."""
        together = tuple([texts[number] for number in self._together])
        if len(self._sound) < MAX_SOUND and sum(map(len, together)) <= MAX_SOUND_TEXT:
            self._sound.add(together)


def usual_places(document: JsonObject) -> tuple[Place, ...]:
    """The places in which badges of one achievement usually differ from this one; none where there are too many."""
    places = tuple(
        place for place in leaf_places(document) if place[:2] == _RESULTS or question_of(document, place) is not None
    )
    return places if len(places) <= MAX_PLACES else ()


def question_of(document: JsonObject, place: Place, *, guarded: bool = True) -> Question | None:
    """The question about a text at this place of a badge like this one; None where it must be asked of the whole.

    `guarded`: do the guards of what is issued ask as well?
    """
    name = tuple(step for step in place if isinstance(step, str))
    known = place in {_ID, _SUBJECT_ID, *_TIMES} or name in _TEXTS
    if not known or _is_judged_together(document, place) or not check_schema_takes_any_text(document, place):
        return None
    if place in _TIMES:
        # The guards pass over these by their names.
        return _is_timestamp
    if not guarded:
        return is_iri if place in {_ID, _SUBJECT_ID} else _anything
    if place == _SUBJECT_ID:
        return _may_identify_subject
    if place == _ID:
        return _may_identify_badge
    return _anything if guards.is_passed_over(place) else _holds_no_number


def order_of_period(document: JsonObject, places: Sequence[Place]) -> Callable[[Sequence[str]], bool] | None:
    """Does the period of a badge like this one, with texts at the places, not end before it begins?

    A question about texts that are moments each; None where neither end of a period is among them.
    """
    if {_START, _END}.isdisjoint(places) or not {"validFrom", "validUntil"} <= document.keys():
        return None
    start, end = (places.index(place) if place in places else None for place in (_START, _END))

    def is_in_order(texts: Sequence[str]) -> bool:
        begins = document["validFrom"] if start is None else texts[start]
        ends = document["validUntil"] if end is None else texts[end]
        return parse_timestamp(begins) <= parse_timestamp(ends)

    return is_in_order


def _is_judged_together(document: JsonObject, place: Place) -> bool:
    around: Any = document
    for step in place:
        if isinstance(around, dict) and not _JUDGED_TOGETHER.isdisjoint(around):
            return True
        around = around[step]
    return False


def _is_timestamp(text: str) -> bool:
    try:
        parse_timestamp(text)
    except MalformedDocument:
        return False
    return True


def _may_identify_subject(text: str) -> bool:
    return is_iri(text) and not guards.may_hold_number(text, of_a_person=True)


def _may_identify_badge(text: str) -> bool:
    return is_iri(text) and _holds_no_number(text)


def _holds_no_number(text: str) -> bool:
    return not guards.may_hold_number(text, of_a_person=False)


def _anything(_text: str) -> bool:
    return True
