"""The company's side of the job market: from invited to taking part, and the agreement that it signs."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.people.service import Caller, person_of
from issuer_service.programme.service import programme_of
from issuer_service.workflow.candidate.definition import COMPANY_PATH, company_path
from issuer_service.workflow.process.library import definition_of, latest
from issuer_service.workflow.process.rules import is_done
from issuer_service.workflow.process.service import Doing, begin_case, state_of
from issuer_service.workflow.process.tables import ProcessCase, ProcessDefinition

__all__ = ["AGREEMENT", "begin_company_path", "company_cases", "has_agreed"]

AGREEMENT: Final = "agreement"
"""The task in which a company and the campus sign what taking part means."""


def begin_company_path(
    session: Session, *, programme_id: str, person_id: str, caller: Caller, doing: Doing
) -> ProcessCase:
    """A company is invited; `person_id` is who speaks for it. Raises NotFound and Conflict as `begin_path` does."""
    programme = programme_of(session, programme_id, organisation_id=caller.organisation_id)
    person = person_of(session, person_id, organisation_id=caller.organisation_id)
    row = latest(
        session, company_path(), organisation_id=caller.organisation_id, now=doing.now, randomness=doing.randomness
    )
    return begin_case(session, row, caller=caller, doing=doing, programme_id=programme.id, person_id=person.id)


def company_cases(session: Session, *, organisation_id: str, programme_id: str | None = None) -> list[ProcessCase]:
    """The paths of companies, of a programme or of all."""
    query = (
        select(ProcessCase)
        .join(ProcessDefinition, ProcessDefinition.id == ProcessCase.definition_id)
        .where(ProcessDefinition.name == COMPANY_PATH, ProcessCase.organisation_id == organisation_id)
        .order_by(ProcessCase.id)
    )
    if programme_id is not None:
        query = query.where(ProcessCase.programme_id == programme_id)
    return list(session.scalars(query))


def has_agreed(session: Session, person_id: str, *, organisation_id: str) -> bool:
    """Whether the company that this person speaks for signed the agreement, for any programme."""
    cases = session.scalars(
        select(ProcessCase)
        .join(ProcessDefinition, ProcessDefinition.id == ProcessCase.definition_id)
        .where(
            ProcessDefinition.name == COMPANY_PATH,
            ProcessCase.organisation_id == organisation_id,
            ProcessCase.person_id == person_id,
        )
    )
    return any(is_done(definition_of(session, case).task_by_key[AGREEMENT], state_of(case)) for case in cases)
