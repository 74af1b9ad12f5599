"""What asking a list comes to, whichever kind of list it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from openbadges_kit.errors import KeyMaterialError, MalformedDocument, ProofError, ResolutionError, StatusListError
from openbadges_kit.findings import Finding
from openbadges_kit.problems import Problem
from openbadges_kit.verification.report import Outcome

__all__ = ["Answer", "failed", "passed", "settle", "unknown"]


@dataclass(frozen=True, slots=True)
class Answer:
    """One list's answer. The findings of one that passed are for people to know."""

    outcome: Outcome
    findings: tuple[Finding, ...] = ()


def passed(*findings: Finding) -> Answer:
    """Nothing stands in the way."""
    return Answer(Outcome.PASSED, findings)


def failed(problem: Problem, path: str, **details: str) -> Answer:
    """The list says no."""
    return Answer(Outcome.FAILED, (Finding(problem, path, details),))


def unknown(path: str, value: object) -> Answer:
    """A status of a kind that is not known here: neither yes nor no."""
    return Answer(Outcome.COULD_NOT_CHECK, (Finding(Problem.STATUS_UNKNOWN, path, {"value": str(value)[:200]}),))


def settle(path: str, ask: Callable[[], Answer]) -> Answer:
    """The answer, or "could not check" when the list cannot be had or is not sound: that is no "not revoked"."""
    try:
        return ask()
    except ResolutionError as error:
        problem, reason = Problem.STATUS_NOT_HAD, str(error)
    except (StatusListError, MalformedDocument, ProofError, KeyMaterialError) as error:
        problem, reason = Problem.STATUS_LIST_INVALID, str(error)
    return Answer(Outcome.COULD_NOT_CHECK, (Finding(problem, path, {"reason": reason}),))
