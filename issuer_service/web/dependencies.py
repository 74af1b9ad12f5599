"""FastAPI dependencies: the installation, the caller, the language."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Depends, Query, Request, Security
from fastapi.concurrency import run_in_threadpool
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer, SecurityScopes

from issuer_service.errors import NotKnown
from issuer_service.installation import Installation
from issuer_service.people.roles import Scope
from issuer_service.people.service import Caller
from issuer_service.web.authentication import gates_of, who_is_calling

__all__ = [
    "Calling",
    "CallingAboutAssessments",
    "CallingAboutRecognition",
    "CallingAboutSkills",
    "CallingForOwnData",
    "CallingToApprove",
    "CallingToDecideOnRecognition",
    "CallingToEnrol",
    "CallingToGuardPrivacy",
    "CallingToManageKeys",
    "CallingToManageOrganisations",
    "CallingToManageProcesses",
    "CallingToManageProgrammes",
    "CallingToManageRegistries",
    "CallingToManageSigningKeys",
    "CallingToManageWebhooks",
    "CallingToPublishCatalogue",
    "CallingToReadAudit",
    "CallingToReadAwards",
    "CallingToReadCases",
    "CallingToReadCatalogue",
    "CallingToReadNotices",
    "CallingToReadPeople",
    "CallingToReadProgrammes",
    "CallingToRecordResults",
    "CallingToRevoke",
    "CallingToRunMetrolines",
    "CallingToValidateCatalogue",
    "CallingToWriteAwards",
    "CallingToWriteCases",
    "CallingToWriteCatalogue",
    "CallingToWriteMetrolines",
    "CallingToWriteOrganisation",
    "CallingToWritePeople",
    "Here",
    "Language",
    "Speaking",
    "with_vc_api_scope",
]

Language = Literal["nl", "en"]

_bearer = HTTPBearer(
    auto_error=False,
    scheme_name="bearer",
    description="An API key (`obk_…`), or an access token of the identity provider that this service trusts. What "
    "an operation needs stands with it as a scope; a key has its holder's scopes or fewer.",
)


# Not a plain function, which would be given a thread of its own for nothing.
async def _installation(request: Request) -> Installation:
    installation: Installation = request.app.state.installation
    return installation


Here = Annotated[Installation, Depends(_installation)]


def _caller(
    here: Here,
    request: Request,
    needed: SecurityScopes,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Caller:
    if credentials is None:
        raise NotKnown("this needs an API key or an access token: Authorization: Bearer …")
    caller = who_is_calling(here, credentials.credentials, request)
    for scope in needed.scopes:
        caller.must_have(Scope(scope))
    return caller


async def count_call(request: Request) -> None:
    """Every call counts, and too many of them are refused. Raises TooMany."""
    limits = gates_of(request).limits
    if limits.are_in_memory:
        limits.count_call(request)
    else:
        # The store is another process, and nobody else may wait for it.
        await run_in_threadpool(limits.count_call, request)


Calling = Annotated[Caller, Security(_caller)]
"""Anybody who is known. What they may do is left to the service."""

CallingToManageOrganisations = Annotated[Caller, Security(_caller, scopes=[Scope.ORGANISATIONS])]
CallingToWriteOrganisation = Annotated[Caller, Security(_caller, scopes=[Scope.ORGANISATION_WRITE])]
CallingToReadPeople = Annotated[Caller, Security(_caller, scopes=[Scope.PEOPLE_READ])]
CallingToWritePeople = Annotated[Caller, Security(_caller, scopes=[Scope.PEOPLE_WRITE])]
CallingToManageKeys = Annotated[Caller, Security(_caller, scopes=[Scope.KEYS])]
CallingToReadCatalogue = Annotated[Caller, Security(_caller, scopes=[Scope.CATALOGUE_READ])]
CallingToValidateCatalogue = Annotated[Caller, Security(_caller, scopes=[Scope.CATALOGUE_VALIDATE])]
CallingToPublishCatalogue = Annotated[Caller, Security(_caller, scopes=[Scope.CATALOGUE_PUBLISH])]
CallingToWriteCatalogue = Annotated[Caller, Security(_caller, scopes=[Scope.CATALOGUE_WRITE])]
CallingToReadProgrammes = Annotated[Caller, Security(_caller, scopes=[Scope.PROGRAMMES_READ])]
CallingToManageProgrammes = Annotated[Caller, Security(_caller, scopes=[Scope.PROGRAMMES_WRITE])]
CallingToEnrol = Annotated[Caller, Security(_caller, scopes=[Scope.ENROLMENTS_WRITE])]
CallingToRecordResults = Annotated[Caller, Security(_caller, scopes=[Scope.RESULTS_WRITE])]
CallingToWriteMetrolines = Annotated[Caller, Security(_caller, scopes=[Scope.METROLINES_WRITE])]
CallingToRunMetrolines = Annotated[Caller, Security(_caller, scopes=[Scope.METROLINES_RUN])]
CallingToReadCases = Annotated[Caller, Security(_caller, scopes=[Scope.CASES_READ])]
CallingToWriteCases = Annotated[Caller, Security(_caller, scopes=[Scope.CASES_WRITE])]
CallingToManageProcesses = Annotated[Caller, Security(_caller, scopes=[Scope.PROCESSES_WRITE])]
CallingToReadAwards = Annotated[Caller, Security(_caller, scopes=[Scope.AWARDS_READ])]
CallingToWriteAwards = Annotated[Caller, Security(_caller, scopes=[Scope.AWARDS_WRITE])]
CallingToApprove = Annotated[Caller, Security(_caller, scopes=[Scope.AWARDS_APPROVE])]
CallingToRevoke = Annotated[Caller, Security(_caller, scopes=[Scope.CREDENTIALS_REVOKE])]
CallingAboutAssessments = Annotated[Caller, Security(_caller, scopes=[Scope.ASSESSMENTS])]
CallingAboutSkills = Annotated[Caller, Security(_caller, scopes=[Scope.SKILLS])]
CallingAboutRecognition = Annotated[Caller, Security(_caller, scopes=[Scope.RECOGNITION])]
CallingToDecideOnRecognition = Annotated[Caller, Security(_caller, scopes=[Scope.RECOGNITION_DECIDE])]
CallingToManageSigningKeys = Annotated[Caller, Security(_caller, scopes=[Scope.SIGNING_KEYS])]
CallingToManageWebhooks = Annotated[Caller, Security(_caller, scopes=[Scope.WEBHOOKS])]
CallingToReadNotices = Annotated[Caller, Security(_caller, scopes=[Scope.NOTICES])]
CallingToManageRegistries = Annotated[Caller, Security(_caller, scopes=[Scope.REGISTRIES])]
CallingForOwnData = Annotated[Caller, Security(_caller, scopes=[Scope.OWN_DATA])]
CallingToGuardPrivacy = Annotated[Caller, Security(_caller, scopes=[Scope.PRIVACY])]
CallingToReadAudit = Annotated[Caller, Security(_caller, scopes=[Scope.AUDIT_READ])]
with_vc_api_scope = Security(_caller, scopes=[Scope.VC_API])
"""For a router whose every operation needs this scope, or none of them."""


def _language(
    request: Request, lang: Annotated[Language | None, Query(description="The language of the answer.")] = None
) -> Language:
    return lang or language_of(request)


def language_of(request: Request) -> Language:
    """The language that the visitor's browser asks for; Dutch when it asks for neither of ours."""
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
