"""Many credentials of one person as a whole: https://www.imsglobal.org/spec/clr/v2p0/."""

from __future__ import annotations

from pydantic import Field, StrictBool

from openbadges_kit.documents import JsonObject
from openbadges_kit.model.achievement import Achievement
from openbadges_kit.model.identity import IdentityObject
from openbadges_kit.model.json_object import JsonObjectModel, LanguageText, OneOrMany
from openbadges_kit.model.verifiable_credential import Context, Start, VerifiableCredential, contexts
from openbadges_kit.vocabulary import CLR_2_0_1, CREDENTIALS_V2, OPEN_BADGES_3_0_3, CredentialType

__all__ = ["Association", "ClrCredential", "ClrSubject"]


class Association(JsonObjectModel):
    """How two achievements or credentials of the record belong together: `source_id` … `target_id`.

    `association_type` is one of the words of AssociationType.
    https://www.imsglobal.org/spec/clr/v2p0/#association
    """

    type: OneOrMany[str] = "Association"
    association_type: str
    source_id: str
    target_id: str


class ClrSubject(JsonObjectModel):
    """Whose record, and what is in it: https://www.imsglobal.org/spec/clr/v2p0/#clrsubject"""

    id: str | None = None
    type: OneOrMany[str] = ["ClrSubject"]
    identifier: OneOrMany[IdentityObject] | None = None
    achievement: OneOrMany[Achievement] | None = None
    verifiable_credential: OneOrMany[JsonObject]
    """The credentials as their issuers signed them; `read_credential` reads one."""
    association: OneOrMany[Association] | None = None


class ClrCredential(VerifiableCredential):
    """A comprehensive learner record: https://www.imsglobal.org/spec/clr/v2p0/#clrcredential

    `partial` says that it is not all that the issuer has on record.
    """

    context: Context = Field(default_factory=contexts(CREDENTIALS_V2, CLR_2_0_1, OPEN_BADGES_3_0_3))
    id: str
    type: OneOrMany[str] = [str(CredentialType.VERIFIABLE), str(CredentialType.CLR)]
    name: LanguageText
    valid_from: Start
    credential_subject: ClrSubject
    partial: StrictBool | None = None
    endorsement: OneOrMany[JsonObject] | None = None
    """Endorsements as their issuers signed them; `EndorsementCredential.from_json` reads one."""
    endorsement_jwt: OneOrMany[str] | None = None
