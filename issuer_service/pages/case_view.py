"""What the page of a case shows: where it stands and why it does not move, what may be done, what happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.awarding.outlook import lines_of_case
from issuer_service.drawing.drawing import Drawing
from issuer_service.installation import Installation
from issuer_service.pages.badges_of import Earned, badges_of
from issuer_service.pages.brought_along import BroughtAlong, brought_along
from issuer_service.pages.case_forms import Asker, Option
from issuer_service.pages.case_history import History, Told
from issuer_service.pages.case_steps import Awaited, Step, Steps, Tried
from issuer_service.pages.case_words import clock_time, day, name_of, numbered
from issuer_service.pages.process_words import AWARDS, EVENTS, in_words
from issuer_service.pages.refusals import said
from issuer_service.programme.tables import Module, Programme
from issuer_service.web.dependencies import Language
from issuer_service.workflow.candidate.job_market import people_to_choose
from issuer_service.workflow.events import EventKind
from issuer_service.workflow.process.definition import Definition, Route, Rule
from issuer_service.workflow.process.diagram import draw_process
from issuer_service.workflow.process.outlook import way_on
from issuer_service.workflow.process.reducer import Actor, guards_of
from issuer_service.workflow.process.rules import Context, unmet
from issuer_service.workflow.process.service import context_of, state_of
from issuer_service.workflow.process.state import CaseState
from issuer_service.workflow.process.tables import CaseEvent, ProcessCase

__all__ = ["CaseView", "asker_for", "view_of"]


@dataclass(frozen=True, slots=True)
class CaseView:
    """The page."""

    id: str
    title: str
    person: str
    programme: str
    stage: str
    since: str
    outcome: str
    number: int
    next_title: str
    blocked: tuple[str, ...]
    awaited: tuple[Awaited, ...]
    now: tuple[Step, ...]
    also: tuple[Step, ...]
    later: tuple[Step, ...]
    stages: tuple[tuple[str, str, bool], ...]
    drawing: Drawing
    badges: tuple[Earned, ...] | None
    brought: list[BroughtAlong]
    outlook: tuple[dict[str, Any], ...]
    history: tuple[Told, ...]


def view_of(
    session: Session,
    case: ProcessCase,
    definition: Definition,
    actor: Actor,
    *,
    here: Installation,
    language: Language,
    tried: Tried | None = None,
) -> CaseView:
    """The page of a case for this actor."""
    context, state = context_of(session, case, now=here.now()), state_of(case)
    zone = ZoneInfo(here.settings.time_zone)
    asker = asker_for(session, case, definition, context, language, zone=zone)
    rows = session.scalars(select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.number)).all()
    route = None if case.ended_at is not None else way_on(definition, context, state)
    steps = Steps(definition, context, state, actor, asker, tried)
    programme = session.get(Programme, case.programme_id) if case.programme_id is not None else None
    sees_all = bool(actor.roles & set(definition.sees_all))
    return CaseView(
        id=case.id,
        title=in_words(definition.title, language),
        person=name_of(session, case.person_id),
        programme="" if programme is None else programme.title,
        stage=numbered(definition, case.stage, language),
        since=day(case.entered_at),
        outcome=case.outcome or "",
        number=case.number,
        next_title="" if route is None else in_words(route.title, language),
        blocked=() if route is None else _blocked(definition, context, state, route, language),
        awaited=steps.awaited(here.now()),
        now=steps.now(),
        also=steps.also(),
        later=steps.later(),
        stages=_stages(rows, definition, language),
        drawing=draw_process(
            definition,
            language=language,
            settings=context.settings or None,
            here=case.stage,
            passed={row.to for row in rows},
        ),
        badges=badges_of(session, case.person_id, case.enrolment_id or "") if sees_all else None,
        brought=brought_along(session, case, base_url=here.base_url, language=language) if sees_all else [],
        outlook=_outlook(session, case, ZoneInfo(here.settings.time_zone), language) if sees_all else (),
        history=History(session, definition, actor, asker, zone).told(rows),
    )


def asker_for(
    session: Session, case: ProcessCase, definition: Definition, context: Context, language: Language, *, zone: ZoneInfo
) -> Asker:
    """What the forms of a case need to know."""
    modules: tuple[Option, ...] = ()
    if case.programme_id is not None:
        query = select(Module.id, Module.title).where(Module.programme_id == case.programme_id)
        modules = tuple(
            (row.id, row.title) for row in session.execute(query.order_by(Module.phase.desc(), Module.title))
        )

    def people(roles: Sequence[str]) -> Sequence[Option]:
        return people_to_choose(session, case, roles)

    return Asker(definition, context, modules, people, language, zone)


def _blocked(
    definition: Definition, context: Context, state: CaseState, route: Route, language: Language
) -> tuple[str, ...]:
    guards = [one for one in unmet(guards_of(definition, route), definition, context, state) if not one.warns]
    undone = {one.task for one in guards if one.rule is Rule.DONE}
    # What was not done was not answered either: it need not be said twice.
    said_once = (one for one in guards if one.rule is Rule.DONE or one.task not in undone)
    return tuple(dict.fromkeys(in_words(one.because, language) for one in said_once))


def _stages(rows: Sequence[CaseEvent], definition: Definition, language: Language) -> tuple[tuple[str, str, bool], ...]:
    """Where it was, in order, since when, and whether it is there now."""
    entered: list[tuple[str, str]] = []
    for row in rows:
        if not entered or entered[-1][0] != row.to:
            entered.append((row.to, day(row.at)))
    last = len(entered) - 1
    return tuple(
        (numbered(definition, stage, language), since, place == last) for place, (stage, since) in enumerate(entered)
    )


def _outlook(session: Session, case: ProcessCase, zone: ZoneInfo, language: Language) -> tuple[dict[str, Any], ...]:
    return tuple(
        {
            "event": in_words(EVENTS[EventKind(one.event)], language),
            "award": in_words(AWARDS[one.what], language),
            "awards": one.awards,
            "why_not": said(one.why_not, language) if one.why_not else None,
            "awarded": one.award_id is not None,
            "happened": day(one.happened_at) if one.happened_at is not None else "",
            "refused": said(one.refused, language) if one.refused and one.award_id is None else None,
            "again": "" if one.again_at is None else clock_time(one.again_at, zone),
        }
        for one in lines_of_case(session, case)
    )
