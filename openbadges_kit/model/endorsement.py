"""Somebody else's word for an achievement, a credential or a profile.

https://www.imsglobal.org/spec/ob/v3p0/#endorsementcredential
"""

from __future__ import annotations

from pydantic import Field

from openbadges_kit.model.json_object import JsonObjectModel, LanguageText, OneOrMany
from openbadges_kit.model.verifiable_credential import Context, Start, VerifiableCredential, contexts
from openbadges_kit.vocabulary import CREDENTIALS_V2, OPEN_BADGES_3_0_3, CredentialType

__all__ = ["EndorsementCredential", "EndorsementSubject"]


class EndorsementSubject(JsonObjectModel):
    """What is endorsed, by its id: https://www.imsglobal.org/spec/ob/v3p0/#endorsementsubject"""

    id: str
    type: OneOrMany[str] = ["EndorsementSubject"]
    endorsement_comment: LanguageText | None = None


class EndorsementCredential(VerifiableCredential):
    """An endorsement, a signed document of its own. It goes into `endorsement`, or into `endorsementJwt` as a JWT."""

    context: Context = Field(default_factory=contexts(CREDENTIALS_V2, OPEN_BADGES_3_0_3))
    id: str
    type: OneOrMany[str] = [str(CredentialType.VERIFIABLE), str(CredentialType.ENDORSEMENT)]
    name: LanguageText
    valid_from: Start
    credential_subject: EndorsementSubject
