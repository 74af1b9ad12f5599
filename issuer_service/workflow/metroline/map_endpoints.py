"""The metro map over HTTP: a line with those that it meets, and a company's; as SVG, PNG or data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse, Response

from issuer_service.drawing.drawing import FILE_POLICY
from issuer_service.errors import Kind, Refused
from issuer_service.metro_map.data import as_data
from issuer_service.metro_map.network import MapUnfit
from issuer_service.metro_map.png import draw_png
from issuer_service.metro_map.sizes import Direction
from issuer_service.metro_map.svg import draw
from issuer_service.metro_map.twin import as_text
from issuer_service.metro_map.views import MapView
from issuer_service.problem_details import problems
from issuer_service.web.dependencies import CallingToReadProgrammes, CallingToRunMetrolines, Here, Speaking
from issuer_service.web.revalidation import NOT_MODIFIED, IfNoneMatch, tagged
from issuer_service.web.texts import Identifier, Named
from issuer_service.workflow.metroline.lines import line_of
from issuer_service.workflow.metroline.maps import lines_with, map_of_company, map_of_lines

__all__ = ["ANSWERS", "As", "answer", "router"]

router = APIRouter(prefix="/v1", tags=["metro maps"])

Format = Literal["json", "svg", "png", "text"]
Palette = Literal["colour", "grey"]
ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The map.",
        "content": {
            "application/json": {"example": {"title": "Ons wagenpark op waterstof", "lines": [], "stations": []}},
            "image/svg+xml": {},
            "image/png": {},
            "text/plain": {},
        },
    }
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """As what somebody asks for a map, and which one they have."""

    format: Format
    direction: Direction
    palette: Palette
    if_none_match: str | None


def _wanted(
    format: Annotated[  # noqa: A002  # as the query has it
        Format, Query(description="Data, a picture that scales, a picture of dots, or a list.")
    ] = "json",
    direction: Annotated[
        Direction, Query(description="Which way lines run; downwards is for narrow screens.")
    ] = Direction.RIGHTWARDS,
    palette: Annotated[Palette, Query(description="Of a PNG: in colours, or in the greys of print.")] = "colour",
    if_none_match: IfNoneMatch = None,
) -> Wanted:
    return Wanted(format, direction, palette, if_none_match)


As = Annotated[Wanted, Depends(_wanted)]


@router.get(
    "/metrolines/{metroline_id}/map",
    response_class=JSONResponse,
    responses={**ANSWERS, **NOT_MODIFIED, **problems(Kind.NOT_FOUND)},
)
def get_line_map(
    metroline_id: Identifier,
    here: Here,
    caller: CallingToReadProgrammes,
    language: Speaking,
    wanted: As,
) -> Response:
    """A line and the lines that it meets."""
    with here.reading_for(caller) as session:
        view = map_of_lines(session, lines_with(session, line_of(session, metroline_id)), language)
    return answer(view, wanted)


@router.get(
    "/metrolines/{metroline_id}/company-map",
    response_class=JSONResponse,
    responses={**ANSWERS, **NOT_MODIFIED, **problems(Kind.NOT_FOUND)},
)
def get_company_map(
    metroline_id: Identifier,
    here: Here,
    caller: CallingToRunMetrolines,
    language: Speaking,
    company: Annotated[Named, Query(description="As it was given when its people were registered.")],
    wanted: As,
) -> Response:
    """A line, and how many people of a company are where. Of fewer than five no number is told."""
    with here.reading_for(caller) as session:
        view = map_of_company(session, line_of(session, metroline_id), company, language)
    return answer(view, wanted)


def answer(view: MapView, wanted: Wanted) -> Response:
    """The map as it was asked for. Raises Refused for one that cannot be drawn."""
    try:
        content, media_type = _drawn(view, wanted)
    except MapUnfit as unfit:
        raise Refused(str(unfit), field="metroline_id") from unfit
    policy = {"Content-Security-Policy": FILE_POLICY} if wanted.format == "svg" else {}
    # Who asks is known by a key: nobody between keeps it, and the asker asks again each time.
    return tagged(content, media_type, wanted.if_none_match, headers={"Cache-Control": "private, no-cache", **policy})


def _drawn(view: MapView, wanted: Wanted) -> tuple[bytes, str]:
    match wanted.format:
        case "json":
            return bytes(JSONResponse(as_data(view, direction=wanted.direction)).body), "application/json"
        case "svg":
            return draw(view, key="metro-map", direction=wanted.direction).file().encode(), "image/svg+xml"
        case "png":
            return draw_png(view, direction=wanted.direction, grey=wanted.palette == "grey"), "image/png"
        case "text":
            return as_text(view).encode(), "text/plain; charset=utf-8"
