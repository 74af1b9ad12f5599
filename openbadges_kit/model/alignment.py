"""References from an achievement or a result to a framework: https://www.imsglobal.org/spec/ob/v3p0/#alignment."""

from __future__ import annotations

from openbadges_kit.model.json_object import JsonObjectModel, LanguageText, OneOrMany

__all__ = ["Alignment"]


class Alignment(JsonObjectModel):
    """A node of a framework of competencies, levels or occupations.

    `target_type` is an AlignmentTargetType or begins with `ext:`. `match` is this project's own term (SKOS
    mapping relations); its object then has a second type, see `skills/frameworks.py`.
    """

    type: OneOrMany[str] = ["Alignment"]
    target_code: str | None = None
    target_description: LanguageText | None = None
    target_name: LanguageText
    target_framework: LanguageText | None = None
    target_type: str | None = None
    target_url: str
