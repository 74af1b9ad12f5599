"""Results of assessments."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from issuer_service.persistence.columns import Table, UtcDateTime

__all__ = ["ModuleResult"]


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
