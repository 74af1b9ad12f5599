"""How many awards a second a bulk run makes: accepted, signed, verified, stored, audited and offered.

The clock runs from the moment the run is taken in until its last badge is offered. Before that a smaller run has
warmed the workers up. The processor's time is that of the workers, and of PostgreSQL beside them.
"""

from __future__ import annotations

import json
import os
import signal
import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from benchmarks.service.places import Place, cpu_of, cpu_of_postgresql, new_place, wait_for
from issuer_service.bulk.service import Kind, begin
from issuer_service.delivery.tables import Offer
from issuer_service.installation import Installation
from issuer_service.issuance.tables import Award, Credential
from issuer_service.jobs.tables import Worker
from issuer_service.people.roles import Role
from issuer_service.people.service import Caller
from issuer_service.people.tables import Membership

__all__ = ["LEVELS", "Run", "measure", "phases"]

LEVELS = {"RO001": "zelfstandig", "VO001": "voorbeeldig", "VO002": "zelfstandig", "VO003": "zelfstandig"}
_WARM = 500


@dataclass(frozen=True, slots=True)
class Run:
    """What came of it. Times are in seconds."""

    awards: int
    seconds: float
    cpu_of_workers: float
    cpu_of_database: float

    @property
    def per_second(self) -> float:
        """Awards."""
        return self.awards / self.seconds


def measure(kind: str, awards: int, workers: int) -> Run:
    """A run with so many workers."""
    with new_place(kind) as place:
        for _ in range(workers):
            place.start("issuer_service", "worker")
        return _measured(place, awards)


def phases(kind: str, awards: int) -> dict[str, float]:
    """Where the time of one worker goes: processor seconds by phase."""
    with new_place(kind) as place:
        report = place.folder / "phases.json"
        worker = place.start("benchmarks.service.phases", str(report))
        _measured(place, awards, before=lambda: worker.send_signal(signal.SIGUSR1))
        place.stop()
        found: dict[str, float] = json.loads(report.read_bytes())
        return found


def _measured(place: Place, awards: int, *, before: Any = lambda: None) -> Run:
    here, pids = place.here, [process.pid for process in place.processes]
    wait_for(lambda: _count(here, Worker) == len(pids))
    # Every worker has had its turn: what each does once only is not what is measured.
    _run(place, "warm", _WARM * len(pids))
    before()
    cpu, database = cpu_of(pids), cpu_of_postgresql()
    began = time.perf_counter()
    _run(place, "timed", awards)
    run = Run(awards, time.perf_counter() - began, cpu_of(pids) - cpu, cpu_of_postgresql() - database)
    _check(here)
    return run


def _run(place: Place, name: str, awards: int) -> None:
    here = place.here
    rows = [
        {
            "reference": f"{name}-{number}",
            "name": f"Cursist {number}",
            "email": f"{name}{number}@post.example",
            "achievement": place.setting.ulo_iri,
            "evidence": f"{name}-{number}",
            "levels": LEVELS,
        }
        for number in range(awards)
    ]
    offered = _count(here, Offer)
    with here.transaction() as session:
        teacher = session.scalars(select(Membership).where(Membership.role == Role.TEACHER)).one()
        begin(
            session,
            rows,
            kind=Kind.AWARD,
            key=f"{name}-{os.getpid()}",
            dry_run=False,
            approve=True,
            reason="",
            caller=Caller.in_role(teacher.person_id, teacher.organisation_id, Role.TEACHER),
            jobs=here.jobs,
            now=here.now(),
            randomness=here.randomness,
        )
    wait_for(lambda: _count(here, Offer) - offered >= awards)


def _count(here: Installation, table: type) -> int:
    with here.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def _check(here: Installation) -> None:
    """Nothing is measured that is not right: a badge, an offer and a place of its own for every award."""
    with here.reading() as session:
        counts = {session.scalar(select(func.count()).select_from(table)) for table in (Award, Credential, Offer)}
        places = session.execute(select(Award.status_list_id, Award.status_position).distinct()).all()
    if counts != {len(places)}:
        raise SystemExit(f"the figures do not agree: {counts}, {len(places)} places")
