"""Is it about the person that the verifying party expects?

By the subject's id, or by an identity that the badge tells or hashes:
https://www.imsglobal.org/spec/ob/v3p0/#identityobject. That whoever shows a badge is its subject is another
question, which a presentation answers.
"""

from __future__ import annotations

from openbadges_kit.documents import as_list
from openbadges_kit.errors import MalformedDocument
from openbadges_kit.findings import Finding
from openbadges_kit.problems import Problem
from openbadges_kit.verification.case import Case
from openbadges_kit.verification.policy import Recipient
from openbadges_kit.verification.report import Check, CheckResult, Outcome

__all__ = ["check"]

_PATH = "$.credentialSubject"


def check(case: Case) -> CheckResult:
    """Passed when a subject is the expected one; not applicable when the policy expects nobody in particular.

    Could not check when the badge names its subject in other ways only.
    """
    expected = case.policy.recipient
    if expected is None:
        return CheckResult(Check.RECIPIENT, Outcome.NOT_APPLICABLE)
    answers = [
        answer for subject in as_list(case.document.get("credentialSubject")) for answer in _compare(subject, expected)
    ]
    if any(answers):
        return CheckResult(Check.RECIPIENT, Outcome.PASSED)
    if answers:
        return CheckResult(Check.RECIPIENT, Outcome.FAILED, (Finding(Problem.RECIPIENT_ANOTHER, _PATH),))
    return CheckResult(Check.RECIPIENT, Outcome.COULD_NOT_CHECK, (Finding(Problem.RECIPIENT_NOT_NAMED, _PATH),))


def _compare(subject: object, expected: Recipient) -> list[bool]:
    """An answer for each way in which the subject is named and the expected one is known."""
    if not isinstance(subject, dict):
        return []
    answers = []
    if expected.id is not None and "id" in subject:
        answers.append(subject["id"] == expected.id)
    if expected.identity is not None:
        # Few verifiers ask this, and the others are spared loading the data model.
        from openbadges_kit.model.identity import IdentityObject  # noqa: PLC0415

        for entry in as_list(subject.get("identifier")):
            try:
                named = IdentityObject.from_json(entry)
            except MalformedDocument:
                continue
            if named.identity_type == expected.identity_type:
                answers.append(named.matches(expected.identity, identity_type=expected.identity_type))
    return answers
