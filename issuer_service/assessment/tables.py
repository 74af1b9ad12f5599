"""How it is assessed, and how people did."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from issuer_service.persistence.columns import Table, UtcDateTime

__all__ = ["Assessment", "AssessmentPlan", "AssessmentReview", "ModuleResult"]


class ModuleResult(Table):
    """How a learner did in a module: per component of its ULO the level of the rubric. Never changed."""

    __tablename__ = "module_result"
    __tenant_by__ = "enrolment_id"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    enrolment_id: Mapped[str] = mapped_column(ForeignKey("enrolment.id"))
    module_id: Mapped[str] = mapped_column(ForeignKey("module.id"))
    assessor_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    assessed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    levels: Mapped[dict[str, str]] = mapped_column(JSON)
    passed: Mapped[bool]


class AssessmentPlan(Table):
    """Toetsplan: how the components of a unit or of a set of criteria are assessed. Published, it never changes.

    `components` are the addresses that it must cover; `matrix` what is tested in which form, `rubric` what is judged.
    """

    __tablename__ = "assessment_plan"
    __table_args__ = (UniqueConstraint("organisation_id", "slug", "version"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    slug: Mapped[str] = mapped_column(String(80))
    version: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    ulo_version_id: Mapped[str | None] = mapped_column(ForeignKey("ulo_version.id"), default=None)
    criteria_id: Mapped[str | None] = mapped_column(ForeignKey("criteria_version.id"), default=None)
    components: Mapped[list[str]] = mapped_column(JSON)
    matrix: Mapped[dict[str, Any] | None] = mapped_column(JSON, default=None)
    rubric: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    written_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"), default=None)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)


class Assessment(Table):
    """How somebody did by a published plan: what was scored and judged, by whom, and on which evidence.

    What somebody says of themselves is `self_assessed`, and no badge comes of it. `outcome` is as it stands after the
    last review; what it was before stands with the review.
    """

    __tablename__ = "assessment"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    plan_id: Mapped[str] = mapped_column(ForeignKey("assessment_plan.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    subject_id: Mapped[str] = mapped_column(String(36))
    assessor_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    self_assessed: Mapped[bool]
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    conditions: Mapped[dict[str, bool]] = mapped_column(JSON)
    scores: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    levels: Mapped[dict[str, str]] = mapped_column(JSON)
    outcome: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    evidence: Mapped[list[dict[str, Any]]] = mapped_column(JSON)


class AssessmentReview(Table):
    """A second look at an assessment: moderation by a colleague, or an appeal (bezwaar) by whom it is about.

    `before` is the outcome that was looked at. An appeal waits for a decision until `due_at`.
    """

    __tablename__ = "assessment_review"
    __tenant_by__ = "assessment_id"
    __table_args__ = (UniqueConstraint("assessment_id", "number"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    assessment_id: Mapped[str] = mapped_column(ForeignKey("assessment.id"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    grounds: Mapped[str] = mapped_column(Text)
    opened_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    before: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    changed: Mapped[bool | None] = mapped_column(default=None)
    reason: Mapped[str | None] = mapped_column(Text, default=None)
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"), default=None)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
