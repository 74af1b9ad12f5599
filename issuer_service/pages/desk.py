"""Pages for who is signed in: who looks and in which language, and a page that is shown again with what was typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from issuer_service.errors import Conflict, Refused
from issuer_service.installation import Installation
from issuer_service.pages.line_forms import Unreadable
from issuer_service.pages.metroline_words import refused_in_words
from issuer_service.pages.plain_forms import Asked, Input, inputs
from issuer_service.pages.process_words import Said
from issuer_service.pages.rendering import private, render
from issuer_service.people.service import Caller
from issuer_service.web.dependencies import Here, Language, Speaking
from issuer_service.web.sessions import SignedIn, SignedInSending, Visitor

__all__ = ["Again", "Desk", "Looking", "Sending", "Sent", "attempt"]


@dataclass(frozen=True, slots=True)
class Desk:
    """Who looks at a page, where, and in which language."""

    here: Installation
    visitor: Visitor
    language: Language

    @property
    def caller(self) -> Caller:
        """In which roles they look."""
        return self.visitor.caller

    def page(self, template: str, *, status: int = 200, **values: Any) -> Response:  # whatever a template shows
        """A page for them."""
        return private(render(template, self.language, status=status, visitor=self.visitor, **values))

    def to(self, address: str, query: str = "") -> Response:
        """Have them go on to another page."""
        return private(RedirectResponse(f"{address}?lang={self.language}{query}", 303))


def _looking(here: Here, visitor: SignedIn, language: Speaking) -> Desk:
    return Desk(here, visitor, language)


def _sending(here: Here, visitor: SignedInSending, language: Speaking) -> Desk:
    return Desk(here, visitor, language)


Looking = Annotated[Desk, Depends(_looking)]
"""Of who looks at a page."""
Sending = Annotated[Desk, Depends(_sending)]
"""Of who sends a form of ours."""


async def _sent_form(request: Request) -> FormData:
    return await request.form()


Sent = Annotated[FormData, Depends(_sent_form)]
"""A form whose fields are said by data, and not by a signature."""


@dataclass(frozen=True, slots=True)
class Again:
    """What was amiss, and what was typed in which form of a page; with nothing said, a page that is shown anew."""

    form: str = ""
    sent: FormData | None = None
    problems: Mapping[str, str] = field(default_factory=dict)
    reasons: Sequence[Said] = ()

    @property
    def status(self) -> int:
        """Of the page: nothing was done, or nothing was asked."""
        return 422 if self.problems or self.reasons else 200

    def inputs(
        self, form: str, asked: Sequence[Asked], language: Language, *, known: Mapping[str, Any] | None = None
    ) -> tuple[Input, ...]:
        """The fields of one of the page's forms: as it was typed where it is this one, or else what is known."""
        if form != self.form:
            return inputs(form, asked, language, known=known)
        return inputs(form, asked, language, sent=self.sent, known=known, problems=self.problems)


def attempt(
    desk: Desk, do: Callable[[Session], object], *, form: str = "", sent: FormData | None = None
) -> Again | None:
    """Do it in one transaction. What was amiss, if anything: then it was not done."""
    try:
        with desk.here.transaction_for(desk.caller) as session:
            do(session)
    except Unreadable as error:
        return Again(form, sent, problems=error.said(desk.language))
    except (Conflict, Refused) as error:
        return Again(form, sent, reasons=refused_in_words(error, desk.language))
    return None
