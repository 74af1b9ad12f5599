"""The claim that a subject achieved something: https://www.imsglobal.org/spec/ob/v3p0/#achievementcredential.

In context 3.0.3 `AchievementCredential` is an alias of `OpenBadgeCredential`: one class for both.
"""

from __future__ import annotations

from pydantic import Field

from openbadges_kit.documents import JsonObject
from openbadges_kit.model.achievement import Achievement
from openbadges_kit.model.json_object import JsonObjectModel, LanguageText, OneOrMany
from openbadges_kit.model.profile import Image, Profile
from openbadges_kit.vocabulary import CREDENTIALS_V2, OPEN_BADGES_3_0_3, CredentialType

__all__ = ["AchievementCredential", "AchievementSubject", "BitstringStatusListEntry", "Evidence", "Result"]


class Result(JsonObjectModel):
    """What was reached: https://www.imsglobal.org/spec/ob/v3p0/#result"""

    type: OneOrMany[str] = ["Result"]
    achieved_level: str | None = None
    result_description: str | None = None
    status: str | None = None
    value: str | None = None


class AchievementSubject(JsonObjectModel):
    """About whom, and what: https://www.imsglobal.org/spec/ob/v3p0/#achievementsubject"""

    id: str | None = None
    type: OneOrMany[str] = ["AchievementSubject"]
    activity_start_date: str | None = None
    activity_end_date: str | None = None
    achievement: Achievement
    narrative: str | None = None
    result: OneOrMany[Result] | None = None


class Evidence(JsonObjectModel):
    """https://www.imsglobal.org/spec/ob/v3p0/#evidence"""

    id: str | None = None
    type: OneOrMany[str] = ["Evidence"]
    narrative: str | None = None
    name: str | None = None
    description: str | None = None
    genre: str | None = None


class BitstringStatusListEntry(JsonObjectModel):
    """https://www.w3.org/TR/vc-bitstring-status-list/#bitstringstatuslistentry"""

    id: str | None = None
    type: str = "BitstringStatusListEntry"
    status_purpose: str
    status_list_index: str
    status_list_credential: str


class AchievementCredential(JsonObjectModel):
    """An Open Badge, before or after it is secured."""

    context: str | JsonObject | list[str | JsonObject] = Field(
        default_factory=lambda: list[str | JsonObject]([CREDENTIALS_V2, OPEN_BADGES_3_0_3]), alias="@context"
    )
    id: str
    type: OneOrMany[str] = [str(CredentialType.VERIFIABLE), str(CredentialType.OPEN_BADGE)]
    name: LanguageText | None = None
    description: LanguageText | None = None
    image: Image | None = None
    issuer: Profile
    valid_from: str
    valid_until: str | None = None
    awarded_date: str | None = None
    credential_subject: AchievementSubject
    credential_status: OneOrMany[BitstringStatusListEntry] | None = None
    evidence: OneOrMany[Evidence] | None = None
