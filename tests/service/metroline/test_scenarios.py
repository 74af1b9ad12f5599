"""Metrolines from beginning to end, as the working method tells them."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from issuer_service.awarding.map_endpoints import personal_map
from issuer_service.issuance.tables import Award
from issuer_service.people.roles import Role
from issuer_service.programme.tables import Programme
from issuer_service.workflow.metroline.tables import Participation
from tests.service.conftest import World
from tests.service.metroline.trying import LEVELS, PROPOSITION, Team
from tests.service.test_setting_up import ulo_body


@pytest.fixture
def team(world: World) -> Team:
    return Team(world)


def _line_badge(team: Team) -> str:
    """Another ULO, which is what the whole line is worth."""
    body = {**ulo_body(), "qualification": "Vervoer op waterstof", "title": "Ons wagenpark op waterstof", "rubric": []}
    made: str = team.call("POST", "ulo-versions", body, role=Role.ADMINISTRATOR)["id"]
    return made


@pytest.mark.both_databases
def test_from_a_how_might_we_question_to_a_line_badge_to_a_referral(team: Team) -> None:
    badge = _line_badge(team)
    line, safety, service = _designed(team, badge)
    first, second = team.run(safety), team.run(service)
    _to(team, line, "executing")

    # B4: somebody takes part.
    michael = team.register(line)
    intake = {"wishes": "Zelf sleutelen", "expectations": "Praktijk", "needs": ""}
    assert team.call("POST", f"participations/{michael}/intake", intake)["state"] == "intake"
    team.hold(first)
    body = {"participation_id": michael, "attended": True}
    team.call("POST", f"station-runs/{first}/attendances", body, role=Role.TEACHER)
    assert team.awards() == [], "being there earns no badge"
    # B5: what they can is assessed.
    assert {one["kind"] for one in team.assess(michael, safety, ["RO001", "VO001"], run_id=first)} == {
        "component",
        "station",
    }
    (station_badge,) = team.awards()
    assert station_badge["ulo_version_id"] is None
    _close(team, first)
    team.call("PATCH", f"station-runs/{second}", {"checked": ["materials", "aids", "rooms"]})
    for state in ("prepared", "running"):
        team.call("POST", f"station-runs/{second}/state", {"state": state})
    team.call("POST", f"station-runs/{second}/attendances", body, role=Role.TEACHER)
    reached = team.assess(michael, service, ["VO002", "VO003"], run_id=second)
    assert {one["kind"] for one in reached} == {"component", "station", "ulo", "line"}

    # A badge for each station, one for the ULO and one for the line; each is approved, and is in Michael's hands.
    awards = team.awards()
    assert [one["ulo_version_id"] for one in awards].count(None) == 2
    assert {one["ulo_version_id"] for one in awards} == {team.ulo, badge, None}
    assert len(awards) == 4
    for award in awards:
        team.call("POST", f"awards/{award['id']}/approval", role=Role.TEACHER)
    team.awards()
    for award in awards:
        signed = team.call("GET", f"awards/{award['id']}", role=Role.TEACHER)["credential_id"]
        assert team.call("GET", f"credentials/{signed}", role=Role.TEACHER)["standing"] == "valid"

    # B6: it is evaluated, and he goes on to a path of his own with what he has.
    form = {"outcomes_reached": True, "company_goals_supported": True, "improve": ["Meer tijd"]}
    assert team.call("POST", f"participations/{michael}/evaluation", form)["state"] == "evaluated"
    _goes_on(team, michael)
    _close(team, second)
    for stage in ("validating", "evaluating"):
        _to(team, line, stage)
    _canvas(team, line, "evaluation", {"outcomes_reached": True, "company_goals_supported": True})
    again = _to(team, line, "analysing")
    assert again["iteration"] == 2


def _goes_on(team: Team, michael: str) -> None:
    """He is referred to a path of his own. There it is seen what he brings, and what he need not take is off it."""
    path = team.call("POST", "programmes", {"title": "Monteur", "preset": "katapult"}, role=Role.ADMINISTRATOR)["id"]
    module = {"title": "Onderhoud", "phase": "basic", "ulo_version_id": team.ulo}
    module_id = team.call("POST", f"programmes/{path}/modules", module, role=Role.ADMINISTRATOR)["id"]
    to = {"programme_id": path}
    referred = team.call("POST", f"participations/{michael}/referral", to, role=Role.AM_COMPANIES)
    assert referred["state"] == "referred"
    assert {one["kind"] for one in referred["referral"]["reached"]} == {"component", "station", "ulo", "line"}
    person = team.call("GET", f"people/{team.people[0]}", role=Role.TEACHER)
    assert "candidate" in {one["role"] for one in person["roles"]}
    # His path has begun with that, at its first stage.
    case = referred["referral"]["case_id"]
    assert team.call("GET", f"cases/{case}", role=Role.TEACHER)["stage"] == "interested"

    def brought() -> list[Any]:
        items: list[Any] = team.call("GET", f"cases/{case}/brought", role=Role.TEACHER)["items"]
        return items

    assert {one["kind"] for one in brought()} == {"component", "station", "ulo", "line"}
    (whole,) = (one for one in brought() if one["module_id"])
    assert (whole["kind"], whole["module_id"], whole["exempted"]) == ("ulo", module_id, False)
    (award,) = whole["awards"]
    assert team.call("GET", f"awards/{award}", role=Role.TEACHER)["credential_id"]
    data = {"module": module_id, "grounds": "earlier_badge", "decision": whole["evidence_id"]}
    body = {"verb": "record", "what": "exemption", "data": data}
    team.call("POST", f"cases/{case}/steps", body, role=Role.TEACHER)
    assert [one["exempted"] for one in brought() if one["module_id"]] == [True]


def _designed(team: Team, badge: str) -> tuple[str, str, str]:
    """B0 to B3: three companies with one question, and what became of it. The line and its stations."""
    safety = team.station("Veilig werken met waterstof", ["RO001", "VO001"])
    service = team.station("Onderhoud van brandstofcellen", ["VO002", "VO003"])
    line = team.line([safety, service], badge_ulo_version_id=badge)
    _canvas(team, line, "commitment", {"document": "manifest", "companies": ["Jansen", "De Vries", "Bakker"]})
    _to(team, line, "analysing")
    _canvas(team, line, "how-might-we", {"questions": ["Hoe kunnen we ons wagenpark omschakelen naar waterstof?"]})
    written = _canvas(team, line, "value-proposition", PROPOSITION)
    assert written["sentence"].startswith("Voor bedrijven met een wagenpark die willen rijden op waterstof maar ")
    _to(team, line, "designing_outcomes")
    assert _to(team, line, "arranging")["warnings"] == ["stations: 2; a line has 4 to 8"]
    assert team.amiss(f"metrolines/{line}/stage", {"stage": "executing"}) == ["runs: at least one is to be scheduled"]
    return line, safety, service


def _close(team: Team, run: str) -> None:
    for state, details in (("reflected", {"good": "Gemeten", "improve": "Meer tijd"}), ("closed", {})):
        team.call("PATCH", f"station-runs/{run}", details)
        team.call("POST", f"station-runs/{run}/state", {"state": state})


def test_a_station_is_rescheduled_after_its_announcement(team: Team) -> None:
    safety = team.station("Veilig werken", ["VO001"])
    run = team.run(safety)
    before = team.call("GET", f"station-runs/{run}/calendar").text
    # A week later: the teacher is ill, and it is put off by three days.
    team.world.clock.advance(timedelta(days=7))
    soon = (team.world.clock() + timedelta(days=3)).isoformat()
    moved = team.call("POST", f"station-runs/{run}/rescheduling", {"starts_at": soon})
    assert (moved["state"], moved["sequence"], moved["announced_at"]) == ("scheduled", 1, None)
    assert moved["warnings"] == ["announce: 14 days ahead is advised"]
    amiss = team.amiss(f"station-runs/{run}/state", {"state": "announced"})
    assert amiss == ["starts_at: a run is announced at least 7 days ahead"]
    later = (team.world.clock() + timedelta(days=15)).isoformat()
    team.call("POST", f"station-runs/{run}/rescheduling", {"starts_at": later})
    told = team.call("POST", f"station-runs/{run}/state", {"state": "announced"})
    assert told["warnings"] == []
    # In everybody's calendar it is the same run, at another moment.
    after = team.call("GET", f"station-runs/{run}/calendar").text
    assert _line_of(before, "UID") == _line_of(after, "UID")
    assert (_line_of(before, "SEQUENCE"), _line_of(after, "SEQUENCE")) == ("0", "2")
    assert _line_of(before, "DTSTART") < _line_of(after, "DTSTART")
    gone = team.call("POST", f"station-runs/{run}/state", {"state": "cancelled"})
    assert gone["state"] == "cancelled"
    assert "STATUS:CANCELLED" in team.call("GET", f"station-runs/{run}/calendar").text


def test_what_is_told_again_awards_nothing_twice(team: Team) -> None:
    safety = team.station("Veilig werken", sorted(LEVELS))
    line = team.line([safety])
    who = team.register(line)
    team.assess(who, safety, sorted(LEVELS))
    # The ULO, its station, and the line.
    before = sorted(one["id"] for one in team.awards())
    assert len(before) == 3
    assert team.assess(who, safety, sorted(LEVELS)) == []
    team.world.jobs.repeat_everything(team.world.handlers)
    assert sorted(one["id"] for one in team.awards()) == before


def test_what_was_reached_says_so_and_being_there_says_no_more_than_that(team: Team) -> None:
    with team.world.installation.transaction() as session:
        programme = session.get_one(Programme, team.programme)
        programme.settings = {**programme.settings, "attendance_proof": True, "badge_per_component": True}
    station = team.station("Veilig werken", ["RO001"])
    who, run = team.register(team.line([station])), team.run(station)
    team.hold(run)
    body = {"participation_id": who, "attended": True}
    team.call("POST", f"station-runs/{run}/attendances", body, role=Role.TEACHER)
    team.assess(who, station, ["RO001"], run_id=run)
    team.awards()
    with team.world.installation.reading() as session:
        documents = [json.loads(one) for one in session.scalars(select(Award.document))]
    made = {one["credentialSubject"]["achievement"]["achievementType"]: one for one in documents}
    assert {kind: len(one["credentialSubject"]["achievement"].get("alignment", ())) for kind, one in made.items()} == {
        "CertificateOfCompletion": 0,
        "Assessment": 1,
        "ext:Station": 1,
        "LearningProgram": 1,
    }
    assert len(documents) == 4
    assert made["CertificateOfCompletion"]["name"] == "Bewijs van deelname: Veilig werken"


def test_a_station_that_two_lines_share_is_reached_on_both(team: Team) -> None:
    safety = team.station("Veilig werken", ["RO001", "VO001"])
    service, permits = team.station("Onderhoud", ["VO002"]), team.station("Vergunnen", ["VO003"])
    fleet, inspectors = team.line([safety, service]), team.line([safety, permits])
    one = team.register(fleet)
    team.assess(one, safety, ["RO001", "VO001"])
    assert {x["kind"] for x in team.assess(one, service, ["VO002"])} == {"component", "station", "line"}
    # On the second line the first station is behind them already.
    other = team.register(inspectors)
    kinds = [x["kind"] for x in team.assess(other, permits, ["VO003"])]
    assert sorted(kinds) == ["component", "line", "station", "ulo"]


def test_whoever_joins_a_line_of_which_everything_is_reached_has_completed_it(team: Team) -> None:
    safety = team.station("Veilig werken", ["RO001"])
    first, second = team.line([safety]), team.line([safety])
    team.assess(team.register(first), safety, ["RO001"])
    joined = team.register(second)
    assert team.call("GET", f"participations/{joined}")["state"] == "line_completed"


def test_whoever_leaves_keeps_what_they_earned_and_may_be_referred(team: Team) -> None:
    safety, service = team.station("Veilig werken", ["RO001"]), team.station("Onderhoud", ["VO001"])
    line = team.line([safety, service])
    who = team.register(line)
    team.assess(who, safety, ["RO001"])
    assert team.call("POST", f"participations/{who}/dropping-out")["state"] == "dropped_out"
    amiss = {"participation_id": who, "station_id": service, "levels": {team.ulo: {"VO001": "zelfstandig"}}}
    team.call("POST", "station-assessments", amiss, role=Role.TEACHER, expect=422)
    team.module()
    to = {"programme_id": team.programme}
    referral = team.call("POST", f"participations/{who}/referral", to, role=Role.AM_COMPANIES)["referral"]
    assert sorted(one["kind"] for one in referral["reached"]) == ["component", "station"]


def test_whoever_left_a_line_still_finds_on_its_map_what_they_earned_there_and_is_sent_nowhere(team: Team) -> None:
    safety, service = team.station("Veilig werken", ["RO001"]), team.station("Onderhoud", ["VO001"])
    who = team.register(team.line([safety, service]))
    team.assess(who, safety, ["RO001"])
    team.call("POST", f"participations/{who}/dropping-out")
    assert _standings(team, who) == {"Veilig werken": "earned", "Onderhoud": "not-yet"}


def test_recognition_shortens_the_way_and_the_map_shows_it(team: Team) -> None:
    safety, service = team.station("Veilig werken", ["RO001"]), team.station("Onderhoud", ["VO001"])
    line = team.line([safety, service])
    who = team.register(line)
    assert _standings(team, who) == {"Veilig werken": "next", "Onderhoud": "not-yet"}
    team.assess(who, safety, ["RO001"], recognised=True)
    assert _standings(team, who) == {"Veilig werken": "recognised", "Onderhoud": "next"}
    assert "4 uur te gaan" in team.call("GET", f"participations/{who}/map?lang=nl")["description"]


def test_what_holds_no_more_is_expired_on_the_map_and_to_be_done_again(team: Team) -> None:
    team.call(
        "PATCH", f"programmes/{team.programme}", {"settings": {"badges_valid_months": 12}}, role=Role.ADMINISTRATOR
    )
    safety, service = team.station("Veilig werken", ["RO001"]), team.station("Onderhoud", ["VO001"])
    who = team.register(team.line([safety, service]))
    team.assess(who, safety, ["RO001"])
    (award,) = team.awards()
    team.call("POST", f"awards/{award['id']}/approval", role=Role.TEACHER)
    team.awards()
    assert _standings(team, who) == {"Veilig werken": "earned", "Onderhoud": "next"}
    with team.world.installation.reading() as session:
        assert json.loads(session.scalars(select(Award.document)).one())["validUntil"] == "2027-11-20T09:00:00Z"
        participation = session.get_one(Participation, who)
        later = personal_map(session, participation, "nl", now=team.world.clock().replace(year=2028))
        assert later.standings[safety] == "expired"
        assert "8 uur te gaan" in later.description
    # Revoked, it holds no more either.
    signed = team.call("GET", f"awards/{award['id']}", role=Role.TEACHER)["credential_id"]
    team.call("POST", f"credentials/{signed}/revocation", {"reason": "vergissing"}, role=Role.TEACHER)
    assert _standings(team, who)["Veilig werken"] == "expired"


def test_a_company_sees_no_numbers_of_one_or_two(team: Team) -> None:
    safety = team.station("Veilig werken", ["RO001"])
    line = team.line([safety])
    team.assess(team.register(line), safety, ["RO001"])
    shown = team.call("GET", f"metrolines/{line}/company-map?company=Jansen&lang=en")
    assert shown["stations"][0]["note"] == "<5 done · 0 at it"


def test_the_map_is_a_picture_a_list_and_data(team: Team) -> None:
    line = team.line([team.station("Veilig werken", ["RO001"]), team.station("Onderhoud", ["VO001"])])
    svg = team.call("GET", f"metrolines/{line}/map?format=svg&direction=downwards")
    assert svg.headers["content-type"] == "image/svg+xml"
    assert "style-src 'sha256-" in svg.headers["content-security-policy"]
    assert svg.headers["cache-control"] == "private, no-cache"
    png = team.call("GET", f"metrolines/{line}/map?format=png&palette=grey")
    assert png.content.startswith(b"\x89PNG")
    for shown in (svg, png):
        known = {**shown.request.headers, "If-None-Match": shown.headers["etag"]}
        assert team.world.http.get(str(shown.url), headers=known).status_code == 304
        assert team.world.http.get(f"{shown.url}&lang=en", headers=known).status_code == 200
    text = team.call("GET", f"metrolines/{line}/map?format=text&lang=nl").text
    assert (
        text == "Lijn 1: Ons wagenpark op waterstof\n  1. Veilig werken, fase 1, 4 uur\n  2. Onderhoud, fase 2, 4 uur\n"
    )


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("metrolines", {"programme_id": "{unknown}", "title": "x"}, "programme_id"),
        ("metrolines/{line}/canvases", {"kind": "how-might-we", "content": {"question": []}}, "content"),
        ("metrolines/{line}/stage", {"stage": "executing"}, "stage"),
        (
            "metrolines",
            {"programme_id": "{programme}", "title": "x", "badge_ulo_version_id": "{ulo}"},
            "badge_ulo_version_id",
        ),
        ("stations", {"title": "x", "hours": 4, "work_form": "workshop", "outcomes": {"{ulo}": ["XX999"]}}, "outcomes"),
        ("station-assessments", {"participation_id": "{who}", "station_id": "{station}", "levels": {}}, "levels"),
        (
            "station-assessments",
            {"participation_id": "{who}", "station_id": "{station}", "levels": {"{ulo}": {"VO003": "zelfstandig"}}},
            "levels",
        ),
        (
            "station-assessments",
            {"participation_id": "{who}", "station_id": "{station}", "levels": {"{ulo}": {"RO001": "fantastisch"}}},
            "levels",
        ),
        ("participations/{who}/referral", {"programme_id": "{unknown}"}, "programme_id"),
    ],
)
def test_what_is_amiss_is_named(team: Team, path: str, body: dict[str, Any], field: str) -> None:
    station = team.station("Veilig werken", ["RO001"])
    line = team.line([station])
    known = {"{line}": line, "{station}": station, "{who}": team.register(line), "{ulo}": team.ulo}
    known["{programme}"] = team.programme
    known["{unknown}"] = "00000000-0000-4000-8000-000000000000"
    role = Role.TEACHER if path.startswith("station-a") else Role.BROKER
    role = Role.AM_COMPANIES if path.endswith("referral") else role
    answer = team.world.http.post(
        f"/v1/{_filled(path, known)}", json=_filled(body, known), headers={"Authorization": f"Bearer {team.keys[role]}"}
    )
    assert answer.status_code in {404, 422}, answer.text
    assert answer.json()["findings"][0]["field"] == field


def test_nobody_assesses_themselves_and_only_a_teacher_assesses(team: Team) -> None:
    station = team.station("Veilig werken", ["RO001"])
    who = team.register(team.line([station]))
    body = {"participation_id": who, "station_id": station, "levels": {team.ulo: {"RO001": "zelfstandig"}}}
    team.call("POST", "station-assessments", body, role=Role.BROKER, expect=403)


def test_attendance_is_corrected_and_is_for_runs_that_were_held(team: Team) -> None:
    station = team.station("Veilig werken", ["RO001"])
    who = team.register(team.line([station]))
    run = team.run(station)
    body = {"participation_id": who, "attended": True}
    team.call("POST", f"station-runs/{run}/attendances", body, expect=422)
    team.hold(run)
    first = team.call("POST", f"station-runs/{run}/attendances", body)
    second = team.call("POST", f"station-runs/{run}/attendances", {**body, "attended": False})
    assert (second["id"], second["attended"]) == (first["id"], False)


def test_where_the_broker_is_neutral_who_looks_after_companies_takes_no_step(team: Team, world: World) -> None:
    line = team.line([team.station("Veilig werken", ["RO001"])])
    _canvas(team, line, "commitment", {"document": "manifest", "companies": ["Jansen"]})
    team.call("POST", f"metrolines/{line}/stage", {"stage": "analysing"}, role=Role.AM_COMPANIES, expect=403)
    _to(team, line, "analysing")


def test_under_make_hydrogen_work_the_canvas_is_obligatory_and_outcomes_are_aligned(world: World) -> None:
    team = Team(world, preset="mhw")
    line = team.line([team.station("Veilig werken", ["RO001"])])
    _canvas(team, line, "commitment", {"document": "convenant", "companies": ["Jansen"]})
    team.call("POST", f"metrolines/{line}/stage", {"stage": "analysing"}, role=Role.AM_COMPANIES)
    _canvas(team, line, "how-might-we", {"questions": ["Hoe kunnen we …?"]})
    _canvas(team, line, "value-proposition", PROPOSITION)
    amiss = team.amiss(f"metrolines/{line}/stage", {"stage": "designing_outcomes"})
    assert amiss == ["metroline-canvas: not written yet"]
    content = dict.fromkeys(("value_proposition", "target_group", "goal", "desired_reaction"), "iets")
    _canvas(team, line, "metroline-canvas", content)
    _to(team, line, "designing_outcomes")
    amiss = team.amiss(f"metrolines/{line}/stage", {"stage": "arranging"})
    assert amiss == ["outcomes: Warmtepompsysteem bepalen is aligned with no framework"]


def _canvas(team: Team, line: str, kind: str, content: dict[str, Any]) -> Any:  # JSON
    return team.call("POST", f"metrolines/{line}/canvases", {"kind": kind, "content": content})


def _to(team: Team, line: str, stage: str) -> Any:  # JSON
    shown = team.call("POST", f"metrolines/{line}/stage", {"stage": stage})
    assert shown["stage"] == stage
    return shown


def _standings(team: Team, who: str) -> dict[str, str]:
    return {one["name"]: one["standing"] for one in team.call("GET", f"participations/{who}/map")["stations"]}


def _line_of(calendar: str, name: str) -> str:
    return next(line.partition(":")[2] for line in calendar.splitlines() if line.startswith(f"{name}:"))


def _filled(body: Any, known: dict[str, str]) -> Any:  # JSON
    if isinstance(body, str):
        for name, value in known.items():
            body = body.replace(name, value)
        return body
    if isinstance(body, dict):
        return {_filled(key, known): _filled(value, known) for key, value in body.items()}
    return [_filled(one, known) for one in body] if isinstance(body, list) else body
