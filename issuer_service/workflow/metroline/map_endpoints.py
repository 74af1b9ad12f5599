"""The metro map over HTTP: a line with those that it meets, and a company's; as SVG, PNG or data."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
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

__all__ = ["ANSWERS", "As", "In", "Running", "answer", "router"]

router = APIRouter(prefix="/v1", tags=["metro maps"])

Format = Literal["json", "svg", "png", "text"]
As = Annotated[Format, Query(alias="format", description="Data, a picture that scales, a picture of dots, or a list.")]
Running = Annotated[Direction, Query(description="Which way lines run; downwards is for narrow screens.")]
Palette = Literal["colour", "grey"]
In = Annotated[Palette, Query(description="Of a PNG: in colours, or in the greys of print.")]
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
    kind: As = "json",
    direction: Running = Direction.RIGHTWARDS,
    palette: In = "colour",
    if_none_match: IfNoneMatch = None,
) -> Response:
    """A line and the lines that it meets."""
    with here.reading_for(caller) as session:
        view = map_of_lines(session, lines_with(session, line_of(session, metroline_id)), language)
    return answer(view, kind, if_none_match, direction=direction, palette=palette)


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
    kind: As = "json",
    direction: Running = Direction.RIGHTWARDS,
    palette: In = "colour",
    if_none_match: IfNoneMatch = None,
) -> Response:
    """A line, and how many people of a company are where. Of fewer than five no number is told."""
    with here.reading_for(caller) as session:
        view = map_of_company(session, line_of(session, metroline_id), company, language)
    return answer(view, kind, if_none_match, direction=direction, palette=palette)


def answer(
    view: MapView, kind: Format, if_none_match: str | None, *, direction: Direction, palette: Palette
) -> Response:
    """The map as it was asked for. Raises Refused for one that cannot be drawn."""
    try:
        content, media_type = _drawn(view, kind, direction, palette)
    except MapUnfit as unfit:
        raise Refused(str(unfit), field="metroline_id") from unfit
    policy = {"Content-Security-Policy": FILE_POLICY} if kind == "svg" else {}
    # Who asks is known by a key: nobody between keeps it, and the asker asks again each time.
    return tagged(content, media_type, if_none_match, headers={"Cache-Control": "private, no-cache", **policy})


def _drawn(view: MapView, kind: Format, direction: Direction, palette: Palette) -> tuple[bytes, str]:
    match kind:
        case "json":
            return bytes(JSONResponse(as_data(view, direction=direction)).body), "application/json"
        case "svg":
            return draw(view, key="metro-map", direction=direction).file().encode(), "image/svg+xml"
        case "png":
            return draw_png(view, direction=direction, grey=palette == "grey"), "image/png"
        case "text":
            return as_text(view).encode(), "text/plain; charset=utf-8"
