"""What drawings need from the pages around them."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from issuer_service.drawing.style import STYLESHEET

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


@router.get("/static/drawing.css")
def stylesheet() -> Response:
    """How drawings look: the same text that stands in a drawing that is a file of its own."""
    return Response(STYLESHEET, media_type="text/css", headers={"Cache-Control": "public, max-age=3600"})
