"""An installation with workers that are processes, which are killed and frozen while awards come in."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import pytest
from pydantic import SecretStr
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from issuer_service.audit.events import AuditEvent
from issuer_service.audit.tables import AuditEntry
from issuer_service.audit.verification import verify_trail
from issuer_service.bootstrap import install, open_installation
from issuer_service.bulk.service import Kind, RowState, begin, progress_of
from issuer_service.bulk.tables import BulkRow, BulkRun
from issuer_service.delivery.tables import Offer
from issuer_service.demo.setting import Setting, set_up
from issuer_service.installation import Installation
from issuer_service.issuance.tables import Award, Credential
from issuer_service.issuance.telling import not_as_signed
from issuer_service.jobs.dbos_engine import DbosJobs
from issuer_service.jobs.port import AUDIT, FORGET, RECONCILE, REVERIFY
from issuer_service.jobs.tables import Worker
from issuer_service.people.roles import Role
from issuer_service.people.service import Caller
from issuer_service.people.tables import Membership
from issuer_service.settings import Settings
from issuer_service.status_lists.tables import StatusEntry
from tests.service.conftest import LEVELS

ROOT = Path(__file__).resolve().parent.parent.parent
SECRET = "a secret of some length"
BASE_URL = "https://badges.example"
FULL = os.environ.get("FAULTS") == "full"
_UPKEEP = {AUDIT, FORGET, RECONCILE, REVERIFY}


@dataclass
class Storm:
    """One installation, its workers, and what is done to them."""

    url: str
    here: Installation
    setting: Setting
    log: Path
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    server: subprocess.Popen[bytes] | None = None

    @classmethod
    def over(cls, url: str, folder: Path, *, base_url: str = BASE_URL) -> Self:
        here = open_installation(Settings(database_url=url, base_url=base_url, secret=SecretStr(SECRET)))
        install(here)
        with here.transaction() as session:
            setting = set_up(session, here)
        return cls(url, here, setting, folder / "workers.log")

    def start_worker(self) -> subprocess.Popen[bytes]:
        self.workers.append(self._start("worker"))
        return self.workers[-1]

    def start_server(self) -> None:
        """The API, in a process that does no jobs, at the installation's address."""
        self.server = self._start("serve", "--without-jobs")

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "ISSUER_SERVICE_DATABASE_URL": self.url,
            "ISSUER_SERVICE_BASE_URL": self.here.base_url,
            "ISSUER_SERVICE_SECRET": SECRET,
        }
        with self.log.open("ab") as log:
            command = [sys.executable, "-m", "issuer_service", *arguments]
            return subprocess.Popen(command, env=environment, stdout=log, stderr=log)

    def end(self) -> None:
        """Leave no process behind, however the test went."""
        for process in [*self.workers, *([self.server] if self.server is not None else [])]:
            process.kill()
            process.wait()
        self.here.engine.dispose()

    def kill(self, worker: subprocess.Popen[bytes]) -> None:
        worker.kill()
        worker.wait()
        self.workers.remove(worker)

    def freeze(self, worker: subprocess.Popen[bytes]) -> None:
        """Stop a worker as it is, but not while it keeps everybody else from writing.

        Whoever is frozen in the middle of writing to SQLite has the only lock there is, and nobody can take it away.
        """
        worker.send_signal(signal.SIGSTOP)
        while not self._others_can_write():
            worker.send_signal(signal.SIGCONT)
            time.sleep(0.05)
            worker.send_signal(signal.SIGSTOP)

    def _others_can_write(self) -> bool:
        if self.here.engine.dialect.name != "sqlite":
            return True
        try:
            with closing(sqlite3.connect(self.url.removeprefix("sqlite:///"), timeout=2)) as connection:
                connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        return True

    def stop(self) -> list[int]:
        """Ask all workers to stop, once they have begun; their exit statuses."""
        self.wait_until(lambda: all(map(self.has_begun, self.workers)), seconds=120, what="every worker begun")
        for worker in self.workers:
            worker.send_signal(signal.SIGCONT)
            worker.terminate()
        return [worker.wait(timeout=120) for worker in self.workers]

    def rows(self, awards: int) -> list[dict[str, Any]]:
        return [
            {
                "reference": f"s-{number}",
                "name": f"Cursist {number}",
                "email": f"cursist{number}@post.example",
                "achievement": self.setting.ulo_iri,
                "evidence": f"e-{number}",
                "levels": LEVELS,
            }
            for number in range(awards)
        ]

    def send(self, awards: int) -> str:
        """Take a run in. Gives its id."""
        rows = self.rows(awards)
        here = self.here
        with here.transaction() as session:
            teacher = session.scalars(select(Membership).where(Membership.role == Role.TEACHER)).one()
            return begin(
                session,
                rows,
                kind=Kind.AWARD,
                key="storm",
                dry_run=False,
                approve=True,
                reason="",
                caller=Caller.in_role(teacher.person_id, teacher.organisation_id, Role.TEACHER),
                jobs=here.jobs,
                now=here.now(),
                randomness=here.randomness,
            ).id

    def has_begun(self, worker: subprocess.Popen[bytes]) -> bool:
        return any(executor.split("-")[-2] == str(worker.pid) for executor in self.executors())

    def signed(self) -> int:
        with self.here.reading() as session:
            return session.scalar(select(func.count()).select_from(Credential)) or 0

    def executors(self) -> set[str]:
        with self.here.reading() as session:
            return set(session.scalars(select(Worker.executor)))

    def wait_until(self, condition: Callable[[], bool], *, seconds: float, what: str) -> None:
        """Wait, also while the database is away. The deadline is the claim: nothing stays stuck."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                if condition():
                    return
            except OperationalError:
                pass
            if time.monotonic() > deadline:
                pytest.fail(f"not within {seconds} seconds: {what}\n{self.log.read_text()[-3000:]}")
            time.sleep(0.3)

    def wait_until_all_is_done(self, run_id: str, *, seconds: float) -> None:
        """Wait until every award of the run is signed and offered, and no job is left; say how long it took."""
        began = time.monotonic()

        def done() -> bool:
            with self.here.reading() as session:
                progress = progress_of(session, session.get_one(BulkRun, run_id))
                offered = session.scalar(select(func.count()).select_from(Offer)) or 0
            return progress.finished and offered >= progress.run.row_count and not self._jobs_left()

        self.wait_until(done, seconds=seconds, what="every award signed and offered, and no job left")
        took, load = time.monotonic() - began, os.getloadavg()[0]
        print(f"All was done {took:.0f} seconds after the last fault, at a load of {load:.1f}.")

    def _jobs_left(self) -> bool:
        assert isinstance(self.here.jobs, DbosJobs)
        left = self.here.jobs._client.list_workflows(status=["ENQUEUED", "PENDING"], load_output=False)
        # What comes back every half a minute is never all done.
        return any((one.input or {"args": ("",)})["args"][0] not in _UPKEEP for one in left)

    def check(self, awards: int, *, by_run: int | None = None) -> None:
        """Rows are accepted awards, each with one badge in a place of its own, and the trail tells of each once.

        `by_run` is how many of them came in bulk, if not all did.
        """
        with self.here.reading() as session:
            counts = {
                table.__tablename__: session.scalar(select(func.count()).select_from(table))
                for table in (Award, Credential, Offer)
            }
            rows = session.scalar(select(func.count()).where(BulkRow.state == str(RowState.ACCEPTED)))
            places = Counter(tuple(row) for row in session.execute(select(Award.status_list_id, Award.status_position)))
            ids = Counter(session.scalars(select(Credential.id)))
            given = session.scalar(select(func.count()).select_from(StatusEntry)) or 0
            problems = session.scalars(select(Award.problem).where(Award.problem.is_not(None))).all()
            chains = verify_trail(session, self.here.trail)
            signed = session.scalars(
                select(AuditEntry.details).where(AuditEntry.event == str(AuditEvent.BADGES_SIGNED))
            ).all()
            altered = list(not_as_signed(session))
        assert rows == (awards if by_run is None else by_run)
        assert counts == dict.fromkeys(counts, awards)
        assert max(places.values()) == max(ids.values()) == 1
        # The trail is unbroken, and tells of every badge once.
        assert [chain.reason for chain in chains] == [""] * len(chains)
        assert Counter(badge for one in signed for badge, *_ in json.loads(one)["badges"]) == ids
        assert altered == []
        assert given >= awards
        assert problems == []
