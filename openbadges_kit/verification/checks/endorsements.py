"""Do the endorsements hold that come with it? https://www.imsglobal.org/spec/ob/v3p0/#endorsementcredential"""

from __future__ import annotations

from typing import Final

from openbadges_kit.documents import as_list, members, walk
from openbadges_kit.errors import MalformedDocument
from openbadges_kit.findings import Finding
from openbadges_kit.problems import Problem
from openbadges_kit.verification.case import Case
from openbadges_kit.verification.report import Check, CheckResult, Outcome, Verdict
from openbadges_kit.vocabulary import CredentialType

__all__ = ["check"]

# Each is verified like a credential, and may carry endorsements of its own.
MAX_ENDORSEMENTS: Final = 32
_NAMES: Final = frozenset({"endorsement", "endorsementJwt"})


def check(case: Case) -> CheckResult:
    """Passed when each one verifies like a credential of its own."""
    if not any(step in _NAMES for step, _ in members(case.document)):
        return CheckResult(Check.ENDORSEMENTS, Outcome.NOT_APPLICABLE)
    found = [
        (path, endorsement)
        for path, step, value in walk(case.document)
        if step in _NAMES
        for endorsement in as_list(value)
    ]
    if not found:
        return CheckResult(Check.ENDORSEMENTS, Outcome.NOT_APPLICABLE)
    if len(found) > MAX_ENDORSEMENTS:
        reason = {"reason": f"more than {MAX_ENDORSEMENTS} endorsements"}
        return CheckResult(
            Check.ENDORSEMENTS, Outcome.COULD_NOT_CHECK, (Finding(Problem.ENDORSEMENT_INVALID, "$", reason),)
        )
    outcomes, findings = [Outcome.PASSED], []
    for path, endorsement in found:
        try:
            report = case.verify_other(endorsement)
        except MalformedDocument as error:
            outcomes.append(Outcome.FAILED)
            findings.append(Finding(Problem.ENDORSEMENT_INVALID, path, {"reason": str(error)}))
            continue
        if CredentialType.ENDORSEMENT not in as_list(report.document.get("type")):
            outcomes.append(Outcome.FAILED)
            findings.append(Finding(Problem.ENDORSEMENT_INVALID, path, {"reason": "it is no EndorsementCredential"}))
        elif not report.verified:
            settled = report.verdict is Verdict.NOT_VALID
            outcomes.append(Outcome.FAILED if settled else Outcome.COULD_NOT_CHECK)
            findings.append(Finding(Problem.ENDORSEMENT_INVALID, path, {"reason": " ".join(report.reasons("en"))}))
    worst = next(o for o in (Outcome.FAILED, Outcome.COULD_NOT_CHECK, Outcome.PASSED) if o in outcomes)
    return CheckResult(Check.ENDORSEMENTS, worst, tuple(findings))
