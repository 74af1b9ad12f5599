"""Where somebody was going who has to sign in first: their browser remembers it, and it is only ever a page of ours.

Whatever says where to go came from outside: a link in a mail, and a cookie. What could lead elsewhere leads nowhere.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote, unquote

from fastapi import Request, Response

from issuer_service.installation import Installation

__all__ = ["forget", "going_to", "own_page", "remember", "way_to_sign_in"]

_COOKIE: Final = "going-to"
_KEPT_FOR: Final = 3600
"""Seconds: as long as it may take somebody to be given a link that signs them in."""
_LONGEST: Final = 500
# A path and a query. Two slashes, and the slashes and signs that browsers read as those, begin another host's address.
_OWN: Final = re.compile(r"/(?!/)[A-Za-z0-9._~/-]*(\?[A-Za-z0-9._~%=&+-]*)?", re.ASCII)
_SIGNING_IN: Final = re.compile(r"/(login|logout)\b")


def own_page(text: str) -> str:
    """A page of ours, as a path; nothing for whatever is not, and for those where people sign in and out."""
    if len(text) > _LONGEST or not _OWN.fullmatch(text) or _SIGNING_IN.match(text):
        return ""
    return text


def way_to_sign_in(request: Request) -> str:
    """The path where somebody signs in, to come back to the page that they asked for."""
    query = request.url.query
    asked = own_page(request.url.path + (f"?{query}" if query else "")) if request.method == "GET" else ""
    return f"/login?to={quote(asked, safe='/')}" if asked else "/login"


def remember(answer: Response, here: Installation, text: str) -> None:
    """Have the browser remember where this person was going, where it is a page of ours."""
    page = own_page(text)
    if page:
        secure = here.base_url.startswith("https://")
        value = quote(page, safe="")
        answer.set_cookie(
            _COOKIE, value, max_age=_KEPT_FOR, path="/login", secure=secure, httponly=True, samesite="lax"
        )


def going_to(request: Request, *, otherwise: str) -> str:
    """Where to go after signing in."""
    return own_page(unquote(request.cookies.get(_COOKIE, ""))) or otherwise


def forget(answer: Response) -> None:
    """They are there."""
    answer.delete_cookie(_COOKIE, path="/login")
