"""How many awards a second: accepted, signed, verified, stored and offered, by one worker and by two.

    python -m benchmarks.service_bulk [--awards 5000] [--workers 1 2] [--database URL]

Without --database on a new SQLite file. Workers are processes. The clock runs from the moment the run is taken
in until its last badge is offered; the processor's time is that of the workers alone.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import create_engine, func, select, text
from sqlalchemy.engine import make_url

from issuer_service.bootstrap import install, open_installation
from issuer_service.bulk.service import Kind, begin
from issuer_service.delivery.tables import Offer
from issuer_service.demo.setting import Setting, set_up
from issuer_service.installation import Installation
from issuer_service.issuance.tables import Award, Credential
from issuer_service.people.roles import Role
from issuer_service.people.service import Caller
from issuer_service.people.tables import Membership
from issuer_service.settings import Settings

_SECRET = "a secret for measuring"  # noqa: S105  # it protects nothing
_BASE_URL = "https://badges.example"
_LEVELS = {"RO001": "zelfstandig", "VO001": "voorbeeldig", "VO002": "zelfstandig", "VO003": "zelfstandig"}
_ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--awards", type=int, default=5000)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--database", help="a PostgreSQL server: postgresql+psycopg://USER@HOST/DATABASE")
    chosen = parser.parse_args()
    print(f"{'database':<12}{'workers':>8}{'awards':>8}{'seconds':>9}{'awards/s':>10}{'CPU ms each':>13}{'system':>8}")
    for workers in chosen.workers:
        with tempfile.TemporaryDirectory() as folder:
            url = _new_database(chosen.database) if chosen.database else f"sqlite:///{folder}/service.sqlite"
            _measure(url, chosen.awards, workers)


def _measure(url: str, awards: int, workers: int) -> None:
    settings = Settings(database_url=url, base_url=_BASE_URL, secret=SecretStr(_SECRET))
    here = open_installation(settings)
    install(here)
    with here.transaction() as session:
        setting = set_up(session, here)
    environment = {
        **os.environ,
        "PYTHONPATH": str(_ROOT),
        "ISSUER_SERVICE_DATABASE_URL": url,
        "ISSUER_SERVICE_BASE_URL": _BASE_URL,
        "ISSUER_SERVICE_SECRET": _SECRET,
    }
    processes = [
        subprocess.Popen([sys.executable, "-m", "issuer_service", "worker"], env=environment, stdout=subprocess.DEVNULL)
        for _ in range(workers)
    ]
    try:
        # Until every worker has begun: starting one is not what is measured.
        _run(here, setting, "warm", 250 * workers)
        before = [_processor_seconds(process.pid) for process in processes]
        began = time.perf_counter()
        _run(here, setting, "timed", awards)
        seconds = time.perf_counter() - began
        after = [_processor_seconds(process.pid) for process in processes]
    finally:
        for process in processes:
            process.send_signal(signal.SIGTERM)
        for process in processes:
            process.wait()
    _check(here)
    user = sum(end[0] - start[0] for start, end in zip(before, after, strict=True))
    system = sum(end[1] - start[1] for start, end in zip(before, after, strict=True))
    name = make_url(url).get_backend_name()
    each, of_it = (user + system) / awards * 1000, system / awards * 1000
    print(f"{name:<12}{workers:>8}{awards:>8}{seconds:>9.1f}{awards / seconds:>10.0f}{each:>13.2f}{of_it:>8.2f}")
    here.engine.dispose()


def _run(here: Installation, setting: Setting, name: str, awards: int) -> None:
    rows = [
        {
            "reference": f"{name}-{number}",
            "name": f"Cursist {number}",
            "email": f"{name}{number}@post.example",
            "achievement": setting.ulo_iri,
            "evidence": f"{name}-{number}",
            "levels": _LEVELS,
        }
        for number in range(awards)
    ]
    with here.transaction() as session:
        teacher = session.scalars(select(Membership).where(Membership.role == Role.TEACHER)).one()
        before = session.scalar(select(func.count()).select_from(Offer)) or 0
        begin(
            session,
            rows,
            kind=Kind.AWARD,
            key=name,
            dry_run=False,
            approve=True,
            reason="",
            caller=Caller.in_role(teacher.person_id, teacher.organisation_id, Role.TEACHER),
            jobs=here.jobs,
            now=here.now(),
            randomness=here.randomness,
        )
    while True:
        with here.reading() as session:
            if (session.scalar(select(func.count()).select_from(Offer)) or 0) - before >= awards:
                return
        time.sleep(0.2)


def _check(here: Installation) -> None:
    """Nothing is measured that is not right: a badge, an offer and a place of its own for every award."""
    with here.reading() as session:
        counts = {session.scalar(select(func.count()).select_from(table)) for table in (Award, Credential, Offer)}
        places = session.execute(select(Award.status_list_id, Award.status_position).distinct()).all()
    if counts != {len(places)}:
        raise SystemExit(f"the figures do not agree: {counts}, {len(places)} places")


def _processor_seconds(pid: int) -> tuple[float, float]:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    ticks = os.sysconf("SC_CLK_TCK")
    return int(fields[11]) / ticks, int(fields[12]) / ticks


def _new_database(server: str) -> str:
    url = make_url(server)
    name = f"measure_{os.getpid()}_{int(time.time())}"
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    engine.dispose()
    return url.set(database=name).render_as_string(hide_password=False)


if __name__ == "__main__":
    main()
