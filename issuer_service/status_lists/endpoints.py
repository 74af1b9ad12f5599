"""Publishing status lists."""

from __future__ import annotations

import hashlib
from typing import Annotated

from fastapi import APIRouter, Header, Response

from issuer_service.errors import Kind, NotFound
from issuer_service.problem_details import problems
from issuer_service.status_lists.tables import StatusList
from issuer_service.web.dependencies import Here
from openbadges_kit.vocabulary import MEDIA_TYPE_VC

__all__ = ["router"]

router = APIRouter(tags=["public"])


@router.get("/status/{status_list_id}", response_class=Response, responses=problems(Kind.NOT_FOUND))
def get_status_list(status_list_id: str, here: Here, if_none_match: Annotated[str | None, Header()] = None) -> Response:
    """A signed status list. It is the same for everybody, so that asking tells nothing about a badge."""
    with here.reading() as session:
        found = session.get(StatusList, status_list_id)
    if found is None or found.published is None:
        raise NotFound("there is no such status list")
    etag = f'"{hashlib.sha256(found.published).hexdigest()[:32]}"'
    # A revocation is to be seen within a minute, so nobody keeps a list longer than half of one.
    headers = {"ETag": etag, "Cache-Control": "public, max-age=30", "Access-Control-Allow-Origin": "*"}
    if if_none_match == etag:
        return Response(status_code=304, headers=headers)
    return Response(found.published, media_type=MEDIA_TYPE_VC, headers=headers)
