"""What the page of a line shows, and the fields of its forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from issuer_service.catalogue.life_cycle import VersionStatus
from issuer_service.catalogue.service import published_ulo
from issuer_service.catalogue.tables import UloVersion
from issuer_service.pages.case_forms import Option
from issuer_service.pages.metroline_words import (
    CANVAS_FIELDS,
    CANVASES,
    PARTICIPATIONS,
    RUNS,
    STAGES,
    WORK_FORMS,
    findings_in_words,
)
from issuer_service.pages.plain_forms import Asked
from issuer_service.pages.process_words import Said, in_words
from issuer_service.people.tables import Person
from issuer_service.programme.service import settings_of
from issuer_service.programme.tables import Enrolment, Programme
from issuer_service.web.dependencies import Language
from issuer_service.workflow.metroline.arranging import WorkForm, names_of_phases
from issuer_service.workflow.metroline.canvases import FORMS, CanvasKind
from issuer_service.workflow.metroline.design import Stage
from issuer_service.workflow.metroline.lines import Acting, line_warnings, stops_of, ways_on
from issuer_service.workflow.metroline.participations import ParticipationState
from issuer_service.workflow.metroline.runs import RunState
from issuer_service.workflow.metroline.tables import Metroline, MetrolineCanvas, Participation, Station, StationRun
from issuer_service.workflow.process.definition import Words

__all__ = ["LineView", "asked_for_canvas", "asked_for_run", "asked_for_station", "judged_ulos", "line_view"]

_MOST: Final = 200


@dataclass(frozen=True, slots=True)
class LineView:
    """The page."""

    id: str
    title: str
    programme: str
    stage: str
    iteration: int
    stages: tuple[tuple[str, bool], ...]
    ways: tuple[tuple[str, str, list[Said]], ...]
    canvases: tuple[tuple[str, str, str], ...]
    stops: tuple[dict[str, Any], ...]
    warnings: tuple[Said, ...]
    outcomes: tuple[tuple[str, str], ...]
    people: tuple[tuple[str, str, str, str], ...]
    is_offered: bool


def line_view(session: Session, acting: Acting, line: Metroline, language: Language) -> LineView:
    """A line as whoever arranges and holds it sees it."""
    stops = stops_of(session, line)
    written = session.execute(
        select(MetrolineCanvas.kind, func.max(MetrolineCanvas.written_at).label("at"))
        .where(MetrolineCanvas.metroline_id == line.id)
        .group_by(MetrolineCanvas.kind)
    )
    when = {row.kind: row.at.strftime("%d-%m-%Y") for row in written}
    outcomes = [published_ulo(session, one, base_url=acting.base_url).ulo for one in line.outcomes]
    return LineView(
        id=line.id,
        title=line.title,
        programme=session.get_one(Programme, line.programme_id).title,
        stage=in_words(STAGES[Stage(line.stage)], language),
        iteration=line.iteration,
        stages=tuple((in_words(words, language), stage == line.stage) for stage, words in STAGES.items()),
        ways=tuple(
            (str(stage), in_words(STAGES[stage], language), findings_in_words(missing, language))
            for stage, missing in ways_on(session, acting, line).items()
        ),
        canvases=tuple((str(kind), in_words(words, language), when.get(kind, "")) for kind, words in CANVASES.items()),
        stops=tuple(
            {
                "id": station.id,
                "title": station.title,
                "position": stop.position,
                "phase": stop.phase,
                "required": stop.required,
                "hours": f"{station.hours:g}",
                "form": in_words(WORK_FORMS[WorkForm(station.work_form)], language),
                "provider": station.provider,
                "codes": ", ".join(code for codes in station.outcomes.values() for code in codes),
                "runs": _runs(session, station, acting.time_zone, language),
            }
            for stop, station in stops
        ),
        warnings=tuple(findings_in_words(line_warnings(session, acting, line) if stops else [], language)),
        outcomes=tuple((ulo.iri, ulo.title) for ulo in outcomes),
        people=_people(session, line, language),
        is_offered=line.stage in {Stage.EXECUTING, Stage.VALIDATING, Stage.EVALUATING},
    )


def _runs(session: Session, station: Station, zone: str, language: Language) -> list[tuple[str, str, str]]:
    query = select(StationRun).where(StationRun.station_id == station.id).order_by(StationRun.starts_at).limit(_MOST)
    return [
        (
            run.id,
            "" if run.starts_at is None else run.starts_at.astimezone(ZoneInfo(zone)).strftime("%d-%m-%Y %H:%M"),
            in_words(RUNS[RunState(run.state)], language),
        )
        for run in session.scalars(query)
    ]


def _people(session: Session, line: Metroline, language: Language) -> tuple[tuple[str, str, str, str], ...]:
    query = (
        select(Participation.id, Participation.state, Participation.company, Person.name)
        .join(Enrolment, Enrolment.id == Participation.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Participation.metroline_id == line.id)
        .order_by(Person.name, Participation.id)
        .limit(_MOST)
    )
    return tuple(
        (row.id, row.name, row.company, in_words(PARTICIPATIONS[ParticipationState(row.state)], language))
        for row in session.execute(query)
    )


def judged_ulos(session: Session) -> list[Option]:
    """The published units that can be assessed, by title."""
    query = (
        select(UloVersion.id, UloVersion.title, UloVersion.qualification, UloVersion.rubric)
        .where(UloVersion.status == VersionStatus.PUBLISHED)
        .order_by(UloVersion.qualification, UloVersion.number)
        .limit(_MOST)
    )
    return [(row.id, f"{row.title} ({row.qualification})") for row in session.execute(query) if row.rubric]


def asked_for_station(session: Session, line: Metroline, base_url: str, language: Language) -> tuple[Asked, ...]:
    """What is asked of a new station: among others which components of the line's units it leads to."""
    led_to: list[Option] = []
    for one in line.outcomes:
        published = published_ulo(session, one, base_url=base_url)
        judged = {criterion.component for criterion in published.rubric}
        led_to += [
            (f"{one}/{component.code}", f"{published.ulo.number}/{component.code} {component.sentence}")
            for component in published.ulo.components
            if component.code in judged
        ]
    forms = tuple((str(form), in_words(words, language)) for form, words in WORK_FORMS.items())
    names = names_of_phases(settings_of(session, line.programme_id).first_phase)
    phases = tuple(
        (str(number), f"{number}. {in_words(words, language)}") for number, words in enumerate(names, start=1)
    )
    return (
        Asked("title", Words(nl="Naam", en="Name"), "name"),
        Asked("hours", Words(nl="Uren", en="Hours"), "number"),
        Asked("phase", Words(nl="Fase", en="Phase"), "select", options=phases),
        Asked("work_form", Words(nl="Werkvorm", en="Work form"), "select", options=forms),
        Asked("provider", Words(nl="Aanbieder", en="Provider"), "name"),
        Asked("outcomes", Words(nl="Leidt tot", en="Leads to"), "checks", options=tuple(led_to)),
    )


def asked_for_run() -> tuple[Asked, ...]:
    """What is asked of a run before it can be announced."""
    return (
        Asked("starts_at", Words(nl="Begin", en="Begin"), "moment"),
        Asked("location", Words(nl="Plaats", en="Place"), "name"),
        Asked("capacity", Words(nl="Plaats voor (mensen)", en="Room for (people)"), "number"),
        Asked("preparation", Words(nl="Voorbereiding", en="Preparation"), "text"),
        Asked("materials", Words(nl="Meebrengen", en="To bring along"), "text"),
    )


def asked_for_canvas(kind: CanvasKind, language: Language) -> tuple[Asked, ...]:
    """What is asked for a canvas, as its form has it."""
    yes: Mapping[Language, tuple[Option, ...]] = {
        "nl": (("yes", "Ja"), ("no", "Nee")),
        "en": (("yes", "Yes"), ("no", "No")),
    }
    one_a_line = Words(nl="Een per regel.", en="One on each line.")
    kinds = {"text": "text", "list": "text", "yes-no": "radios"}
    return tuple(
        Asked(
            one.name,
            Words(nl=one.dutch, en=CANVAS_FIELDS[one.name]),
            kinds[one.kind],
            one.required,
            options=yes[language] if one.kind == "yes-no" else (),
            hint=one_a_line if one.kind == "list" else None,
        )
        for one in FORMS[kind].fields
    )
