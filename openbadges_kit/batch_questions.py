"""What must be asked of one text of a badge, where everything else was asked of the badge as a whole.

The checks of prepare() look at a badge as a whole and take most of the time. At a few places, those that differ between
most badges of a batch, each of them asks about the text by itself: then it is enough to ask that. The questions
may be stricter than the checks, for whatever gets a no here goes the long way; they may not be milder. What is
forgotten here would be signed unasked, so every question has a row in `tests/kit/test_batch_questions.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from openbadges_kit.documents import JsonObject
from openbadges_kit.errors import MalformedDocument
from openbadges_kit.jsonld.shape import Place
from openbadges_kit.skills import guards
from openbadges_kit.timestamps import parse_timestamp
from openbadges_kit.verification.checks.structure import is_iri
from openbadges_kit.verification.verifier import check_schema_takes_any_text

__all__ = ["Question", "order_of_period", "question_of"]

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


def question_of(document: JsonObject, place: Place) -> Question | None:
    """The question about a text at this place of a badge like this one; None where it must be asked of the whole."""
    name = tuple(step for step in place if isinstance(step, str))
    known = place in {_ID, _SUBJECT_ID, *_TIMES} or name in _TEXTS
    if not known or _is_judged_together(document, place) or not check_schema_takes_any_text(document, place):
        return None
    if place in _TIMES:
        # The guards pass over these by their names.
        return _is_timestamp
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
