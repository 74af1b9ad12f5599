"""Taking somebody's paths away with them. In those of others, what they did stays with their id."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from issuer_service.persistence.columns import Table
from issuer_service.workflow.process.tables import CaseEvent, CaseParty, CaseTask, ProcessCase
from issuer_service.workflow.setting_out import SettingOut

__all__ = ["forget_paths"]


def forget_paths(session: Session, person_id: str, *, gone: Callable[[type[Table], Any], None]) -> None:
    """Everything of the paths of this person, and that they had a part in others'. `gone` takes rows away."""
    cases = list(session.scalars(select(ProcessCase.id).where(ProcessCase.person_id == person_id)))
    gone(SettingOut, SettingOut.person_id == person_id)
    gone(CaseTask, or_(CaseTask.case_id.in_(cases), CaseTask.person_id == person_id))
    gone(CaseParty, or_(CaseParty.case_id.in_(cases), CaseParty.person_id == person_id))
    gone(CaseEvent, CaseEvent.case_id.in_(cases))
    gone(ProcessCase, ProcessCase.id.in_(cases))
