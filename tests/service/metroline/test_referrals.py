"""Referred from a line to a path of one's own: the case is there with the referral, once, and what was earned in it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select

from issuer_service.people.roles import Role
from issuer_service.workflow.candidate.definition import CANDIDATE_PATH
from issuer_service.workflow.cases.endpoints import doing_in
from issuer_service.workflow.cases.referring import refer_to_path
from issuer_service.workflow.metroline.line_endpoints import acting
from issuer_service.workflow.process.tables import ProcessCase
from tests.service.conftest import ON_ONE_DATABASE, World
from tests.service.metroline.trying import Team
from tests.service.pages.screen_reader import read
from tests.service.pages.visitors import Visitor, teacher


@pytest.fixture
def team(world: World) -> Team:
    return Team(world)


def path_of(team: Team) -> str:
    """A programme with a path."""
    body = {"title": "Monteur", "preset": "katapult"}
    made: str = team.call("POST", "programmes", body, role=Role.ADMINISTRATOR)["id"]
    team.module(made)
    return made


def left(team: Team, line: str = "") -> str:
    """Somebody who left a line after its first station."""
    station = team.station("Veilig werken", ["RO001"])
    who = team.register(line or team.line([station, team.station("Onderhoud", ["VO001"])]))
    if not line:
        team.assess(who, station, ["RO001"])
    team.call("POST", f"participations/{who}/dropping-out")
    return who


def refer(team: Team, who: str, programme: str, *, role: Role = Role.AM_COMPANIES, expect: int | None = None) -> Any:
    return team.call("POST", f"participations/{who}/referral", {"programme_id": programme}, role=role, expect=expect)


def cases_of(team: Team) -> list[str]:
    with team.world.installation.reading() as session:
        query = select(ProcessCase.id).where(ProcessCase.person_id == team.people[0]).order_by(ProcessCase.began_at)
        return list(session.scalars(query))


def test_who_is_referred_is_on_a_path_that_says_where_they_come_from_and_is_exempt_from_nothing_yet(team: Team) -> None:
    path, who = path_of(team), left(team)
    referral = refer(team, who, path)["referral"]
    assert referral["opened"]
    assert cases_of(team) == [referral["case_id"]]
    shown = team.call("GET", f"cases/{referral['case_id']}", role=Role.TEACHER)
    assert (shown["stage"], shown["programme_id"], shown["enrolment_id"]) == ("interested", path, None)
    begin = shown["facts"]["begin"]
    assert (begin["role"], begin["data"]) == ("am_companies", {"participation": who})
    assert "exemption" not in shown["facts"]
    items = team.call("GET", f"cases/{referral['case_id']}/brought", role=Role.TEACHER)["items"]
    assert sorted(one["kind"] for one in items) == ["component", "station"]


def test_whoever_looks_after_companies_refers_and_begins_no_path_otherwise(team: Team) -> None:
    path, who = path_of(team), left(team)
    for role in (Role.BROKER, Role.TEACHER):
        refer(team, who, path, role=role, expect=403)
    body = {"person_id": team.people[0]}
    team.call("POST", f"programmes/{path}/cases", body, role=Role.AM_COMPANIES, expect=403)
    assert cases_of(team) == []
    refer(team, who, path)


def test_who_is_on_that_path_already_keeps_their_case_and_the_referral_says_which(team: Team) -> None:
    path, who = path_of(team), left(team)
    begun = {"person_id": team.people[0]}
    case = team.call("POST", f"programmes/{path}/cases", begun, role=Role.ADMINISTRATOR)["id"]
    referral = refer(team, who, path)["referral"]
    assert (referral["case_id"], referral["opened"]) == (case, False)
    assert cases_of(team) == [case]
    again = left(team, team.line([team.station("Meten", ["VO002"])]))
    assert refer(team, again, path)["referral"]["case_id"] == case


def test_who_withdrew_from_that_path_is_on_a_new_one(team: Team) -> None:
    path = path_of(team)
    first = refer(team, left(team), path)["referral"]["case_id"]
    candidate = Visitor(team.world, team.people[0])
    candidate.see(f"/desk/cases/{first}")
    candidate.fill("Trek je terug", data__reason=candidate.offered("data.reason")[0])
    again = left(team, team.line([team.station("Meten", ["VO002"])]))
    referral = refer(team, again, path)["referral"]
    assert referral["opened"]
    assert cases_of(team) == [first, referral["case_id"]]


def test_a_learner_of_that_programme_is_not_referred_to_it_and_nothing_of_it_stays(team: Team) -> None:
    path, who = path_of(team), left(team)
    body = {"person_id": team.people[0]}
    team.call("POST", f"programmes/{path}/enrolments", body, role=Role.ADMINISTRATOR)
    refused = refer(team, who, path, expect=409)
    assert refused["findings"][0]["field"] == "programme_id"
    assert team.call("GET", f"participations/{who}")["state"] == "dropped_out"
    person = team.call("GET", f"people/{team.people[0]}", role=Role.TEACHER)
    assert "candidate" not in {one["role"] for one in person["roles"]}


def test_the_lines_own_programme_is_a_way_on_once_it_has_modules(team: Team) -> None:
    """Whoever travels its line is enrolled in it, and no path led to that."""
    who = left(team)
    refused = refer(team, who, team.programme, expect=422)
    assert refused["findings"][0]["field"] == "programme_id"
    assert "add its modules, or choose another" in refused["findings"][0]["detail"]
    assert team.call("GET", f"participations/{who}")["state"] == "dropped_out"
    team.module()
    assert refer(team, who, team.programme)["referral"]["opened"]


@pytest.mark.both_databases
def test_two_who_refer_somebody_at_once_open_one_case(team: Team) -> None:
    path = path_of(team)
    both = [left(team), left(team, team.line([team.station("Meten", ["VO002"])]))]
    here, caller = team.world.installation, team.caller(Role.AM_COMPANIES)

    def at_once(who: str) -> tuple[str, bool]:
        with here.transaction() as session:
            doing = doing_in(here, CANDIDATE_PATH)
            made = refer_to_path(session, acting(here, caller), who, programme_id=path, doing=doing)
            return made.referral["case_id"], made.referral["opened"]

    with ThreadPoolExecutor(2) as threads:
        found = list(threads.map(at_once, both))
    assert len({case for case, _ in found}) == 1
    assert sorted(opened for _, opened in found) == [False, True]
    assert len(cases_of(team)) == 1


@ON_ONE_DATABASE
def test_on_the_page_one_click_leads_to_the_path_with_its_badges_and_says_so_in_both_languages(team: Team) -> None:
    path, who = path_of(team), left(team)
    team.awards()
    page = f"/desk/participations/{who}"
    assert "Doorverwijzen" not in teacher(team.world).see(page)
    ada = Visitor(team.world, team.members[Role.AM_COMPANIES])
    ada.see(page)
    offered = {one.attributes["value"] for one in read(ada.html).all("option")}
    assert path in offered
    assert team.programme not in offered, "it has no modules, and so no path"
    assert "Doorverwezen naar Monteur." in ada.fill("Doorverwijzen", programme_id=path)
    assert "Begonnen: " in ada.follow("Naar de route")
    dana = teacher(team.world)
    shown = dana.see(f"/desk/cases/{cases_of(team)[0]}")
    assert "Meegebracht van metrolijnen" in shown
    assert "station: Veilig werken" in read(shown).text()
    assert "wacht op goedkeuring van een docent" in shown
    assert "Brought along from metrolines" in dana.see(f"/desk/cases/{cases_of(team)[0]}?lang=en")
    assert "Referred to Monteur." in dana.see(f"{page}?lang=en")


def test_a_page_says_why_somebody_is_not_referred(team: Team) -> None:
    who = left(team)
    ada = Visitor(team.world, team.members[Role.AM_COMPANIES])
    ada.see(f"/desk/participations/{who}")
    refused = ada.fill("Doorverwijzen", programme_id=team.programme, expect=422)
    assert "deze opleiding heeft geen modules" in refused
