"""States A18 and A20 of the candidate path: modules are taken, and passed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from issuer_service.assessment.service import record_result
from issuer_service.assessment.tables import ModuleResult
from issuer_service.audit.events import AuditEvent
from issuer_service.audit.trail import record
from issuer_service.catalogue.service import awardable_ulo
from issuer_service.installation import Installation
from issuer_service.people.service import Caller, Role
from issuer_service.programme.service import enrolment_of, module_of
from issuer_service.workflow.candidate.path import EFFECTS, record_on_path
from issuer_service.workflow.candidate.telling import telling_on_path
from issuer_service.workflow.events import Event, EventKind, EventSink
from issuer_service.workflow.process.service import Doing

__all__ = ["RecordModuleResult", "record_module_result"]


@dataclass(frozen=True, slots=True)
class RecordModuleResult:
    """How a learner did in a module: the level reached per component of its ULO."""

    enrolment_id: str
    module_id: str
    levels: Mapping[str, str]


def record_module_result(
    session: Session,
    command: RecordModuleResult,
    *,
    caller: Caller,
    events: EventSink,
    here: Installation,
) -> ModuleResult:
    """A teacher records a result; when every required level was reached, the module is passed.

    Raises NotAllowed for another role or for oneself, NotFound outside one's own organisation, and Refused for
    levels that the rubric does not know, or where the learner's path has no modules to be taken.
    """
    caller.must_be(Role.TEACHER)
    now = here.now()
    enrolment = enrolment_of(session, command.enrolment_id, organisation_id=caller.organisation_id)
    module = module_of(session, command.module_id, programme_id=enrolment.programme_id)
    ulo = awardable_ulo(session, module.ulo_version_id, base_url=here.base_url)
    result = record_result(
        session,
        enrolment_id=enrolment.id,
        learner_id=enrolment.person_id,
        module_id=module.id,
        assessor_id=caller.person_id,
        rubric=ulo.rubric,
        levels=command.levels,
        now=now,
        randomness=here.randomness,
    )
    session.flush()
    record(
        session,
        AuditEvent.RESULT_RECORDED,
        about=result.id,
        organisation_id=caller.organisation_id,
        actor_id=caller.person_id,
        details={"passed": result.passed},
    )
    doing = Doing(events, now, here.randomness, EFFECTS, telling_on_path(here))
    record_on_path(session, result, caller=caller, doing=doing)
    if result.passed:
        events.emit(session, Event(EventKind.MODULE_PASSED, caller.organisation_id, enrolment.id, result.id, now))
    return result
