"""Which outcome an error is."""

from __future__ import annotations

import pytest

from openbadges_kit.errors import (
    ContextNotBundled,
    KeyMaterialError,
    MalformedDocument,
    OpenBadgesError,
    ProofTransformationError,
    ProofVerificationError,
    ResolutionError,
    StatusListError,
    WorkLimitExceeded,
)
from openbadges_kit.problems import Problem
from openbadges_kit.verification.proof_answers import answer_to_error
from openbadges_kit.verification.report import Outcome


@pytest.mark.parametrize(
    ("error", "outcome", "problem"),
    [
        (ResolutionError("x"), Outcome.COULD_NOT_CHECK, Problem.KEY_NOT_HAD),
        (ContextNotBundled("https://a.example/"), Outcome.COULD_NOT_CHECK, Problem.CONTEXT_NOT_BUNDLED),
        (WorkLimitExceeded("x"), Outcome.FAILED, Problem.TOO_MUCH_WORK),
        (ProofTransformationError("x"), Outcome.FAILED, Problem.NOT_JSON_LD),
        (ProofVerificationError("x"), Outcome.FAILED, Problem.PROOF_INVALID),
        (KeyMaterialError("x"), Outcome.FAILED, Problem.PROOF_INVALID),
        (MalformedDocument("x"), Outcome.FAILED, Problem.MALFORMED),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_could_not_be_had_is_not_what_does_not_hold(
    error: OpenBadgesError, outcome: Outcome, problem: Problem
) -> None:
    answer, findings = answer_to_error(error, "$")
    assert (answer, [finding.code for finding in findings]) == (outcome, [problem])


def test_an_error_that_says_nothing_about_a_proof_is_not_taken_for_an_answer() -> None:
    with pytest.raises(StatusListError):
        answer_to_error(StatusListError("x"), "$")
