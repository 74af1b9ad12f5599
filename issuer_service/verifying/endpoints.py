"""Verification over HTTP."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body
from pydantic import BaseModel, ConfigDict, Field

from issuer_service.verifying.service import verify_badge
from issuer_service.web.dependencies import Here, Speaking
from openbadges_kit.documents import dump_json

__all__ = ["router"]

router = APIRouter(prefix="/v1", tags=["public"])


class ToVerify(BaseModel):
    """A badge: the JSON object, or the text of a JWT."""

    model_config = ConfigDict(extra="forbid")

    badge: dict[str, Any] | str = Field(
        description="The badge as a JSON object, or as a compact JWT.", examples=["eyJhbGciOiJFUzI1NiJ9.e30.c2ln"]
    )


class Found(BaseModel):
    """One thing that was found."""

    code: str
    type: str
    path: str
    details: dict[str, str]
    sentence: str


class Checked(BaseModel):
    """The answer of one check."""

    check: str
    outcome: str
    findings: list[Found]


class VerificationReport(BaseModel):
    """What verification found. A badge that does not verify is an answer too, and not an error."""

    verified: bool
    verdict: str
    summary: str
    results: list[Checked]


@router.post("/verifications")
def post_verification(body: Annotated[ToVerify, Body()], here: Here, language: Speaking) -> VerificationReport:
    """Verify a badge. Open to everybody; nothing is kept of it."""
    received = body.badge if isinstance(body.badge, str) else dump_json(body.badge)
    return VerificationReport.model_validate(verify_badge(received, here=here).to_json(language))
