"""Both workflows, each told to its last badge; and others on the way, for whoever looks around afterwards."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.api import create_app
from issuer_service.catalogue.service import ValidatedElsewhere, awardable_ulo, import_ulo
from issuer_service.catalogue.tables import UloVersion
from issuer_service.delivery.service import ClaimLinks
from issuer_service.demo.cast import Calendar, Cast, hire
from issuer_service.demo.line import Line, design, plan_run, prepare_run, register, run_station
from issuer_service.demo.paths import Course, begin, begin_company, take, walk
from issuer_service.demo.setting import Setting
from issuer_service.demo.telling import VALID, StoryFailed, call, expect, publish_for_offline_use, step, verify, wait
from issuer_service.installation import Installation
from issuer_service.people.service import organisation_by_slug
from issuer_service.programme.service import add_module, change_settings, open_programme
from issuer_service.programme.tables import Module, Programme

__all__ = ["Troupe", "add_others", "prepare_workflows", "tell_candidate_path", "tell_metroline"]

_DATA: Final = Path(__file__).resolve().parent / "data"
_BEGAN: Final = timedelta(days=260)
"""How long ago the first of it was: short enough for a key, which lasts a year."""


@dataclass(frozen=True, slots=True)
class Troupe:
    """Everybody, what they have to do with each other, and where what they earn is put."""

    cast: Cast
    course: Course
    lines_programme: str
    units: Mapping[str, str]
    setting: Setting
    installation: Installation
    folder: Path


@contextmanager
def prepare_workflows(installation: Installation, setting: Setting, folder: Path) -> Iterator[Troupe]:
    """People in every role, a second module, a certificate, a programme for lines; and an API for which it is past."""
    now = installation.now()
    calendar = Calendar(now - _BEGAN)
    with installation.transaction() as session:
        ids, keys = hire(session, installation, setting, since=calendar.moment)
        course = _course(session, installation, setting)
        organisation = organisation_by_slug(session, setting.issuer_slug)
        lines = open_programme(
            session,
            organisation_id=organisation.id,
            title="Metrolijnen voor de maakindustrie",
            preset_name="katapult",
            randomness=installation.randomness,
        ).id
        rows = session.execute(
            select(UloVersion.number, UloVersion.id).where(UloVersion.qualification_slug == "3d-printen")
        )
        units = {row.number: row.id for row in rows if row.number in {"1.1", "1.4"}}
    with TestClient(create_app(replace(installation, now=calendar))) as http:
        yield Troupe(Cast(http, calendar, ids, keys), course, lines, units, setting, installation, folder)


def tell_candidate_path(troupe: Troupe, number: int) -> str:
    """Somebody goes along the whole path of `mhw`. Gives the id of their certificate."""
    cast, course = troupe.cast, troupe.course
    _at(troupe, 250)
    walk(cast, course, begin_company(cast, course, "warmte"), "warmte", until="attending")
    _at(troupe, 235)
    case_id = begin(cast, course, "mo")
    titles = walk(cast, course, case_id, "mo", until="evaluated")
    _today(troupe)
    earned = _earned(troupe, "mo", 3, "candidate-path", crown="Warmtepompmonteur")
    steps = cast.call("administrator", "GET", f"/v1/cases/{case_id}")["number"]
    step(
        number,
        "A candidate's path, as the working method 'mhw' has it",
        *_folded(titles),
        f"{steps} steps, each by whoever it waited for; nobody could skip one that was due.",
        "It awarded a badge for each module, and the certificate when the learning part was completed:",
        *(f"  candidate-path/{name}.json  verified" for name in earned),
    )
    expect(verify(troupe.folder, f"candidate-path/{list(earned)[-1]}.json", lines=1), VALID)
    return list(earned.values())[-1]


def tell_metroline(troupe: Troupe, number: int) -> Line:
    """A line from its companies' question to its badge. Leaves a run that is today."""
    cast = troupe.cast
    now = troupe.installation.now()
    _at(troupe, 70)
    line = design(cast, troupe.lines_programme, troupe.units)
    stations = list(line.stations)
    morning = now.replace(hour=8, minute=0, second=0)
    days = [morning - timedelta(days=42 - 10 * place) for place in range(len(stations))]
    runs = [plan_run(cast, station, day) for station, day in zip(stations, days, strict=True)]
    cast.call("broker", "POST", f"/v1/metrolines/{line.id}/stage", {"stage": "executing"})
    pim, puck = register(cast, line, "pim"), register(cast, line, "puck")
    for station, run, day in zip(stations, runs, days, strict=True):
        cast.calendar.moment = day
        there = [pim] if station == stations[-1] else [pim, puck]
        run_station(cast, line, station, run, there)
    # Somebody was ill at the last station. It is held again: today.
    cast.calendar.moment = now - timedelta(days=9)
    again = plan_run(cast, stations[-1], _lately(now))
    cast.calendar.moment = now - timedelta(days=1)
    prepare_run(cast, again)
    _today(troupe)
    form = {"outcomes_reached": True, "company_goals_supported": True, "good": ["De proef op de eigen vloer"]}
    cast.call("broker", "POST", f"/v1/participations/{pim}/evaluation", form)
    earned = _earned(troupe, "pim", 7, "metroline", crown="3D-printen in de productie")
    step(
        number,
        "A metroline, from a how-might-we question to its badge",
        "Three companies want to print their own spare parts. Their question became a line of four stations, which",
        "lead to two ULOs of a catalogue; every station was planned, announced, held, assessed and looked back upon.",
        "Being there earned nothing. What was shown earned a badge per station, per ULO and for the whole line:",
        *(f"  metroline/{name}.json  verified" for name in earned),
    )
    expect(verify(troupe.folder, f"metroline/{list(earned)[-1]}.json", lines=1), VALID)
    return line


def add_others(troupe: Troupe) -> None:
    """More people, each somewhere else on the path, so that there is something to do for everybody."""
    cast, course = troupe.cast, troupe.course
    _at(troupe, 120)
    walk(cast, course, begin_company(cast, course, "koude"), "koude", until="attending", employer="koude")
    for who, ago, stage in (
        ("lars", 110, "advanced_modules"),
        ("joris", 40, "job_market"),
        ("kiki", 18, "job_market"),
        ("iris", 20, "intake"),
        ("noor", 3, "interested"),
    ):
        _at(troupe, ago)
        case_id = begin(cast, course, who)
        walk(cast, course, case_id, who, until=stage)
        if who == "lars":
            # With one module to go, so that a newcomer has little to do before the certificate.
            take(cast, case_id, "coach", "coaching_talk")
    _wish(troupe, "kiki", ["koude", "warmte"])
    _today(troupe)
    # What was earned before today is approved, so that who looks around sees what comes of their own steps.
    for award in wait(lambda: _waiting(cast, "lars", "puck", count=5)):
        cast.call("teacher", "POST", f"/v1/awards/{award['id']}/approval")


def _wish(troupe: Troupe, who: str, companies: list[str]) -> None:
    """A candidate says where they want to work, and one of the companies whom it wants."""
    cast = troupe.cast
    cases = {one["person_id"]: one["id"] for one in cast.call("administrator", "GET", "/v1/cases?limit=100")["items"]}
    for person, what, wished in (
        (who, "candidate_preferences", {"employers": [cast.ids[one] for one in companies]}),
        (companies[0], "preferences", {"candidates": [cast.ids[who]]}),
    ):
        body = {"verb": "record", "what": what, "data": wished}
        cast.call(person, "POST", f"/v1/cases/{cases[cast.ids[person]]}/steps", body)


def _lately(now: datetime) -> datetime:
    """The last quarter of an hour that was: a run that begins then can begin."""
    return now.replace(minute=now.minute // 15 * 15, second=0)


def _at(troupe: Troupe, days_ago: float) -> None:
    troupe.cast.calendar.moment = troupe.installation.now() - timedelta(days=days_ago)


def _today(troupe: Troupe) -> None:
    troupe.cast.calendar.moment = troupe.installation.now()


def _course(session: Session, here: Installation, setting: Setting) -> Course:
    """The programme with its second module and its certificate, both made up for this."""
    first = session.get_one(Module, setting.module_id)
    programme = session.get_one(Programme, first.programme_id)
    rubric = json.loads((_DATA / "inbedrijfstellen-rubric.json").read_bytes())
    unit = _made_up(session, here, programme, "inbedrijfstellen", title="Warmtepomp in bedrijf stellen", rubric=rubric)
    certificate = _made_up(session, here, programme, "certificaat", title="Warmtepompmonteur", rubric=[])
    second = add_module(
        session,
        programme_id=programme.id,
        title="In bedrijf stellen en overdragen",
        phase="advanced",
        ulo_version_id=unit,
        randomness=here.randomness,
    )
    change_settings(session, programme, {"certificate_ulo_version_id": certificate})
    session.flush()
    levels = {}
    for module in (first, second):
        ulo = awardable_ulo(session, module.ulo_version_id, base_url=here.base_url)
        levels[module.id] = {criterion.component: criterion.required_level for criterion in ulo.rubric}
    return Course(programme.id, levels)


def _made_up(
    session: Session, here: Installation, programme: Programme, file: str, *, title: str, rubric: list[dict[str, Any]]
) -> str:
    return import_ulo(
        session,
        (_DATA / f"{file}.csv").read_text(encoding="utf-8"),
        catalogue="Voorbeelden van de demonstratie",
        qualification=f"Voorbeeld: {title}",
        number="1.1",
        version="1",
        title=title,
        source="verzonnen voor de demonstratie",
        validated=ValidatedElsewhere("example", date(2026, 11, 20), by="niemand: dit is een voorbeeld"),
        rubric=rubric,
        publisher_id=programme.organisation_id,
        base_url=here.base_url,
        now=here.now(),
        randomness=here.randomness,
    ).id


def _earned(troupe: Troupe, who: str, count: int, folder: str, *, crown: str) -> dict[str, str]:
    """Approve what somebody earned, have it signed, verify it, and keep it in a folder. By its file, each badge's id.

    The badge called `crown` is the last.

    Raises StoryFailed where it is not as many as it should be, or where one does not verify.
    """
    cast, here = troupe.cast, troupe.installation
    links = ClaimLinks(here.settings.secret.get_secret_value(), base_url=here.base_url)
    mine = wait(lambda: _waiting(cast, who, count=count))
    told = {award["id"]: award["unsigned"] for award in mine}
    mine.sort(key=lambda award: (told[award["id"]]["name"] == crown, told[award["id"]]["awardedDate"]))
    (troupe.folder / folder).mkdir()
    for award in mine:
        cast.call("teacher", "POST", f"/v1/awards/{award['id']}/approval")
    found: dict[str, str] = {}
    for place, award in enumerate(mine, start=1):
        credential_id = wait(partial(_signed, cast, award["id"]))
        path = links.link_to(credential_id).removeprefix(here.base_url)
        badge = cast.http.get(f"{path}/badge.json").content
        if not call(cast.http, "POST", "/v1/verifications", {"badge": json.loads(badge)})["verified"]:
            raise StoryFailed(f"badge {credential_id} does not verify")
        publish_for_offline_use(cast.http, troupe.setting, troupe.folder, badge)
        name = f"{place}-{_slug(json.loads(badge)['name'])}"
        (troupe.folder / folder / f"{name}.json").write_bytes(badge)
        found[name] = credential_id
    return found


def _signed(cast: Cast, award_id: str) -> str:
    credential_id: str | None = cast.call("teacher", "GET", f"/v1/awards/{award_id}")["credential_id"]
    return credential_id or ""


def _waiting(cast: Cast, *people: str, count: int) -> list[dict[str, Any]]:
    """What waits for approval of these people's, once it is all there; nothing before."""
    items = cast.call("teacher", "GET", "/v1/awards?limit=100")["items"]
    theirs = [one for one in items if one["person_id"] in {cast.ids[who] for who in people}]
    return theirs if len(theirs) == count else []


def _slug(title: str) -> str:
    plain = "".join(letter if letter.isalnum() else "-" for letter in title.lower())
    return "-".join(part for part in plain.split("-") if part)


def _folded(titles: list[str], width: int = 96) -> list[str]:
    """The stages one after the other, over some lines."""
    lines = [titles[0]]
    for title in titles[1:]:
        longer = f"{lines[-1]} → {title}"
        if len(longer) > width:
            lines.append(f"→ {title}")
        else:
            lines[-1] = longer
    return lines
