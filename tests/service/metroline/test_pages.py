"""The metro map on pages: for everybody, for a company, for one person; picture and list on each."""

from __future__ import annotations

import os
import re

from issuer_service.people.roles import Role
from issuer_service.workflow.metroline.tables import Metroline
from tests.service.conftest import ON_ONE_DATABASE, World
from tests.service.metroline.trying import Team
from tests.service.test_identity import signed_in

pytestmark = ON_ONE_DATABASE


def _offered(world: World) -> tuple[Team, str, str]:
    """A line that is offered, and a station of it."""
    team = Team(world)
    station = team.station("Veilig werken", ["RO001"])
    line = team.line([station, team.station("Onderhoud", ["VO001"])])
    with world.installation.transaction() as session:
        session.get_one(Metroline, line).stage = "executing"
    return team, line, station


def test_anybody_may_see_a_line_that_is_offered_and_none_that_is_not(world: World) -> None:
    team, line, _ = _offered(world)
    page = world.http.get(f"/lines/{line}?lang=nl")
    assert page.status_code == 200, page.text
    assert page.text.count("<svg") == 2, "rightwards, and downwards for narrow screens"
    assert "<li>Veilig werken, fase 1, 4 uur</li>" in page.text
    assert "The same map as a list" in world.http.get(f"/lines/{line}?lang=en").text
    picture = world.http.get(f"/lines/{line}/map.svg")
    assert picture.headers["content-type"] == "image/svg+xml"
    again = world.http.get(f"/lines/{line}/map.svg", headers={"If-None-Match": picture.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    still_designed = team.line([team.station("Meten", ["RO001"])])
    assert world.http.get(f"/lines/{still_designed}").status_code == 404
    if folder := os.environ.get("KEEP_PAGES"):
        _keep(world, f"/lines/{line}?lang=nl", f"{folder}/line.html")


def test_no_id_stands_twice_on_a_page_with_two_drawings(world: World) -> None:
    _, line, _ = _offered(world)
    ids = re.findall(r'\bid="([^"]+)"', world.http.get(f"/lines/{line}").text)
    assert len(ids) == len(set(ids))


def test_staff_see_a_company_and_a_person_on_the_map(world: World) -> None:
    team, line, station = _offered(world)
    who = team.register(line, company="Jansen & Zn")
    team.assess(who, station, ["RO001"])
    assert world.http.get(f"/desk/participations/{who}", follow_redirects=False).status_code in {303, 401}
    signed_in(world, Role.TEACHER)
    page = world.http.get(f"/desk/lines/{line}/companies?lang=nl")
    assert '<strong aria-current="true">Jansen &amp; Zn</strong>' in page.text
    assert "minder dan 5 behaald, 0 bezig" in page.text
    assert page.headers["cache-control"] == "no-store"
    hers = world.http.get(f"/desk/participations/{who}?lang=nl").text
    assert "Veilig werken, fase 1, 4 uur, behaald" in hers
    assert "Onderhoud, fase 2, 4 uur, volgende" in hers


def _keep(world: World, address: str, file: str) -> None:
    """The page with its styles in it, to be looked at."""
    text = world.http.get(address).text
    for name in ("style.css", "drawing.css"):
        style = world.http.get(f"/static/{name}").text
        text = text.replace(f'<link rel="stylesheet" href="/static/{name}">', f"<style>{style}</style>")
    with open(file, "w", encoding="utf-8") as kept:  # noqa: PTH123
        kept.write(text)
