"""FastAPI dependencies: the installation, the caller, the language."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Depends, Query, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from issuer_service.errors import NotKnown
from issuer_service.installation import Installation
from issuer_service.people.service import Caller, who_is_calling

__all__ = ["Calling", "Here", "Language", "Speaking"]

Language = Literal["nl", "en"]

_bearer = HTTPBearer(auto_error=False, description="The token that `issuer-service token` printed.")


def _installation(request: Request) -> Installation:
    installation: Installation = request.app.state.installation
    return installation


Here = Annotated[Installation, Depends(_installation)]


def _caller(here: Here, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]) -> Caller:
    if credentials is None:
        raise NotKnown("this needs an access token: Authorization: Bearer …")
    with here.reading() as session:
        return who_is_calling(session, credentials.credentials, now=here.now())


Calling = Annotated[Caller, Depends(_caller)]


def _language(
    request: Request, lang: Annotated[Language | None, Query(description="The language of the answer.")] = None
) -> Language:
    if lang is not None:
        return lang
    for part in request.headers.get("accept-language", "").split(","):
        match part.strip()[:2].lower():
            case "nl":
                return "nl"
            case "en":
                return "en"
            case _:
                continue
    return "nl"


Speaking = Annotated[Language, Depends(_language)]
