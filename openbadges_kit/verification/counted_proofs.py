"""Which proofs of a document count: those of a suite that is known here and that the policy allows.

One that does not count is not verified, and so lends its document nothing: neither its signature nor its key's name.
"""

from __future__ import annotations

from openbadges_kit.documents import JsonObject, as_list
from openbadges_kit.errors import ProofVerificationError
from openbadges_kit.findings import Finding, child
from openbadges_kit.problems import Problem
from openbadges_kit.proof.data_integrity import cryptosuite_of
from openbadges_kit.verification.case import Case

__all__ = ["counted_proofs"]


def counted_proofs(case: Case) -> tuple[dict[int, JsonObject], list[Finding]]:
    """The proofs that count by their position, and a finding for each other one."""
    counted: dict[int, JsonObject] = {}
    others = []
    for position, proof in enumerate(as_list(case.document.get("proof"))):
        try:
            if not isinstance(proof, dict):
                raise ProofVerificationError("not an object")
            suite = cryptosuite_of(proof)
            if case.policy.cryptosuites is not None and suite.name not in case.policy.cryptosuites:
                raise ProofVerificationError(f"{suite.name} is not among the allowed ones")
            counted[position] = proof
        except ProofVerificationError as error:
            others.append(Finding(Problem.PROOF_UNKNOWN, child("$.proof", position), {"reason": str(error)}))
    return counted, others
