"""A metroline on pages: from an empty line to a badge, each step by what a page offers; and what a page refuses."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import select

from issuer_service.pages.metroline_words import (
    CANVAS_FIELDS,
    CANVASES,
    CHECKED,
    PARTICIPATIONS,
    RUNS,
    STAGES,
    STEPS,
    WORK_FORMS,
    finding_in_words,
)
from issuer_service.people.roles import Role
from issuer_service.people.tables import Membership
from issuer_service.workflow.metroline.arranging import Arranged, WorkForm, warnings_of
from issuer_service.workflow.metroline.canvases import FORMS, CanvasKind
from issuer_service.workflow.metroline.design import STEPS as DESIGN
from issuer_service.workflow.metroline.design import Facts, Stage
from issuer_service.workflow.metroline.participations import ParticipationState
from issuer_service.workflow.metroline.runs import CHECKS, NEXT, Run, RunState, run_warnings, still_missing
from tests.service.conftest import ON_ONE_DATABASE, World
from tests.service.metroline.trying import PROPOSITION, Team
from tests.service.pages.screen_reader import read
from tests.service.pages.visitors import Visitor, teacher

CODES: Final = ("RO001", "VO001", "VO002", "VO003")


def visitor(world: World, role: Role) -> Visitor:
    with world.installation.reading() as session:
        found = session.scalars(select(Membership.person_id).where(Membership.role == str(role))).all()
    return Visitor(world, found[0])


def chosen(who: Visitor, name: str, text: str) -> str:
    """The value of what is called so among what a page lets one choose."""
    for part in read(who.html).all("option", "label"):
        inputs = [part] if part.name == "option" else list(part.all("input"))
        if text in part.text() and inputs:
            owner = part.within("select") if part.name == "option" else inputs[0]
            if owner is not None and owner.attributes.get("name") == name:
                return inputs[0].attributes["value"]
    raise AssertionError(f"no {text!r} to choose for {name} on {who.at}")


@ON_ONE_DATABASE
def test_a_broker_and_a_teacher_click_from_an_empty_line_to_its_badge(world: World) -> None:
    """The newcomer's way: nothing is sent that a page did not ask for."""
    team = Team(world)
    maud = visitor(world, Role.BROKER)
    line, ulo = _designed(maud, team)
    run = _planned(maud, line, begins=world.clock() + timedelta(days=21))
    world.clock.advance(timedelta(days=21, hours=3))
    dana = teacher(world)
    assert "Meten – " in dana.see("/work")
    dana.follow("Meten")
    dana.fill("Begin")
    dana.fill("Vastleggen", "Wie er was", data__there=chosen(dana, "data.there", "deelnemer0"))
    dana.follow("Beoordeel deelnemer0")
    assert "kies van minstens één onderdeel een niveau" in dana.fill("Vastleggen", expect=422)
    levels: dict[str, Any] = {f"level__{ulo}__{one}": "zelfstandig" for one in CODES}
    assert "beoordeeld" in dana.fill("Vastleggen", **levels)
    # B5: a badge for the station, for the ULO, and for the line.
    world.jobs.do_all(world.handlers)
    dana.see("/work")
    assert "3 goedgekeurd." in dana.fill("Keur alles goed wat is aangevinkt", awards=dana.offered("awards"))
    world.jobs.do_all(world.handlers)
    dana.see(line)
    shown = dana.follow("deelnemer0")
    travel = dana.at.partition("?")[0]
    assert shown.count("– ondertekend") == 3
    assert "behaald: 1" in shown
    assert [("Deze badge is geldig." in one) for one in dana.badges()] == [True] * 3
    _looked_back(dana, run, travel, team)
    # Whose travel it is sees the same, and may change nothing of it; to others it is not there.
    own = Visitor(world, team.people[0])
    assert "Metrolijn: Onze lijn" in own.see("/work")
    shown = own.follow("Metrolijn: Onze lijn")
    assert shown.count("– ondertekend") == 3
    assert list(read(own.html).all("form")) == []
    Visitor(world, team.people[1]).see(travel, expect=404)


def _designed(maud: Visitor, team: Team) -> tuple[str, str]:
    """B0 to B3, with a canvas and a station that are not complete at first. The line's address, and its ULO."""
    maud.see("/desk/lines")
    ulo = chosen(maud, "outcomes", "Warmtepompsysteem bepalen")
    line = maud.fill("Openen", title="Onze lijn", programme_id=team.programme, outcomes=ulo)
    assert "Voor “analyseren” noem de bedrijven die de behoefte hebben" in line
    address = maud.at
    maud.follow("Commitment")
    assert "Bedrijven: Vul dit in." in maud.fill("Bewaren", data__document="Manifest", expect=422)
    maud.fill("Bewaren", data__companies="Jansen\nDe Vries")
    maud.fill("Naar: analyseren")
    maud.follow("Hoe kunnen we")
    maud.fill("Bewaren", data__questions="Hoe kunnen we zelf bepalen welk systeem past?")
    text: dict[str, Any] = {f"data__{key}": value for key, value in PROPOSITION.items() if isinstance(value, str)}
    maud.follow("Waardepropositie")
    assert "de waardepropositie is nog niet gevalideerd" in maud.fill("Bewaren", **text)
    maud.follow("Waardepropositie")
    maud.fill("Bewaren", data__validated="yes")
    maud.fill("Naar: leeruitkomsten ontwerpen")
    maud.fill("Naar: stations arrangeren")
    empty = maud.fill("Toevoegen", "Een station toevoegen", data__title="Meten", expect=422)
    assert "Uren: Vul een getal in, meer dan nul." in empty
    assert 'value="Meten"' in maud.html
    components = [chosen(maud, "data.outcomes", code) for code in CODES]
    answers = {"data__hours": "4", "data__phase": "1", "data__work_form": "workshop", "data__provider": "Opleider"}
    more: dict[str, Any] = {**answers, "data__outcomes": components}
    maud.fill("Toevoegen", "Een station toevoegen", **more)
    return address, ulo


def _planned(maud: Visitor, line: str, *, begins: datetime) -> str:
    """A run is planned, announced and prepared, and somebody is registered. The run's address."""
    local = begins.astimezone(ZoneInfo("Europe/Amsterdam"))
    details: dict[str, Any] = {
        "data__station": chosen(maud, "data.station", "Meten"),
        "data__starts_at": local.strftime("%Y-%m-%dT%H:%M"),
        "data__capacity": "12",
        "data__location": "Campus",
        "data__preparation": "Lees",
        "data__materials": "Pen",
    }
    maud.fill("Plannen", "Een uitvoering plannen", **details)
    maud.follow(local.strftime("%d-%m-%Y %H:%M"))
    run = maud.at.partition("?")[0]
    maud.fill("Zet in de planning")
    assert "nog niet aangevinkt: materialen" in maud.fill("Kondig aan")
    maud.see(line)
    maud.fill("Naar: uitvoeren")
    maud.fill("Aanmelden", person_id=chosen(maud, "person_id", "deelnemer0"), company="Jansen")
    maud.see(run)
    maud.fill("Bewaren", "Ligt alles klaar?", data__checked=["materials", "aids", "rooms"])
    assert "het is nog niet zover" in maud.fill("Alles ligt klaar")
    return run


def _looked_back(dana: Visitor, run: str, travel: str, team: Team) -> None:
    """B6: what went well, and what comes after it."""
    dana.see(run)
    dana.fill("Bewaren", "Terugkijken", data__good="Gemeten", data__improve="Meer tijd")
    dana.fill("Er is teruggekeken")
    assert "afgesloten" in dana.fill("Sluit af")
    dana.see(travel)
    dana.fill("Vastleggen", "Evaluatie", data__outcomes_reached="yes", data__company_goals_supported="yes")
    team.module()
    ada = Visitor(dana.world, team.members[Role.AM_COMPANIES])
    ada.see(dana.at)
    assert "doorverwezen" in ada.fill("Doorverwijzen", programme_id=team.programme)


@ON_ONE_DATABASE
def test_pages_of_lines_are_for_who_arranges_or_holds_them(world: World) -> None:
    team = Team(world)
    line = team.line([team.station("Meten", ["RO001"]), team.station("Weten", ["VO001"])])
    run = team.run(team.station("Zweten", ["VO002"]))
    team.run(next(iter(team.call("GET", f"metrolines/{line}")["stops"]))["station_id"])
    lotte = visitor(world, Role.LD_DEVELOPER)
    assert "Een uitvoering plannen" not in lotte.see(f"/desk/lines/{line}")
    assert "aangekondigd" in read(lotte.html).text()
    assert "/desk/runs/" not in lotte.html, "nobody is led to where they may not go"
    lotte.see(f"/desk/runs/{run}", expect=403)
    dana = teacher(world)
    assert "De volgorde veranderen" not in dana.see(f"/desk/lines/{line}")
    dana.send(f"/desk/lines/{line}/stage", stage="closed", expect=403)
    for address in ("/desk/lines", f"/desk/lines/{line}", f"/desk/lines/{line}/canvases/sailboat", f"/desk/runs/{run}"):
        Visitor(world, team.people[0]).see(address, expect=403)
    # In another order, at one less, and at one that was there.
    maud = visitor(world, Role.BROKER)
    maud.see(f"/desk/lines/{line}?lang=en")
    fields = [one.attributes["name"] for one in read(maud.html).all("input") if "position" in one.attributes["name"]]
    order: dict[str, Any] = {fields[0].replace(".", "__"): "2", fields[1].replace(".", "__"): "1"}
    shown = maud.fill("Run it like this", **order, data__add=chosen(maud, "data.add", "Zweten"))
    assert shown.index("Weten") < shown.index("Meten –") < shown.index("Zweten –")
    assert "3 stations" not in shown
    assert "stations: 3; a line has 4 to 8" in shown


def test_everything_of_a_line_has_words() -> None:
    for words, all_of_them in (
        (STAGES, Stage),
        (RUNS, RunState),
        (STEPS, RunState),
        (PARTICIPATIONS, ParticipationState),
        (WORK_FORMS, WorkForm),
        (CANVASES, CanvasKind),
        (CHECKED, CHECKS),
    ):
        assert set(words) == set(all_of_them)
    assert {one.name for form in FORMS.values() for one in form.fields} == set(CANVAS_FIELDS)


def test_whatever_is_missing_is_said_in_dutch_and_without_the_names_of_fields(world: World) -> None:
    now = world.clock()
    facts = [
        Facts(canvas_required=True, open_runs=1),
        Facts(value_proposition=True, empathy_map=True, needs_by_interview=True),
        Facts(unaligned_outcomes=("X",), alignment_required=True, stations_without_outcome=("X",)),
        Facts(stations_without_provider=("X",), outcomes_without_station=("X",)),
    ]
    found = {one for each in facts for step in DESIGN for one in step.missing(each)}
    runs = [Run(state=state, unassessed=1, hours=hours) for state in NEXT for hours in (0, 1)]
    runs += [Run(state=state, starts_at=now + timedelta(days=days)) for state in NEXT for days in (-1, 5)]
    found |= {one for run in runs for some in still_missing(run, now=now).values() for one in some}
    found |= {one for run in runs for one in run_warnings(run, now=now)}
    stations = [Arranged("A", 1, 2, {}), Arranged("B", 4, 1, {})]
    found |= set(warnings_of(stations, wanted={"U": frozenset({"VO001"})}))
    assert {one for one in found if finding_in_words(one, "nl").lang != "nl"} == set()
    assert len(found) > 30
    assert str(finding_in_words("good: needed", "en")) == "fill in: what went well"


@ON_ONE_DATABASE
def test_what_no_page_of_ours_sends_is_refused_and_breaks_nothing(world: World) -> None:
    team = Team(world)
    station = team.station("Meten", ["RO001"])
    line = team.line([station])
    who = team.register(line)
    maud, dana = visitor(world, Role.BROKER), teacher(world)
    nul, long = "\0", "9" * 5000
    at = f"/desk/lines/{line}"
    sent: tuple[tuple[Visitor, str, dict[str, Any], int], ...] = (
        (maud, f"{at}/stops", {f"data.position.{station}": long, f"data.phase.{station}": "1"}, 422),
        (maud, f"{at}/stops", {"data.add": nul}, 200),
        (maud, f"{at}/stations", {"data.title": nul, "data.hours": "nan", "data.outcomes": f"{nul}/RO001"}, 422),
        (maud, f"{at}/runs", {"data.station": nul}, 404),
        (maud, f"{at}/runs", {"data.station": station, "data.starts_at": "ooit"}, 404),
        (maud, f"{at}/canvases/sailboat", {"data.harbour": nul}, 422),
        (maud, f"/desk/participations/{who}/evaluation", {"data.good": nul}, 422),
        (dana, f"/desk/participations/{who}/stations/{station}", {"data.run": nul, "level.x.RO001": nul}, 422),
    )
    for visitor_, path, fields, status in sent:
        visitor_.send(path, expect=status, **fields)
