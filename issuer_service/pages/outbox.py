"""The outbox on pages: what was written to people, what became of it, and how it reads."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy import func, select

from issuer_service.installation import Installation
from issuer_service.notices.outbox import names_of, notice_of, readable, send_again, text_for_staff
from issuer_service.notices.tables import Notice, NoticeState
from issuer_service.pages.desk import Looking, Sending
from issuer_service.people.roles import Scope
from issuer_service.web.texts import Identifier

__all__ = ["router"]

router = APIRouter(prefix="/desk/outbox", include_in_schema=False)

_SHOWN: Final = 100


@router.get("")
def outbox_page(desk: Looking, state: NoticeState | None = None) -> Response:
    """What was written, the newest first."""
    here, caller = desk.here, desk.caller
    caller.must_have(Scope.NOTICES)
    with here.reading_for(caller) as session:
        query = readable(caller, state=state)
        rows = session.scalars(query.order_by(Notice.written_at.desc(), Notice.id.desc()).limit(_SHOWN)).all()
        names = names_of(session, rows)
        return desk.page(
            "outbox.html",
            notices=[_shown(here, row, names[row.person_id]) for row in rows],
            total=session.scalar(select(func.count()).select_from(query.subquery())),
            state=state,
            states=list(NoticeState),
            sends=here.settings.smtp_host is not None,
        )


@router.get("/{notice_id}")
def notice_page(notice_id: Identifier, desk: Looking) -> Response:
    """A notice as it reads."""
    here, caller = desk.here, desk.caller
    caller.must_have(Scope.NOTICES)
    with here.reading_for(caller) as session:
        notice = notice_of(session, notice_id, caller)
        name = names_of(session, [notice])[notice.person_id]
        return desk.page(
            "notice.html",
            notice=_shown(here, notice, name),
            paragraphs=[part.splitlines() for part in text_for_staff(notice).strip().split("\n\n")],
            in_language=notice.language,
            has_calendar=bool(notice.calendar),
            may_send_again=notice.state == NoticeState.GIVEN_UP and bool(notice.body),
        )


@router.post("/{notice_id}/sending")
def send_notice_again(notice_id: Identifier, desk: Sending) -> Response:
    """Try one anew that was given up."""
    here, caller = desk.here, desk.caller
    caller.must_have(Scope.NOTICES)
    with here.transaction_for(caller) as session:
        send_again(session, notice_id, caller=caller, now=here.now())
    return desk.to(f"/desk/outbox/{notice_id}")


def _shown(here: Installation, notice: Notice, name: str) -> dict[str, Any]:
    def local(moment: datetime | None) -> str:
        return "" if moment is None else moment.astimezone(ZoneInfo(here.settings.time_zone)).strftime("%d-%m-%Y %H:%M")

    return {
        "id": notice.id,
        "person": name,
        "subject": notice.subject,
        "purpose": notice.purpose,
        "written": local(notice.written_at),
        "sent": local(notice.sent_at),
        "tried": local(notice.last_tried_at),
        "attempts": notice.attempts,
        "state": notice.state,
        "outcome": notice.last_outcome or "",
    }
