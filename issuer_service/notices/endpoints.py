"""The outbox over HTTP: who was written to, why, and what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from issuer_service.errors import Kind
from issuer_service.notices.outbox import names_of, notice_of, readable, send_again, text_for_staff
from issuer_service.notices.tables import Notice, NoticeState
from issuer_service.problem_details import problems
from issuer_service.web.dependencies import CallingToReadNotices, Here
from issuer_service.web.paging import Page, Paging, page_of
from issuer_service.web.texts import Identifier

__all__ = ["router"]

router = APIRouter(prefix="/v1/notices", tags=["notices"])


class NoticeShown(BaseModel):
    """A notice, without its text."""

    id: str
    person_id: str
    person: str = Field(description="The name of whom it is for.", examples=["Sanne Voorbeeld"])
    purpose: str = Field(examples=["run-announced"])
    about_id: str
    language: str
    subject: str = Field(examples=["Meten aan een cel: dinsdag 1 december 2026, 09:00 tot 13:00 uur"])
    state: NoticeState = Field(description="`waiting` is also what is only read here, where no mail server is set.")
    written_at: datetime
    attempts: int = Field(examples=[1])
    last_tried_at: datetime | None
    last_outcome: str | None = Field(examples=["refused: 550 no such user"])
    sent_at: datetime | None

    @classmethod
    def of(cls, notice: Notice, name: str) -> NoticeShown:
        """As it is shown."""
        return cls.model_validate({**_columns(notice), "person": name})


class NoticeRead(NoticeShown):
    """A notice, with its text. A link that is for one person is cut short."""

    body: str
    calendar: str = Field(description="The calendar file that goes with it; empty where there is none.", examples=[""])


@router.get("")
def get_notices(
    here: Here,
    caller: CallingToReadNotices,
    paging: Paging,
    state: Annotated[NoticeState | None, Query(description="Only those that are so.")] = None,
    person_id: Annotated[Identifier | None, Query(description="Only those to this person.")] = None,
) -> Page[NoticeShown]:
    """What your organisation wrote to people, the newest first; of what your roles may read."""
    with here.reading_for(caller) as session:
        found = page_of(
            session,
            readable(caller, state=state, person_id=person_id),
            paging,
            order=[Notice.written_at, Notice.id],
            show=lambda notice: notice,
            newest_first=True,
        )
        names = names_of(session, found.items)
        return Page(items=[NoticeShown.of(one, names[one.person_id]) for one in found.items], next=found.next)


@router.get("/{notice_id}", responses=problems(Kind.NOT_FOUND))
def get_notice(notice_id: Identifier, here: Here, caller: CallingToReadNotices) -> NoticeRead:
    """A notice, with its text."""
    with here.reading_for(caller) as session:
        notice = notice_of(session, notice_id, caller)
        values = {"person": names_of(session, [notice])[notice.person_id], "body": text_for_staff(notice)}
        return NoticeRead.model_validate({**_columns(notice), **values})


@router.post("/{notice_id}/sending", responses=problems(Kind.NOT_FOUND, Kind.CONFLICT))
def post_sending(notice_id: Identifier, here: Here, caller: CallingToReadNotices) -> NoticeShown:
    """Try a notice anew that was given up: when its address was corrected, or the mail server mended."""
    with here.transaction_for(caller) as session:
        notice = send_again(session, notice_id, caller=caller, now=here.now())
        return NoticeShown.of(notice, names_of(session, [notice])[notice.person_id])


def _columns(notice: Notice) -> dict[str, object]:
    return {attribute.key: getattr(notice, attribute.key) for attribute in Notice.__mapper__.column_attrs}
