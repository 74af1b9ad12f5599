"""Pages of the metro map: a line for everybody, and a company's for whoever runs lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query
from fastapi.responses import Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.drawing.drawing import FILE_POLICY, Drawing
from issuer_service.errors import NotFound, Refused
from issuer_service.metro_map.network import MapUnfit
from issuer_service.metro_map.sizes import Direction
from issuer_service.metro_map.svg import draw
from issuer_service.metro_map.twin import as_list
from issuer_service.metro_map.views import MapView
from issuer_service.pages.rendering import private, render
from issuer_service.people.roles import Scope
from issuer_service.web.dependencies import Here, Language, Speaking
from issuer_service.web.revalidation import IfNoneMatch, tagged
from issuer_service.web.sessions import SignedIn
from issuer_service.web.texts import Identifier, Named
from issuer_service.workflow.metroline.design import Stage
from issuer_service.workflow.metroline.lines import line_of
from issuer_service.workflow.metroline.maps import lines_with, map_of_company, map_of_lines
from issuer_service.workflow.metroline.tables import Metroline, Participation

__all__ = ["drawn", "router"]

router = APIRouter(include_in_schema=False)

# What is still being designed, or was given up, is nobody else's.
_OFFERED: Final = frozenset(map(str, (Stage.EXECUTING, Stage.VALIDATING, Stage.EVALUATING)))


@dataclass(frozen=True, slots=True)
class Company:
    """The companies of a line, and which of them is shown."""

    all_of_them: list[str]
    chosen: str


@router.get("/lines/{metroline_id}")
def line_page(metroline_id: Identifier, here: Here, language: Speaking) -> Response:
    """A line that is offered, with the lines that it meets."""
    with here.reading() as session:
        view = _offered(session, metroline_id, language)
    return _page(view, language, file=f"/lines/{metroline_id}/map.svg?lang={language}")


@router.get("/lines/{metroline_id}/map.svg")
def line_picture(
    metroline_id: Identifier,
    here: Here,
    language: Speaking,
    direction: Direction = Direction.RIGHTWARDS,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """The same as a picture."""
    with here.reading() as session:
        view = _offered(session, metroline_id, language)
    headers = {"Content-Security-Policy": FILE_POLICY, "Cache-Control": "public, no-cache"}
    return tagged(drawn(view, direction).file().encode(), "image/svg+xml", if_none_match, headers=headers)


@router.get("/desk/lines/{metroline_id}/companies")
def company_page(
    metroline_id: Identifier,
    here: Here,
    visitor: SignedIn,
    language: Speaking,
    company: Annotated[Named | None, Query(description="As it was given when its people were registered.")] = None,
) -> Response:
    """A line, and how many people of a company are where; of the first company, where none is chosen."""
    visitor.caller.must_have(Scope.METROLINES_RUN)
    with here.reading_for(visitor.caller) as session:
        line = line_of(session, metroline_id)
        query = select(Participation.company).where(Participation.metroline_id == line.id, Participation.company != "")
        companies = list(session.scalars(query.distinct().order_by(Participation.company)))
        chosen = company or (companies[0] if companies else "")
        view = map_of_company(session, line, chosen, language)
    page = _page(view, language, visitor=visitor, company=Company(companies, chosen))
    return private(page)


def _offered(session: Session, metroline_id: str, language: Language) -> MapView:
    line = session.get(Metroline, metroline_id)
    if line is None or line.stage not in _OFFERED:
        raise NotFound("there is no such line")
    return map_of_lines(session, [one for one in lines_with(session, line) if one.stage in _OFFERED], language)


def _page(
    view: MapView, language: Language, *, file: str = "", company: Company | None = None, **more: Any
) -> Response:
    return render(
        "metro_map.html",
        language,
        view=view,
        wide=drawn(view, Direction.RIGHTWARDS),
        narrow=drawn(view, Direction.DOWNWARDS),
        twin=as_list(view),
        file=file,
        companies=company.all_of_them if company else [],
        chosen=company.chosen if company else "",
        **more,
    )


def drawn(view: MapView, direction: Direction) -> Drawing:
    """A view as a drawing that runs this way. Raises Refused for what cannot be drawn."""
    try:
        return draw(view, key=f"map-{direction}", direction=direction)
    except MapUnfit as unfit:
        raise Refused(str(unfit), field="metroline_id") from unfit
