"""Taking away what somebody handed in to have it recognised, what was decided on it, and how they were assessed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from issuer_service.assessment.skills_tables import SkillLevelRecord
from issuer_service.assessment.tables import Assessment, AssessmentReview
from issuer_service.persistence.columns import Table
from issuer_service.recognition.cashing_tables import (
    Designation,
    Exemption,
    HandedIn,
    ProofMatch,
    RecognitionDecision,
    RecognitionRequest,
)

__all__ = ["forget_assessments", "forget_proofs", "forget_recognition"]


def forget_recognition(session: Session, person_id: str, *, gone: Callable[[type[Table], Any], None]) -> None:
    """Everything of a person, from what leans on other rows to what they lean on. `gone` takes rows away."""
    requests = list(session.scalars(select(RecognitionRequest.id).where(RecognitionRequest.person_id == person_id)))
    handed_in = list(session.scalars(select(HandedIn.id).where(HandedIn.request_id.in_(requests))))
    decisions = select(RecognitionDecision.id).where(RecognitionDecision.request_id.in_(requests))
    gone(Exemption, Exemption.decision_id.in_(list(session.scalars(decisions))))
    gone(RecognitionDecision, RecognitionDecision.request_id.in_(requests))
    gone(ProofMatch, ProofMatch.handed_in_id.in_(handed_in))
    gone(HandedIn, HandedIn.id.in_(handed_in))
    gone(RecognitionRequest, RecognitionRequest.id.in_(requests))
    gone(Designation, Designation.person_id == person_id)
    assessments = list(session.scalars(select(Assessment.id).where(Assessment.person_id == person_id)))
    gone(AssessmentReview, AssessmentReview.assessment_id.in_(assessments))
    gone(Assessment, Assessment.id.in_(assessments))
    gone(SkillLevelRecord, SkillLevelRecord.person_id == person_id)


def forget_proofs(session: Session, request_ids: Sequence[str]) -> None:
    """What was handed in with these requests; a request that nobody decided on goes with it."""
    handed_in = list(session.scalars(select(HandedIn.id).where(HandedIn.request_id.in_(request_ids))))
    session.execute(delete(ProofMatch).where(ProofMatch.handed_in_id.in_(handed_in)))
    session.execute(delete(HandedIn).where(HandedIn.id.in_(handed_in)))
    decided = select(RecognitionDecision.request_id)
    session.execute(
        delete(RecognitionRequest)
        .where(RecognitionRequest.id.in_(request_ids), RecognitionRequest.id.not_in(decided))
        .execution_options(synchronize_session=False)
    )


def forget_assessments(session: Session, assessment_ids: Sequence[str]) -> None:
    """These assessments, with the second looks at them."""
    session.execute(delete(AssessmentReview).where(AssessmentReview.assessment_id.in_(assessment_ids)))
    session.execute(delete(Assessment).where(Assessment.id.in_(assessment_ids)))
