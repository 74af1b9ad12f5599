"""Credentials carried inside something else: an envelope around a token, and presentations.

https://www.w3.org/TR/vc-data-model-2.0/#enveloped-verifiable-credentials and #verifiable-presentations.
Not here: whether the token or a proof holds (`proof/`, `verification/`).
"""

from __future__ import annotations

from typing import Self

from pydantic import Field

from openbadges_kit.documents import JsonObject
from openbadges_kit.errors import MalformedDocument
from openbadges_kit.model.json_object import JsonObjectModel, OneOrMany
from openbadges_kit.model.verifiable_credential import Context, TermsOfUse, contexts
from openbadges_kit.vocabulary import (
    CREDENTIALS_V2,
    ENVELOPED_VERIFIABLE_CREDENTIAL,
    MEDIA_TYPE_VC_JWT,
    MEDIA_TYPE_VP_JWT,
    PresentationType,
)

__all__ = ["EnvelopedVerifiableCredential", "EnvelopedVerifiablePresentation", "VerifiablePresentation"]


class _Envelope(JsonObjectModel):
    """An object whose id is the token itself, as a data: URL."""

    context: Context = Field(default=CREDENTIALS_V2)
    id: str

    @classmethod
    def _around(cls, token: str, media_type: str) -> Self:
        return cls(id=f"data:{media_type},{token}")

    @property
    def media_type(self) -> str:
        """The token's media type. Raises MalformedDocument when the id is no data: URL of a token."""
        return self._parts()[0]

    @property
    def token(self) -> str:
        """The token, unverified. Raises MalformedDocument when the id is no data: URL of a token."""
        return self._parts()[1]

    def _parts(self) -> tuple[str, str]:
        scheme, _, rest = self.id.partition(":")
        media_type, comma, token = rest.partition(",")
        # Tokens are of characters that a URL takes as they are; ";base64" or an escape is no token of ours.
        if scheme != "data" or not (comma and media_type and token) or ";" in media_type or "%" in token:
            raise MalformedDocument("the envelope's id is not a data: URL with a media type and a token", path="$.id")
        return media_type, token


class EnvelopedVerifiableCredential(_Envelope):
    """https://www.w3.org/TR/vc-data-model-2.0/#enveloped-verifiable-credentials"""

    type: OneOrMany[str] = ENVELOPED_VERIFIABLE_CREDENTIAL

    @classmethod
    def of(cls, token: str, *, media_type: str = MEDIA_TYPE_VC_JWT) -> Self:
        """The envelope around a VC-JWT, or around a token of another media type."""
        return cls._around(token, media_type)


class EnvelopedVerifiablePresentation(_Envelope):
    """https://www.w3.org/TR/vc-data-model-2.0/#enveloped-verifiable-presentations"""

    type: OneOrMany[str] = str(PresentationType.ENVELOPED)

    @classmethod
    def of(cls, token: str, *, media_type: str = MEDIA_TYPE_VP_JWT) -> Self:
        """The envelope around a presentation's JWT, or around a token of another media type."""
        return cls._around(token, media_type)


class VerifiablePresentation(JsonObjectModel):
    """What a holder shows: https://www.w3.org/TR/vc-data-model-2.0/#verifiable-presentations"""

    context: Context = Field(default_factory=contexts(CREDENTIALS_V2))
    id: str | None = None
    type: OneOrMany[str] = [str(PresentationType.VERIFIABLE)]
    holder: str | JsonObject | None = None
    verifiable_credential: OneOrMany[JsonObject] | None = None
    """The credentials, or envelopes around them, as they were issued; `read_credential` reads one."""
    terms_of_use: OneOrMany[TermsOfUse] | None = None
    proof: OneOrMany[JsonObject] | None = None
