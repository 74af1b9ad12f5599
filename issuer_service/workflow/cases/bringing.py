"""What somebody brings along to a path from the metrolines that they travelled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.programme.tables import Enrolment, Module
from issuer_service.workflow.events import WorkflowEvent
from issuer_service.workflow.metroline.reaching import ULO
from issuer_service.workflow.metroline.tables import ReachedOutcome
from issuer_service.workflow.process.tables import ProcessCase

__all__ = ["Brought", "brought_to"]


class Brought(BaseModel):
    """Something that somebody reached along a line, and the module that it may exempt them from."""

    kind: str = Field(examples=["ulo"], description="component, ulo, station or line")
    about_id: str = Field(description="The version of a ULO, the station or the line.")
    component: str = Field(examples=[""])
    reached_at: datetime
    evidence_id: str = Field(description="Give it as `decision` of an exemption on the grounds of an earlier badge.")
    module_id: str | None = Field(description="The module of this programme that leads to the same ULO.")
    exempted: bool = Field(description="Need that module not be taken any more?")
    awards: list[str] = Field(description="What was asked for it: the badge of each is at `/v1/awards/{id}`.")


def brought_to(session: Session, case: ProcessCase) -> list[Brought]:
    """Everything that the person of a case reached along metrolines of this organisation, the first one first."""
    rows = session.scalars(
        select(ReachedOutcome)
        .join(Enrolment, Enrolment.id == ReachedOutcome.enrolment_id)
        .where(Enrolment.person_id == case.person_id, ReachedOutcome.organisation_id == case.organisation_id)
        .order_by(ReachedOutcome.reached_at, ReachedOutcome.id)
    ).all()
    leading = select(Module.ulo_version_id, Module.id).where(Module.programme_id == case.programme_id)
    modules = {row.ulo_version_id: row.id for row in session.execute(leading)} if rows else {}
    awards = _awards_for(session, [row.id for row in rows])
    exempted = case.facts.get("exemption", {}).get("by_module", {})
    found = []
    for row in rows:
        module_id = modules.get(row.about_id) if row.kind == ULO else None
        found.append(
            Brought(
                kind=row.kind,
                about_id=row.about_id,
                component=row.component,
                reached_at=row.reached_at,
                evidence_id=row.id,
                module_id=module_id,
                exempted=module_id in exempted,
                awards=awards.get(row.id, []),
            )
        )
    return found


def _awards_for(session: Session, evidence: Sequence[str]) -> dict[str, list[str]]:
    """By what shows it, the awards that were asked for it."""
    told = select(WorkflowEvent.evidence_id, WorkflowEvent.awards).where(WorkflowEvent.evidence_id.in_(evidence))
    return {row.evidence_id: sorted(set(row.awards.values())) for row in session.execute(told)}
