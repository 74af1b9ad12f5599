"""Direct awards and bulk runs over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Header, Query, Request
from pydantic import BaseModel, Field
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from issuer_service.bulk.requests import Recipients, achievement_of, request_of
from issuer_service.bulk.rows import AwardRow, read_csv, read_json
from issuer_service.bulk.service import Kind, Progress, RowState, begin, progress_of, rows_of, run_of
from issuer_service.bulk.tables import BulkRow
from issuer_service.errors import Kind as ErrorKind
from issuer_service.errors import NotAllowed, Refused
from issuer_service.installation import Installation
from issuer_service.issuance.accept import accept
from issuer_service.issuance.tables import Credential
from issuer_service.people.roles import Role
from issuer_service.people.service import Caller
from issuer_service.people.tables import Person
from issuer_service.problem_details import problems
from issuer_service.web.dependencies import CallingToReadAwards, CallingToWriteAwards, Here
from issuer_service.web.idempotency import Asked, RequestKey, once
from issuer_service.web.paging import Page, Paging, page_of
from issuer_service.web.texts import Identifier

__all__ = ["router"]

router = APIRouter(prefix="/v1", tags=["direct awards and bulk"])

_OWN_ADDRESS: Final = select(Person.email).where(Person.id == bindparam("person_id"))
_CSV: Final = "text/csv"
_JSON: Final = "application/json"


class NewDirectAward(AwardRow):
    """An award by a provider that assesses in a system of its own."""

    approve: bool = Field(default=False, description="Approve it at once. For teachers.")


class DirectAwardMade(BaseModel):
    """What was accepted."""

    award_id: str
    person_id: str
    accepted_at: datetime
    approved_at: datetime | None


class BulkRunShown(BaseModel):
    """A bulk run, and how far it is."""

    id: str
    kind: Kind
    dry_run: bool
    approve: bool
    created_at: datetime
    row_count: int
    rows: dict[RowState, int] = Field(description="How many rows are in each state.")
    signed: int = Field(description="How many badges of its rows are signed.")
    finished: bool


class BulkRowShown(BaseModel):
    """A row, and what became of it."""

    number: int
    state: RowState
    award_id: str | None
    credential_id: str | None
    findings: list[str]


async def _body(request: Request) -> bytes:
    return await request.body()


@router.post("/direct-awards", status_code=201, responses=problems(ErrorKind.CONFLICT, ErrorKind.NOT_FOUND))
def post_direct_award(
    body: NewDirectAward, here: Here, caller: CallingToWriteAwards, request_key: RequestKey = None
) -> DirectAwardMade:
    """Award a badge. The same recipient, achievement and evidence give the same award, however often it is sent."""
    with here.transaction_for(caller) as session:
        asked = Asked(request_key, caller, "/v1/direct-awards", body)
        return once(
            session, asked, now=here.now(), answer=DirectAwardMade, make=lambda: _award(session, body, here, caller)
        )


_MANY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            _JSON: {
                "schema": {"type": "array", "items": {"type": "object"}, "maxItems": 100_000},
                "example": [{"credential_id": "3f1c9c6e-8a54-4f0e-9a53-0c1d7f6b2a10"}],
            },
            _CSV: {"schema": {"type": "string"}, "example": "credential_id\n3f1c9c6e-8a54-4f0e-9a53-0c1d7f6b2a10\n"},
        },
    }
}


@router.post("/bulk-runs", status_code=202, responses=problems(ErrorKind.CONFLICT), openapi_extra=_MANY)
def post_bulk_run(
    here: Here,
    caller: CallingToWriteAwards,
    content: Annotated[bytes, Depends(_body)],
    request_key: Annotated[
        str, Header(alias="Idempotency-Key", min_length=8, max_length=100, pattern=r"^[\x21-\x7e]+$")
    ],
    content_type: Annotated[str, Header(description=f"{_JSON} or {_CSV}", max_length=200)] = _JSON,
    kind: Annotated[Kind, Query(description="What to do with each row.")] = Kind.AWARD,
    dry_run: Annotated[bool, Query(description="Say of each row what would become of it, and do nothing.")] = False,  # noqa: FBT002  # FastAPI calls by name
    approve: Annotated[bool, Query(description="Approve what is accepted. For teachers.")] = False,  # noqa: FBT002  # FastAPI calls by name
    reason: Annotated[str, Query(max_length=500, description="Why, where badges are revoked or made anew.")] = "",
) -> BulkRunShown:
    """Award, revoke or make anew up to 100,000 badges: a row each, in JSON or CSV.

    Answers when the rows are taken in; poll the run for how far it is. The same Idempotency-Key gives the same
    run. A row that is amiss does not stop the others.
    """
    rows = _rows(content, content_type)
    with here.transaction_for(caller) as session:
        run = begin(
            session,
            rows,
            kind=kind,
            key=request_key,
            dry_run=dry_run,
            approve=approve,
            reason=reason.replace("\0", ""),
            caller=caller,
            jobs=here.jobs,
            now=here.now(),
            randomness=here.randomness,
        )
        return _shown(progress_of(session, run))


@router.get("/bulk-runs/{run_id}", responses=problems(ErrorKind.NOT_FOUND))
def get_bulk_run(run_id: Identifier, here: Here, caller: CallingToReadAwards) -> BulkRunShown:
    """How far a run is."""
    with here.reading_for(caller) as session:
        return _shown(progress_of(session, run_of(session, run_id, organisation_id=caller.organisation_id)))


@router.get("/bulk-runs/{run_id}/rows", responses=problems(ErrorKind.NOT_FOUND))
def get_bulk_rows(
    run_id: Identifier, here: Here, caller: CallingToReadAwards, paging: Paging, state: RowState | None = None
) -> Page[BulkRowShown]:
    """What became of each row, or of those in one state."""
    with here.reading_for(caller) as session:
        run_of(session, run_id, organisation_id=caller.organisation_id)
        return page_of(
            session, rows_of(run_id, state), paging, order=[BulkRow.number], show=lambda row: _row_shown(session, row)
        )


def _award(session: Session, body: NewDirectAward, here: Installation, caller: Caller) -> DirectAwardMade:
    if body.approve:
        caller.must_be(Role.TEACHER)
    if body.email == session.scalars(_OWN_ADDRESS, {"person_id": caller.person_id}).one().lower():
        raise NotAllowed("nobody awards a badge to themselves")
    recipients = Recipients.of(session, caller.organisation_id, [body.reference])
    recipient = recipients.ids_of(body, here.randomness)
    recipients.add_new(session, {body.reference}, here.randomness)
    request = request_of(
        body,
        recipient=recipient,
        ulo_version_id=achievement_of(session, body.achievement, base_url=here.base_url),
        organisation_id=caller.organisation_id,
        assessor_id=caller.person_id,
        now=here.now(),
    )
    award = accept(
        session,
        request,
        base_url=here.base_url,
        now=here.now(),
        randomness=here.randomness,
        approver=caller if body.approve else None,
    )
    return DirectAwardMade(
        award_id=award.id, person_id=award.person_id, accepted_at=award.accepted_at, approved_at=award.approved_at
    )


def _rows(content: bytes, content_type: str) -> list[dict[str, Any]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused("not text in UTF-8", field="body") from error
    # PostgreSQL keeps no NUL, also not where a row says something that will be refused.
    if "\0" in text or "\\u0000" in text:
        raise Refused("should have no NUL character", field="body")
    match content_type.partition(";")[0].strip().lower():
        case "text/csv":
            return read_csv(text)
        case "application/json":
            return read_json(text)
        case _:
            raise Refused(f"send {_JSON} or {_CSV}", field="Content-Type")


def _shown(progress: Progress) -> BulkRunShown:
    run = progress.run
    return BulkRunShown(
        id=run.id,
        kind=Kind(run.kind),
        dry_run=run.dry_run,
        approve=run.approve,
        created_at=run.created_at,
        row_count=run.row_count,
        rows=dict(progress.rows),
        signed=progress.signed,
        finished=progress.finished,
    )


def _row_shown(session: Session, row: BulkRow) -> BulkRowShown:
    signed = session.scalar(select(Credential.id).where(Credential.award_id == row.award_id)) if row.award_id else None
    return BulkRowShown(
        number=row.number,
        state=RowState(row.state),
        award_id=row.award_id,
        credential_id=signed,
        findings=row.findings,
    )
