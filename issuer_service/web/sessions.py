"""Who is signed in on the pages: a cookie that only our pages get, and forms that only our pages can send.

The API takes no cookies, so that a page elsewhere can make nobody's browser call it.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Final

from fastapi import Depends, Form, Request, Response
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from issuer_service.audit.events import AuditEvent
from issuer_service.audit.trail import record
from issuer_service.clock import Randomness
from issuer_service.errors import NotAllowed, NotKnown
from issuer_service.installation import Installation
from issuer_service.people.keys import hash_of
from issuer_service.people.service import Caller
from issuer_service.people.tables import LoginLink, Membership, Person, WebSession
from issuer_service.web.authentication import caller_at
from issuer_service.web.dependencies import Here

__all__ = [
    "SignedIn",
    "SignedInSending",
    "clear_cookie",
    "end_session",
    "make_login_link",
    "set_cookie",
    "start_session",
    "use_login_link",
]

_LIFETIME: Final = timedelta(hours=10)
_LINK_LIFETIME: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who is signed in, and the text by which a form is known to be of our page."""

    caller: Caller
    csrf: str
    token: str


def start_session(
    session: Session, person_id: str, organisation_id: str, *, now: datetime, randomness: Randomness
) -> str:
    """Sign somebody in. Gives the token for their cookie; sessions that ended are forgotten on the way."""
    session.execute(delete(WebSession).where(WebSession.expires_at <= now))
    token = randomness(32).hex()
    session.add(
        WebSession(
            token_sha256=hash_of(token),
            person_id=person_id,
            organisation_id=organisation_id,
            expires_at=now + _LIFETIME,
        )
    )
    record(session, AuditEvent.SIGNED_IN, organisation_id=organisation_id, actor_id=person_id)
    return token


def end_session(session: Session, token: str) -> None:
    """Sign somebody out."""
    row = session.get(WebSession, hash_of(token))
    if row is not None:
        record(session, AuditEvent.SIGNED_OUT, organisation_id=row.organisation_id, actor_id=row.person_id)
    session.execute(delete(WebSession).where(WebSession.token_sha256 == hash_of(token)))


def set_cookie(response: Response, here: Installation, token: str) -> None:
    """Give the browser its cookie: not for scripts, not for other sites, and over https alone."""
    response.set_cookie(
        _cookie_name(here),
        token,
        max_age=int(_LIFETIME.total_seconds()),
        path="/",
        secure=_is_secure(here),
        httponly=True,
        samesite="lax",
    )


def clear_cookie(response: Response, here: Installation) -> None:
    """Take the cookie back."""
    response.delete_cookie(_cookie_name(here), path="/", secure=_is_secure(here), httponly=True, samesite="lax")


def make_login_link(session: Session, person_id: str, *, now: datetime, randomness: Randomness) -> str:
    """The last part of a link that signs this person in, once, within a quarter of an hour."""
    token = randomness(24).hex()
    session.add(LoginLink(token_sha256=hash_of(token), person_id=person_id, expires_at=now + _LINK_LIFETIME))
    organisations = select(Membership.organisation_id).where(Membership.person_id == person_id).distinct()
    for organisation_id in session.scalars(organisations):
        record(session, AuditEvent.LOGIN_LINK_MADE, about=person_id, organisation_id=organisation_id)
    return token


def use_login_link(session: Session, token: str, *, now: datetime) -> tuple[str, str]:
    """The person a link signs in, and one of their organisations. Raises NotKnown for one that was used or ended."""
    link = session.scalars(
        select(LoginLink).where(LoginLink.token_sha256 == hash_of(token)).with_for_update()
    ).one_or_none()
    if link is None or link.used_at is not None or link.expires_at <= now:
        raise NotKnown("this link was used before, or has ended")
    link.used_at = now
    organisation_id = session.scalar(
        select(Membership.organisation_id).where(Membership.person_id == link.person_id).limit(1)
    )
    if organisation_id is None:
        raise NotKnown("this person has no role here")
    return link.person_id, organisation_id


def organisations_of(session: Session, person_id: str) -> list[tuple[str, str]]:
    """Where else this person could be signed in: by their address, the person's and the organisation's id."""
    email = session.get_one(Person, person_id).email
    rows = session.execute(
        select(Membership.person_id, Membership.organisation_id)
        .join(Person, Person.id == Membership.person_id)
        .where(Person.email == email)
        .distinct()
    )
    return [(row.person_id, row.organisation_id) for row in rows]


def _visitor(here: Here, request: Request) -> Visitor:
    token = request.cookies.get(_cookie_name(here))
    if token is None:
        raise NotKnown("sign in first")
    with here.reading() as session:
        row = session.get(WebSession, hash_of(token))
        if row is None or row.expires_at <= here.now():
            raise NotKnown("sign in again: this session has ended")
        # Looked up each time: a role that was taken away is gone at once.
        caller = caller_at(session, [row.person_id], row.organisation_id)
    if caller is None:
        raise NotKnown("you have no role here any more")
    return Visitor(caller, _csrf(here, token), token)


SignedIn = Annotated[Visitor, Depends(_visitor)]
"""Somebody who looks at a page."""


def _sending(request: Request, visitor: SignedIn, csrf: Annotated[str, Form(max_length=200)] = "") -> Visitor:
    # Two locks: what browsers say of where a request comes from, and a text that only our page could know.
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise NotAllowed("this form was sent by another site")
    if not hmac.compare_digest(csrf.encode(), visitor.csrf.encode()):
        raise NotAllowed("this form is not of this page; open the page again")
    return visitor


SignedInSending = Annotated[Visitor, Depends(_sending)]
"""Somebody who sends a form of ours."""


def _csrf(here: Installation, token: str) -> str:
    key = hashlib.sha256(b"forms|" + here.settings.secret.get_secret_value().encode()).digest()
    return hmac.digest(key, token.encode(), "sha256").hex()


def _is_secure(here: Installation) -> bool:
    return here.base_url.startswith("https://")


def _cookie_name(here: Installation) -> str:
    # `__Host-` has the browser refuse it from a neighbouring host name, and needs https.
    return "__Host-session" if _is_secure(here) else "session"
