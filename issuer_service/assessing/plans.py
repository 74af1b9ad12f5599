"""Assessment plans, of a unit or a set of criteria: drafted, published when they cover it, unchanged from then on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from issuer_service.assessment.outcome import Plan, findings_of
from issuer_service.assessment.tables import AssessmentPlan
from issuer_service.audit.events import AuditEvent
from issuer_service.audit.trail import record
from issuer_service.catalogue.service import published_ulo
from issuer_service.clock import Randomness
from issuer_service.errors import Conflict, NotFound, Refused
from issuer_service.people.service import Caller
from issuer_service.people.tables import Organisation
from issuer_service.persistence.identifiers import random_uuid
from issuer_service.recognition.criteria import as_criteria, criteria_of
from issuer_service.recognition.rules import Compensated, Shows, nodes

__all__ = ["change_plan", "draft_plan", "plan_of", "plans_of", "publish_plan", "read_plan"]


def draft_plan(
    session: Session,
    plan: Plan,
    *,
    slug: str,
    title: str,
    ulo_version_id: str | None,
    criteria_id: str | None,
    caller: Caller,
    base_url: str,
    now: datetime,
    randomness: Randomness,
) -> AssessmentPlan:
    """Begin the next version of a plan, for a unit or for a set of criteria. Raises NotFound, and Conflict for a draft
    of it that is there already."""
    this_plan = (AssessmentPlan.organisation_id == caller.organisation_id, AssessmentPlan.slug == slug)
    if session.scalar(select(AssessmentPlan.id).where(*this_plan, AssessmentPlan.published_at.is_(None)).limit(1)):
        raise Conflict("there is a draft of this plan already: change that one", field="slug")
    latest = session.scalar(select(func.max(AssessmentPlan.version)).where(*this_plan)) or 0
    row = AssessmentPlan(
        id=random_uuid(randomness),
        organisation_id=caller.organisation_id,
        slug=slug,
        version=latest + 1,
        ulo_version_id=ulo_version_id,
        criteria_id=criteria_id,
        components=list(_components(session, ulo_version_id, criteria_id, caller=caller, base_url=base_url)),
    )
    _write(row, plan, title=title, caller=caller, now=now)
    session.add(row)
    session.flush()
    _tell(session, AuditEvent.PLAN_DRAFTED, row, caller)
    return row


def change_plan(
    session: Session, plan_id: str, plan: Plan, *, title: str, caller: Caller, now: datetime
) -> AssessmentPlan:
    """Write a draft anew. Raises Conflict for one that was published."""
    row = plan_of(session, plan_id, organisation_id=caller.organisation_id, hold=True)
    if row.published_at is not None:
        raise Conflict("this plan was published and never changes: draft the next version", field="plan_id")
    _write(row, plan, title=title, caller=caller, now=now)
    _tell(session, AuditEvent.PLAN_CHANGED, row, caller)
    return row


def publish_plan(session: Session, plan_id: str, *, caller: Caller, now: datetime) -> AssessmentPlan:
    """Publish a draft; twice changes nothing. Raises Refused, naming every component that nothing assesses."""
    row = plan_of(session, plan_id, organisation_id=caller.organisation_id, hold=True)
    if row.published_at is None:
        if findings := findings_of(read_plan(row), row.components):
            raise Refused("this plan does not cover what it assesses", field="matrix", findings=tuple(findings))
        row.published_by, row.published_at = caller.person_id, now
        _tell(session, AuditEvent.PLAN_PUBLISHED, row, caller)
    return row


def plan_of(session: Session, plan_id: str, *, organisation_id: str, hold: bool = False) -> AssessmentPlan:
    """A plan of this organisation's. Raises NotFound, also for another's."""
    query = select(AssessmentPlan).where(
        AssessmentPlan.id == plan_id, AssessmentPlan.organisation_id == organisation_id
    )
    row = session.scalar(query.with_for_update() if hold else query)
    if row is None:
        raise NotFound("there is no such assessment plan", field="plan_id")
    return row


def plans_of(organisation_id: str) -> Select[AssessmentPlan]:
    """The plans of an organisation, as a query."""
    return select(AssessmentPlan).where(AssessmentPlan.organisation_id == organisation_id)


def read_plan(row: AssessmentPlan) -> Plan:
    """A plan as it is assessed by."""
    return Plan.model_validate({"matrix": row.matrix, "rubric": row.rubric})


def _components(
    session: Session, ulo_version_id: str | None, criteria_id: str | None, *, caller: Caller, base_url: str
) -> Iterator[str]:
    if ulo_version_id is not None:
        yield from (one.iri for one in published_ulo(session, ulo_version_id, base_url=base_url).ulo.components)
    if criteria_id is not None:
        row = criteria_of(session, criteria_id, organisation_id=caller.organisation_id)
        if row.published_at is None:
            raise Refused("these criteria are not published yet", field="criteria_id")
        criteria = as_criteria(row, session.get_one(Organisation, row.organisation_id), base_url=base_url)
        asked: dict[str, None] = {}
        for rule in nodes(criteria.rule):
            if isinstance(rule, Shows):
                asked[rule.outcome] = None
            elif isinstance(rule, Compensated):
                asked |= dict.fromkeys(rule.outcomes)
        yield from asked


def _write(row: AssessmentPlan, plan: Plan, *, title: str, caller: Caller, now: datetime) -> None:
    row.title = title
    row.matrix = None if plan.matrix is None else plan.matrix.model_dump(mode="json")
    row.rubric = [one.model_dump(mode="json") for one in plan.rubric]
    row.written_by, row.written_at = caller.person_id, now


def _tell(session: Session, what: AuditEvent, row: AssessmentPlan, caller: Caller) -> None:
    details = {"version": row.version}
    record(
        session,
        what,
        about=row.id,
        organisation_id=caller.organisation_id,
        actor_id=caller.person_id,
        details=details,
    )
