"""Does the key that signed belong to the issuer that the document names?

Without this anybody could sign in anybody's name. The resolver has made sure that a method belongs to the
document it stands in; here that document must be the issuer's.
"""

from __future__ import annotations

from openbadges_kit.documents import JsonObject, as_list
from openbadges_kit.errors import ProofVerificationError
from openbadges_kit.findings import Finding
from openbadges_kit.problems import Problem
from openbadges_kit.proof.data_integrity import cryptosuite_of
from openbadges_kit.verification.case import Case, issuer_id
from openbadges_kit.verification.report import Check, CheckResult, Outcome

__all__ = ["check"]


def check(case: Case) -> CheckResult:
    """Passed when a proof's verification method stands in the issuer's own controller document."""
    issuer = issuer_id(case.document)
    if case.token is not None:
        methods = [case.token.key_id]
    else:
        methods = [
            str(proof.get("verificationMethod"))
            for proof in as_list(case.document.get("proof"))
            # A proof of an unknown kind is not verified: it could name anybody's key.
            if isinstance(proof, dict) and _is_known(proof)
        ]
    if not methods:
        return CheckResult(Check.ISSUER_BINDING, Outcome.NOT_APPLICABLE)
    if issuer and any(method.partition("#")[0] == issuer for method in methods):
        return CheckResult(Check.ISSUER_BINDING, Outcome.PASSED)
    findings = tuple(Finding(Problem.KEY_NOT_OF_ISSUER, "$.issuer", {"value": method}) for method in methods)
    return CheckResult(Check.ISSUER_BINDING, Outcome.FAILED, findings)


def _is_known(proof: JsonObject) -> bool:
    try:
        cryptosuite_of(proof)
    except ProofVerificationError:
        return False
    return True
