"""Does a signature hold over this very document?

https://www.w3.org/TR/vc-data-integrity/#verify-proof and https://www.w3.org/TR/vc-jose-cose/#verification
"""

from __future__ import annotations

from typing import Final, assert_never

from openbadges_kit.documents import JsonObject, as_list, walk
from openbadges_kit.errors import (
    ContextNotBundled,
    KeyMaterialError,
    MalformedDocument,
    OpenBadgesError,
    ProofTransformationError,
    ProofVerificationError,
    ResolutionError,
    UnmappedTerms,
    WorkLimitExceeded,
)
from openbadges_kit.findings import Finding, child
from openbadges_kit.keys.verification_method import VerificationMethod
from openbadges_kit.problems import Problem
from openbadges_kit.proof.data_integrity import cryptosuite_of, previous_proofs, verify_proof
from openbadges_kit.proof.sd_jwt import SdJwt, verify_sd_jwt
from openbadges_kit.proof.vc_jwt import VcJwt, verify_vc_jwt
from openbadges_kit.timestamps import format_timestamp, parse_numeric_date, parse_timestamp
from openbadges_kit.verification.case import Case, issuer_id
from openbadges_kit.verification.report import Check, CheckResult, Outcome
from openbadges_kit.verification.signing_method import find_signing_method
from openbadges_kit.vocabulary import ProofPurpose

__all__ = ["check"]

# Each proof costs a canonicalisation of the whole document. A badge has one, with a co-signer two.
MAX_PROOFS: Final = 16
MAX_VALUES_OF_ALL_PROOFS: Final = 20_000

_Answer = tuple[Outcome, list[Finding]]


def check(case: Case) -> CheckResult:
    """Passed when every proof of a known kind holds, and there is one."""
    if case.token is not None:
        return _check_token(case, case.token)
    proofs = as_list(case.document.get("proof"))
    if not proofs:
        return CheckResult(Check.PROOF, Outcome.FAILED, (Finding(Problem.NO_PROOF, "$.proof"),))
    values = sum(1 for _ in walk(case.document))
    if len(proofs) > 1 and len(proofs) * values > MAX_VALUES_OF_ALL_PROOFS:
        return CheckResult(Check.PROOF, Outcome.FAILED, (Finding(Problem.TOO_MUCH_WORK, "$.proof"),))
    if len(proofs) > MAX_PROOFS:
        reason = {"reason": f"more than {MAX_PROOFS} proofs"}
        return CheckResult(Check.PROOF, Outcome.FAILED, (Finding(Problem.PROOF_UNKNOWN, "$.proof", reason),))
    known: dict[int, JsonObject] = {}
    unknown = []
    for position, proof in enumerate(proofs):
        try:
            if not isinstance(proof, dict):
                raise ProofVerificationError("not an object")
            cryptosuite_of(proof)
            known[position] = proof
        except ProofVerificationError as error:
            unknown.append(Finding(Problem.PROOF_UNKNOWN, child("$.proof", position), {"reason": str(error)}))
    if not known:
        return CheckResult(Check.PROOF, Outcome.FAILED, tuple(unknown))
    results = _check_set(case, known)
    worst = next((o for o in (Outcome.FAILED, Outcome.COULD_NOT_CHECK) if o in [r[0] for r in results]), Outcome.PASSED)
    # A proof of an unknown kind beside one that holds is a warning: it may be for somebody else.
    findings = [finding for _, found in results for finding in found]
    return CheckResult(Check.PROOF, worst, (*findings, *unknown))


def _check_set(case: Case, known: dict[int, JsonObject]) -> list[_Answer]:
    """An answer for each proof; those that it names as previous are answered first.

    https://www.w3.org/TR/vc-data-integrity/#verify-proof-sets-and-chains
    """
    position_of = {id(proof): position for position, proof in known.items()}
    answers: dict[int, _Answer] = {}

    def answer_to(position: int, dependants: frozenset[int]) -> _Answer:
        if position in dependants:
            raise ProofVerificationError("it builds on itself, by way of previousProof")
        if position not in answers:
            answers[position] = answer_anew(position, dependants | {position})
        return answers[position]

    def answer_anew(position: int, dependants: frozenset[int]) -> _Answer:
        path, proof = child("$.proof", position), known[position]
        try:
            for previous in previous_proofs(case.document, proof):
                # Without this, a chain would vouch for signatures that nobody looked at.
                if id(previous) not in position_of:
                    return Outcome.FAILED, [Finding(Problem.PREVIOUS_PROOF, child(path, "previousProof"))]
                outcome, _ = answer_to(position_of[id(previous)], dependants)
                if outcome is not Outcome.PASSED:
                    return outcome, [Finding(Problem.PREVIOUS_PROOF, child(path, "previousProof"))]
            return _check_proof(case, path, proof)
        except OpenBadgesError as error:
            return _answer_to(error, path)

    return [answer_to(position, frozenset()) for position in known]


def _check_proof(case: Case, path: str, proof: JsonObject) -> _Answer:
    purpose = proof.get("proofPurpose")
    if purpose != ProofPurpose.ASSERTION_METHOD:
        finding = Finding(Problem.PROOF_PURPOSE, child(path, "proofPurpose"), {"value": str(purpose)})
        return Outcome.FAILED, [finding]
    method_url = proof.get("verificationMethod")
    if not isinstance(method_url, str):
        raise ProofVerificationError("it names no verification method")
    method = case.resolver.verification_method(method_url, purpose=ProofPurpose.ASSERTION_METHOD)
    outcome, findings = _check_moments(case, path, proof, method)
    verify_proof(case.document, proof=proof, public_key=method.public_key, contexts=case.contexts)
    return outcome, findings


def _check_token(case: Case, token: VcJwt | SdJwt) -> CheckResult:
    path = "$"
    try:
        method = find_signing_method(token.jws, resolver=case.resolver, controller=issuer_id(case.document))
        match token:
            case SdJwt():
                verify_sd_jwt(token, public_key=method.public_key)
            case VcJwt():
                verify_vc_jwt(token, public_key=method.public_key)
            case _ as unreachable:
                assert_never(unreachable)
        issued = token.jws.payload.get("iat")
        moments = {} if issued is None else {"created": format_timestamp(parse_numeric_date(issued, path="$.iat"))}
        outcome, findings = _check_moments(case, path, moments, method)
    except OpenBadgesError as error:
        outcome, findings = _answer_to(error, path)
    return CheckResult(Check.PROOF, outcome, tuple(findings))


def _check_moments(case: Case, path: str, proof: JsonObject, method: VerificationMethod) -> _Answer:
    """Expired proofs, and keys that were retired or compromised before they signed."""
    # Without `created`, the moment of signing is not vouched for, and the key must be good now.
    signed = parse_timestamp(proof["created"], path=child(path, "created")) if "created" in proof else case.now
    findings = []
    if "expires" in proof and parse_timestamp(proof["expires"], path=child(path, "expires")) < case.now:
        findings.append(Finding(Problem.PROOF_EXPIRED, path, {"value": str(proof["expires"])}))
    if method.expires is not None and signed > method.expires:
        findings.append(Finding(Problem.KEY_EXPIRED, path, {"value": method.expires.isoformat()}))
    if method.revoked is not None and signed >= method.revoked:
        findings.append(Finding(Problem.KEY_COMPROMISED, path, {"value": method.revoked.isoformat()}))
    return (Outcome.FAILED, findings) if findings else (Outcome.PASSED, [])


def _answer_to(error: OpenBadgesError, path: str) -> _Answer:
    """Which outcome an error is: what could not be had is not what does not hold."""
    match error:
        case ResolutionError():
            return Outcome.COULD_NOT_CHECK, [Finding(Problem.KEY_NOT_HAD, path, {"reason": str(error)})]
        case ContextNotBundled():
            return Outcome.COULD_NOT_CHECK, [Finding(Problem.CONTEXT_NOT_BUNDLED, path, {"value": error.url})]
        case UnmappedTerms():
            return Outcome.FAILED, list(error.findings)
        case WorkLimitExceeded():
            return Outcome.FAILED, [Finding(Problem.TOO_MUCH_WORK, path)]
        case ProofTransformationError():
            return Outcome.FAILED, [Finding(Problem.NOT_JSON_LD, path, {"reason": str(error)})]
        case ProofVerificationError() | KeyMaterialError():
            return Outcome.FAILED, [Finding(Problem.PROOF_INVALID, path, {"reason": str(error)})]
        case MalformedDocument():
            return Outcome.FAILED, [Finding(Problem.MALFORMED, error.path, {"reason": str(error)})]
        case _:
            raise error
