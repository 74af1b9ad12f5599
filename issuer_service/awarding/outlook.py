"""What would be awarded for what, and why not; and what was awarded for what happened to somebody."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.awarding.metroline import METROLINE_EVENTS
from issuer_service.awarding.moments import moments_of, other_moment, other_moment_to_come
from issuer_service.awarding.rules import NO_OTHER, RULES, OtherMoment, Rule
from issuer_service.programme.service import settings_of
from issuer_service.programme.settings import ProgrammeSettings
from issuer_service.programme.tables import Enrolment
from issuer_service.workflow.events import WorkflowEvent
from issuer_service.workflow.process.tables import ProcessCase

__all__ = ["Line", "LineWithAward", "lines_of_case", "lines_of_enrolment", "lines_of_programme"]


class Line(BaseModel):
    """One line of the table, as a programme has it."""

    event: str = Field(examples=["ModulePassed"])
    what: str = Field(examples=["module"])
    description: str
    awards: bool
    why_not: str | None = Field(examples=[None])
    ulo_version_id: str | None = Field(
        description="What is awarded; null where that is what the event is about, as a module's ULO is."
    )


class LineWithAward(Line):
    """The line for something that happened to somebody, or has not happened yet."""

    happened_at: datetime | None
    evidence_id: str | None
    award_id: str | None = Field(description="What was awarded for it. A second telling leads to the same.")
    refused: str | None = Field(None, description="Why it could not be awarded, where that was tried.")
    again_at: datetime | None = Field(None, description="When it is tried again; telling it again tries it at once.")


def lines_of_programme(session: Session, programme_id: str) -> list[Line]:
    """Every line of the table, with the reason where the programme does not award it."""
    settings = settings_of(session, programme_id)
    return [Line(**_line(rule, settings)) for rule in RULES]


def lines_of_case(session: Session, case: ProcessCase) -> list[LineWithAward]:
    """What happened in a case with what was awarded for it, and what would be awarded for what has not happened."""
    if case.programme_id is None:
        return []
    return _lines(session, case.programme_id, case.enrolment_id, case.id)


def lines_of_enrolment(session: Session, enrolment: Enrolment) -> list[LineWithAward]:
    """As `lines_of_case`, of all that happens to an enrolment: on a path, and along metrolines."""
    path = session.scalar(
        select(ProcessCase.id)
        .where(ProcessCase.enrolment_id == enrolment.id)
        .order_by(ProcessCase.ended_at.is_not(None), ProcessCase.began_at.desc(), ProcessCase.id)
        .limit(1)
    )
    return _lines(session, enrolment.programme_id, enrolment.id, path)


def _lines(session: Session, programme_id: str, enrolment_id: str | None, case_id: str | None) -> list[LineWithAward]:
    settings = settings_of(session, programme_id)
    moments = moments_of(session, enrolment_id) if enrolment_id is not None else ()
    query = select(WorkflowEvent).where(WorkflowEvent.enrolment_id == enrolment_id).order_by(WorkflowEvent.id)
    happened = list(session.scalars(query)) if enrolment_id is not None else []
    lines = []
    for rule in RULES:
        told = [event for event in happened if event.kind == rule.event]
        if not told and rule.event not in METROLINE_EVENTS:
            to_come = other_moment_to_come(moments, case_id) if case_id is not None else NO_OTHER
            line = _line(rule, settings, to_come)
            lines.append(LineWithAward(**line, happened_at=None, evidence_id=None, award_id=None))
        lines += [
            LineWithAward(
                **_line(rule, settings, other_moment(moments, event.id), awarded=rule.key in event.awards),
                happened_at=event.occurred_at,
                evidence_id=event.evidence_id,
                award_id=event.awards.get(rule.key),
                refused=event.refused,
                again_at=event.again_at,
            )
            for event in told
        ]
    return lines


def _line(
    rule: Rule, settings: ProgrammeSettings, other: OtherMoment = NO_OTHER, *, awarded: bool = False
) -> dict[str, object]:
    # Of what was awarded nobody asks any more why it would not be.
    why_not = None if awarded else rule.why_not(settings, other)
    return {
        "event": str(rule.event),
        "what": rule.key,
        "description": rule.description,
        "awards": why_not is None,
        "why_not": why_not,
        "ulo_version_id": rule.names(settings),
    }
