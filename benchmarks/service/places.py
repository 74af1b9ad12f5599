"""An installation to measure in, on each kind of database, and processes of the service in it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from issuer_service.bootstrap import install, open_installation
from issuer_service.demo.setting import Setting, set_up
from issuer_service.installation import Installation
from issuer_service.settings import Settings

__all__ = ["KINDS", "ROOT", "Place", "cpu_of", "cpu_of_postgresql", "new_place", "wait_for"]

KINDS = ("sqlite", "postgresql")
ROOT = Path(__file__).resolve().parents[2]
_SERVER = "BENCH_POSTGRESQL"
_USUAL_SERVER = "postgresql+psycopg://postgres@127.0.0.1/postgres"
_SECRET = "a secret for measuring"  # noqa: S105  # it protects nothing
_TICKS = os.sysconf("SC_CLK_TCK")
_PATIENCE_SECONDS = 600


@dataclass
class Place:
    """An installation of its own, with a provider and a teacher in it."""

    kind: str
    here: Installation
    setting: Setting
    folder: Path
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, *module_and_arguments: str, **environment: str) -> subprocess.Popen[bytes]:
        """Start `python -m …` in this installation."""
        settings = self.here.settings
        variables = {
            "PYTHONPATH": str(ROOT),
            "ISSUER_SERVICE_DATABASE_URL": settings.database_url,
            "ISSUER_SERVICE_BASE_URL": settings.base_url,
            "ISSUER_SERVICE_SECRET": _SECRET,
            # What is measured is the service, not when it has had enough of one client.
            "ISSUER_SERVICE_RATE_LIMIT_PER_KEY": "10000000/minute",
        }
        process = subprocess.Popen(  # noqa: S603  # our own modules
            [sys.executable, "-m", *module_and_arguments],
            env={**os.environ, **variables, **environment},
            stdout=subprocess.DEVNULL,
        )
        self.processes.append(process)
        return process

    def stop(self) -> None:
        """Ask all processes to stop, and wait until they have."""
        for process in self.processes:
            process.send_signal(signal.SIGTERM)
        for process in self.processes:
            process.wait()
        self.processes.clear()


@contextmanager
def new_place(kind: str, *, base_url: str = "https://badges.example") -> Iterator[Place]:
    """A new installation, gone afterwards. Raises OSError when there is no PostgreSQL."""
    with tempfile.TemporaryDirectory() as name, _database(kind, Path(name)) as url:
        here = open_installation(Settings(database_url=url, base_url=base_url, secret=SecretStr(_SECRET)))
        install(here)
        with here.transaction() as session:
            setting = set_up(session, here)
        place = Place(kind, here, setting, Path(name))
        try:
            yield place
        finally:
            place.stop()
            here.engine.dispose()


@contextmanager
def _database(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder}/service.sqlite"
        return
    url = make_url(os.environ.get(_SERVER, _USUAL_SERVER))
    name = f"measure_{os.getpid()}_{time.time_ns()}"
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
            yield url.set(database=name).render_as_string(hide_password=False)
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    finally:
        engine.dispose()


def wait_for(condition: Callable[[], bool], *, every: float = 0.1) -> None:
    """Wait until it is so. Exits when that takes longer than anything that is worth measuring."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise SystemExit(f"nothing came of it within {_PATIENCE_SECONDS} seconds")
        time.sleep(every)


def cpu_of(pids: Sequence[int]) -> float:
    """The processor's time that these processes have had, in seconds."""
    return sum(_seconds(pid) for pid in pids)


def cpu_of_postgresql() -> float:
    """The processor's time of every PostgreSQL on this machine: on one that others use too, of theirs as well."""
    found = 0.0
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if (entry / "comm").read_text().strip() == "postgres":
                    found += _seconds(int(entry.name))
            except (FileNotFoundError, ProcessLookupError):
                continue
    return found


def _seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS
