"""Does the key that signed belong to the issuer that the document names?

Without this anybody could sign in anybody's name. The resolver has made sure that a method belongs to the
document it stands in; here that document must be the issuer's, or the issuer's must name that method as one that
speaks for it. https://www.w3.org/TR/vc-data-model-2.0/#issuer
"""

from __future__ import annotations

from openbadges_kit.errors import ProofVerificationError, ResolutionError
from openbadges_kit.findings import Finding
from openbadges_kit.problems import Problem
from openbadges_kit.proof.sd_jwt import SdJwt
from openbadges_kit.proof.vc_jwt import VcJwt
from openbadges_kit.verification.case import Case, issuer_id
from openbadges_kit.verification.counted_proofs import counted_proofs
from openbadges_kit.verification.report import Check, CheckResult, Outcome
from openbadges_kit.verification.signing_method import find_signing_method
from openbadges_kit.vocabulary import ProofPurpose

__all__ = ["check"]


def check(case: Case) -> CheckResult:
    """Passed when the issuer's own controller document has, or names, the verification method of a proof."""
    issuer = issuer_id(case.document)
    if case.token is not None:
        return _check_token(case, case.token, issuer)
    methods = [str(proof.get("verificationMethod")) for proof in counted_proofs(case)[0].values()]
    if not methods:
        return CheckResult(Check.ISSUER_BINDING, Outcome.NOT_APPLICABLE)
    if issuer and any(method.partition("#")[0] == issuer for method in methods):
        return CheckResult(Check.ISSUER_BINDING, Outcome.PASSED)
    return _ask_issuer(case, issuer, methods)


def _ask_issuer(case: Case, issuer: str, methods: list[str]) -> CheckResult:
    """The keys are another's: does the issuer's own document say that one of them speaks for it?"""
    try:
        if issuer and any(
            case.resolver.allows(issuer, method, purpose=ProofPurpose.ASSERTION_METHOD) for method in methods
        ):
            return CheckResult(Check.ISSUER_BINDING, Outcome.PASSED)
    except ResolutionError as error:
        finding = Finding(Problem.KEY_NOT_HAD, "$.issuer", {"reason": str(error)})
        return CheckResult(Check.ISSUER_BINDING, Outcome.COULD_NOT_CHECK, (finding,))
    findings = tuple(Finding(Problem.KEY_NOT_OF_ISSUER, "$.issuer", {"value": method}) for method in methods)
    return CheckResult(Check.ISSUER_BINDING, Outcome.FAILED, findings)


def _check_token(case: Case, token: VcJwt | SdJwt, issuer: str) -> CheckResult:
    try:
        method = find_signing_method(token.jws, resolver=case.resolver, controller=issuer)
    except ResolutionError as error:
        finding = Finding(Problem.KEY_NOT_HAD, "$", {"reason": str(error)})
        return CheckResult(Check.ISSUER_BINDING, Outcome.COULD_NOT_CHECK, (finding,))
    except ProofVerificationError as error:
        finding = Finding(Problem.KEY_NOT_OF_ISSUER, "$.issuer", {"value": str(error)})
        return CheckResult(Check.ISSUER_BINDING, Outcome.FAILED, (finding,))
    if issuer and method.controller == issuer:
        return CheckResult(Check.ISSUER_BINDING, Outcome.PASSED)
    return _ask_issuer(case, issuer, [method.id])
