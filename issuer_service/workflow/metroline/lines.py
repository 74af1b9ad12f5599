"""Opening a line, writing its canvases, arranging its stations, and going through its design cycle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from issuer_service.audit.events import AuditEvent
from issuer_service.audit.trail import record
from issuer_service.catalogue.service import PublishedUlo, awardable_ulo, published_ulo
from issuer_service.clock import Randomness
from issuer_service.errors import NotFound, Refused
from issuer_service.people.service import Caller
from issuer_service.persistence.finding import find
from issuer_service.persistence.identifiers import random_uuid
from issuer_service.programme.service import programme_of, settings_of
from issuer_service.workflow.events import EventSink
from issuer_service.workflow.metroline.arranging import PHASES, Arranged, WorkForm, warnings_of
from issuer_service.workflow.metroline.canvases import COMMITMENTS, CanvasKind, canvas_findings
from issuer_service.workflow.metroline.design import STEPS, Facts, Stage, StepRefused, may_go_to, roles_of_step
from issuer_service.workflow.metroline.runs import RunState, is_over
from issuer_service.workflow.metroline.tables import (
    LineStop,
    Metroline,
    MetrolineCanvas,
    MetrolineStep,
    Participation,
    Station,
    StationAssessment,
    StationRun,
)
from issuer_service.workflow.metroline.telling import Telling

__all__ = [
    "Acting",
    "Stop",
    "add_station",
    "arrange",
    "go_to",
    "line_of",
    "line_warnings",
    "open_line",
    "station_of",
    "stops_of",
    "ways_on",
    "write_canvas",
]


@dataclass(frozen=True, slots=True)
class Acting:
    """Who does something, when, and what it takes."""

    caller: Caller
    now: datetime
    randomness: Randomness
    base_url: str
    events: EventSink
    time_zone: str = "Europe/Amsterdam"
    mail_from: str | None = None

    @property
    def telling(self) -> Telling:
        """What telling of runs takes."""
        return Telling(self.now, self.randomness, self.base_url, self.time_zone, self.mail_from)

    def record(self, session: Session, event: AuditEvent, about: str, **details: Any) -> None:
        """Put it in the audit trail."""
        record(
            session,
            event,
            about=about,
            organisation_id=self.caller.organisation_id,
            actor_id=self.caller.person_id,
            details=details or None,
        )


@dataclass(frozen=True, slots=True)
class Stop:
    """A station as a line calls at it."""

    station_id: str
    phase: int
    required: bool = True
    place: tuple[int, int] | None = None


def open_line(
    session: Session,
    acting: Acting,
    *,
    programme_id: str,
    title: str,
    outcomes: Sequence[str] = (),
    badge_ulo_version_id: str | None = None,
) -> Metroline:
    """Open a line within a programme. Raises NotFound for a programme or a version of a ULO that is not there."""
    programme = programme_of(session, programme_id, organisation_id=acting.caller.organisation_id)
    line = Metroline(
        id=random_uuid(acting.randomness),
        organisation_id=acting.caller.organisation_id,
        programme_id=programme.id,
        title=title,
        outcomes=_known_ulos(session, acting, outcomes),
        badge_ulo_version_id=_known_badge(session, acting, badge_ulo_version_id),
        stage=str(Stage.CLUSTER_FORMED),
        iteration=1,
        opened_at=acting.now,
    )
    session.add(line)
    session.flush()
    acting.record(session, AuditEvent.METROLINE_OPENED, line.id)
    return line


def add_station(
    session: Session,
    acting: Acting,
    *,
    title: str,
    hours: float,
    work_form: WorkForm,
    provider: str,
    outcomes: Mapping[str, Sequence[str]],
    badge_ulo_version_id: str | None = None,
) -> Station:
    """Add a station. Raises NotFound for an unknown ULO and Refused for a component that its rubric does not judge."""
    for ulo_version_id, components in outcomes.items():
        known = _judged(published_ulo(session, ulo_version_id, base_url=acting.base_url))
        unknown = [one for one in components if one not in known]
        if unknown or not components:
            findings = tuple(f"outcomes.{ulo_version_id}: {one} is not in its rubric" for one in unknown)
            raise Refused("name components that can be assessed", field="outcomes", findings=findings)
    station = Station(
        id=random_uuid(acting.randomness),
        organisation_id=acting.caller.organisation_id,
        title=title,
        hours=hours,
        work_form=str(work_form),
        provider=provider,
        outcomes={ulo: sorted(set(components)) for ulo, components in outcomes.items()},
        badge_ulo_version_id=_known_badge(session, acting, badge_ulo_version_id),
    )
    session.add(station)
    session.flush()
    acting.record(session, AuditEvent.STATION_ADDED, station.id)
    return station


def write_canvas(
    session: Session, acting: Acting, line: Metroline, *, kind: CanvasKind, content: Mapping[str, Any]
) -> MetrolineCanvas:
    """Write a canvas of a line; what was written before is kept. Raises Refused with each field that is amiss."""
    findings = canvas_findings(kind, content)
    if findings:
        raise Refused("this canvas is not complete", field="content", findings=tuple(findings))
    last = select(func.max(MetrolineCanvas.number)).where(MetrolineCanvas.metroline_id == line.id)
    canvas = MetrolineCanvas(
        id=random_uuid(acting.randomness),
        metroline_id=line.id,
        number=(session.scalar(last) or 0) + 1,
        kind=str(kind),
        iteration=line.iteration,
        content={name: value for name, value in content.items() if value is not None},
        written_by=acting.caller.person_id,
        written_at=acting.now,
    )
    session.add(canvas)
    session.flush()
    acting.record(session, AuditEvent.CANVAS_WRITTEN, canvas.id, kind=str(kind))
    return canvas


def arrange(session: Session, acting: Acting, line: Metroline, stops: Sequence[Stop]) -> None:
    """Have a line call at these stations, in this order, in the place of those before.

    Raises NotFound for a station that is not there, and Refused for one twice, a phase that is none, and two stations
    in one place.
    """
    wanted = [stop.station_id for stop in stops]
    known = set(session.scalars(select(Station.id).where(Station.id.in_(wanted))))
    missing = [f"stops.{number}: there is no such station" for number, one in enumerate(wanted) if one not in known]
    if missing:
        raise NotFound("not every station is there", field="stops", findings=tuple(missing))
    findings = [f"stops.{n}: a line calls at a station once" for n, one in enumerate(wanted) if one in wanted[:n]]
    findings += [f"stops.{n}.phase: 1 to {PHASES}" for n, one in enumerate(stops) if not 1 <= one.phase <= PHASES]
    places = [stop.place for stop in stops]
    findings += [f"stops.{n}.place: taken" for n, one in enumerate(places) if one is not None and one in places[:n]]
    if findings:
        raise Refused("the line cannot run like this", field="stops", findings=tuple(findings))
    session.execute(delete(LineStop).where(LineStop.metroline_id == line.id))
    for number, stop in enumerate(stops, start=1):
        session.add(
            LineStop(
                metroline_id=line.id,
                station_id=stop.station_id,
                position=number,
                phase=stop.phase,
                required=stop.required,
                place=None if stop.place is None else list(stop.place),
            )
        )
    session.flush()
    acting.record(session, AuditEvent.METROLINE_CHANGED, line.id, stations=len(stops))


def go_to(session: Session, acting: Acting, line: Metroline, stage: Stage) -> MetrolineStep:
    """Take a step of the design cycle.

    Raises NotAllowed for whom the programme does not let take it, and Refused with everything that is missing.
    """
    settings = settings_of(session, line.programme_id)
    try:
        step = may_go_to(Stage(line.stage), stage, _facts(session, acting, line))
    except StepRefused as refused:
        raise Refused(str(refused), field="stage", findings=refused.findings) from refused
    acting.caller.must_be(
        *sorted(
            roles_of_step(
                step,
                broker_must_be_neutral=settings.broker_must_be_neutral,
                ld_developer=settings.ld_developer_in_metroline,
            )
        )
    )
    line.iteration += int(step.again)
    last = select(func.max(MetrolineStep.number)).where(MetrolineStep.metroline_id == line.id)
    taken = MetrolineStep(
        id=random_uuid(acting.randomness),
        metroline_id=line.id,
        number=(session.scalar(last) or 0) + 1,
        iteration=line.iteration,
        from_stage=line.stage,
        to_stage=str(stage),
        taken_by=acting.caller.person_id,
        taken_at=acting.now,
    )
    line.stage = str(stage)
    session.add(taken)
    session.flush()
    acting.record(session, AuditEvent.METROLINE_STEP_TAKEN, line.id, to=str(stage), iteration=line.iteration)
    return taken


def ways_on(session: Session, acting: Acting, line: Metroline) -> dict[Stage, tuple[str, ...]]:
    """Where this caller may take the design from here, each with everything that is still missing for it."""
    settings, facts, here = settings_of(session, line.programme_id), _facts(session, acting, line), Stage(line.stage)
    found: dict[Stage, tuple[str, ...]] = {}
    for step in (one for one in STEPS if one.start is here):
        may = roles_of_step(
            step,
            broker_must_be_neutral=settings.broker_must_be_neutral,
            ld_developer=settings.ld_developer_in_metroline,
        )
        if acting.caller.roles & may:
            found[step.end] = tuple(step.missing(facts))
    return found


def line_of(session: Session, metroline_id: str) -> Metroline:
    """A line of the session's organisation. Raises NotFound."""
    line = find(session, Metroline, metroline_id)
    if line is None:
        raise NotFound("there is no such metroline", field="metroline_id")
    return line


def station_of(session: Session, station_id: str) -> Station:
    """A station of the session's organisation. Raises NotFound."""
    station = find(session, Station, station_id)
    if station is None:
        raise NotFound("there is no such station", field="station_id")
    return station


def stops_of(session: Session, line: Metroline) -> list[tuple[LineStop, Station]]:
    """The stations of a line, in its order."""
    query = select(LineStop, Station).join(Station, Station.id == LineStop.station_id)
    found = session.execute(query.where(LineStop.metroline_id == line.id).order_by(LineStop.position))
    return [(row.LineStop, row.Station) for row in found]


def line_warnings(session: Session, acting: Acting, line: Metroline) -> list[str]:
    """What is allowed of a line, and unlike the working method's advice."""
    arranged = [
        Arranged(station.title, station.hours, stop.phase, {u: frozenset(c) for u, c in station.outcomes.items()})
        for stop, station in stops_of(session, line)
    ]
    ulos = [published_ulo(session, one, base_url=acting.base_url) for one in line.outcomes]
    named = {ulo.ulo.title: _judged(ulo) for ulo in ulos}
    titles = {ulo.id: ulo.ulo.title for ulo in ulos}
    by_title = [
        Arranged(one.title, one.hours, one.phase, {titles.get(u, u): c for u, c in one.outcomes.items()})
        for one in arranged
    ]
    return warnings_of(by_title, wanted=named)


def _facts(session: Session, acting: Acting, line: Metroline) -> Facts:
    settings = settings_of(session, line.programme_id)
    canvases = {
        CanvasKind(one.kind): one.content
        for one in session.scalars(
            select(MetrolineCanvas).where(MetrolineCanvas.metroline_id == line.id).order_by(MetrolineCanvas.number)
        )
    }
    evaluated = select(func.count()).where(
        MetrolineCanvas.metroline_id == line.id,
        MetrolineCanvas.kind == str(CanvasKind.EVALUATION),
        MetrolineCanvas.iteration == line.iteration,
    )
    stops = stops_of(session, line)
    stations = [station.id for _, station in stops]
    led_to = {ulo for _, station in stops for ulo in station.outcomes}
    states = session.scalars(select(StationRun.state).where(StationRun.station_id.in_(stations))).all()
    travelling = select(Participation.enrolment_id).where(Participation.metroline_id == line.id)
    assessed = select(func.count()).where(
        StationAssessment.station_id.in_(stations), StationAssessment.enrolment_id.in_(travelling)
    )
    proposition = canvases.get(CanvasKind.VALUE_PROPOSITION, {})
    empathy_map = canvases.get(CanvasKind.EMPATHY_MAP, {})
    ulos = [published_ulo(session, one, base_url=acting.base_url) for one in line.outcomes]
    return Facts(
        commitment=COMMITMENTS[settings.commitment],
        empathy_map=bool(empathy_map),
        empathy_map_validated=empathy_map.get("validated_by_interview") is True,
        needs_by_interview=settings.needs_by_interview,
        companies=len(canvases.get(CanvasKind.COMMITMENT, {}).get("companies", ())),
        how_might_we=len(canvases.get(CanvasKind.HOW_MIGHT_WE, {}).get("questions", ())),
        value_proposition=bool(proposition),
        value_proposition_validated=proposition.get("validated") is True,
        canvas=CanvasKind.METROLINE_CANVAS in canvases,
        canvas_required=settings.canvas_required,
        outcomes=len(line.outcomes),
        unaligned_outcomes=tuple(one.ulo.title for one in ulos if not _is_aligned(one)),
        alignment_required=settings.alignment_required,
        stations=len(stops),
        stations_without_outcome=tuple(one.title for _, one in stops if not one.outcomes),
        stations_without_provider=tuple(one.title for _, one in stops if not one.provider.strip()),
        outcomes_without_station=tuple(one.ulo.title for one in ulos if one.id not in led_to),
        scheduled_runs=sum(state not in {RunState.DRAFT, RunState.CANCELLED} for state in states),
        participants=session.scalar(select(func.count()).select_from(travelling.subquery())) or 0,
        assessments=session.scalar(assessed) or 0,
        open_runs=sum(not is_over(RunState(state)) for state in states),
        evaluations=session.scalar(evaluated) or 0,
    )


def _judged(ulo: PublishedUlo) -> frozenset[str]:
    return frozenset(criterion.component for criterion in ulo.rubric)


def _known_ulos(session: Session, acting: Acting, outcomes: Sequence[str]) -> list[str]:
    for one in outcomes:
        published_ulo(session, one, base_url=acting.base_url)
    return list(dict.fromkeys(outcomes))


def _known_badge(session: Session, acting: Acting, ulo_version_id: str | None) -> str | None:
    if ulo_version_id is not None:
        badge = awardable_ulo(session, ulo_version_id, base_url=acting.base_url)
        if badge.rubric:
            # Its badge says a level of every component, and a line as a whole has none.
            raise Refused(
                "name one without a rubric: a whole is reached, and has no level", field="badge_ulo_version_id"
            )
    return ulo_version_id


def _is_aligned(ulo: PublishedUlo) -> bool:
    return bool(ulo.ulo.references) or any(component.references for component in ulo.ulo.components)
