"""Processes drawn, over HTTP: a definition, and a case with where it is."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter, Response
from fastapi.responses import PlainTextResponse
from sqlalchemy import select

from issuer_service.drawing.drawing import FILE_POLICY, Drawing
from issuer_service.errors import Kind
from issuer_service.problem_details import problems
from issuer_service.web.dependencies import CallingToReadCases, Here, Speaking
from issuer_service.web.texts import Identifier
from issuer_service.workflow.process.diagram import draw_process, mermaid
from issuer_service.workflow.process.library import read, row_of
from issuer_service.workflow.process.service import case_of, context_of
from issuer_service.workflow.process.tables import CaseEvent

__all__ = ["router"]

router = APIRouter(prefix="/v1", tags=["processes"], responses=problems(Kind.NOT_FOUND))

_SVG: Final = "image/svg+xml"
_AS_SVG: Final[dict[int | str, dict[str, Any]]] = {200: {"content": {_SVG: {"example": "<svg></svg>"}}}}
_AS_TEXT: Final[dict[int | str, dict[str, Any]]] = {200: {"content": {"text/plain": {"example": "stateDiagram-v2"}}}}


class SvgResponse(Response):
    """A drawing."""

    media_type = _SVG


@router.get("/cases/{case_id}/diagram.svg", response_class=SvgResponse, responses=_AS_SVG)
def get_case_diagram(case_id: Identifier, here: Here, caller: CallingToReadCases, language: Speaking) -> Response:
    """The process as the programme has it, with where the case is and where it has been."""
    with here.reading_for(caller) as session:
        case, definition, _ = case_of(session, case_id, caller)
        passed = set(session.scalars(select(CaseEvent.to).where(CaseEvent.case_id == case.id)))
        settings = context_of(session, case, now=here.now()).settings or None
        return _file(draw_process(definition, language=language, settings=settings, here=case.stage, passed=passed))


@router.get("/process-definitions/{definition_id}/diagram.svg", response_class=SvgResponse, responses=_AS_SVG)
def get_definition_diagram(
    definition_id: Identifier, here: Here, caller: CallingToReadCases, language: Speaking
) -> Response:
    """The whole process, whatever a programme's settings."""
    with here.reading_for(caller) as session:
        row = row_of(session, definition_id, organisation_id=caller.organisation_id)
        return _file(draw_process(read(row), language=language))


@router.get("/process-definitions/{definition_id}/diagram.mmd", response_class=PlainTextResponse, responses=_AS_TEXT)
def get_definition_as_mermaid(
    definition_id: Identifier, here: Here, caller: CallingToReadCases, language: Speaking
) -> str:
    """The whole process as text for Mermaid."""
    with here.reading_for(caller) as session:
        row = row_of(session, definition_id, organisation_id=caller.organisation_id)
        return mermaid(read(row), language=language)


def _file(drawing: Drawing) -> SvgResponse:
    return SvgResponse(drawing.file(), headers={"Content-Security-Policy": FILE_POLICY})
