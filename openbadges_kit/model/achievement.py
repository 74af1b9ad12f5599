"""What can be achieved: https://www.imsglobal.org/spec/ob/v3p0/#achievement."""

from __future__ import annotations

from openbadges_kit.model.json_object import JsonObjectModel, LanguageText, Number, OneOrMany
from openbadges_kit.model.profile import Image, Profile

__all__ = ["Achievement", "Alignment", "Criteria", "ResultDescription", "RubricCriterionLevel"]


class Criteria(JsonObjectModel):
    """How it is earned, in Markdown or behind a URL: https://www.imsglobal.org/spec/ob/v3p0/#criteria"""

    id: str | None = None
    narrative: LanguageText | None = None


class Alignment(JsonObjectModel):
    """A reference to a node of a framework: https://www.imsglobal.org/spec/ob/v3p0/#alignment"""

    type: OneOrMany[str] = ["Alignment"]
    target_code: str | None = None
    target_description: str | None = None
    target_name: str
    target_framework: str | None = None
    target_type: str | None = None
    target_url: str


class RubricCriterionLevel(JsonObjectModel):
    """https://www.imsglobal.org/spec/ob/v3p0/#rubriccriterionlevel"""

    id: str
    type: OneOrMany[str] = ["RubricCriterionLevel"]
    name: str
    level: str | None = None
    points: str | None = None
    description: str | None = None
    alignment: list[Alignment] | None = None


class ResultDescription(JsonObjectModel):
    """A result that may be recorded: https://www.imsglobal.org/spec/ob/v3p0/#resultdescription"""

    id: str
    type: OneOrMany[str] = ["ResultDescription"]
    name: str
    result_type: str
    alignment: list[Alignment] | None = None
    allowed_value: OneOrMany[str] | None = None
    required_level: str | None = None
    required_value: str | None = None
    rubric_criterion_level: OneOrMany[RubricCriterionLevel] | None = None
    value_min: str | None = None
    value_max: str | None = None


class Achievement(JsonObjectModel):
    """What can be achieved, without anything about a person or a delivery."""

    id: str
    type: OneOrMany[str] = ["Achievement"]
    achievement_type: str | None = None
    name: LanguageText
    description: LanguageText
    criteria: Criteria
    alignment: OneOrMany[Alignment] | None = None
    creator: Profile | None = None
    credits_available: Number | None = None
    field_of_study: str | None = None
    human_code: str | None = None
    image: Image | str | None = None
    in_language: str | None = None
    result_description: OneOrMany[ResultDescription] | None = None
    specialization: str | None = None
    tag: OneOrMany[str] | None = None
    version: str | None = None
