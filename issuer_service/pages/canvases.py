"""The canvases of a line, each a form of its own: what was written last, to be written anew."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select
from starlette.datastructures import FormData

from issuer_service.errors import Refused
from issuer_service.installation import Installation
from issuer_service.pages.assessing_modules import Sent
from issuer_service.pages.line_forms import needed
from issuer_service.pages.line_view import asked_for_canvas
from issuer_service.pages.lines import may_look
from issuer_service.pages.metroline_words import CANVASES
from issuer_service.pages.plain_forms import inputs, lines_of, text_of
from issuer_service.pages.process_words import in_words
from issuer_service.pages.rendering import render
from issuer_service.people.roles import Scope
from issuer_service.web.dependencies import Here, Language, Speaking
from issuer_service.web.sessions import SignedIn, SignedInSending, Visitor
from issuer_service.web.texts import Identifier
from issuer_service.workflow.metroline.canvases import FORMS, CanvasKind, value_proposition_sentence
from issuer_service.workflow.metroline.line_endpoints import acting
from issuer_service.workflow.metroline.lines import line_of, write_canvas
from issuer_service.workflow.metroline.tables import MetrolineCanvas

__all__ = ["router"]

router = APIRouter(prefix="/desk", include_in_schema=False)

_PRIVATE: Final = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}


@router.get("/lines/{metroline_id}/canvases/{kind}")
def canvas_page(
    metroline_id: Identifier, kind: CanvasKind, here: Here, visitor: SignedIn, language: Speaking
) -> Response:
    """A canvas as it was written last, to be written anew."""
    return _page(metroline_id, kind, here, visitor, language)


@router.post("/lines/{metroline_id}/canvases/{kind}")
def write_page(
    metroline_id: Identifier, kind: CanvasKind, here: Here, visitor: SignedInSending, language: Speaking, sent: Sent
) -> Response:
    """Write a canvas; what was written before is kept."""
    visitor.caller.must_have(Scope.METROLINES_WRITE)
    content: dict[str, Any] = {}
    for one in FORMS[kind].fields:
        match one.kind:
            case "text":
                content[one.name] = text_of(sent, one.name) or None
            case "list":
                content[one.name] = lines_of(sent, one.name) or None
            case "yes-no":
                content[one.name] = {"yes": True, "no": False}.get(text_of(sent, one.name))
    try:
        with here.transaction_for(visitor.caller) as session:
            line = line_of(session, metroline_id)
            write_canvas(session, acting(here, visitor.caller), line, kind=kind, content=content)
    except Refused as error:
        amiss = {finding.partition(":")[0] for finding in error.findings}
        return _page(metroline_id, kind, here, visitor, language, sent=sent, amiss=amiss)
    return _to_line(metroline_id, language)


def _page(
    metroline_id: str,
    kind: CanvasKind,
    here: Installation,
    visitor: Visitor,
    language: Language,
    *,
    sent: FormData | None = None,
    amiss: set[str] | None = None,
) -> Response:
    caller = visitor.caller
    may_look(caller)
    with here.reading_for(caller) as session:
        line = line_of(session, metroline_id)
        last = session.scalar(
            select(MetrolineCanvas)
            .where(MetrolineCanvas.metroline_id == line.id, MetrolineCanvas.kind == str(kind))
            .order_by(MetrolineCanvas.number.desc())
            .limit(1)
        )
        content = {} if last is None else last.content
        known = {key: _as_typed(value) for key, value in content.items()}
        problems = needed(amiss or set(), language)
        asked = asked_for_canvas(kind, language)
        is_sentence = kind is CanvasKind.VALUE_PROPOSITION and last is not None
        page = render(
            "canvas.html",
            language,
            status=422 if problems else 200,
            visitor=visitor,
            line=line,
            title=in_words(CANVASES[kind], language),
            kind=str(kind),
            fields=inputs("canvas", asked, language, sent=sent, known=known, problems=problems),
            sentence=value_proposition_sentence(content, language) if is_sentence else "",
            may_write=Scope.METROLINES_WRITE in caller.scopes,
        )
    page.headers.update(_PRIVATE)
    return page


def _as_typed(value: Any) -> str:  # what a canvas holds
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "\n".join(value) if isinstance(value, list) else str(value)


def _to_line(metroline_id: str, language: Language) -> Response:
    answer = RedirectResponse(f"/desk/lines/{metroline_id}?lang={language}", 303)
    answer.headers.update(_PRIVATE)
    return answer
