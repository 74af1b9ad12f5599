"""A programme's job market: who takes part, who talks with whom, and a proposal for who goes where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.people.roles import Role
from issuer_service.people.tables import Membership, Person
from issuer_service.workflow.candidate.company import company_cases
from issuer_service.workflow.candidate.definition import CANDIDATE_PATH
from issuer_service.workflow.candidate.matching import Proposal, propose, speed_dates
from issuer_service.workflow.process.service import state_of
from issuer_service.workflow.process.tables import ProcessCase, ProcessDefinition

__all__ = ["JobMarket", "job_market_of", "people_to_choose"]

_AT_THE_MARKET: Final = ("job_market", "preferences_given")
_COMING: Final = ("attending", "preferences_given")
_MOST_TO_CHOOSE: Final = 200


@dataclass(frozen=True, slots=True)
class JobMarket:
    """The job market as it stands; people are named by their ids."""

    rounds: tuple[tuple[tuple[str, str], ...], ...]
    proposals: tuple[Proposal, ...]
    without_wishes: tuple[str, ...]
    wished: Mapping[str, Sequence[str]]
    """By candidate the companies that they wish, the most wanted first."""
    wanted: Mapping[str, Sequence[str]]
    """By company the candidates whom it wishes."""
    cases: Mapping[str, str]
    """By candidate the case in which a match is recorded."""


def job_market_of(session: Session, programme_id: str, *, organisation_id: str) -> JobMarket:
    """Speed-dates for everybody who takes part now, and a proposal from the wishes that were recorded."""
    query = (
        select(ProcessCase)
        .join(ProcessDefinition, ProcessDefinition.id == ProcessCase.definition_id)
        .where(
            ProcessDefinition.name == CANDIDATE_PATH,
            ProcessCase.organisation_id == organisation_id,
            ProcessCase.programme_id == programme_id,
            ProcessCase.stage.in_(_AT_THE_MARKET),
        )
        .order_by(ProcessCase.began_at, ProcessCase.id)
    )
    there = session.scalars(query).all()
    candidates = {str(case.person_id): state_of(case) for case in there}
    companies = {
        str(case.person_id): state_of(case)
        for case in company_cases(session, organisation_id=organisation_id, programme_id=programme_id)
        if case.stage in _COMING
    }
    wished = {one: list(state.value("candidate_preferences.employers") or ()) for one, state in candidates.items()}
    wanted = {one: list(state.value("preferences.candidates") or ()) for one, state in companies.items()}
    places = {one: int(state.value("interest.places") or 0) for one, state in companies.items()}
    silent = (*(one for one, some in wished.items() if not some), *(one for one, some in wanted.items() if not some))
    return JobMarket(
        speed_dates(list(candidates), list(companies)),
        propose(wished, wanted, places),
        silent,
        wished,
        wanted,
        {str(case.person_id): case.id for case in there},
    )


def people_to_choose(session: Session, case: ProcessCase, roles: Sequence[str]) -> list[tuple[str, str]]:
    """Whom somebody can be chosen from in a case, by name: whoever is a company; of candidates those at its job market.

    A company reads names of nobody whom it could not have met there.
    """
    query = (
        select(Person.id, Person.name)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.organisation_id == case.organisation_id,
            Membership.role.in_(roles),
            Membership.ended_at.is_(None),
            Person.erased_at.is_(None),
        )
        .distinct()
        .order_by(Person.name, Person.id)
        .limit(_MOST_TO_CHOOSE)
    )
    if Role.CANDIDATE in roles:
        at_the_market = select(ProcessCase.person_id).where(
            ProcessCase.programme_id == case.programme_id, ProcessCase.stage.in_(_AT_THE_MARKET)
        )
        query = query.where(Person.id.in_(at_the_market))
    return [(row.id, row.name) for row in session.execute(query)]
