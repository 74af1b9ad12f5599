"""Is the issuer one that the verifying party knows, and the key one that it trusts of that issuer?"""

from __future__ import annotations

from openbadges_kit.errors import OpenBadgesError
from openbadges_kit.findings import Finding
from openbadges_kit.problems import Problem
from openbadges_kit.verification.case import Case, issuer_id
from openbadges_kit.verification.counted_proofs import counted_proofs
from openbadges_kit.verification.report import Check, CheckResult, Outcome
from openbadges_kit.verification.signing_method import find_signing_method
from openbadges_kit.vocabulary import ProofPurpose

__all__ = ["check"]


def check(case: Case) -> CheckResult:
    """Passed when the issuer is on the list, and signed with a key that is pinned where some are.

    Not applicable when neither a list nor pins of this issuer are kept. An empty list trusts nobody.
    """
    trusted, issuer = case.policy.trusted_issuers, issuer_id(case.document)
    pinned = case.policy.pinned_keys.get(issuer)
    if trusted is not None and issuer not in trusted:
        finding = Finding(Problem.ISSUER_NOT_TRUSTED, "$.issuer", {"value": issuer})
        return CheckResult(Check.TRUST, Outcome.FAILED, (finding,))
    if pinned is not None and not pinned & (used := _thumbprints(case, issuer)):
        finding = Finding(Problem.KEY_NOT_PINNED, "$.issuer", {"value": ", ".join(sorted(used)) or "?"})
        return CheckResult(Check.TRUST, Outcome.FAILED, (finding,))
    return CheckResult(Check.TRUST, Outcome.NOT_APPLICABLE if trusted is pinned is None else Outcome.PASSED)


def _thumbprints(case: Case, issuer: str) -> frozenset[str]:
    """The keys of the proofs that count. Whether these hold, and are the issuer's, other checks have said."""
    try:
        if case.token is not None:
            method = find_signing_method(case.token.jws, resolver=case.resolver, controller=issuer)
            return frozenset({method.public_key.thumbprint})
        return frozenset(
            case.resolver.verification_method(
                str(proof.get("verificationMethod")), purpose=ProofPurpose.ASSERTION_METHOD
            ).public_key.thumbprint
            for proof in counted_proofs(case)[0].values()
        )
    except OpenBadgesError:
        return frozenset()
