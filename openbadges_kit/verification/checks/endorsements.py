"""Do the endorsements hold that come with it? https://www.imsglobal.org/spec/ob/v3p0/#endorsementcredential"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from openbadges_kit.documents import JsonObject, as_list
from openbadges_kit.errors import MalformedDocument
from openbadges_kit.findings import Finding, child
from openbadges_kit.problems import Problem
from openbadges_kit.verification.case import Case
from openbadges_kit.verification.report import Check, CheckResult, Outcome, Verdict
from openbadges_kit.vocabulary import CredentialType

__all__ = ["check"]

# Each is verified like a credential, and may carry endorsements of its own.
MAX_ENDORSEMENTS: Final = 32
_NAMES: Final = frozenset({"endorsement", "endorsementJwt"})


def check(case: Case) -> CheckResult:
    """Passed when each one verifies like a credential of its own, and is about what it stands with.

    That is the object itself or one in it: a badge's endorsements may be about its achievement or its issuer.
    """
    # Finding the paths of a document takes a while, and most have none.
    if not _has_any(case.document):
        return CheckResult(Check.ENDORSEMENTS, Outcome.NOT_APPLICABLE)
    found = list(_endorsements(case.document))
    if len(found) > MAX_ENDORSEMENTS:
        reason = {"reason": f"more than {MAX_ENDORSEMENTS} endorsements"}
        finding = Finding(Problem.ENDORSEMENT_INVALID, "$", reason)
        return CheckResult(Check.ENDORSEMENTS, Outcome.COULD_NOT_CHECK, (finding,))
    outcomes, findings = [Outcome.PASSED], []
    for path, owner, endorsement in found:
        outcome, about = _answer(case, path, owner, endorsement)
        outcomes.append(outcome)
        findings += about
    worst = next(o for o in (Outcome.FAILED, Outcome.COULD_NOT_CHECK, Outcome.PASSED) if o in outcomes)
    return CheckResult(Check.ENDORSEMENTS, worst, tuple(findings))


def _has_any(document: JsonObject) -> bool:
    below: list[Any] = [document]
    while below:
        item = below.pop()
        if isinstance(item, dict):
            if not _NAMES.isdisjoint(item):
                return True
            item = item.values()
        below += [inner for inner in item if isinstance(inner, dict | list)]
    return False


def _endorsements(document: JsonObject) -> Iterator[tuple[str, JsonObject, Any]]:  # JSON
    """(path, the object that it stands in, endorsement)."""
    for path, value in _objects(document):
        for name in _NAMES & value.keys():
            several = isinstance(value[name], list)
            for position, endorsement in enumerate(as_list(value[name])):
                place = child(path, name)
                yield child(place, position) if several else place, value, endorsement


def _objects(value: Any, path: str = "$") -> Iterator[tuple[str, JsonObject]]:  # JSON
    """Every object, without those of endorsements, which are documents of their own."""
    stack: list[tuple[str, Any]] = [(path, value)]
    while stack:
        here, item = stack.pop()
        inside: list[tuple[str | int, Any]] = list(enumerate(item)) if isinstance(item, list) else []
        if isinstance(item, dict):
            yield here, item
            inside = [(name, inner) for name, inner in item.items() if name not in _NAMES]
        stack.extend((child(here, step), inner) for step, inner in reversed(inside))


def _answer(case: Case, path: str, owner: JsonObject, endorsement: Any) -> tuple[Outcome, list[Finding]]:  # JSON
    try:
        report = case.verify_other(endorsement)
    except MalformedDocument as error:
        return Outcome.FAILED, [Finding(Problem.ENDORSEMENT_INVALID, path, {"reason": str(error)})]
    if CredentialType.ENDORSEMENT not in as_list(report.document.get("type")):
        reason = {"reason": "it is no EndorsementCredential"}
        return Outcome.FAILED, [Finding(Problem.ENDORSEMENT_INVALID, path, reason)]
    subjects = [
        str(subject.get("id", "?")) if isinstance(subject, dict) else "?"
        for subject in as_list(report.document.get("credentialSubject"))
    ]
    # Without this, praise of one issuer could be put on the badges of another.
    if not subjects or not {str(value.get("id")) for _, value in _objects(owner)}.issuperset(subjects):
        return Outcome.FAILED, [Finding(Problem.ENDORSEMENT_OF_ANOTHER, path, {"value": ", ".join(subjects)})]
    if report.verified:
        return Outcome.PASSED, []
    outcome = Outcome.FAILED if report.verdict is Verdict.NOT_VALID else Outcome.COULD_NOT_CHECK
    return outcome, [Finding(Problem.ENDORSEMENT_INVALID, path, {"reason": " ".join(report.reasons("en"))})]
