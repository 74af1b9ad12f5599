"""Somebody's metro map: how they stand on their lines, and which of their badges hold no more."""

from __future__ import annotations

import json
from datetime import datetime

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.errors import Kind
from issuer_service.issuance.tables import Award, Credential
from issuer_service.metro_map.views import MapView
from issuer_service.metro_map.words import Language
from issuer_service.problem_details import problems
from issuer_service.web.dependencies import CallingToRunMetrolines, Here, Speaking
from issuer_service.web.revalidation import NOT_MODIFIED
from issuer_service.web.texts import Identifier
from issuer_service.workflow.events import EventKind, WorkflowEvent
from issuer_service.workflow.metroline.map_endpoints import ANSWERS, As, answer
from issuer_service.workflow.metroline.maps import map_of_participation
from issuer_service.workflow.metroline.tables import Participation, ReachedOutcome
from issuer_service.workflow.metroline.travelling import participation_of

__all__ = ["personal_map", "router"]

router = APIRouter(prefix="/v1", tags=["metro maps"])


@router.get(
    "/participations/{participation_id}/map",
    response_class=JSONResponse,
    responses={**ANSWERS, **NOT_MODIFIED, **problems(Kind.NOT_FOUND)},
)
def get_personal_map(
    participation_id: Identifier,
    here: Here,
    caller: CallingToRunMetrolines,
    language: Speaking,
    wanted: As,
) -> Response:
    """The lines that somebody travels: what they earned, what was recognised or holds no more, and what comes next."""
    with here.reading_for(caller) as session:
        view = personal_map(session, participation_of(session, participation_id), language, now=here.now())
    return answer(view, wanted)


def personal_map(session: Session, participation: Participation, language: Language, *, now: datetime) -> MapView:
    """The lines that a person travels in one programme, and how they stand on them. Raises as `map_of_lines` does."""
    lapsed = _lapsed_stations(session, participation.enrolment_id, now=now)
    return map_of_participation(session, participation, language, lapsed=lapsed)


def _lapsed_stations(session: Session, enrolment_id: str, *, now: datetime) -> set[str]:
    """The stations of which the badge holds no more: its time is over, or it was revoked."""
    told = session.execute(
        select(ReachedOutcome.about_id, WorkflowEvent.awards)
        .join(WorkflowEvent, WorkflowEvent.evidence_id == ReachedOutcome.id)
        .where(
            WorkflowEvent.enrolment_id == enrolment_id,
            WorkflowEvent.kind == str(EventKind.STATION_OUTCOME_REACHED),
        )
    )
    stations = {award: row.about_id for row in told for award in row.awards.values()}
    badges = session.execute(
        select(Award.id, Award.document, Credential.revoked_at)
        .outerjoin(Credential, Credential.award_id == Award.id)
        .where(Award.id.in_(stations))
    )
    return {stations[row.id] for row in badges if row.revoked_at is not None or _is_over(bytes(row.document), now=now)}


def _is_over(document: bytes, *, now: datetime) -> bool:
    # Of a badge that was erased nothing is left that could be over.
    until = json.loads(document).get("validUntil") if document else None
    return until is not None and datetime.fromisoformat(until) < now
