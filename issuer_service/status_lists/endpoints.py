"""Publishing status lists, in the form that each kind of badge points to."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Response

from issuer_service.errors import Kind, NotFound
from issuer_service.problem_details import problems
from issuer_service.status_lists.service import TIME_TO_LIVE
from issuer_service.status_lists.tables import StatusList
from issuer_service.web.dependencies import Here
from issuer_service.web.revalidation import NOT_MODIFIED, IfNoneMatch, tagged
from openbadges_kit.vocabulary import MEDIA_TYPE_VC

__all__ = ["router"]

router = APIRouter(tags=["public"])

# https://datatracker.ietf.org/doc/html/draft-ietf-oauth-status-list-17#section-8.2
MEDIA_TYPE_STATUS_LIST_JWT: Final = "application/statuslist+jwt"
_ANSWERS: Final = {**NOT_MODIFIED, **problems(Kind.NOT_FOUND)}


@router.get("/status/{status_list_id}", response_class=Response, responses=_ANSWERS)
def get_status_list(status_list_id: str, here: Here, if_none_match: IfNoneMatch = None) -> Response:
    """A signed status list. It is the same for everybody, so that asking tells nothing about a badge."""
    with here.reading() as session:
        found = session.get(StatusList, status_list_id)
    if found is None or found.published is None:
        raise NotFound("there is no such status list")
    return _cached(found.published, MEDIA_TYPE_VC, if_none_match)


@router.get("/status/{status_list_id}/token", response_class=Response, responses=_ANSWERS)
def get_status_list_token(status_list_id: str, here: Here, if_none_match: IfNoneMatch = None) -> Response:
    """The same list as a token, for badges that are tokens."""
    with here.reading() as session:
        found = session.get(StatusList, status_list_id)
    if found is None or found.published_token is None:
        raise NotFound("there is no such status list")
    return _cached(found.published_token.encode(), MEDIA_TYPE_STATUS_LIST_JWT, if_none_match)


def _cached(content: bytes, media_type: str, if_none_match: str | None) -> Response:
    headers = {"Cache-Control": f"public, max-age={TIME_TO_LIVE.seconds}", "Access-Control-Allow-Origin": "*"}
    return tagged(content, media_type, if_none_match, headers=headers)
