"""500 lines with 20,000 participations: how long a step takes with all of them in the database, on both databases.

    python -m benchmarks.metrolines [--quick] [--databases sqlite postgresql]

Every step is a transaction of its own, as over HTTP, without the HTTP. On a machine that others use, look at the
processor's time: that of this process, which with SQLite is all there is.
"""

from __future__ import annotations

import argparse
import os
import random
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from statistics import median, quantiles
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from benchmarks.service.places import KINDS, new_place
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
from issuer_service.workflow.metroline.lines import Acting, Stop, add_station, arrange, line_of, open_line, station_of
from issuer_service.workflow.metroline.maps import map_of_company, map_of_participation
from issuer_service.workflow.metroline.runs import CHECKS, RunState
from issuer_service.workflow.metroline.travelling import assess, participation_of, record_attendance, register
from issuer_service.workflow.outbox import Outbox

LINES, PARTICIPATIONS, TRAVELLED = 500, 20_000, 1_000
_PARTS = (("RO001", "zelfstandig"), ("VO001", "voorbeeldig"), ("VO002", "zelfstandig"), ("VO003", "zelfstandig"))


class Measured:
    """An installation with somebody who may do everything in it, and how long each kind of step took."""

    def __init__(self, here: Installation) -> None:
        self.here = here
        self.times: dict[str, list[tuple[float, float]]] = defaultdict(list)
        with here.reading() as session:
            teacher = session.scalars(select(Membership).where(Membership.role == str(Role.TEACHER))).one()
            self.programme = session.scalars(select(Programme.id)).one()
            self.ulo = session.scalars(select(UloVersion.id)).one()
        self.caller = Caller.in_role(teacher.person_id, teacher.organisation_id, Role.TEACHER, Role.BROKER)
        self.later = timedelta(0)

    def step(self, name: str, what: Callable[[Any, Acting], Any]) -> Any:
        """Do it in a transaction, and remember how long it took."""
        here = self.here
        events = Outbox(here.randomness)
        acting = Acting(self.caller, here.now() + self.later, here.randomness, here.base_url, events)
        began, cpu = time.perf_counter(), time.process_time()
        with here.transaction_for(self.caller) as session:
            made = what(session, acting)
        self.times[name].append((time.perf_counter() - began, time.process_time() - cpu))
        return made

    def people(self, count: int) -> list[str]:
        """So many people who are enrolled; put there at once, since that is not what is measured."""
        here, organisation = self.here, self.caller.organisation_id
        ids = [random_uuid(here.randomness) for _ in range(count)]
        with here.transaction() as session:
            insert_rows(
                session,
                Person,
                [{"id": one, "name": "x", "email": f"{one}@post.example", "language": "nl"} for one in ids],
            )
            for role in (Role.LEARNER, Role.PARTICIPANT):
                rows = [{"person_id": one, "organisation_id": organisation, "role": str(role)} for one in ids]
                insert_rows(session, Membership, [{"id": random_uuid(here.randomness), **row} for row in rows])
            enrolled = {"programme_id": self.programme, "enrolled_at": here.now()}
            new = [{"id": random_uuid(here.randomness), "subject_id": random_uuid(here.randomness)} for _ in ids]
            insert_rows(
                session, Enrolment, [{**row, "person_id": one, **enrolled} for one, row in zip(ids, new, strict=True)]
            )
        return ids


def measure(kind: str, scale: int) -> dict[str, list[tuple[float, float]]]:
    """Of each kind of step the seconds that went by, and those of the processor."""
    lot = random.Random(1)  # noqa: S311  # the same each time
    with new_place(kind) as place:
        world = Measured(place.here)
        lines: list[tuple[str, list[str]]] = []
        for number in range(LINES // scale):
            stations = [_station(world, number, part) for part in _PARTS]
            lines.append((_line(world, number, stations), stations))
        per_line = PARTICIPATIONS // LINES
        people = world.people(per_line * 10)
        travels = []
        for line, stations in lines:
            some = lot.sample(people, per_line)
            travels += [(_registered(world, line, person), line, stations) for person in some]
        world.later = timedelta(days=22)
        runs: dict[str, str] = {}
        for who, line, stations in lot.sample(travels, min(len(travels), TRAVELLED // scale)):
            for station, part in zip(stations, _PARTS, strict=True):
                if station not in runs:
                    runs[station] = _held(world, station)
                _travel(world, who, station, part, runs[station])
            world.step(
                "a person's map",
                lambda s, _, who=who: draw(map_of_participation(s, participation_of(s, who), "nl"), key="m"),
            )
            world.step(
                "a company's map",
                lambda s, _, line=line: draw(map_of_company(s, line_of(s, line), "Jansen", "nl"), key="m"),
            )
        return world.times


def _station(world: Measured, number: int, part: tuple[str, str]) -> str:
    made: str = world.step(
        "a station is added",
        lambda s, acting: (
            add_station(
                s,
                acting,
                title=f"Station {number} {part[0]}",
                hours=4,
                work_form=WorkForm.WORKSHOP,
                provider="Opleider",
                outcomes={world.ulo: [part[0]]},
            ).id
        ),
    )
    return made


def _line(world: Measured, number: int, stations: list[str]) -> str:
    def make(session: Any, acting: Acting) -> str:
        line = open_line(session, acting, programme_id=world.programme, title=f"Lijn {number}", outcomes=[world.ulo])
        arrange(session, acting, line, [Stop(one, min(3, n + 1)) for n, one in enumerate(stations)])
        return line.id

    made: str = world.step("a line is opened and arranged", make)
    return made


def _registered(world: Measured, line: str, person: str) -> str:
    made: str = world.step(
        "somebody is registered",
        lambda s, acting: register(s, acting, line_of(s, line), person_id=person, company="Jansen").id,
    )
    return made


def _held(world: Measured, station: str) -> str:
    """A run that has begun."""
    now, world.later = world.later, timedelta(0)
    details = {"location": "Campus", "capacity": 40, "preparation": "x", "materials": "x"}
    starts = {"starts_at": world.here.now() + timedelta(days=21)}
    run: str = world.step("a run is planned", lambda s, acting: plan_run(s, acting, station, {**details, **starts}).id)
    for state in (RunState.SCHEDULED, RunState.ANNOUNCED):
        world.step("a run goes on", lambda s, acting, to=state: advance_run(s, acting, run_of(s, run), to))
    world.step("a run goes on", lambda s, acting: change_run(s, acting, run_of(s, run), {}, checked=CHECKS))
    world.later = now
    for state in (RunState.PREPARED, RunState.RUNNING):
        world.step("a run goes on", lambda s, acting, to=state: advance_run(s, acting, run_of(s, run), to))
    return run


def _travel(world: Measured, who: str, station: str, part: tuple[str, str], run: str) -> None:
    world.step(
        "attendance is recorded",
        lambda s, acting: record_attendance(s, acting, run_of(s, run), participation_of(s, who), attended=True),
    )
    levels = {world.ulo: {part[0]: part[1]}}
    world.step(
        "a station is assessed",
        lambda s, acting: assess(
            s, acting, participation_of(s, who), station_of(s, station), levels, run=run_of(s, run)
        ),
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a tenth of the lines")
    parser.add_argument("--databases", nargs="+", choices=KINDS, default=list(KINDS))
    chosen = parser.parse_args()
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} as it begins", flush=True)
    for kind in chosen.databases:
        with suppress(OperationalError):
            times = measure(kind, 10 if chosen.quick else 1)
            print(f"\n{kind:<32}{'steps':>8}{'median ms':>11}{'95% ms':>9}{'median CPU ms':>15}", flush=True)
            for name, taken in times.items():
                seconds = [one for one, _ in taken]
                worst = quantiles(seconds, n=20)[-1] if len(seconds) > 1 else seconds[0]
                cpu = median(one for _, one in taken) * 1e3
                print(f"{name:<32}{len(taken):>8}{median(seconds) * 1e3:>11.2f}{worst * 1e3:>9.2f}{cpu:>15.2f}")


if __name__ == "__main__":
    main()
