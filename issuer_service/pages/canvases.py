"""The canvases of a line, each a form of its own: what was written last, to be written anew."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.errors import Refused
from issuer_service.pages.desk import Again, Desk, Looking, Sending, Sent, attempt
from issuer_service.pages.line_forms import Unreadable
from issuer_service.pages.line_view import asked_for_canvas
from issuer_service.pages.lines import may_look
from issuer_service.pages.metroline_words import CANVASES
from issuer_service.pages.plain_forms import lines_of, text_of
from issuer_service.pages.process_words import in_words
from issuer_service.people.roles import Scope
from issuer_service.web.texts import Identifier
from issuer_service.workflow.metroline.canvases import FORMS, CanvasKind, value_proposition_sentence
from issuer_service.workflow.metroline.line_endpoints import acting
from issuer_service.workflow.metroline.lines import line_of, write_canvas
from issuer_service.workflow.metroline.tables import MetrolineCanvas

__all__ = ["router"]

router = APIRouter(prefix="/desk", include_in_schema=False)


@router.get("/lines/{metroline_id}/canvases/{kind}")
def canvas_page(metroline_id: Identifier, kind: CanvasKind, desk: Looking) -> Response:
    """A canvas as it was written last, to be written anew."""
    return _page(metroline_id, kind, desk, Again())


@router.post("/lines/{metroline_id}/canvases/{kind}")
def write_page(metroline_id: Identifier, kind: CanvasKind, desk: Sending, sent: Sent) -> Response:
    """Write a canvas; what was written before is kept."""
    desk.caller.must_have(Scope.METROLINES_WRITE)
    content: dict[str, Any] = {}
    for one in FORMS[kind].fields:
        match one.kind:
            case "text":
                content[one.name] = text_of(sent, one.name) or None
            case "list":
                content[one.name] = lines_of(sent, one.name) or None
            case "yes-no":
                content[one.name] = {"yes": True, "no": False}.get(text_of(sent, one.name))

    def do(session: Session) -> None:
        line = line_of(session, metroline_id)
        try:
            write_canvas(session, acting(desk.here, desk.caller), line, kind=kind, content=content)
        except Refused as error:
            raise Unreadable.to_fill_in(error) from error

    again = attempt(desk, do, form="canvas", sent=sent)
    return desk.to(f"/desk/lines/{metroline_id}") if again is None else _page(metroline_id, kind, desk, again)


def _page(metroline_id: str, kind: CanvasKind, desk: Desk, again: Again) -> Response:
    caller, language = desk.caller, desk.language
    may_look(caller)
    with desk.here.reading_for(caller) as session:
        line = line_of(session, metroline_id)
        last = session.scalar(
            select(MetrolineCanvas)
            .where(MetrolineCanvas.metroline_id == line.id, MetrolineCanvas.kind == str(kind))
            .order_by(MetrolineCanvas.number.desc())
            .limit(1)
        )
        content = {} if last is None else last.content
        known = {key: _as_typed(value) for key, value in content.items()}
        asked = asked_for_canvas(kind, language)
        is_sentence = kind is CanvasKind.VALUE_PROPOSITION and last is not None
        return desk.page(
            "canvas.html",
            status=again.status,
            line=line,
            title=in_words(CANVASES[kind], language),
            kind=str(kind),
            reasons=again.reasons,
            fields=again.inputs("canvas", asked, language, known=known),
            sentence=value_proposition_sentence(content, language) if is_sentence else "",
            may_write=Scope.METROLINES_WRITE in caller.scopes,
        )


def _as_typed(value: Any) -> str:  # what a canvas holds
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "\n".join(value) if isinstance(value, list) else str(value)
