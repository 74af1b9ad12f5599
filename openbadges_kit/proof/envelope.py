"""Enveloped credentials and presentations: a token inside a JSON object.

https://www.w3.org/TR/vc-data-model-2.0/#enveloped-verifiable-credentials
"""

from __future__ import annotations

from typing import Final

from openbadges_kit.documents import JsonObject, as_list
from openbadges_kit.errors import MalformedDocument
from openbadges_kit.vocabulary import (
    CREDENTIALS_V2,
    ENVELOPED_VERIFIABLE_CREDENTIAL,
    MEDIA_TYPE_VC_JWT,
    MEDIA_TYPE_VC_SD_JWT,
    MEDIA_TYPE_VP_JWT,
    PresentationType,
)

__all__ = ["envelop_credential", "envelop_presentation", "is_enveloped", "open_envelope"]

_MEDIA_TYPES: Final = {
    ENVELOPED_VERIFIABLE_CREDENTIAL: frozenset({MEDIA_TYPE_VC_JWT, MEDIA_TYPE_VC_SD_JWT}),
    str(PresentationType.ENVELOPED): frozenset({MEDIA_TYPE_VP_JWT}),
}


def envelop_credential(compact: str) -> JsonObject:
    """The VC-JWT or SD-JWT as an EnvelopedVerifiableCredential, to be put into a presentation or an API's answer."""
    return _envelope(
        MEDIA_TYPE_VC_SD_JWT if "~" in compact else MEDIA_TYPE_VC_JWT, compact, ENVELOPED_VERIFIABLE_CREDENTIAL
    )


def envelop_presentation(compact: str) -> JsonObject:
    """The vp+jwt as an EnvelopedVerifiablePresentation."""
    return _envelope(MEDIA_TYPE_VP_JWT, compact, str(PresentationType.ENVELOPED))


def is_enveloped(document: JsonObject) -> bool:
    """Does the object say that it is an envelope? That it is a sound one is for `open_envelope` to say."""
    return any(type_ in as_list(document.get("type")) for type_ in _MEDIA_TYPES)


def open_envelope(document: JsonObject) -> str:
    """The token inside. Members beside `@context`, `id` and `type` are covered by no signature, and count for nothing.

    Raises MalformedDocument for another context, more types than one, and an `id` that is no data: URL of a
    token of that type's kind.
    """
    if as_list(document.get("@context"))[:1] != [CREDENTIALS_V2]:
        raise MalformedDocument(f"an envelope's context is {CREDENTIALS_V2}", path="$['@context']")
    types = as_list(document.get("type"))
    if len(types) != 1 or types[0] not in list(_MEDIA_TYPES):
        raise MalformedDocument(
            "an envelope is of one type, EnvelopedVerifiableCredential or …Presentation", path="$.type"
        )
    url = document.get("id")
    media_type, comma, token = url.removeprefix("data:").partition(",") if isinstance(url, str) else ("", "", "")
    if not comma or not str(url).startswith("data:") or media_type not in _MEDIA_TYPES[types[0]]:
        raise MalformedDocument("an envelope's id is a data: URL with a token (data:application/vc+jwt,…)", path="$.id")
    return token


def _envelope(media_type: str, compact: str, type_: str) -> JsonObject:
    return {"@context": CREDENTIALS_V2, "id": f"data:{media_type},{compact}", "type": type_}
