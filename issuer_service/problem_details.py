"""Errors as the API tells them: RFC 9457 problem details. The only place where an error has a status."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, Final

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from issuer_service.errors import Kind, ServiceError
from openbadges_kit.errors import OpenBadgesError

__all__ = ["STATUS", "ProblemDetails", "add_problem_details", "problems"]

STATUS: Final[Mapping[Kind, HTTPStatus]] = MappingProxyType(
    {
        Kind.NOT_FOUND: HTTPStatus.NOT_FOUND,
        Kind.NOT_ALLOWED: HTTPStatus.FORBIDDEN,
        Kind.NOT_KNOWN: HTTPStatus.UNAUTHORIZED,
        Kind.CONFLICT: HTTPStatus.CONFLICT,
        Kind.REFUSED: HTTPStatus.UNPROCESSABLE_ENTITY,
        Kind.UNAVAILABLE: HTTPStatus.SERVICE_UNAVAILABLE,
    }
)
MEDIA_TYPE: Final = "application/problem+json"


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


def problems(*kinds: Kind) -> dict[int | str, dict[str, Any]]:
    """The `responses` of an endpoint that may be refused in these ways, for OpenAPI."""
    return {
        int(STATUS[kind]): {
            "description": STATUS[kind].phrase,
            "content": {MEDIA_TYPE: {"schema": ProblemDetails.model_json_schema()}},
        }
        for kind in kinds
    }


def add_problem_details(app: FastAPI) -> None:
    """Have every error answered as a problem."""

    @app.exception_handler(ServiceError)
    def service_error(_request: Request, error: ServiceError) -> JSONResponse:
        findings = [Finding(detail=text) for text in error.findings]
        if error.field:
            findings.insert(0, Finding(field=error.field, detail=str(error)))
        headers = {"WWW-Authenticate": "Bearer"} if error.kind is Kind.NOT_KNOWN else {}
        return _answer(STATUS[error.kind], str(error), findings, headers=headers)

    @app.exception_handler(OpenBadgesError)
    def kit_error(_request: Request, error: OpenBadgesError) -> JSONResponse:
        return _answer(HTTPStatus.BAD_REQUEST, str(error), [], type_=str(error.problem_type))

    @app.exception_handler(RequestValidationError)
    def malformed_request(_request: Request, error: RequestValidationError) -> JSONResponse:
        # The values are left out: what somebody sent by mistake need not come back, nor stand in a log.
        findings = [
            Finding(field=".".join(str(step) for step in item["loc"]), detail=item["msg"]) for item in error.errors()
        ]
        return _answer(HTTPStatus.UNPROCESSABLE_ENTITY, "the request does not have the expected form", findings)

    @app.exception_handler(HTTPException)
    def http_error(_request: Request, error: HTTPException) -> JSONResponse:
        return _answer(HTTPStatus(error.status_code), error.detail, [], headers=dict(error.headers or {}))

    @app.exception_handler(Exception)
    def unexpected(request: Request, error: Exception) -> JSONResponse:
        # As text: a renderer that adds the frames' variables would put tokens and names into the log.
        trace = "".join(traceback.format_exception(error))
        structlog.get_logger().error("unexpected error", path=request.url.path, trace=trace)
        detail = "something went wrong on our side; it was logged, and nothing was changed"
        return _answer(HTTPStatus.INTERNAL_SERVER_ERROR, detail, [])


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
