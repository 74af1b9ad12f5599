"""Assessments: recorded by somebody else than whom they are about, looked at again, and appealed against.

What somebody says of themselves is kept apart by a mark of its own, and leads to no badge.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from issuer_service.assessing.plans import plan_of, read_plan
from issuer_service.assessment.matrix import Conditions, Score
from issuer_service.assessment.outcome import ComponentOutcome, outcome_of
from issuer_service.assessment.tables import Assessment, AssessmentPlan, AssessmentReview
from issuer_service.audit.events import AuditEvent
from issuer_service.audit.trail import record
from issuer_service.clock import Randomness
from issuer_service.errors import Conflict, NotAllowed, NotFound, Refused
from issuer_service.people.roles import Role
from issuer_service.people.service import Caller, person_of
from issuer_service.persistence.identifiers import random_uuid

__all__ = [
    "APPEAL_WITHIN",
    "ReviewKind",
    "State",
    "appeal",
    "assessment_of",
    "assessments_of",
    "decide_appeal",
    "moderate",
    "outcomes_of",
    "record_assessment",
    "reviews_of",
    "state_of",
]

APPEAL_WITHIN: Final = timedelta(days=42)
"""After an assessment was recorded or changed: six weeks, as Dutch administrative law has it (Awb, article 6:7)."""
ANSWERED_WITHIN: Final = timedelta(days=42)
_STAFF: Final = frozenset({Role.ASSESSOR, Role.TEACHER})
_NOT_YOURS: Final = "you may see assessments of your own; an assessor or a teacher sees others'"


class ReviewKind(StrEnum):
    """Why it was looked at again."""

    MODERATION = "moderation"
    APPEAL = "appeal"


class State(StrEnum):
    """How an assessment stands."""

    RECORDED = "recorded"
    MODERATED = "moderated"
    UNDER_APPEAL = "under-appeal"
    SETTLED = "settled"


def record_assessment(
    session: Session,
    *,
    plan_id: str,
    person_id: str,
    taken_at: datetime,
    taken_under: Conditions,
    scores: Sequence[Score],
    levels: Mapping[str, str],
    evidence: Sequence[Mapping[str, Any]],
    caller: Caller,
    now: datetime,
    randomness: Randomness,
) -> Assessment:
    """Keep what was found. Who records it for themselves has a self-assessment, by the rubric alone.

    Raises NotAllowed for another's without being an assessor or a teacher, NotFound, and Refused for what does not fit
    the plan, for a plan that is not published, and for a moment that is still to come.
    """
    self_assessed = person_id == caller.person_id
    if not self_assessed and _STAFF.isdisjoint(caller.roles):
        raise NotAllowed("an assessor or a teacher assesses others")
    person_of(session, person_id, organisation_id=caller.organisation_id)
    plan = plan_of(session, plan_id, organisation_id=caller.organisation_id)
    if plan.published_at is None:
        raise Refused("this plan is not published yet", field="plan_id")
    if taken_at > now:
        raise Refused("this lies in the future", field="taken_at")
    if self_assessed and scores:
        raise Refused("nobody scores their own test", field="scores")
    outcome = _judged(plan, scores, levels, taken_under, checked=not self_assessed)
    row = Assessment(
        id=random_uuid(randomness),
        organisation_id=caller.organisation_id,
        plan_id=plan.id,
        person_id=person_id,
        subject_id=random_uuid(randomness),
        assessor_id=caller.person_id,
        self_assessed=self_assessed,
        taken_at=taken_at,
        recorded_at=now,
        conditions=taken_under.model_dump(),
        scores=[one.model_dump(mode="json") for one in scores],
        levels=dict(levels),
        outcome=outcome,
        evidence=[dict(one) for one in evidence],
    )
    session.add(row)
    session.flush()
    _tell(session, AuditEvent.ASSESSMENT_RECORDED, row, caller, self_assessed=self_assessed)
    return row


def moderate(
    session: Session,
    assessment_id: str,
    *,
    scores: Sequence[Score] | None,
    levels: Mapping[str, str] | None,
    reason: str,
    caller: Caller,
    now: datetime,
    randomness: Randomness,
) -> AssessmentReview:
    """A colleague confirms what was found, or changes it.

    Raises NotAllowed for who recorded it and for whom it is about, and Conflict while an appeal is open.
    """
    row = _to_review(session, assessment_id, caller)
    if row.assessor_id == caller.person_id:
        raise NotAllowed("a colleague moderates: this assessment is yours")
    if state_of(session, row) is State.UNDER_APPEAL:
        raise Conflict("there is an appeal against this assessment: that is decided first")
    before = list(row.outcome)
    changed = _change(session, row, scores, levels)
    review = AssessmentReview(
        id=random_uuid(randomness),
        assessment_id=row.id,
        number=len(reviews_of(session, row)) + 1,
        kind=str(ReviewKind.MODERATION),
        grounds="",
        opened_by=caller.person_id,
        opened_at=now,
        before=before,
        changed=changed,
        reason=reason,
        decided_by=caller.person_id,
        decided_at=now,
    )
    session.add(review)
    session.flush()
    _tell(session, AuditEvent.ASSESSMENT_MODERATED, row, caller, changed=changed)
    return review


def appeal(
    session: Session, assessment_id: str, *, grounds: str, caller: Caller, now: datetime, randomness: Randomness
) -> AssessmentReview:
    """Whom it is about appeals, within six weeks; once for what stands.

    Raises NotAllowed for another than the holder, Conflict while one is open, and Refused when it is too late.
    """
    row = session.scalar(_query(caller).where(Assessment.id == assessment_id).with_for_update())
    if row is None or row.person_id != caller.person_id or row.self_assessed:
        raise NotAllowed("whoever was assessed appeals against it")
    if state_of(session, row) is State.UNDER_APPEAL:
        raise Conflict("your appeal is being looked at")
    reviews = reviews_of(session, row)
    if reviews and reviews[-1].kind == ReviewKind.APPEAL:
        raise Conflict("this was decided on appeal, and that is the last word here")
    since = reviews[-1].decided_at if reviews and reviews[-1].decided_at is not None else row.recorded_at
    if now > since + APPEAL_WITHIN:
        raise Refused(f"an appeal is made within {APPEAL_WITHIN.days} days", field="grounds")
    review = AssessmentReview(
        id=random_uuid(randomness),
        assessment_id=row.id,
        number=len(reviews_of(session, row)) + 1,
        kind=str(ReviewKind.APPEAL),
        grounds=grounds,
        opened_by=caller.person_id,
        opened_at=now,
        due_at=now + ANSWERED_WITHIN,
        before=list(row.outcome),
    )
    session.add(review)
    session.flush()
    _tell(session, AuditEvent.APPEAL_MADE, row, caller)
    return review


def decide_appeal(
    session: Session,
    assessment_id: str,
    *,
    scores: Sequence[Score] | None,
    levels: Mapping[str, str] | None,
    reason: str,
    caller: Caller,
    now: datetime,
) -> AssessmentReview:
    """A teacher who had no part in it dismisses the appeal, or changes what was found.

    Raises NotAllowed for another role, for who recorded or moderated it and for whom it is about, and Conflict when
    there is no appeal.
    """
    caller.must_be(Role.TEACHER)
    row = _to_review(session, assessment_id, caller)
    reviews = reviews_of(session, row)
    if not reviews or reviews[-1].decided_at is not None:
        raise Conflict("there is no appeal to decide on")
    if caller.person_id in {row.assessor_id, *(one.decided_by for one in reviews)}:
        raise NotAllowed("somebody who had no part in it decides on an appeal")
    review = reviews[-1]
    review.changed = _change(session, row, scores, levels)
    review.reason, review.decided_by, review.decided_at = reason, caller.person_id, now
    _tell(session, AuditEvent.APPEAL_DECIDED, row, caller, changed=review.changed)
    return review


def assessment_of(session: Session, assessment_id: str, *, caller: Caller, hold: bool = False) -> Assessment:
    """An assessment that the caller may see. Raises NotFound, or NotAllowed for who only sees their own."""
    query = _query(caller).where(Assessment.id == assessment_id)
    row = session.scalar(query.with_for_update() if hold else query)
    if _STAFF.isdisjoint(caller.roles):
        if row is None or row.person_id != caller.person_id:
            raise NotAllowed(_NOT_YOURS)
    elif row is None:
        raise NotFound("there is no such assessment", field="assessment_id")
    return row


def assessments_of(caller: Caller) -> Select[Assessment]:
    """The assessments that the caller may see, as a query."""
    query = _query(caller)
    return query.where(Assessment.person_id == caller.person_id) if _STAFF.isdisjoint(caller.roles) else query


def outcomes_of(row: Assessment) -> tuple[ComponentOutcome, ...]:
    """What is mastered by what stands."""
    return tuple(ComponentOutcome.model_validate(one) for one in row.outcome)


def reviews_of(session: Session, row: Assessment) -> list[AssessmentReview]:
    """The second looks at it, the first of them first."""
    query = select(AssessmentReview).where(AssessmentReview.assessment_id == row.id)
    return list(session.scalars(query.order_by(AssessmentReview.number)))


def state_of(session: Session, row: Assessment) -> State:
    """How it stands."""
    reviews = reviews_of(session, row)
    if not reviews:
        return State.RECORDED
    if reviews[-1].decided_at is None:
        return State.UNDER_APPEAL
    return State.SETTLED if reviews[-1].kind == ReviewKind.APPEAL else State.MODERATED


def _query(caller: Caller) -> Select[Assessment]:
    return select(Assessment).where(Assessment.organisation_id == caller.organisation_id)


def _to_review(session: Session, assessment_id: str, caller: Caller) -> Assessment:
    row = assessment_of(session, assessment_id, caller=caller, hold=True)
    if row.person_id == caller.person_id or _STAFF.isdisjoint(caller.roles):
        raise NotAllowed("nobody assesses themselves")
    if row.self_assessed:
        raise Refused("what somebody says of themselves is theirs: assess them instead", field="assessment_id")
    return row


def _change(
    session: Session, row: Assessment, scores: Sequence[Score] | None, levels: Mapping[str, str] | None
) -> bool:
    """Judge anew by other scores or levels. Gives whether that changed anything."""
    if scores is None and levels is None:
        return False
    plan = session.get_one(AssessmentPlan, row.plan_id)
    new_scores = [Score.model_validate(one) for one in row.scores] if scores is None else list(scores)
    new_levels = dict(row.levels) if levels is None else dict(levels)
    outcome = _judged(plan, new_scores, new_levels, Conditions.model_validate(row.conditions), checked=True)
    changed = outcome != row.outcome
    row.scores, row.levels, row.outcome = [one.model_dump(mode="json") for one in new_scores], new_levels, outcome
    return changed


def _judged(
    plan: AssessmentPlan, scores: Sequence[Score], levels: Mapping[str, str], taken_under: Conditions, *, checked: bool
) -> list[dict[str, Any]]:
    # Who assesses themselves is watched by nobody, and their word is no result of the test.
    under = taken_under if checked else Conditions(supervised=True, identity_checked=True)
    found = outcome_of(read_plan(plan), plan.components, scores=scores, levels=levels, taken_under=under)
    return [one.model_dump(mode="json") for one in found]


def _tell(session: Session, what: AuditEvent, row: Assessment, caller: Caller, **details: object) -> None:
    record(
        session,
        what,
        about=row.id,
        organisation_id=caller.organisation_id,
        actor_id=caller.person_id,
        details=details,
    )
