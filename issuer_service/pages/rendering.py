"""Templates, and what every page has: its language, its title, its headers."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from issuer_service.web.dependencies import Language

__all__ = ["STATIC", "private", "render"]

_HERE: Final = Path(__file__).resolve().parent
STATIC: Final = _HERE / "static"
_PRIVATE: Final = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
_Answer = TypeVar("_Answer", bound=Response)

_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(_HERE / "templates"),
    autoescape=select_autoescape(default=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def render(
    template: str, language: Language, *, status: int = 200, vary: str = "", **values: Any
) -> HTMLResponse:  # whatever a template shows
    """A page. In a template `t("Nederlands", "English")` is the text in its language.

    `vary` names the headers by which another page would stand at this address.
    """
    html = _TEMPLATES.get_template(template).render(language=language, t=partial(_choose, language), **values)
    return HTMLResponse(html, status, headers={"Vary": vary} if vary else None)


def private(answer: _Answer) -> _Answer:
    """The answer, as it is for who is signed in: nobody between keeps it, and no search engine finds it."""
    answer.headers.update(_PRIVATE)
    return answer


def _choose(language: Language, dutch: str, english: str) -> str:
    return dutch if language == "nl" else english
