"""What a proof that was looked at comes to: the moments that count, and which outcome an error is."""

from __future__ import annotations

from datetime import datetime

from openbadges_kit.documents import JsonObject
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
from openbadges_kit.timestamps import parse_timestamp
from openbadges_kit.verification.report import Outcome

__all__ = ["Answer", "answer_to_error", "check_moments", "refused_by_policy"]

Answer = tuple[Outcome, list[Finding]]


def check_moments(path: str, proof: JsonObject, method: VerificationMethod, *, now: datetime) -> Answer:
    """Expired proofs, and keys that were retired or compromised before they signed."""
    # Without `created`, the moment of signing is not vouched for, and the key must be good now.
    signed = parse_timestamp(proof["created"], path=child(path, "created")) if "created" in proof else now
    findings = []
    if "expires" in proof and parse_timestamp(proof["expires"], path=child(path, "expires")) < now:
        findings.append(Finding(Problem.PROOF_EXPIRED, path, {"value": str(proof["expires"])}))
    if method.expires is not None and signed > method.expires:
        findings.append(Finding(Problem.KEY_EXPIRED, path, {"value": method.expires.isoformat()}))
    if method.revoked is not None and signed >= method.revoked:
        findings.append(Finding(Problem.KEY_COMPROMISED, path, {"value": method.revoked.isoformat()}))
    return (Outcome.FAILED, findings) if findings else (Outcome.PASSED, [])


def refused_by_policy(path: str, name: str, allowed: frozenset[str] | None) -> Answer | None:
    """The answer to a suite or an algorithm that the policy does not count; None when it does."""
    if allowed is None or name in allowed:
        return None
    return Outcome.FAILED, [Finding(Problem.PROOF_UNKNOWN, path, {"reason": f"{name} is not among the allowed ones"})]


def answer_to_error(error: OpenBadgesError, path: str) -> Answer:
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
