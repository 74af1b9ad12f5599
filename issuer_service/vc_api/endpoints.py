"""The VC-API over HTTP, https://w3c-ccg.github.io/vc-api/: what the W3C's test suites call, and nothing more.

There only where it is switched on, and then either with the scope `vc-api` or open to everybody.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from issuer_service.errors import Kind, NotFound
from issuer_service.installation import Installation
from issuer_service.persistence.identifiers import random_uuid
from issuer_service.problem_details import problems
from issuer_service.settings import VcApi
from issuer_service.vc_api import documented
from issuer_service.vc_api.answers import judged, refused
from issuer_service.vc_api.bodies import Body
from issuer_service.vc_api.fetching import fetching_for
from issuer_service.vc_api.issuing import Issuer, derive
from issuer_service.vc_api.status import PURPOSES, add_place, set_status, signed_list
from issuer_service.vc_api.suites import SUITES, Signer, Suite, signer_of, suite_named
from issuer_service.vc_api.verifying import Means, checks_named
from issuer_service.verifying.service import own_documents
from issuer_service.web.dependencies import Here, with_vc_api_scope
from openbadges_kit.documents import JsonObject
from openbadges_kit.errors import MalformedDocument, OpenBadgesError
from openbadges_kit.vocabulary import MEDIA_TYPE_VC, StatusPurpose

__all__ = ["routers"]

_TAG: Final = "conformance (VC-API)"
_NOT_HERE: Final = problems(Kind.NOT_FOUND)


class SuiteShown(BaseModel):
    """A suite, and who issues by it."""

    suite: str
    issuer: str = Field(description="Its did:key. It signs for nobody but itself.")
    verification_method: str
    algorithm: str
    cryptosuite: str | None = Field(description="None for a token in an envelope.")


class SuitesShown(BaseModel):
    """Every suite."""

    suites: list[SuiteShown]


async def _content(request: Request) -> bytes:
    return await request.body()


Content = Annotated[bytes, Depends(_content)]
SuiteName = Annotated[
    str, Path(description="Which suite, and so which key.", max_length=40, json_schema_extra={"enum": [*SUITES]})
]
PurposeName = Annotated[str, Path(max_length=40, json_schema_extra={"enum": [str(one) for one in PURPOSES]})]

lists = APIRouter(prefix="/vc-api", tags=[_TAG])
operations = APIRouter(prefix="/vc-api", tags=[_TAG])


def routers(installation: Installation) -> list[APIRouter]:
    """What is to be served: nothing when it is switched off; the lists are for everybody, wherever they are read."""
    match installation.settings.vc_api:
        case VcApi.OFF:
            return []
        case VcApi.OPEN:
            return [lists, operations]
        case VcApi.WITH_KEY:
            guarded = APIRouter(dependencies=[with_vc_api_scope])
            guarded.include_router(operations)
            return [lists, guarded]


@operations.get("")
def get_suites(here: Here) -> SuitesShown:
    """The suites and their issuers: what to write into the configuration of a test suite."""
    return SuitesShown(suites=[_shown(_signer(here, suite)) for suite in SUITES.values()])


@operations.post(
    "/{suite_name}/credentials/issue",
    status_code=201,
    response_class=JSONResponse,
    responses={**documented.ISSUED, **problems(Kind.NOT_FOUND, Kind.CONFLICT)},
    openapi_extra=documented.TO_ISSUE,
)
def post_issue(suite_name: SuiteName, here: Here, content: Content) -> Response:
    """Issue a credential of any kind, as the suite's own did:key: the issuer's id is replaced by it.

    Refused with every finding at once. Contexts are never fetched: those of the standards are known, others can be
    written into the credential.
    """
    suite = suite_named(suite_name)
    signer = _signer(here, suite)

    def status_of(document: JsonObject) -> JsonObject:
        with here.transaction() as session:
            credential_id = document.setdefault("id", f"urn:uuid:{random_uuid(here.randomness)}")
            places = add_place(
                session,
                signer,
                credential_id,
                base_url=here.base_url,
                now=here.now(),
                randomness=here.randomness,
            )
        return {**document, "credentialStatus": places}

    def answer() -> Response:
        body = Body.parse(content)
        issuer = Issuer(signer, _means(here), here.randomness, status_of)
        return JSONResponse(issuer.issue(body.document("credential"), body.options), 201)

    return _answered(answer)


@operations.post(
    "/{suite_name}/credentials/verify",
    response_class=JSONResponse,
    responses={**documented.VERIFIED, **_NOT_HERE},
    openapi_extra=documented.TO_VERIFY,
)
def post_verify(suite_name: SuiteName, here: Here, content: Content) -> Response:
    """Verify a credential that is secured under this suite. One that does not verify is answered with 400.

    `options.checks` names what counts: proof, credentialStatus, credentialSchema, validityPeriod. Left out, all of it
    does, and that the key is the issuer's as well.
    """
    suite = suite_named(suite_name)

    def answer() -> Response:
        body = Body.parse(content)
        checks = checks_named(body.options.texts("checks"))
        received = body.document_or_token("verifiableCredential")
        return judged(_means(here).judge_credential(received, checks, suite))

    return _answered(answer, verified=False)


@operations.post(
    "/{suite_name}/credentials/derive",
    status_code=201,
    response_class=JSONResponse,
    responses={**documented.ISSUED, **_NOT_HERE},
    openapi_extra=documented.TO_DERIVE,
)
def post_derive(suite_name: SuiteName, content: Content) -> Response:
    """Derive what a holder shows: the mandatory part, and what `options.selectivePointers` point to."""
    suite = suite_named(suite_name)
    if suite.cryptosuite is None or not suite.cryptosuite.selective:
        raise NotFound(f"nothing is derived under {suite.name}; ecdsa-sd-2023 is the suite for it")

    def answer() -> Response:
        body = Body.parse(content)
        return JSONResponse(derive(body.document("verifiableCredential"), body.options), 201)

    return _answered(answer)


@operations.post(
    "/{suite_name}/credentials/status",
    response_class=JSONResponse,
    responses={**documented.STATUS_SET, **_NOT_HERE},
    openapi_extra=documented.TO_SET_STATUS,
)
def post_status(suite_name: SuiteName, here: Here, content: Content) -> Response:
    """Revoke, suspend or reinstate what this suite issued. Its list says so at once."""
    _with_lists(suite_name)

    def answer() -> Response:
        body = Body.parse(content)
        entry, value = body.document("credentialStatus"), body.values.get("status", True)
        if entry.get("statusPurpose") not in PURPOSES:
            raise MalformedDocument(
                f"a purpose is one of {', '.join(PURPOSES)}", path="$.credentialStatus.statusPurpose"
            )
        if not isinstance(value, bool):
            raise MalformedDocument("status is true or false", path="$.status")
        purpose, credential_id = StatusPurpose(entry["statusPurpose"]), body.text("credentialId")
        with here.transaction() as session:
            set_status(session, credential_id, purpose, value=value, now=here.now())
        return JSONResponse({"credentialId": credential_id, "statusPurpose": str(purpose), "status": value})

    return _answered(answer)


@operations.post(
    "/{suite_name}/presentations/verify",
    response_class=JSONResponse,
    responses={**documented.VERIFIED, **_NOT_HERE},
    openapi_extra=documented.TO_VERIFY_PRESENTATION,
)
def post_verify_presentation(suite_name: SuiteName, here: Here, content: Content) -> Response:
    """Verify a presentation and every credential in it; one that nobody signed does not verify.

    `options.challenge` and `options.domain` are what you asked its holder to sign for. Left out, a presentation that
    was made for somebody else is taken as well.
    """
    suite_named(suite_name)

    def answer() -> Response:
        body = Body.parse(content)
        options = body.options
        judgement = _means(here).judge_presentation(
            body.document_or_token("verifiablePresentation"),
            checks_named(options.texts("checks")),
            challenge=options.text("challenge"),
            domain=options.text("domain"),
        )
        return judged(judgement)

    return _answered(answer, verified=False)


@lists.get(
    "/{suite_name}/status-lists/{purpose}",
    response_class=Response,
    responses={**documented.LIST, **_NOT_HERE},
)
def get_list(suite_name: SuiteName, purpose: PurposeName, here: Here) -> Response:
    """The list as it stands. It is for everybody: a verifier anywhere reads it."""
    suite = _with_lists(suite_name)
    if purpose not in PURPOSES:
        raise NotFound(f"there is no list for {purpose}")
    with here.reading() as session:
        signer, now = _signer(here, suite), here.now()
        found = signed_list(session, signer, StatusPurpose(purpose), base_url=here.base_url, now=now)
    return JSONResponse(found, media_type=MEDIA_TYPE_VC, headers={"Access-Control-Allow-Origin": "*"})


def _answered(answer: Callable[[], Response], *, verified: bool | None = None) -> Response:
    try:
        return answer()
    except OpenBadgesError as error:
        return refused(error, verified=verified)


def _with_lists(suite_name: str) -> Suite:
    suite = suite_named(suite_name)
    if not suite.with_status:
        raise NotFound(f"{suite.name} has no status lists; bitstring-status-list has")
    return suite


def _signer(here: Installation, suite: Suite) -> Signer:
    secret = here.settings.vc_api_secret
    # The settings refuse to switch the VC-API on without one.
    return signer_of(suite, secret=secret.get_secret_value() if secret is not None else "")


def _means(here: Installation) -> Means:
    with here.reading() as session:
        documents = own_documents(session, base_url=here.base_url)
    return Means(here.now(), documents, fetching_for(here, lambda name: _signer(here, SUITES[name])).fetch)


def _shown(signer: Signer) -> SuiteShown:
    suite = signer.suite
    return SuiteShown(
        suite=suite.name,
        issuer=signer.issuer,
        verification_method=signer.verification_method,
        algorithm=str(suite.algorithm),
        cryptosuite=suite.cryptosuite.name if suite.cryptosuite else None,
    )
