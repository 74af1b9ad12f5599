"""The audit trail over HTTP, for whoever looks after an organisation and after the rights of its people."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from sqlalchemy import select

from issuer_service.audit.events import AuditEvent
from issuer_service.audit.tables import AuditEntry, AuditHead
from issuer_service.audit.trail import GENESIS
from issuer_service.web.dependencies import CallingToReadAudit, Here
from issuer_service.web.paging import Page, Paging, page_of

__all__ = ["router"]

router = APIRouter(prefix="/v1/audit", tags=["audit"])


class EntryShown(BaseModel):
    """Something that was done. `sha256` covers all of it and the entry before; the how-to says how to check it."""

    number: int
    at: datetime
    event: AuditEvent
    actor_id: str | None = Field(description="Who did it; null for the service itself.")
    about: str = Field(description="The id of what it was done to, or of the chunk that it was done to.")
    details: dict[str, Any]
    previous_sha256: str
    sha256: str


class HeadShown(BaseModel):
    """Where the trail ends. Kept elsewhere, it shows later that nothing was cut off."""

    number: int
    sha256: str


@router.get("")
def get_audit(
    here: Here,
    caller: CallingToReadAudit,
    paging: Paging,
    about: Annotated[
        str, Query(max_length=80, pattern=r"^[0-9a-z:-]*$", description="Only what was done to this.")
    ] = "",
) -> Page[EntryShown]:
    """What was done in your organisation, in the order in which it was."""
    statement = select(AuditEntry)
    if about:
        statement = statement.where(AuditEntry.about == about)
    with here.reading_for(caller) as session:
        return page_of(session, statement, paging, order=[AuditEntry.number], show=_shown)


@router.get("/head")
def get_audit_head(here: Here, caller: CallingToReadAudit) -> HeadShown:
    """The last entry's number and hash."""
    with here.reading_for(caller) as session:
        head = session.get(AuditHead, caller.organisation_id)
        return HeadShown(number=head.number, sha256=head.sha256) if head else HeadShown(number=0, sha256=GENESIS)


def _shown(entry: AuditEntry) -> EntryShown:
    return EntryShown(
        number=entry.number,
        at=entry.at,
        event=AuditEvent(entry.event),
        actor_id=entry.actor_id,
        about=entry.about,
        details=json.loads(entry.details),
        previous_sha256=entry.previous_sha256,
        sha256=entry.sha256,
    )
