"""Does a signature hold over this very document?

https://www.w3.org/TR/vc-data-integrity/#verify-proof and https://www.w3.org/TR/vc-jose-cose/#verification
"""

from __future__ import annotations

from typing import Final, assert_never

from openbadges_kit.documents import JsonObject, as_list, members
from openbadges_kit.errors import OpenBadgesError, ProofVerificationError
from openbadges_kit.findings import Finding, child
from openbadges_kit.problems import Problem
from openbadges_kit.proof.cryptosuite import ECDSA_SD_2023
from openbadges_kit.proof.data_integrity import previous_proofs
from openbadges_kit.proof.sd_jwt import SdJwt, verify_sd_jwt
from openbadges_kit.proof.vc_jwt import VcJwt, verify_vc_jwt
from openbadges_kit.timestamps import format_timestamp, parse_numeric_date
from openbadges_kit.verification.case import Case, issuer_id
from openbadges_kit.verification.counted_proofs import counted_proofs
from openbadges_kit.verification.earlier_states import verify_under_any_state
from openbadges_kit.verification.proof_answers import Answer, answer_to_error, check_moments, refused_by_policy
from openbadges_kit.verification.report import Check, CheckResult, Outcome
from openbadges_kit.verification.signing_method import find_signing_method
from openbadges_kit.vocabulary import ProofPurpose

__all__ = ["check"]

# Each proof costs a canonicalisation of the whole document. A badge has one, with a co-signer two.
MAX_PROOFS: Final = 16
MAX_VALUES_OF_ALL_PROOFS: Final = 20_000


def check(case: Case) -> CheckResult:
    """Passed when every proof of a known kind holds, and there is one."""
    if case.token is not None:
        return _check_token(case, case.token)
    proofs = as_list(case.document.get("proof"))
    if not proofs:
        return CheckResult(Check.PROOF, Outcome.FAILED, (Finding(Problem.NO_PROOF, "$.proof"),))
    if len(proofs) > 1 and len(proofs) * sum(1 for _ in members(case.document)) > MAX_VALUES_OF_ALL_PROOFS:
        return CheckResult(Check.PROOF, Outcome.FAILED, (Finding(Problem.TOO_MUCH_WORK, "$.proof"),))
    if len(proofs) > MAX_PROOFS:
        reason = {"reason": f"more than {MAX_PROOFS} proofs"}
        return CheckResult(Check.PROOF, Outcome.FAILED, (Finding(Problem.PROOF_UNKNOWN, "$.proof", reason),))
    known, unknown = counted_proofs(case)
    if not known:
        return CheckResult(Check.PROOF, Outcome.FAILED, tuple(unknown))
    results = _check_set(case, known)
    worst = next((o for o in (Outcome.FAILED, Outcome.COULD_NOT_CHECK) if o in [r[0] for r in results]), Outcome.PASSED)
    # A proof of an unknown kind beside one that holds is a warning: it may be for somebody else.
    findings = [finding for _, found in results for finding in found]
    return CheckResult(Check.PROOF, worst, (*findings, *unknown))


def _check_set(case: Case, known: dict[int, JsonObject]) -> list[Answer]:
    """An answer for each proof; those that it names as previous are answered first.

    https://www.w3.org/TR/vc-data-integrity/#verify-proof-sets-and-chains
    """
    position_of = {id(proof): position for position, proof in known.items()}
    answers: dict[int, Answer] = {}

    def answer_to(position: int, dependants: frozenset[int]) -> Answer:
        if position in dependants:
            raise ProofVerificationError("it builds on itself, by way of previousProof")
        if position not in answers:
            answers[position] = answer_anew(position, dependants | {position})
        return answers[position]

    def answer_anew(position: int, dependants: frozenset[int]) -> Answer:
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
            return answer_to_error(error, path)

    return [answer_to(position, frozenset()) for position in known]


def _check_proof(case: Case, path: str, proof: JsonObject) -> Answer:
    purpose = proof.get("proofPurpose")
    if purpose != ProofPurpose.ASSERTION_METHOD:
        finding = Finding(Problem.PROOF_PURPOSE, child(path, "proofPurpose"), {"value": str(purpose)})
        return Outcome.FAILED, [finding]
    if _is_base_proof(proof):
        return Outcome.FAILED, [Finding(Problem.BASE_PROOF, path)]
    method_url = proof.get("verificationMethod")
    if not isinstance(method_url, str):
        raise ProofVerificationError("it names no verification method")
    method = case.resolver.verification_method(method_url, purpose=ProofPurpose.ASSERTION_METHOD)
    outcome, findings = check_moments(path, proof, method, now=case.now)
    if verify_under_any_state(
        case.document,
        proof=proof,
        public_key=method.public_key,
        contexts=case.contexts,
        canonical_nquads=case.canonical_nquads,
    ):
        findings = [*findings, Finding(Problem.CONTEXT_EARLIER_STATE, path)]
    return outcome, findings


def _is_base_proof(proof: JsonObject) -> bool:
    if proof.get("cryptosuite") != ECDSA_SD_2023.name:
        return False
    from openbadges_kit.proof.selective.ecdsa_sd_2023 import is_base_proof  # noqa: PLC0415  # few need it

    return is_base_proof(proof)


def _check_token(case: Case, token: VcJwt | SdJwt) -> CheckResult:
    path = "$"
    refused = refused_by_policy(path, token.jws.algorithm, case.policy.algorithms)
    if refused is not None:
        return CheckResult(Check.PROOF, refused[0], tuple(refused[1]))
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
        outcome, findings = check_moments(path, moments, method, now=case.now)
    except OpenBadgesError as error:
        outcome, findings = answer_to_error(error, path)
    return CheckResult(Check.PROOF, outcome, tuple(findings))
