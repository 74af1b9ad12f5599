"""The life of a ULO: from draft to published, and what may become of it then.

What was published never changes. A revision is another version, and goes through the same gates.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from issuer_service.errors import Refused

__all__ = ["TRANSITIONS", "DraftStatus", "Step", "Transition", "VersionStatus", "next_status"]


class DraftStatus(StrEnum):
    """How far a draft is."""

    DRAFT = "draft"
    IN_REVIEW = "in-review"
    VALIDATED = "validated"
    PUBLISHED = "published"


class VersionStatus(StrEnum):
    """How a published version stands.

    Deprecated: another followed it; who is on the way may still get its badge. Withdrawn: no badge is awarded for it
    any more. Badges that are there keep what they refer to, in both.
    """

    PUBLISHED = "published"
    DEPRECATED = "deprecated"
    WITHDRAWN = "withdrawn"


class Step(StrEnum):
    """What may be done to a draft or to a version."""

    CHANGE = "change"
    SUBMIT = "submit"
    RETURN = "return"
    VALIDATE = "validate"
    OBJECT = "object"
    PUBLISH = "publish"
    DEPRECATE = "deprecate"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class Transition:
    """From where, by what, to where."""

    before: DraftStatus | VersionStatus
    step: Step
    after: DraftStatus | VersionStatus


TRANSITIONS: Final = (
    Transition(DraftStatus.DRAFT, Step.CHANGE, DraftStatus.DRAFT),
    Transition(DraftStatus.DRAFT, Step.SUBMIT, DraftStatus.IN_REVIEW),
    Transition(DraftStatus.IN_REVIEW, Step.RETURN, DraftStatus.DRAFT),
    Transition(DraftStatus.IN_REVIEW, Step.OBJECT, DraftStatus.IN_REVIEW),
    Transition(DraftStatus.IN_REVIEW, Step.VALIDATE, DraftStatus.VALIDATED),
    Transition(DraftStatus.VALIDATED, Step.VALIDATE, DraftStatus.VALIDATED),
    Transition(DraftStatus.VALIDATED, Step.OBJECT, DraftStatus.IN_REVIEW),
    Transition(DraftStatus.VALIDATED, Step.RETURN, DraftStatus.DRAFT),
    # The gate of R07: there is no other way to publication.
    Transition(DraftStatus.VALIDATED, Step.PUBLISH, DraftStatus.PUBLISHED),
    Transition(VersionStatus.PUBLISHED, Step.DEPRECATE, VersionStatus.DEPRECATED),
    Transition(VersionStatus.PUBLISHED, Step.WITHDRAW, VersionStatus.WITHDRAWN),
    Transition(VersionStatus.DEPRECATED, Step.WITHDRAW, VersionStatus.WITHDRAWN),
)

_WHY_NOT: Final = {
    Step.CHANGE: "only a draft is changed: return it first, or revise what was published",
    Step.SUBMIT: "it went into review already",
    Step.RETURN: "only what is in review or validated is returned to its author",
    Step.VALIDATE: "experts validate what is in review: submit it first",
    Step.OBJECT: "experts judge what is in review: submit it first",
    Step.PUBLISH: "no expert has validated it yet, or one objects (R07)",
    Step.DEPRECATE: "only a published version is deprecated",
    Step.WITHDRAW: "it was withdrawn already",
}


def next_status(before: str, step: Step) -> str:
    """Where the step leads. Raises Refused, with the reason, where it may not be made."""
    found = next((one for one in TRANSITIONS if one.before == before and one.step is step), None)
    if found is None:
        raise Refused(f"{_WHY_NOT[step]}; it is {before}", field="status")
    return str(found.after)
