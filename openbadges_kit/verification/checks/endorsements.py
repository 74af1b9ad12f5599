"""Do the endorsements hold that come with it? https://www.imsglobal.org/spec/ob/v3p0/#endorsementcredential"""

from __future__ import annotations

from openbadges_kit.documents import as_list, walk
from openbadges_kit.errors import MalformedDocument
from openbadges_kit.findings import Finding
from openbadges_kit.problems import Problem
from openbadges_kit.verification.case import Case
from openbadges_kit.verification.report import Check, CheckResult, Outcome, Verdict

__all__ = ["check"]


def check(case: Case) -> CheckResult:
    """Passed when each one verifies like a credential of its own."""
    found = [
        (path, endorsement)
        for path, step, value in walk(case.document)
        if step in {"endorsement", "endorsementJwt"}
        for endorsement in as_list(value)
    ]
    if not found:
        return CheckResult(Check.ENDORSEMENTS, Outcome.NOT_APPLICABLE)
    outcomes, findings = [Outcome.PASSED], []
    for path, endorsement in found:
        try:
            report = case.verify_other(endorsement)
        except MalformedDocument as error:
            outcomes.append(Outcome.FAILED)
            findings.append(Finding(Problem.ENDORSEMENT_INVALID, path, {"reason": str(error)}))
            continue
        if not report.verified:
            settled = report.verdict is Verdict.NOT_VALID
            outcomes.append(Outcome.FAILED if settled else Outcome.COULD_NOT_CHECK)
            findings.append(Finding(Problem.ENDORSEMENT_INVALID, path, {"reason": " ".join(report.reasons("en"))}))
    worst = next(o for o in (Outcome.FAILED, Outcome.COULD_NOT_CHECK, Outcome.PASSED) if o in outcomes)
    return CheckResult(Check.ENDORSEMENTS, worst, tuple(findings))
