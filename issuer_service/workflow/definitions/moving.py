"""Moving the cases of one version of a definition to another: planned, tried without doing it, and then done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.audit.events import AuditEvent
from issuer_service.audit.trail import record
from issuer_service.errors import Refused
from issuer_service.people.service import Caller
from issuer_service.workflow.process.library import read
from issuer_service.workflow.process.migrating import migrate, unmapped
from issuer_service.workflow.process.reducer import Actor, Refusal
from issuer_service.workflow.process.service import Doing, context_of, put_down, state_of
from issuer_service.workflow.process.tables import ProcessCase, ProcessDefinition

__all__ = ["Moved", "move_cases"]

_ROLE: Final = "administrator"


@dataclass(frozen=True, slots=True)
class Moved:
    """How many cases were moved from which stage to which, and how many are left for a next time."""

    by_stage: Mapping[tuple[str, str], int]
    left: int


def move_cases(
    session: Session,
    old: ProcessDefinition,
    new: ProcessDefinition,
    stages: Mapping[str, str],
    *,
    caller: Caller,
    doing: Doing,
    at_most: int,
    rehearse: bool,
) -> Moved:
    """Have cases that are under way go on under another version, `at_most` so many at once.

    Raises Refused for definitions of two processes, and with every stage that has no place in the new version.
    """
    before, after = read(old), read(new)
    if before.name != after.name or old.id == new.id:
        raise Refused("give another version of the same process", field="to_definition_id")
    amiss = unmapped(before, after, stages)
    if amiss:
        raise Refused("say of each stage where its cases go on", field="stages", findings=amiss)
    query = (
        select(ProcessCase)
        .where(ProcessCase.definition_id == old.id, ProcessCase.ended_at.is_(None))
        .order_by(ProcessCase.id)
    )
    cases = session.scalars(query).all() if rehearse else session.scalars(query.limit(at_most + 1)).all()
    now_moved = cases if rehearse else cases[:at_most]
    counted = Counter((case.stage, stages.get(case.stage, case.stage)) for case in now_moved)
    if not rehearse:
        for case in now_moved:
            actor = Actor(caller.person_id, frozenset({_ROLE}))
            taken = migrate(after, state_of(case), stages, actor, role=_ROLE, now=doing.now)
            if isinstance(taken, Refusal):
                raise Refused("this case cannot be moved", field="stages", findings=taken.why)
            case.definition_id = new.id
            context = context_of(session, case, now=doing.now)
            put_down(session, case, after, taken, context=context, doing=doing)
        record(
            session,
            AuditEvent.CASES_MOVED,
            about=new.id,
            organisation_id=caller.organisation_id,
            details={"from": old.id, "cases": len(now_moved)},
        )
    return Moved(dict(counted), len(cases) - len(now_moved))
