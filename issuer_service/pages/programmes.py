"""Pages of a programme's candidates together: their job market, which people decide, and figures of no few of them."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy import select

from issuer_service.pages.desk import Looking
from issuer_service.pages.process_words import in_words
from issuer_service.people.roles import Role, Scope
from issuer_service.people.tables import Person
from issuer_service.programme.service import programme_of
from issuer_service.web.dependencies import Language
from issuer_service.web.texts import Identifier
from issuer_service.workflow.candidate.definition import CANDIDATE_PATH, candidate_path
from issuer_service.workflow.candidate.job_market import job_market_of
from issuer_service.workflow.cases.figures import FEWEST, figures_of
from issuer_service.workflow.process.definition import Definition
from issuer_service.workflow.process.library import read
from issuer_service.workflow.process.tables import ProcessDefinition

__all__ = ["router"]

router = APIRouter(prefix="/desk/programmes", include_in_schema=False)


@router.get("/{programme_id}/job-market")
def job_market_page(programme_id: Identifier, desk: Looking) -> Response:
    """Who talks with whom, what each side wishes, and a proposal for who goes where. People decide."""
    here, caller = desk.here, desk.caller
    caller.must_have(Scope.CASES_READ)
    caller.must_be(Role.AM_CANDIDATES, Role.AM_COMPANIES, Role.COACH)
    with here.reading_for(caller) as session:
        programme = programme_of(session, programme_id, organisation_id=caller.organisation_id)
        market = job_market_of(session, programme.id, organisation_id=caller.organisation_id)
        everybody = {*market.wished, *market.wanted, *(one for some in market.wished.values() for one in some)}
        everybody |= {one for some in market.wanted.values() for one in some}
        rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(everybody)))
        names = {row.id: row.name for row in rows}
        return desk.page(
            "job_market.html",
            programme=programme.title,
            market=market,
            names=names,
        )


@router.get("/{programme_id}/figures")
def figures_page(programme_id: Identifier, desk: Looking) -> Response:
    """How the candidates of a programme fare as a group."""
    here, caller, language = desk.here, desk.caller, desk.language
    caller.must_have(Scope.PROGRAMMES_READ)
    with here.reading_for(caller) as session:
        programme = programme_of(session, programme_id, organisation_id=caller.organisation_id)
        rows = session.scalars(select(ProcessDefinition).where(ProcessDefinition.name == CANDIDATE_PATH)).all()
        figures = figures_of(
            session, programme.id, organisation_id=caller.organisation_id, process=[row.id for row in rows]
        )
        titles = _titles([candidate_path(), *(read(row) for row in rows)], language)
        return desk.page(
            "figures.html",
            programme=programme.title,
            figures=figures,
            stages=sorted(figures.stages, key=lambda one: titles.get(one.stage, (0, one.stage))[0]),
            titles={key: title for key, (_, title) in titles.items()},
            fewest=FEWEST,
        )


def _titles(definitions: list[Definition], language: Language) -> dict[str, tuple[int, str]]:
    """By key of a stage where it comes on the path, and what it is called."""
    return {
        stage.key: (int(stage.number[1:] or 99), f"{stage.number} {in_words(stage.title, language)}")
        for definition in definitions
        for stage in definition.stages
    }
