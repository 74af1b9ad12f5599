"""Writing ULOs over HTTP: drafts, review, what experts find, publication."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select

from issuer_service.catalogue.authoring import (
    Finding,
    Written,
    change_draft,
    draft_of,
    return_draft,
    submit,
    validate,
    write_draft,
)
from issuer_service.catalogue.bodies import DraftShown, DraftSummary, NewDraft, NewFinding, WrittenDraft
from issuer_service.catalogue.life_cycle import DraftStatus
from issuer_service.catalogue.publication import publish
from issuer_service.catalogue.showing import draft_shown, draft_summary
from issuer_service.catalogue.tables import UloDraft
from issuer_service.errors import Kind
from issuer_service.problem_details import problems
from issuer_service.web.dependencies import (
    CallingToPublishCatalogue,
    CallingToReadCatalogue,
    CallingToValidateCatalogue,
    CallingToWriteCatalogue,
    Here,
    Speaking,
)
from issuer_service.web.idempotency import Asked, RequestKey, once
from issuer_service.web.paging import Page, Paging, page_of
from issuer_service.web.texts import Identifier, Reason

__all__ = ["router"]

router = APIRouter(prefix="/v1/ulo-drafts", tags=["catalogue"])


class Returned(BaseModel):
    """Why a draft goes back to its author."""

    model_config = ConfigDict(extra="forbid")

    reason: Reason = Field(examples=["De verantwoordelijkheid is niet te toetsen"])


@router.get("")
def get_drafts(
    here: Here,
    caller: CallingToReadCatalogue,
    paging: Paging,
    status: Annotated[DraftStatus | None, Query(description="Only those that are so far.")] = None,
) -> Page[DraftSummary]:
    """What your organisation is writing, or has written and published."""
    asked = select(UloDraft) if status is None else select(UloDraft).where(UloDraft.status == str(status))
    with here.reading_for(caller) as session:
        return page_of(
            session,
            asked,
            paging,
            order=[UloDraft.id],
            show=lambda draft: draft_summary(session, draft, base_url=here.base_url),
        )


@router.get("/{draft_id}", responses=problems(Kind.NOT_FOUND))
def get_draft(draft_id: Identifier, here: Here, caller: CallingToReadCatalogue, language: Speaking) -> DraftShown:
    """A draft, with hints for who writes it and what experts found of it."""
    with here.reading_for(caller) as session:
        return draft_shown(session, draft_of(session, draft_id), base_url=here.base_url, language=language)


@router.post("", status_code=201, responses=problems(Kind.CONFLICT, Kind.NOT_FOUND))
def post_draft(
    body: NewDraft, here: Here, caller: CallingToWriteCatalogue, language: Speaking, request_key: RequestKey = None
) -> DraftShown:
    """Begin to write a version of a ULO."""
    with here.transaction_for(caller) as session:

        def make() -> DraftShown:
            draft = write_draft(
                session,
                _written(body),
                qualification_id=body.qualification_id,
                number=body.number,
                version=body.version,
                caller=caller,
                base_url=here.base_url,
                now=here.now(),
                randomness=here.randomness,
            )
            return draft_shown(session, draft, base_url=here.base_url, language=language)

        asked = Asked(request_key, caller, "/v1/ulo-drafts", body)
        return once(session, asked, now=here.now(), answer=DraftShown, make=make)


@router.put("/{draft_id}", responses=problems(Kind.NOT_FOUND))
def put_draft(
    draft_id: Identifier, body: WrittenDraft, here: Here, caller: CallingToWriteCatalogue, language: Speaking
) -> DraftShown:
    """Write a draft anew. What is in review is returned first."""
    with here.transaction_for(caller) as session:
        draft = change_draft(session, draft_id, _written(body), base_url=here.base_url, now=here.now())
        return draft_shown(session, draft, base_url=here.base_url, language=language)


@router.post("/{draft_id}/submission", responses=problems(Kind.NOT_FOUND))
def post_submission(draft_id: Identifier, here: Here, caller: CallingToWriteCatalogue) -> DraftSummary:
    """Lay a draft before reviewers and experts."""
    with here.transaction_for(caller) as session:
        return draft_summary(session, submit(session, draft_id, now=here.now()), base_url=here.base_url)


@router.post("/{draft_id}/return", responses=problems(Kind.NOT_FOUND))
def post_return(draft_id: Identifier, body: Returned, here: Here, caller: CallingToValidateCatalogue) -> DraftSummary:
    """Give a draft back to its author, with the reason."""
    with here.transaction_for(caller) as session:
        return draft_summary(session, return_draft(session, draft_id, reason=body.reason), base_url=here.base_url)


@router.post("/{draft_id}/validations", responses=problems(Kind.NOT_FOUND))
def post_validation(
    draft_id: Identifier, body: NewFinding, here: Here, caller: CallingToValidateCatalogue, language: Speaking
) -> DraftShown:
    """Record what experts found: your own word as an expert, or that of the experts you heard."""
    with here.transaction_for(caller) as session:
        draft = validate(
            session,
            draft_id,
            Finding(body.method, body.held_on, body.agreed, body.notes),
            expert_ids=body.expert_ids,
            caller=caller,
            now=here.now(),
            randomness=here.randomness,
        )
        return draft_shown(session, draft, base_url=here.base_url, language=language)


@router.post("/{draft_id}/publication", responses=problems(Kind.NOT_FOUND, Kind.CONFLICT))
def post_publication(draft_id: Identifier, here: Here, caller: CallingToPublishCatalogue) -> DraftSummary:
    """Publish a validated draft, for everybody and for ever. The version keeps the draft's id."""
    with here.transaction_for(caller) as session:
        publish(session, draft_id, base_url=here.base_url, now=here.now())
        return draft_summary(session, draft_of(session, draft_id), base_url=here.base_url)


def _written(body: WrittenDraft) -> Written:
    return Written(body.content.as_json(), [one.model_dump() for one in body.rubric], body.source)
