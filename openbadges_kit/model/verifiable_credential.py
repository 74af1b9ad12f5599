"""What every credential has: https://www.w3.org/TR/vc-data-model-2.0/#credentials.

A credential of version 1.1 is read into the same view: its `issuanceDate` is `valid_from`, its
`expirationDate` is `valid_until`, and both are written back under the name they came by.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Final

from pydantic import AliasChoices, Field

from openbadges_kit.documents import JsonObject
from openbadges_kit.model.json_object import JsonObjectModel, LanguageText, OneOrMany
from openbadges_kit.model.profile import Image, Profile
from openbadges_kit.vocabulary import BITSTRING_STATUS_LIST_ENTRY, CREDENTIALS_V2, CredentialType

__all__ = [
    "BitstringStatusListEntry",
    "Context",
    "CredentialSchema",
    "CredentialStatus",
    "Evidence",
    "RefreshService",
    "Start",
    "TermsOfUse",
    "VerifiableCredential",
    "contexts",
]

# The names on the wire stand inside Annotated: beside the default, type checkers would take them for the names of the
# constructor's parameters.
Context = Annotated[str | JsonObject | list[str | JsonObject], Field(alias="@context")]
_START: Final = Field(alias="validFrom", validation_alias=AliasChoices("validFrom", "issuanceDate"))
_END: Final = Field(alias="validUntil", validation_alias=AliasChoices("validUntil", "expirationDate"))
Start = Annotated[str, _START]


def contexts(*urls: str) -> Callable[[], Context]:
    """What makes the default `@context` of a class, a list of its own for each object."""
    return lambda: list(urls)


class CredentialStatus(JsonObjectModel):
    """Where the status is kept, in whatever way: https://www.w3.org/TR/vc-data-model-2.0/#status"""

    id: str | None = None
    type: OneOrMany[str]


class BitstringStatusListEntry(CredentialStatus):
    """A bit in a list: https://www.w3.org/TR/vc-bitstring-status-list/#bitstringstatuslistentry

    `status_list_index` is a text; a number, which some issuers write, is read too.
    """

    type: OneOrMany[str] = BITSTRING_STATUS_LIST_ENTRY
    status_purpose: str
    status_list_index: str | int
    status_list_credential: str
    status_size: int | None = None
    status_message: list[JsonObject] | None = None
    status_reference: OneOrMany[str] | None = None


class CredentialSchema(JsonObjectModel):
    """What checks its form: https://www.w3.org/TR/vc-data-model-2.0/#data-schemas"""

    id: str
    type: OneOrMany[str]


class RefreshService(JsonObjectModel):
    """Where a newer one is had: https://www.w3.org/TR/vc-data-model-2.0/#refreshing"""

    id: str | None = None
    type: OneOrMany[str]


class TermsOfUse(JsonObjectModel):
    """https://www.w3.org/TR/vc-data-model-2.0/#terms-of-use"""

    id: str | None = None
    type: OneOrMany[str]


class Evidence(JsonObjectModel):
    """https://www.imsglobal.org/spec/ob/v3p0/#evidence"""

    id: str | None = None
    type: OneOrMany[str] = ["Evidence"]
    narrative: LanguageText | None = None
    name: LanguageText | None = None
    description: LanguageText | None = None
    genre: str | None = None
    audience: LanguageText | None = None


class VerifiableCredential(JsonObjectModel):
    """A credential of any type, before or after it is secured. The subclasses say more of its subject."""

    context: Context = Field(default_factory=contexts(CREDENTIALS_V2))
    id: str | None = None
    type: OneOrMany[str] = [str(CredentialType.VERIFIABLE)]
    name: LanguageText | None = None
    description: LanguageText | None = None
    image: Image | str | None = None
    issuer: Profile | str
    valid_from: Annotated[str | None, _START] = None
    valid_until: Annotated[str | None, _END] = None
    awarded_date: str | None = None
    credential_subject: Any  # JSON
    credential_schema: OneOrMany[CredentialSchema] | None = None
    credential_status: OneOrMany[BitstringStatusListEntry | CredentialStatus] | None = None
    refresh_service: OneOrMany[RefreshService] | None = None
    terms_of_use: OneOrMany[TermsOfUse] | None = None
    evidence: OneOrMany[Evidence] | None = None
    proof: OneOrMany[JsonObject] | None = None

    @property
    def issuer_id(self) -> str:
        """The issuer's id, whether the issuer stands in the credential or is only named."""
        return self.issuer if isinstance(self.issuer, str) else self.issuer.id
