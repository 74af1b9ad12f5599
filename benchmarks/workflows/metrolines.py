"""Lines with stations and runs, and people who travel them, each step in a transaction as over HTTP."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from benchmarks.workflows.measured import Times
from issuer_service.catalogue.tables import UloVersion
from issuer_service.installation import Installation
from issuer_service.metro_map.svg import draw
from issuer_service.people.roles import Role
from issuer_service.people.service import Caller
from issuer_service.people.tables import Membership, Person
from issuer_service.persistence.identifiers import random_uuid
from issuer_service.persistence.upsert import insert_rows
from issuer_service.programme.tables import Enrolment, Programme
from issuer_service.workflow.metroline.arranging import WorkForm
from issuer_service.workflow.metroline.holding import advance_run, change_run, plan_run, run_of
from issuer_service.workflow.metroline.line_endpoints import acting
from issuer_service.workflow.metroline.lines import Acting, Stop, add_station, arrange, line_of, open_line, station_of
from issuer_service.workflow.metroline.maps import map_of_company, map_of_participation
from issuer_service.workflow.metroline.runs import CHECKS, RunState
from issuer_service.workflow.metroline.travelling import assess, participation_of, record_attendance, register

__all__ = ["Travel", "World", "hold_runs", "lay_lines", "look_at_maps", "travel"]

_LINES_EACH = 5
_PARTS = (("RO001", "zelfstandig"), ("VO001", "voorbeeldig"), ("VO002", "zelfstandig"), ("VO003", "zelfstandig"))
_WEEKS = timedelta(days=22)


@dataclass(frozen=True)
class Travel:
    """Somebody's participation, the line, and its stations."""

    participation: str
    line: str
    stations: tuple[str, ...]


@dataclass
class World:
    """Somebody who may do everything, what the lines lead to, and how long each kind of step took."""

    caller: Caller
    programme: str
    ulo: str

    @classmethod
    def of(cls, here: Installation) -> World:
        """The world in a new place."""
        with here.reading() as session:
            teacher = session.scalars(select(Membership).where(Membership.role == str(Role.TEACHER))).first()
            assert teacher is not None  # noqa: S101  # every new place has one
            caller = Caller.in_role(teacher.person_id, teacher.organisation_id, Role.TEACHER, Role.BROKER)
            return cls(
                caller,
                session.scalars(select(Programme.id)).first() or "",
                session.scalars(select(UloVersion.id)).first() or "",
            )


@dataclass
class _Doing:
    here: Installation
    world: World
    times: Times
    later: timedelta = timedelta(0)

    def step(self, name: str, what: Callable[[Any, Acting], Any]) -> Any:
        """Do it in a transaction, and remember how long it took."""
        doing = acting(self.here, self.world.caller)
        doing = replace(doing, now=doing.now + self.later)
        with self.times.step(name), self.here.transaction_for(self.world.caller) as session:
            return what(session, doing)


def lay_lines(here: Installation, world: World, times: Times, *, lines: int, participations: int) -> list[Travel]:
    """So many lines of four stations, and people registered for five lines each, in any order."""
    lot = random.Random(1)  # noqa: S311  # the same each time
    doing = _Doing(here, world, times)
    laid = []
    for number in range(lines):
        stations = [_station(doing, number, part) for part in _PARTS]
        laid.append((_line(doing, number, stations), stations))
    each = participations // lines
    people = _people(here, world, max(each, participations // _LINES_EACH))
    travels = [
        Travel(_registered(doing, line, person), line, tuple(stations))
        for line, stations in laid
        for person in lot.sample(people, each)
    ]
    lot.shuffle(travels)
    return travels


def hold_runs(here: Installation, world: World, times: Times, travels: list[Travel]) -> dict[str, str]:
    """A run that has begun, of every station of these travels. By station."""
    doing = _Doing(here, world, times)
    stations = dict.fromkeys(station for one in travels for station in one.stations)
    return {station: _held(doing, station) for station in stations}


def travel(here: Installation, world: World, times: Times, one: Travel, runs: dict[str, str]) -> None:
    """From the first station of a line to the last: somebody is there, and is assessed."""
    doing = _Doing(here, world, times, _WEEKS)
    for station, (component, level) in zip(one.stations, _PARTS, strict=True):
        _at_station(doing, one, station, runs[station], {world.ulo: {component: level}})


def _at_station(doing: _Doing, one: Travel, station: str, run: str, levels: dict[str, dict[str, str]]) -> None:
    doing.step(
        "attendance is recorded",
        lambda s, acting: record_attendance(
            s, acting, run_of(s, run), participation_of(s, one.participation), attended=True
        ),
    )
    doing.step(
        "a station is assessed",
        lambda s, acting: assess(
            s, acting, participation_of(s, one.participation), station_of(s, station), levels, run=run_of(s, run)
        ),
    )


def look_at_maps(here: Installation, world: World, travels: list[Travel]) -> Times:
    """Drawing the map of a person, and of a company."""
    times = Times()
    doing = _Doing(here, world, times)
    for one in travels:
        _both_maps(doing, one)
    return times


def _both_maps(doing: _Doing, one: Travel) -> None:
    doing.step(
        "of a person",
        lambda s, _: draw(map_of_participation(s, participation_of(s, one.participation), "nl"), key="m"),
    )
    doing.step("of a company", lambda s, _: draw(map_of_company(s, line_of(s, one.line), "Jansen", "nl"), key="m"))


def _people(here: Installation, world: World, count: int) -> list[str]:
    """So many people who are enrolled; put there at once, since that is not what is measured."""
    ids = [random_uuid(here.randomness) for _ in range(count)]
    with here.transaction() as session:
        people = [{"id": one, "name": "x", "email": f"{one}@post.example", "language": "nl"} for one in ids]
        insert_rows(session, Person, people)
        for role in (Role.LEARNER, Role.PARTICIPANT):
            rows = [
                {"person_id": one, "organisation_id": world.caller.organisation_id, "role": str(role)} for one in ids
            ]
            insert_rows(session, Membership, [{"id": random_uuid(here.randomness), **row} for row in rows])
        enrolled = {"programme_id": world.programme, "enrolled_at": here.now()}
        new = [{"id": random_uuid(here.randomness), "subject_id": random_uuid(here.randomness)} for _ in ids]
        rows_of = [{**row, "person_id": one, **enrolled} for one, row in zip(ids, new, strict=True)]
        insert_rows(session, Enrolment, rows_of)
    return ids


def _station(doing: _Doing, number: int, part: tuple[str, str]) -> str:
    made: str = doing.step(
        "a station is added",
        lambda s, acting: (
            add_station(
                s,
                acting,
                title=f"Station {number} {part[0]}",
                hours=4,
                work_form=WorkForm.WORKSHOP,
                provider="Opleider",
                outcomes={doing.world.ulo: [part[0]]},
            ).id
        ),
    )
    return made


def _line(doing: _Doing, number: int, stations: list[str]) -> str:
    world = doing.world

    def make(session: Any, acting: Acting) -> str:
        line = open_line(session, acting, programme_id=world.programme, title=f"Lijn {number}", outcomes=[world.ulo])
        arrange(session, acting, line, [Stop(one, min(3, n + 1)) for n, one in enumerate(stations)])
        return line.id

    made: str = doing.step("a line is opened and arranged", make)
    return made


def _registered(doing: _Doing, line: str, person: str) -> str:
    made: str = doing.step(
        "somebody is registered",
        lambda s, acting: register(s, acting, line_of(s, line), person_id=person, company="Jansen").id,
    )
    return made


def _held(doing: _Doing, station: str) -> str:
    details = {"location": "Campus", "capacity": 40, "preparation": "x", "materials": "x"}
    starts = {"starts_at": doing.here.now() + timedelta(days=21)}
    run: str = doing.step("a run is planned", lambda s, acting: plan_run(s, acting, station, {**details, **starts}).id)
    for state in (RunState.SCHEDULED, RunState.ANNOUNCED):
        _on(doing, run, state)
    doing.step("a run is checked", lambda s, acting: change_run(s, acting, run_of(s, run), {}, checked=CHECKS))
    later = replace(doing, later=_WEEKS)
    for state in (RunState.PREPARED, RunState.RUNNING):
        _on(later, run, state)
    return run


def _on(doing: _Doing, run: str, to: RunState) -> None:
    doing.step(f"a run is {to}", lambda s, acting: advance_run(s, acting, run_of(s, run), to))
