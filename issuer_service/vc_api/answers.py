"""What the VC-API answers: what it found, and why not, as problem details with the names that the standards use."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, Final

from fastapi.responses import JSONResponse

from issuer_service.problem_details import MEDIA_TYPE, ProblemDetails
from issuer_service.problem_details import Finding as ShownFinding
from issuer_service.vc_api.verifying import Judgement
from openbadges_kit.documents import JsonObject
from openbadges_kit.errors import IssuanceRefused, MalformedDocument, OpenBadgesError, UnmappedTerms
from openbadges_kit.findings import Finding
from openbadges_kit.problems import problem_type
from openbadges_kit.verification.report import Check
from openbadges_kit.verification.sentences import of_finding

__all__ = ["judged", "refused"]

_TITLES: Final = 80


def judged(judgement: Judgement) -> JSONResponse:
    """200 when everything that counts holds, and otherwise 400, with the reasons."""
    warnings = [_problem(finding) for finding in judgement.warnings]
    names = [str(check) for check in Check if check in judgement.checks]
    if not judgement.problems:
        return JSONResponse(
            {"verified": True, "checks": names, "warnings": warnings, "errors": [], "problemDetails": warnings}
        )
    problems = [_problem(finding) for finding in judgement.problems]
    return _answer(problems, verified=False, checks=names, warnings=warnings, errors=problems)


def refused(error: OpenBadgesError, *, verified: bool | None = None) -> JSONResponse:
    """Why it was not done. For what was to be verified, `verified` says that it was not."""
    more: dict[str, Any] = {} if verified is None else {"verified": verified}
    problems: list[JsonObject]
    match error:
        case IssuanceRefused() | UnmappedTerms():
            problems = [_problem(finding) for finding in error.findings]
        case MalformedDocument():
            problems = [_of(str(error.problem_type), str(error), error.path)]
        case _:
            problems = [_of(str(error.problem_type), str(error), "$")]
    return _answer(problems, errors=problems, **more)


def _answer(problems: list[JsonObject], **more: Any) -> JSONResponse:
    status = HTTPStatus.BAD_REQUEST
    findings = [ShownFinding(field=one["path"], detail=one["detail"]) for one in problems]
    first = problems[0]
    details = ProblemDetails(
        type=first["type"], title=first["title"], status=status, detail=_all_of(problems), findings=findings
    )
    return JSONResponse({**details.model_dump(), **more, "problemDetails": problems}, status, media_type=MEDIA_TYPE)


def _all_of(problems: Iterable[JsonObject]) -> str:
    return " ".join(one["detail"] for one in problems)


def _problem(finding: Finding) -> JsonObject:
    return _of(str(problem_type(finding.code)), of_finding(finding, "en"), finding.path)


def _of(type_: str, detail: str, path: str) -> JsonObject:
    return {"type": type_, "title": type_.rpartition("#")[2][:_TITLES], "detail": detail, "path": path}
