"""What somebody without the issuer's key might do, and must not get away with."""

from __future__ import annotations

from openbadges_kit.did.did_key import verification_method_of
from openbadges_kit.verification.report import Check, Outcome, Verdict
from openbadges_kit.verification.verifier import verify
from tests.kit.samples import ISSUER_KEY, NOW, OTHER_KEY, signed_unchecked, unsigned


def test_a_proof_of_an_unknown_kind_lends_nobody_the_issuers_name() -> None:
    forged = signed_unchecked(unsigned(), OTHER_KEY)
    forged["proof"].append({"type": "UnheardOf", "verificationMethod": verification_method_of(ISSUER_KEY.public_key)})
    report = verify(forged, now=NOW)
    assert report.verdict is Verdict.NOT_VALID
    binding = next(result for result in report.results if result.check is Check.ISSUER_BINDING)
    assert binding.outcome is Outcome.FAILED
