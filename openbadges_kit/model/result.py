"""What may be reached and what was: https://www.imsglobal.org/spec/ob/v3p0/#resultdescription and #result.

Whether a result fits its description is a check: `verification/checks/results.py`.
"""

from __future__ import annotations

from openbadges_kit.model.alignment import Alignment
from openbadges_kit.model.json_object import JsonObjectModel, LanguageText, OneOrMany

__all__ = ["Result", "ResultDescription", "RubricCriterionLevel"]


class RubricCriterionLevel(JsonObjectModel):
    """https://www.imsglobal.org/spec/ob/v3p0/#rubriccriterionlevel"""

    id: str
    type: OneOrMany[str] = ["RubricCriterionLevel"]
    name: LanguageText
    level: str | None = None
    points: str | None = None
    description: LanguageText | None = None
    alignment: OneOrMany[Alignment] | None = None


class ResultDescription(JsonObjectModel):
    """A result that may be recorded. `allowed_value` and `rubric_criterion_level` go from low to high.

    https://www.imsglobal.org/spec/ob/v3p0/#resultdescription
    """

    id: str
    type: OneOrMany[str] = ["ResultDescription"]
    name: LanguageText
    result_type: str
    alignment: OneOrMany[Alignment] | None = None
    allowed_value: OneOrMany[str] | None = None
    required_level: str | None = None
    required_value: str | None = None
    rubric_criterion_level: OneOrMany[RubricCriterionLevel] | None = None
    value_min: str | None = None
    value_max: str | None = None


class Result(JsonObjectModel):
    """What was reached: https://www.imsglobal.org/spec/ob/v3p0/#result"""

    type: OneOrMany[str] = ["Result"]
    achieved_level: str | None = None
    alignment: OneOrMany[Alignment] | None = None
    result_description: str | None = None
    status: str | None = None
    value: str | None = None
