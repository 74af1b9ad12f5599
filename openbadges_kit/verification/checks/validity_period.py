"""Is `now` inside validFrom..validUntil? https://www.w3.org/TR/vc-data-model-2.0/#validity-period

Version 1.1 has other names for them, which count wherever they stand: a date that people read must hold.
"""

from __future__ import annotations

from typing import Final

from openbadges_kit.errors import MalformedDocument
from openbadges_kit.findings import Finding, child
from openbadges_kit.problems import Problem
from openbadges_kit.timestamps import parse_numeric_date, parse_timestamp
from openbadges_kit.verification.case import Case
from openbadges_kit.verification.report import Check, CheckResult, Outcome

__all__ = ["check"]

_STARTS: Final = ("validFrom", "issuanceDate")
_ENDS: Final = ("validUntil", "expirationDate")


def check(case: Case) -> CheckResult:
    """Passed inside the period of the document and of the token; one without a period is always inside."""
    findings = []
    for term in (*_STARTS, *_ENDS):
        if term not in case.document:
            continue
        value = case.document[term]
        try:
            moment = parse_timestamp(value, path=child("$", term))
        except MalformedDocument as error:
            findings.append(Finding(Problem.NOT_A_TIMESTAMP, error.path))
            continue
        if term in _STARTS and moment > case.now + case.policy.clock_skew:
            findings.append(Finding(Problem.NOT_YET_VALID, child("$", term), {"value": str(value)}))
        if term in _ENDS and moment < case.now:
            findings.append(Finding(Problem.EXPIRED, child("$", term), {"value": str(value)}))
    findings += _token_findings(case)
    return CheckResult(Check.VALIDITY_PERIOD, Outcome.FAILED if findings else Outcome.PASSED, tuple(findings))


def _token_findings(case: Case) -> list[Finding]:
    """`nbf` and `exp` hold by themselves: a token may say them where its credential does not."""
    claims = case.token.claims if case.token is not None else {}
    findings = []
    for claim, term in (("nbf", "validFrom"), ("exp", "validUntil")):
        if claim not in claims or term in case.document:
            continue
        path = child("$", claim)
        try:
            moment = parse_numeric_date(claims[claim], path=path)
        except MalformedDocument:
            findings.append(Finding(Problem.NOT_A_TIMESTAMP, path))
            continue
        if claim == "nbf" and moment > case.now + case.policy.clock_skew:
            findings.append(Finding(Problem.NOT_YET_VALID, path, {"value": moment.isoformat()}))
        if claim == "exp" and moment < case.now:
            findings.append(Finding(Problem.EXPIRED, path, {"value": moment.isoformat()}))
    return findings
