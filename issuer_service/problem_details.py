"""Errors as the API tells them: RFC 9457 problem details. The only place where an error has a status."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, Final

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from issuer_service.amiss import what_is_amiss
from issuer_service.errors import Kind, ServiceError, TooMany, where_it_failed
from issuer_service.persistence.passing import passes
from openbadges_kit.errors import OpenBadgesError

__all__ = [
    "STATUS",
    "HtmlPage",
    "ProblemDetails",
    "add_problem_details",
    "document_problems",
    "problem_response",
    "problems",
]

STATUS: Final[Mapping[Kind, HTTPStatus]] = MappingProxyType(
    {
        Kind.NOT_FOUND: HTTPStatus.NOT_FOUND,
        Kind.NOT_ALLOWED: HTTPStatus.FORBIDDEN,
        Kind.NOT_KNOWN: HTTPStatus.UNAUTHORIZED,
        Kind.CONFLICT: HTTPStatus.CONFLICT,
        Kind.REFUSED: HTTPStatus.UNPROCESSABLE_ENTITY,
        Kind.TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        Kind.TOO_MANY: HTTPStatus.TOO_MANY_REQUESTS,
        Kind.UNAVAILABLE: HTTPStatus.SERVICE_UNAVAILABLE,
    }
)
MEDIA_TYPE: Final = "application/problem+json"
_RETRY_AFTER_SECONDS: Final = 2


class Finding(BaseModel):
    """One thing to mend."""

    field: str = ""
    detail: str


class ProblemDetails(BaseModel):
    """What went wrong, https://www.rfc-editor.org/rfc/rfc9457."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    findings: list[Finding] = []


HtmlPage = Callable[[Request, HTTPStatus, str], Response]
"""Makes the page that tells a person in a browser what went wrong."""


def problems(*kinds: Kind) -> dict[int | str, dict[str, Any]]:
    """The `responses` of an endpoint that may be refused in these ways, for OpenAPI."""
    return {int(STATUS[kind]): problem_response(STATUS[kind]) for kind in kinds}


def problem_response(status: HTTPStatus) -> dict[str, Any]:
    """How OpenAPI says that a problem comes back. `document_problems` adds the schema that it names."""
    example = ProblemDetails(title=status.phrase, status=status, detail="what is amiss, in a sentence").model_dump()
    schema = {"$ref": f"#/components/schemas/{ProblemDetails.__name__}"}
    return {"description": status.phrase, "content": {MEDIA_TYPE: {"schema": schema, "example": example}}}


def document_problems(document: dict[str, Any]) -> None:
    """Complete an OpenAPI document: how the service as a whole may answer, beside what an endpoint says."""
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for model in (ProblemDetails, Finding):
        schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
        schema.pop("$defs", None)
        schemas[model.__name__] = schema
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    for operations in document["paths"].values():
        for operation in operations.values():
            statuses = {HTTPStatus.BAD_REQUEST, HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}
            if "parameters" in operation or "requestBody" in operation:
                statuses |= {HTTPStatus.UNPROCESSABLE_ENTITY}
            if "requestBody" in operation:
                statuses |= {HTTPStatus.REQUEST_ENTITY_TOO_LARGE}
            if "security" in operation:
                statuses |= {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
            operation["responses"].update({str(int(status)): problem_response(status) for status in sorted(statuses)})


def add_problem_details(app: FastAPI, *, html: HtmlPage | None = None) -> None:
    """Have every error answered as a problem; on a page, for a browser, as a page."""

    def answer(
        request: Request,
        status: HTTPStatus,
        detail: str,
        findings: list[Finding],
        *,
        type_: str = "about:blank",
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> Response:
        if html is not None and _is_for_a_browser(request):
            page = html(request, status, detail)
            page.headers.update(headers)
            return page
        return _answer(status, detail, findings, type_=type_, headers=headers)

    @app.exception_handler(ServiceError)
    def service_error(request: Request, error: ServiceError) -> Response:
        return answer(request, STATUS[error.kind], str(error), _findings_of(error), headers=_headers_of(error))

    @app.exception_handler(OpenBadgesError)
    def kit_error(request: Request, error: OpenBadgesError) -> Response:
        return answer(request, HTTPStatus.BAD_REQUEST, str(error), [], type_=str(error.problem_type))

    @app.exception_handler(RequestValidationError)
    def malformed_request(request: Request, error: RequestValidationError) -> Response:
        # The values are left out: what somebody sent by mistake need not come back, nor stand in a log.
        findings = [
            Finding(field=".".join(str(step) for step in item["loc"]), detail=what_is_amiss(item))
            for item in error.errors()
        ]
        return answer(request, HTTPStatus.UNPROCESSABLE_ENTITY, "the request does not have the expected form", findings)

    @app.exception_handler(HTTPException)
    def http_error(request: Request, error: HTTPException) -> Response:
        return answer(request, HTTPStatus(error.status_code), error.detail, [], headers=error.headers or {})

    @app.exception_handler(SQLAlchemyError)
    def database_error(request: Request, error: SQLAlchemyError) -> Response:
        if not passes(error):
            return unexpected(request, error)
        structlog.get_logger().warning("the database was busy or away", **where_it_failed(error))
        detail = "the database is busy or away for a moment: try again"
        headers = {"Retry-After": str(_RETRY_AFTER_SECONDS)}
        return answer(request, HTTPStatus.SERVICE_UNAVAILABLE, detail, [], headers=headers)

    @app.exception_handler(Exception)
    def unexpected(request: Request, error: Exception) -> Response:
        # Where it happened and what kinds of errors, and not what they say: a database's message repeats the name or
        # the address that stood in its way. The route and not the path: a claim link is a secret.
        route = getattr(request.scope.get("route"), "path", "none")
        structlog.get_logger().error("unexpected error", route=route, **where_it_failed(error))
        detail = "something went wrong on our side; it was logged, and nothing was changed"
        return answer(request, HTTPStatus.INTERNAL_SERVER_ERROR, detail, [])


def _findings_of(error: ServiceError) -> list[Finding]:
    of_the_field = [Finding(field=error.field, detail=str(error))] if error.field else []
    return [*of_the_field, *(Finding(detail=text) for text in error.findings)]


def _headers_of(error: ServiceError) -> dict[str, str]:
    headers = {"WWW-Authenticate": "Bearer"} if error.kind is Kind.NOT_KNOWN else {}
    if isinstance(error, TooMany):
        headers["Retry-After"] = str(error.retry_after)
    return headers


def _is_for_a_browser(request: Request) -> bool:
    return not request.url.path.startswith("/v1/") and "text/html" in request.headers.get("accept", "")


def _answer(
    status: HTTPStatus,
    detail: str,
    findings: list[Finding],
    *,
    type_: str = "about:blank",
    headers: Mapping[str, str] = MappingProxyType({}),
) -> JSONResponse:
    problem = ProblemDetails(type=type_, title=status.phrase, status=status, detail=detail, findings=findings)
    return JSONResponse(problem.model_dump(), status, headers=dict(headers), media_type=MEDIA_TYPE)
