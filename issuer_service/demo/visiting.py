"""The start page of the demonstration, on which a newcomer chooses who to be. It is served with nothing else.

Whoever opens it signs in as anybody, without a password. So it is there for an address on this machine alone, and only
where the command line was asked to serve the demonstration.
"""

from __future__ import annotations

from typing import Annotated, Final
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select

from issuer_service.errors import NotAllowed, NotFound
from issuer_service.installation import Installation
from issuer_service.pages.process_words import list_of_roles
from issuer_service.pages.public import home_values
from issuer_service.pages.rendering import render
from issuer_service.people.roles import Role
from issuer_service.people.tables import Membership, Organisation, Person
from issuer_service.web.dependencies import Here, Language, Speaking
from issuer_service.web.sessions import set_cookie, start_session
from issuer_service.web.texts import Identifier

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_SLUG: Final = "voorbeeld-opleider"
_ORDER: Final = {str(role): place for place, role in enumerate(Role)}


@router.get("/")
def start_page(here: Here, language: Speaking) -> Response:
    """Where a newcomer begins: six steps, and who to be."""
    return render("tour.html", language, people=_people(here, language), **home_values(here, language))


@router.post("/demo/sign-in")
def sign_in(here: Here, request: Request, person_id: Annotated[Identifier, Form()]) -> Response:
    """Be somebody of the demonstration."""
    own = urlsplit(here.base_url)
    # A name elsewhere that was made to point at this machine would be another site to a browser, and not to us.
    if request.headers.get("host") != own.netloc or request.headers.get("sec-fetch-site", "none") not in {
        "same-origin",
        "none",
    }:
        raise NotAllowed("this form was sent by another site")
    with here.transaction() as session:
        member = session.scalar(
            select(Membership)
            .join(Organisation, Organisation.id == Membership.organisation_id)
            .where(Membership.person_id == person_id, Organisation.slug == _SLUG)
            .limit(1)
        )
        if member is None:
            raise NotFound("there is nobody like that here")
        token = start_session(session, person_id, member.organisation_id, now=here.now(), randomness=here.randomness)
    answer = RedirectResponse("/work", 303)
    set_cookie(answer, here, token)
    return answer


def _people(here: Installation, language: Language) -> list[tuple[str, str, str]]:
    """Everybody, by role: the id, the name, and what they are."""
    with here.reading() as session:
        rows = session.execute(
            select(Person.id, Person.name, Membership.role)
            .join(Membership, Membership.person_id == Person.id)
            .join(Organisation, Organisation.id == Membership.organisation_id)
            .where(Organisation.slug == _SLUG, Person.erased_at.is_(None))
        ).all()
    roles: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        roles.setdefault((row.id, row.name), []).append(row.role)
    found = sorted(roles.items(), key=lambda one: (min(_ORDER[role] for role in one[1]), one[0][1]))
    return [(key, name, list_of_roles(sorted(held, key=_ORDER.__getitem__), language)) for (key, name), held in found]
