"""Do the results fit the achievement they are results of?

https://www.imsglobal.org/spec/ob/v3p0/#result: the description exists, the level belongs to it, and a result
that says Completed has reached the required level.
"""

from __future__ import annotations

from typing import Any

from openbadges_kit.documents import JsonObject, as_list
from openbadges_kit.findings import Finding, child
from openbadges_kit.problems import Problem
from openbadges_kit.vocabulary import ResultStatusType

__all__ = ["find_problems"]


def find_problems(document: JsonObject) -> list[Finding]:
    """A finding for each result that contradicts its achievement."""
    findings = []
    subject = document.get("credentialSubject")
    for base, one in _elements(subject, "$.credentialSubject"):
        if isinstance(one, dict) and isinstance(one.get("achievement"), dict):
            for path, result in _elements(one.get("result"), child(base, "result")):
                if isinstance(result, dict):
                    findings += _problems_of(result, one["achievement"], path)
    return findings


def _problems_of(result: JsonObject, achievement: JsonObject, path: str) -> list[Finding]:
    described = result.get("resultDescription")
    if described is None:
        return []
    descriptions = [d for d in as_list(achievement.get("resultDescription")) if isinstance(d, dict)]
    description = next((d for d in descriptions if d.get("id") == described), None)
    if description is None:
        where = child(path, "resultDescription")
        return [Finding(Problem.UNKNOWN_RESULT_DESCRIPTION, where, {"value": str(described)})]
    levels = [level.get("id") for level in as_list(description.get("rubricCriterionLevel")) if isinstance(level, dict)]
    achieved, required = result.get("achievedLevel"), description.get("requiredLevel")
    if achieved is None:
        return []
    if achieved not in levels:
        return [Finding(Problem.UNKNOWN_LEVEL, child(path, "achievedLevel"), {"value": str(achieved)})]
    completed = result.get("status") == ResultStatusType.COMPLETED
    # Levels are ordered from low to high.
    if completed and required in levels and levels.index(achieved) < levels.index(required):
        return [Finding(Problem.BELOW_REQUIRED_LEVEL, path)]
    return []


def _elements(value: Any, path: str) -> list[tuple[str, Any]]:  # JSON
    if isinstance(value, list):
        return [(child(path, position), item) for position, item in enumerate(value)]
    return [] if value is None else [(path, value)]
