"""Is `now` inside validFrom..validUntil? https://www.w3.org/TR/vc-data-model-2.0/#validity-period"""

from __future__ import annotations

from openbadges_kit.documents import JsonObject
from openbadges_kit.errors import MalformedDocument
from openbadges_kit.findings import Finding, child
from openbadges_kit.problems import Problem
from openbadges_kit.timestamps import parse_timestamp
from openbadges_kit.verification.case import Case
from openbadges_kit.verification.report import Check, CheckResult, Outcome

__all__ = ["check"]


def check(case: Case) -> CheckResult:
    """Passed inside the period; a document without one is always inside."""
    findings = []
    for term in ("validFrom", "validUntil"):
        if term not in case.document:
            continue
        value = case.document[term]
        try:
            moment = parse_timestamp(value, path=child("$", term))
        except MalformedDocument as error:
            findings.append(Finding(Problem.NOT_A_TIMESTAMP, error.path))
            continue
        if term == "validFrom" and moment > case.now + case.policy.clock_skew:
            findings.append(Finding(Problem.NOT_YET_VALID, "$.validFrom", {"value": str(value)}))
        if term == "validUntil" and moment < case.now:
            findings.append(Finding(Problem.EXPIRED, "$.validUntil", {"value": str(value)}))
    if case.token is not None:
        findings += _problems_of_claims(case, case.token.payload)
    return CheckResult(Check.VALIDITY_PERIOD, Outcome.FAILED if findings else Outcome.PASSED, tuple(findings))


def _problems_of_claims(case: Case, payload: JsonObject) -> list[Finding]:
    """The token's own period, which its credential need not repeat: https://www.rfc-editor.org/rfc/rfc7519#section-4.1"""
    findings = []
    for claim, term in (("nbf", "validFrom"), ("exp", "validUntil")):
        moment = payload.get(claim)
        if claim not in payload or term in case.document:  # where both are there, the proof check compares them
            continue
        if isinstance(moment, bool) or not isinstance(moment, int | float):
            findings.append(Finding(Problem.NOT_A_TIMESTAMP, child("$", claim)))
        elif claim == "nbf" and moment > (case.now + case.policy.clock_skew).timestamp():
            findings.append(Finding(Problem.NOT_YET_VALID, "$.nbf", {"value": str(moment)}))
        elif claim == "exp" and moment < case.now.timestamp():
            findings.append(Finding(Problem.EXPIRED, "$.exp", {"value": str(moment)}))
    return findings
