"""From a document to the view that fits its `type`. Reading proves nothing: see `verification/`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from openbadges_kit.documents import JsonObject, as_list
from openbadges_kit.errors import MalformedDocument
from openbadges_kit.model.clr import ClrCredential
from openbadges_kit.model.credential import AchievementCredential
from openbadges_kit.model.endorsement import EndorsementCredential
from openbadges_kit.model.envelope import (
    EnvelopedVerifiableCredential,
    EnvelopedVerifiablePresentation,
    VerifiablePresentation,
)
from openbadges_kit.model.verifiable_credential import VerifiableCredential
from openbadges_kit.vocabulary import ENVELOPED_VERIFIABLE_CREDENTIAL, CredentialType, PresentationType

__all__ = ["read_credential", "read_presentation"]

_CREDENTIALS: Final[Mapping[str, type[VerifiableCredential]]] = {
    CredentialType.ACHIEVEMENT: AchievementCredential,
    CredentialType.OPEN_BADGE: AchievementCredential,
    CredentialType.CLR: ClrCredential,
    CredentialType.ENDORSEMENT: EndorsementCredential,
    CredentialType.VERIFIABLE: VerifiableCredential,
}


def read_credential(document: JsonObject) -> VerifiableCredential | EnvelopedVerifiableCredential:
    """The credential as the most particular of AchievementCredential, ClrCredential, EndorsementCredential.

    One of another type is a VerifiableCredential, an envelope an EnvelopedVerifiableCredential. Raises
    MalformedDocument, naming the place, when a member does not fit the type that the document gives.
    """
    types = as_list(document.get("type"))
    if ENVELOPED_VERIFIABLE_CREDENTIAL in types:
        return EnvelopedVerifiableCredential.from_json(document)
    for credential_type, view in _CREDENTIALS.items():
        if credential_type in types:
            return view.from_json(document)
    raise MalformedDocument("$.type: names no VerifiableCredential", path="$.type")


def read_presentation(document: JsonObject) -> VerifiablePresentation | EnvelopedVerifiablePresentation:
    """The presentation, or the envelope around one. Raises MalformedDocument, naming the place."""
    types = as_list(document.get("type"))
    if PresentationType.ENVELOPED in types:
        return EnvelopedVerifiablePresentation.from_json(document)
    if PresentationType.VERIFIABLE in types:
        return VerifiablePresentation.from_json(document)
    raise MalformedDocument("$.type: names no VerifiablePresentation", path="$.type")
