"""Figures of a programme: how long stages take, how many leave where, how soon a badge comes. Never of a few people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, Row, Select, case, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from issuer_service.persistence.moments import medians, seconds_between
from issuer_service.workflow.events import EventKind, WorkflowEvent
from issuer_service.workflow.process.state import Act
from issuer_service.workflow.process.tables import CaseEvent, ProcessCase

__all__ = ["FEWEST", "Figures", "figures_of"]

FEWEST: Final = 5
"""Of fewer than this nothing is told: who knows one of them would know what is said of all."""
_SECONDS_A_DAY: Final = 86_400
_Conditions = Sequence[ColumnElement[bool]]


class StageFigures(BaseModel):
    """How a stage went. What would be about a few people is null."""

    stage: str = Field(examples=["intake"])
    now_here: int | None
    median_days: float | None = Field(description="Of those who left it.", examples=[9.5])
    ended_here: int | None = Field(description="Who left from here without completing the path.")


class Figures(BaseModel):
    """Figures of a programme. A number below five is null, and so is what could be worked out from it."""

    cases: int | None
    by_outcome: dict[str, int | None] = Field(examples=[{"completed": 12, "withdrawn": None}])
    stages: list[StageFigures]
    median_days_to_first_badge: float | None = Field(description="From the beginning of the path.", examples=[120.0])
    share_with_exemption: float | None = Field(description="Of all cases, with a module recognised.", examples=[0.25])
    median_days_to_completion: float | None = Field(examples=[240.0])


def figures_of(session: Session, programme_id: str, *, organisation_id: str, process: Sequence[str]) -> Figures:
    """The figures. `process` is the ids of the definitions whose cases are counted."""
    ours = (
        ProcessCase.organisation_id == organisation_id,
        ProcessCase.programme_id == programme_id,
        ProcessCase.definition_id.in_(process),
    )
    total = session.scalar(select(func.count()).select_from(ProcessCase).where(*ours)) or 0
    outcomes = session.execute(select(ProcessCase.outcome, func.count()).where(*ours).group_by(ProcessCase.outcome))
    by_outcome = {row[0]: row[1] for row in outcomes if row[0] is not None}
    here = session.execute(
        select(ProcessCase.stage, func.count()).where(*ours, ProcessCase.ended_at.is_(None)).group_by(ProcessCase.stage)
    )
    now_here = {row[0]: row[1] for row in here}
    stays = {row.key: row for row in session.execute(medians(_stays(ours), "left"))}
    told_here = _without_rest(now_here)
    told_left = _without_rest({stage: int(row.left) for stage, row in stays.items() if row.left})
    badges, completions = medians(_first_badges(ours)), medians(_completions(ours))
    return Figures(
        cases=_told(total),
        by_outcome=_without_rest(by_outcome),
        stages=[
            StageFigures(
                stage=stage,
                now_here=told_here.get(stage, 0),
                median_days=_days(stays.get(stage)),
                ended_here=told_left.get(stage, 0),
            )
            for stage in sorted({*now_here, *stays})
        ],
        median_days_to_first_badge=_days(session.execute(badges).one_or_none()),
        share_with_exemption=_exempted(session, ours, total),
        median_days_to_completion=_days(session.execute(completions).one_or_none()),
    )


def _stays(ours: _Conditions) -> Select[str, float, int]:
    """Each stay in a stage that came to an end: how long it took, and whether the path was left there for good."""

    def following(column: InstrumentedAttribute[Any]) -> ColumnElement[Any]:
        return func.lead(column).over(partition_by=CaseEvent.case_id, order_by=CaseEvent.number)

    moves = (
        select(
            CaseEvent.to.label("stage"),
            CaseEvent.at.label("since"),
            following(CaseEvent.to).label("next_stage"),
            following(CaseEvent.at).label("until"),
            ProcessCase.outcome,
            ProcessCase.stage.label("last_stage"),
        )
        .join(ProcessCase, ProcessCase.id == CaseEvent.case_id)
        .where(*ours, CaseEvent.act.in_([str(Act.BEGIN), str(Act.MOVE), str(Act.MIGRATE)]))
        .subquery()
    )
    for_good = (moves.c.outcome != "completed") & (moves.c.next_stage == moves.c.last_stage)
    return select(
        moves.c.stage.label("key"),
        seconds_between(moves.c.since, moves.c.until).label("value"),
        case((for_good, 1), else_=0).label("left"),
    ).where(moves.c.next_stage != moves.c.stage)


def _first_badges(ours: _Conditions) -> Select[str, float]:
    return (
        select(
            literal("").label("key"),
            seconds_between(ProcessCase.began_at, func.min(WorkflowEvent.occurred_at)).label("value"),
        )
        .join(WorkflowEvent, WorkflowEvent.enrolment_id == ProcessCase.enrolment_id)
        .where(*ours, WorkflowEvent.kind == str(EventKind.MODULE_PASSED))
        .group_by(ProcessCase.id, ProcessCase.began_at)
    )


def _completions(ours: _Conditions) -> Select[str, float]:
    took = seconds_between(ProcessCase.began_at, ProcessCase.ended_at)
    return select(literal("").label("key"), took.label("value")).where(*ours, ProcessCase.outcome == "completed")


def _exempted(session: Session, ours: _Conditions, total: int) -> float | None:
    with_exemption = session.scalar(
        select(func.count(func.distinct(CaseEvent.case_id)))
        .join(ProcessCase, ProcessCase.id == CaseEvent.case_id)
        .where(*ours, CaseEvent.what == "exemption")
    )
    few = (with_exemption or 0, total - (with_exemption or 0))
    # Of neither those with one nor those without may there be a few.
    return None if total < FEWEST or any(0 < one < FEWEST for one in few) else round(few[0] / total, 2)


def _told(count: int) -> int | None:
    return count if count == 0 or count >= FEWEST else None


def _without_rest(counts: dict[str, int]) -> dict[str, int | None]:
    """Where one of them is not told, the smallest of the others is not either: it would be what is left over."""
    told = {key: _told(count) for key, count in sorted(counts.items())}
    hidden = [key for key, count in told.items() if count is None]
    others = [key for key, count in told.items() if count]
    if len(hidden) == 1 and others:
        told[min(others, key=lambda key: counts[key])] = None
    return told


def _days(found: Row[*tuple[Any, ...]] | None) -> float | None:
    return None if found is None or found.many < FEWEST else round(found.median / _SECONDS_A_DAY, 1)
