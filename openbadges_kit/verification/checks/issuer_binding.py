"""Does the key that signed belong to the issuer that the document names?

Without this anybody could sign in anybody's name. The resolver has made sure that a method belongs to the
document it stands in; here that document must be the issuer's.
"""

from __future__ import annotations

from openbadges_kit.documents import JsonObject, as_list
from openbadges_kit.errors import ProofVerificationError, ResolutionError
from openbadges_kit.findings import Finding
from openbadges_kit.problems import Problem
from openbadges_kit.proof.data_integrity import cryptosuite_of
from openbadges_kit.proof.sd_jwt import SdJwt
from openbadges_kit.proof.vc_jwt import VcJwt
from openbadges_kit.verification.case import Case, issuer_id
from openbadges_kit.verification.report import Check, CheckResult, Outcome
from openbadges_kit.verification.signing_method import find_signing_method

__all__ = ["check"]


def check(case: Case) -> CheckResult:
    """Passed when a proof's verification method stands in the issuer's own controller document."""
    issuer = issuer_id(case.document)
    if case.token is not None:
        return _check_token(case, case.token, issuer)
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


def _check_token(case: Case, token: VcJwt | SdJwt, issuer: str) -> CheckResult:
    try:
        controller = find_signing_method(token.jws, resolver=case.resolver, controller=issuer).controller
    except ResolutionError as error:
        finding = Finding(Problem.KEY_NOT_HAD, "$", {"reason": str(error)})
        return CheckResult(Check.ISSUER_BINDING, Outcome.COULD_NOT_CHECK, (finding,))
    except ProofVerificationError as error:
        finding = Finding(Problem.KEY_NOT_OF_ISSUER, "$.issuer", {"value": str(error)})
        return CheckResult(Check.ISSUER_BINDING, Outcome.FAILED, (finding,))
    if issuer and controller == issuer:
        return CheckResult(Check.ISSUER_BINDING, Outcome.PASSED)
    finding = Finding(Problem.KEY_NOT_OF_ISSUER, "$.issuer", {"value": token.jws.key_id})
    return CheckResult(Check.ISSUER_BINDING, Outcome.FAILED, (finding,))
