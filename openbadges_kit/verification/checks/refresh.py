"""Is the newest version of it valid as well? https://www.imsglobal.org/spec/vccr/v1p0/

A badge may say where its issuer keeps its newest version. That one is fetched once and verified like any other;
where it says in turn that there is a newer one, that is not followed.
"""

from __future__ import annotations

from openbadges_kit.documents import as_list
from openbadges_kit.errors import MalformedDocument, ResolutionError
from openbadges_kit.findings import Finding
from openbadges_kit.problems import Problem
from openbadges_kit.verification.case import Case, issuer_id
from openbadges_kit.verification.report import Check, CheckResult, Outcome, Verdict
from openbadges_kit.vocabulary import ONE_EDTECH_CREDENTIAL_REFRESH

__all__ = ["check"]

_PATH = "$.refreshService"


def check(case: Case) -> CheckResult:
    """Passed when the newest version is valid, with a warning when it is another one than this."""
    services = [
        service
        for service in as_list(case.document.get("refreshService"))
        if isinstance(service, dict) and ONE_EDTECH_CREDENTIAL_REFRESH in as_list(service.get("type"))
    ]
    if not services or not case.follows_refresh:
        return CheckResult(Check.REFRESH, Outcome.NOT_APPLICABLE)
    url = services[0].get("id")
    try:
        if not isinstance(url, str):
            raise ResolutionError("it does not say where")
        report = case.verify_other(case.fetch(url))
    except (ResolutionError, MalformedDocument) as error:
        return _result(Outcome.COULD_NOT_CHECK, Problem.REFRESH_NOT_HAD, reason=str(error))
    # Without this, whoever serves the URL could answer with a badge of anybody's.
    if issuer_id(report.document) != issuer_id(case.document):
        return _result(Outcome.COULD_NOT_CHECK, Problem.REFRESH_NOT_HAD, reason="what stands there is another issuer's")
    if report.verdict is Verdict.NOT_VALID:
        return _result(Outcome.FAILED, Problem.REFRESHED_NOT_VALID, reason=" ".join(report.reasons("en")))
    if not report.verified:
        return _result(Outcome.COULD_NOT_CHECK, Problem.REFRESH_NOT_HAD, reason=" ".join(report.reasons("en")))
    if report.document == case.document:
        return CheckResult(Check.REFRESH, Outcome.PASSED)
    return CheckResult(Check.REFRESH, Outcome.PASSED, (Finding(Problem.NEWER_VERSION, _PATH),))


def _result(outcome: Outcome, problem: Problem, *, reason: str) -> CheckResult:
    return CheckResult(Check.REFRESH, outcome, (Finding(problem, _PATH, {"reason": reason}),))
