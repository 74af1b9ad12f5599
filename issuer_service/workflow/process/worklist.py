"""The work list: what waits for whom, kept with every step, so that looking at it costs as much as what is shown."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Select, delete, select, tuple_
from sqlalchemy.orm import Session

from issuer_service.clock import Randomness
from issuer_service.people.service import Caller
from issuer_service.persistence.identifiers import random_uuid
from issuer_service.workflow.process.definition import Definition
from issuer_service.workflow.process.outlook import waiting
from issuer_service.workflow.process.rules import Context
from issuer_service.workflow.process.state import CaseState
from issuer_service.workflow.process.tables import CaseParty, CaseTask, ProcessCase

__all__ = ["bring_up_to_date", "work_of"]


def bring_up_to_date(
    session: Session,
    case: ProcessCase,
    definition: Definition,
    *,
    context: Context,
    state: CaseState,
    randomness: Randomness,
) -> None:
    """Have in the list what the case waits for now, and nothing else."""
    wanted = {(one.what, one.role, one.verb): one for one in waiting(definition, context, state)}
    session.flush()
    named = session.execute(select(CaseParty.role, CaseParty.person_id).where(CaseParty.case_id == case.id))
    parties = {row.role: row.person_id for row in named}
    rows = session.scalars(select(CaseTask).where(CaseTask.case_id == case.id)).all()
    known = {(row.what, row.role, row.verb): row for row in rows}
    gone = [row.id for key, row in known.items() if key not in wanted]
    if gone:
        session.execute(delete(CaseTask).where(CaseTask.id.in_(gone)))
    for key, one in wanted.items():
        if key in known:
            known[key].person_id = parties.get(one.role)
            continue
        session.add(
            CaseTask(
                id=random_uuid(randomness),
                organisation_id=case.organisation_id,
                case_id=case.id,
                what=one.what,
                verb=one.verb,
                role=one.role,
                person_id=parties.get(one.role),
                due_at=one.due_at,
            )
        )
    session.flush()


def work_of(
    session: Session, caller: Caller, *, personal: frozenset[str], limit: int, after: tuple[datetime, str] | None = None
) -> list[CaseTask]:
    """What waits for this caller, the most urgent first: for their roles, and for themselves in their own cases."""
    queries = [_waiting_for(CaseTask.organisation_id == caller.organisation_id, CaseTask.person_id == caller.person_id)]
    # One for each role: each is a stretch of an index, and of several at once a database would read all to sort them.
    queries += [
        _waiting_for(CaseTask.organisation_id == caller.organisation_id, CaseTask.role == str(role))
        for role in sorted(set(map(str, caller.roles)) - personal)
    ]
    found: list[Iterator[CaseTask]] = []
    for query in queries:
        begun = query if after is None else query.where(tuple_(CaseTask.due_at, CaseTask.id) > tuple_(*after))
        found.append(iter(session.scalars(begun.limit(limit)).all()))
    merged = heapq.merge(*found, key=lambda task: (task.due_at, task.id))
    seen: dict[str, CaseTask] = {}
    for task in merged:
        seen.setdefault(task.id, task)
        if len(seen) == limit:
            break
    return list(seen.values())


def _waiting_for(*conditions: object) -> Select[CaseTask]:
    return select(CaseTask).where(*conditions).order_by(CaseTask.due_at, CaseTask.id)  # type: ignore[arg-type]  # conditions
