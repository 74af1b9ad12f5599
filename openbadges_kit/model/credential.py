"""The claim that a subject achieved something: https://www.imsglobal.org/spec/ob/v3p0/#achievementcredential.

In context 3.0.3 `AchievementCredential` is an alias of `OpenBadgeCredential`: one class for both.
"""

from __future__ import annotations

from pydantic import Field

from openbadges_kit.documents import JsonObject
from openbadges_kit.model.achievement import Achievement
from openbadges_kit.model.identity import IdentityObject
from openbadges_kit.model.json_object import JsonObjectModel, LanguageText, Number, OneOrMany
from openbadges_kit.model.profile import Image, Profile
from openbadges_kit.model.result import Result
from openbadges_kit.model.verifiable_credential import (
    BitstringStatusListEntry,
    Context,
    Evidence,
    Start,
    VerifiableCredential,
    contexts,
)
from openbadges_kit.vocabulary import CREDENTIALS_V2, OPEN_BADGES_3_0_3, CredentialType

__all__ = [
    "AchievementCredential",
    "AchievementSubject",
    "BitstringStatusListEntry",
    "Evidence",
    "IdentityObject",
    "Result",
]


class AchievementSubject(JsonObjectModel):
    """About whom, and what: https://www.imsglobal.org/spec/ob/v3p0/#achievementsubject

    It has an `id` or an `identifier`. `source` is who assessed, when that is not the issuer.
    """

    id: str | None = None
    type: OneOrMany[str] = ["AchievementSubject"]
    identifier: OneOrMany[IdentityObject] | None = None
    activity_start_date: str | None = None
    activity_end_date: str | None = None
    credits_earned: Number | None = None
    achievement: Achievement
    image: Image | str | None = None
    license_number: str | None = None
    narrative: LanguageText | None = None
    result: OneOrMany[Result] | None = None
    role: LanguageText | None = None
    source: Profile | None = None
    term: LanguageText | None = None


class AchievementCredential(VerifiableCredential):
    """An Open Badge, before or after it is secured."""

    context: Context = Field(default_factory=contexts(CREDENTIALS_V2, OPEN_BADGES_3_0_3))
    id: str
    type: OneOrMany[str] = [str(CredentialType.VERIFIABLE), str(CredentialType.OPEN_BADGE)]
    valid_from: Start
    credential_subject: AchievementSubject
    endorsement: OneOrMany[JsonObject] | None = None
    """Endorsements as their issuers signed them; `EndorsementCredential.from_json` reads one."""
    endorsement_jwt: OneOrMany[str] | None = None
