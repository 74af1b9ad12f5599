"""Do the results fit the achievement they are results of?

https://www.imsglobal.org/spec/ob/v3p0/#result and #resultdescription: the description exists, the level or the
value belongs to it, and a result that says Completed has reached what is required. Allowed values and levels
go from low to high.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from openbadges_kit.documents import JsonObject, as_list
from openbadges_kit.findings import Finding, child
from openbadges_kit.problems import Problem
from openbadges_kit.vocabulary import ResultStatusType, ResultType

__all__ = ["find_problems"]

# A sign, thirty digits, a point or comma and thirty more.
_LONGEST_NUMBER: Final = 62
# As grades are written, with a point or a Dutch comma. Bounded, since a number may be as long as its author likes.
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,30}(?:[.,][0-9]{1,30})?")


def find_problems(document: JsonObject) -> list[Finding]:
    """A finding for each result, and each description, that contradicts its achievement."""
    findings: list[Finding] = []
    for base, subject in _objects(document.get("credentialSubject"), "$.credentialSubject"):
        achievement = subject.get("achievement")
        if not isinstance(achievement, dict):
            continue
        where = child(child(base, "achievement"), "resultDescription")
        descriptions = list(_objects(achievement.get("resultDescription"), where))
        for path, description in descriptions:
            findings += _problems_of_description(description, path)
        known = {str(description.get("id")): description for _, description in descriptions}
        for path, result in _objects(subject.get("result"), child(base, "result")):
            findings += _problems_of(result, known, path)
    return findings


def _problems_of_description(description: JsonObject, path: str) -> Iterator[Finding]:
    required = description.get("requiredLevel")
    if required is not None and required not in _levels(description):
        yield Finding(Problem.UNKNOWN_LEVEL, child(path, "requiredLevel"), {"value": str(required)})
    value, allowed = description.get("requiredValue"), as_list(description.get("allowedValue"))
    if value is not None and allowed and value not in allowed:
        yield Finding(Problem.VALUE_NOT_ALLOWED, child(path, "requiredValue"), {"value": str(value)})


def _problems_of(result: JsonObject, known: dict[str, JsonObject], path: str) -> Iterator[Finding]:
    described = result.get("resultDescription")
    if described is None:
        return
    description = known.get(described) if isinstance(described, str) else None
    if description is None:
        where = child(path, "resultDescription")
        yield Finding(Problem.UNKNOWN_RESULT_DESCRIPTION, where, {"value": str(described)})
        return
    if description.get("resultType") == ResultType.STATUS and "status" not in result:
        yield Finding(Problem.MISSING, child(path, "status"))
    yield from _problems_of_level(result, description, path)
    yield from _problems_of_value(result, description, path)


def _problems_of_level(result: JsonObject, description: JsonObject, path: str) -> Iterator[Finding]:
    achieved, required = result.get("achievedLevel"), description.get("requiredLevel")
    levels = _levels(description)
    if achieved is None:
        return
    if achieved not in levels:
        yield Finding(Problem.UNKNOWN_LEVEL, child(path, "achievedLevel"), {"value": str(achieved)})
    elif _is_completed(result) and required in levels and levels.index(achieved) < levels.index(required):
        yield Finding(Problem.BELOW_REQUIRED_LEVEL, path)


def _problems_of_value(result: JsonObject, description: JsonObject, path: str) -> Iterator[Finding]:
    value, required = result.get("value"), description.get("requiredValue")
    if value is None:
        return
    allowed = as_list(description.get("allowedValue"))
    if allowed:
        if value not in allowed:
            yield Finding(Problem.VALUE_NOT_ALLOWED, child(path, "value"), {"value": str(value)})
        elif _is_completed(result) and required in allowed and allowed.index(value) < allowed.index(required):
            yield Finding(Problem.BELOW_REQUIRED_VALUE, path, {"required": str(required)})
        return
    number, needed = _number(value), _number(required)
    lowest, highest = _number(description.get("valueMin")), _number(description.get("valueMax"))
    bounded = lowest is not None or highest is not None
    if bounded and (
        number is None or (lowest is not None and number < lowest) or (highest is not None and number > highest)
    ):
        bounds = {"minimum": str(description.get("valueMin", "−∞")), "maximum": str(description.get("valueMax", "∞"))}
        yield Finding(Problem.VALUE_OUT_OF_RANGE, child(path, "value"), {"value": str(value), **bounds})
    elif _is_completed(result) and number is not None and needed is not None and number < needed:
        yield Finding(Problem.BELOW_REQUIRED_VALUE, path, {"required": str(required)})


def _levels(description: JsonObject) -> list[Any]:  # JSON
    """The ids of the levels, from low to high.

    To JSON-LD the array is a set: a holder may turn it round under the signature. So the signed `level` of each
    decides, and the order of the array only where a level has no number.
    """
    levels = [level for level in as_list(description.get("rubricCriterionLevel")) if isinstance(level, dict)]
    numbers = {position: _number(level.get("level")) for position, level in enumerate(levels)}
    if None not in numbers.values():
        levels = [levels[position] for position in sorted(numbers, key=lambda position: numbers[position] or 0)]
    return [level.get("id") for level in levels]


def _is_completed(result: JsonObject) -> bool:
    return result.get("status") == ResultStatusType.COMPLETED


def _number(text: Any) -> Decimal | None:  # JSON
    """The number that is written, or None where none is: grades of another kind are not compared."""
    stripped = text.strip() if isinstance(text, str) else ""
    return _read_number(stripped) if len(stripped) <= _LONGEST_NUMBER else None


# The levels of a rubric are asked for with every result, and are numbered alike in most rubrics.
@lru_cache(maxsize=256)
def _read_number(text: str) -> Decimal | None:
    return Decimal(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None


def _objects(value: Any, path: str) -> Iterator[tuple[str, JsonObject]]:  # JSON
    """The objects of one or many, with their places."""
    several = isinstance(value, list)
    for position, item in enumerate(as_list(value)):
        if isinstance(item, dict):
            yield child(path, position) if several else path, item
