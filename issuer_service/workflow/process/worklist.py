"""The work list: what waits for whom, kept with every step, so that looking at it costs as much as what is shown."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from sqlalchemy import Select, String, bindparam, delete, select, tuple_, update
from sqlalchemy.orm import Session

from issuer_service.clock import Randomness
from issuer_service.people.service import Caller
from issuer_service.persistence.identifiers import random_uuid
from issuer_service.persistence.upsert import columns_of, insert_rows
from issuer_service.workflow.process.definition import Definition
from issuer_service.workflow.process.outlook import waiting
from issuer_service.workflow.process.rules import Context
from issuer_service.workflow.process.state import CaseState
from issuer_service.workflow.process.tables import CaseParty, CaseTask, ProcessCase

__all__ = ["bring_up_to_date", "parties_of", "work_of"]

# With every step these are asked: made once, and past the ORM, of a case that was found by who may see it.
_TASKS: Final = columns_of(CaseTask)
_THEIRS: Final = columns_of(CaseParty)
_PARTIES: Final = select(_THEIRS.c.role, _THEIRS.c.person_id).where(_THEIRS.c.case_id == bindparam("of_case", String))
_KNOWN: Final = select(_TASKS.c.id, _TASKS.c.what, _TASKS.c.role, _TASKS.c.verb, _TASKS.c.person_id).where(
    _TASKS.c.case_id == bindparam("of_case", String)
)
_REMOVE: Final = delete(_TASKS).where(_TASKS.c.id == bindparam("gone", String))
_HAND_OVER: Final = update(_TASKS).where(_TASKS.c.id == bindparam("kept", String)).values(person_id=bindparam("whose"))


def parties_of(session: Session, case_id: str) -> dict[str, str]:
    """Who has which personal role in a case, by role."""
    # All of one case, which are a few. One employer may have a part in thousands.
    return {row.role: row.person_id for row in session.execute(_PARTIES, {"of_case": case_id})}


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
    parties = parties_of(session, case.id)
    known = {(row.what, row.role, row.verb): row for row in session.execute(_KNOWN, {"of_case": case.id})}
    gone = [{"gone": row.id} for key, row in known.items() if key not in wanted]
    if gone:
        session.execute(_REMOVE, gone)
    handed = [
        {"kept": row.id, "whose": parties.get(row.role)}
        for key, row in known.items()
        if key in wanted and row.person_id != parties.get(row.role)
    ]
    if handed:
        session.execute(_HAND_OVER, handed)
    added = [
        {
            "id": random_uuid(randomness),
            "organisation_id": case.organisation_id,
            "case_id": case.id,
            "what": one.what,
            "verb": one.verb,
            "role": one.role,
            "person_id": parties.get(one.role),
            "due_at": one.due_at,
        }
        for key, one in wanted.items()
        if key not in known
    ]
    insert_rows(session, CaseTask, added)


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
