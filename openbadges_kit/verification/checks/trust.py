"""Is the issuer one that the verifying party knows?"""

from __future__ import annotations

from openbadges_kit.findings import Finding
from openbadges_kit.problems import Problem
from openbadges_kit.verification.case import Case, issuer_id
from openbadges_kit.verification.report import Check, CheckResult, Outcome

__all__ = ["check"]


def check(case: Case) -> CheckResult:
    """Passed when the issuer is on the list; not applicable when no list is kept. An empty list trusts nobody."""
    trusted = case.policy.trusted_issuers
    if trusted is None:
        return CheckResult(Check.TRUST, Outcome.NOT_APPLICABLE)
    issuer = issuer_id(case.document)
    if issuer in trusted:
        return CheckResult(Check.TRUST, Outcome.PASSED)
    return CheckResult(
        Check.TRUST, Outcome.FAILED, (Finding(Problem.ISSUER_NOT_TRUSTED, "$.issuer", {"value": issuer}),)
    )
