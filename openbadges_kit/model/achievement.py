"""What can be achieved: https://www.imsglobal.org/spec/ob/v3p0/#achievement."""

from __future__ import annotations

from openbadges_kit.documents import JsonObject
from openbadges_kit.model.alignment import Alignment
from openbadges_kit.model.identity import IdentifierEntry
from openbadges_kit.model.json_object import JsonObjectModel, LanguageText, Number, OneOrMany
from openbadges_kit.model.profile import Image, Profile
from openbadges_kit.model.result import ResultDescription, RubricCriterionLevel

__all__ = ["Achievement", "Alignment", "Criteria", "Related", "ResultDescription", "RubricCriterionLevel"]


class Criteria(JsonObjectModel):
    """How it is earned, in Markdown or behind a URL: https://www.imsglobal.org/spec/ob/v3p0/#criteria"""

    id: str | None = None
    narrative: LanguageText | None = None


class Related(JsonObjectModel):
    """The same achievement in another language or version: https://www.imsglobal.org/spec/ob/v3p0/#related"""

    id: str
    type: OneOrMany[str] = ["Related"]
    in_language: str | None = None
    version: str | None = None


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
    endorsement: OneOrMany[JsonObject] | None = None
    """Endorsements as their issuers signed them; `EndorsementCredential.from_json` reads one."""
    endorsement_jwt: OneOrMany[str] | None = None
    field_of_study: LanguageText | None = None
    human_code: str | None = None
    image: Image | str | None = None
    in_language: str | None = None
    other_identifier: OneOrMany[IdentifierEntry] | None = None
    related: OneOrMany[Related] | None = None
    result_description: OneOrMany[ResultDescription] | None = None
    specialization: LanguageText | None = None
    tag: OneOrMany[str] | None = None
    version: str | None = None
