"""Every write fails once, the disk is full, the clock jumps: what was accepted becomes one badge all the same.

Jobs are done by hand here, and done again after a failure, as the engine does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from issuer_service.bootstrap import LOST_AFTER, handlers, resume_lost_work
from issuer_service.bulk.service import Kind, begin
from issuer_service.bulk.tables import BulkRow
from issuer_service.clock import os_randomness
from issuer_service.delivery.tables import Offer
from issuer_service.demo.setting import Setting
from issuer_service.installation import Installation
from issuer_service.issuance.tables import Award, Credential
from issuer_service.jobs.port import JobState
from issuer_service.notices.tables import Notice
from issuer_service.people.roles import Role
from issuer_service.people.service import Caller
from issuer_service.people.tables import Membership
from issuer_service.persistence.database import create_database_engine
from issuer_service.settings import Settings
from tests.service.conftest import LEVELS, cheap_key_derivation, database, installed, kept
from tests.service.fakes import JobsByHand, SettableClock

pytestmark = pytest.mark.both_databases

__all__ = ["cheap_key_derivation", "database", "installed", "kept"]  # fixtures

AWARDS = 8
WRITES = [
    ("status_list", "INSERT"),
    ("status_entry", "INSERT"),
    ("person", "INSERT"),
    ("membership", "INSERT"),
    ("recipient", "INSERT"),
    ("award", "INSERT"),
    ("bulk_row", "UPDATE"),
    ("credential", "INSERT"),
    ("status_list", "UPDATE"),
    ("offer", "INSERT"),
    ("notice", "INSERT"),
]


class Turns:
    """Stands in for the lock of bulk work, and says when a step of it begins."""

    def __init__(self) -> None:
        self.before_each: Callable[[], None] = lambda: None

    def __enter__(self) -> None:
        self.before_each()

    def __exit__(self, *_: object) -> None: ...


class Scene:
    """An installation whose jobs are done by hand, again and again until they are done."""

    def __init__(self, url: str, setting: Setting) -> None:
        self.clock, self.jobs = SettableClock(), JobsByHand()
        settings = Settings(
            database_url=url, base_url="https://badges.example", secret=SecretStr("a secret of some length")
        )
        self.turns = Turns()
        self.here = Installation(
            settings,
            create_database_engine(url),
            self.jobs,
            self.clock,
            os_randomness,
            self.turns,
        )
        self.setting = setting
        self.handlers = handlers(self.here)

    def send(self, awards: int = AWARDS) -> None:
        with self.here.transaction() as session:
            self._begin(session, awards)

    def _begin(self, session: Session, awards: int) -> None:
        rows: list[dict[str, Any]] = [
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
        teacher = session.scalars(select(Membership).where(Membership.role == Role.TEACHER)).one()
        begin(
            session,
            rows,
            kind=Kind.AWARD,
            key="scene",
            dry_run=False,
            approve=True,
            reason="",
            caller=Caller.in_role(teacher.person_id, teacher.organisation_id, Role.TEACHER),
            jobs=self.jobs,
            now=self.here.now(),
            randomness=self.here.randomness,
        )

    def work(self, *, before_each: Callable[[], None] = lambda: None, attempts: int = 5) -> int:
        """Do all jobs, each as often as the engine would try. Gives how many attempts failed."""
        failed = 0
        while waiting := [key for key, state in self.jobs.states.items() if state is JobState.WAITING]:
            for key in waiting:
                job, about = self.jobs.taken[key]
                self.jobs.states[key] = JobState.FAILED
                for _ in range(attempts):
                    before_each()
                    try:
                        self.handlers[job](about)
                    except DBAPIError:
                        failed += 1
                    else:
                        self.jobs.states[key] = JobState.DONE
                        break
        return failed

    def check(self, awards: int = AWARDS) -> None:
        with self.here.reading() as session:
            counts = {
                table.__tablename__: session.scalar(select(func.count()).select_from(table))
                for table in (Award, Credential, Offer, Notice, BulkRow)
            }
            places = Counter(tuple(row) for row in session.execute(select(Award.status_list_id, Award.status_position)))
            problems = session.scalars(select(Award.problem).where(Award.problem.is_not(None))).all()
        assert counts == dict.fromkeys(counts, awards)
        assert max(places.values()) == 1
        assert problems == []


@pytest.fixture
def scene(installed: tuple[str, Setting]) -> Iterator[Scene]:
    made = Scene(*installed)
    yield made
    if made.here.engine.dialect.name == "postgresql":
        # The next test of this worker has the same database, and no write of its fails.
        with made.here.engine.connect() as connection, connection.begin():
            connection.execute(text("DROP FUNCTION IF EXISTS fail_once CASCADE"))
            connection.execute(text("DROP SEQUENCE IF EXISTS attempts"))
    made.here.engine.dispose()


def fail_once(scene: Scene, table: str, operation: str) -> None:
    """Have the first such write of all refused by the database itself, by a trigger."""
    engine = scene.here.engine
    if engine.dialect.name == "sqlite":
        left = ["once"]
        engine.dispose()

        # What a transaction writes is undone with it: whether it failed before is remembered outside the database.
        @event.listens_for(engine, "connect")
        def add_function(connection: Any, _record: object) -> None:
            connection.create_function("may_fail", 0, lambda: len(left) and len(left.pop()) > 0)

        statement = (
            f"CREATE TRIGGER fails_once BEFORE {operation} ON {table} WHEN may_fail()"
            " BEGIN SELECT RAISE(ABORT, 'refused once'); END"
        )
        with engine.connect() as connection, connection.begin():
            connection.execute(text(statement))
        return
    with engine.connect() as connection, connection.begin():
        # A sequence goes on when its transaction is undone.
        connection.execute(text("CREATE SEQUENCE attempts"))
        connection.execute(
            text(
                "CREATE FUNCTION fail_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                " IF nextval('attempts') = 1 THEN RAISE EXCEPTION 'refused once'; END IF; RETURN NEW; END $$"
            )
        )
        connection.execute(
            text(f"CREATE TRIGGER fails_once BEFORE {operation} ON {table} FOR EACH ROW EXECUTE FUNCTION fail_once()")
        )


@pytest.mark.parametrize(("table", "operation"), WRITES)
def test_a_write_that_fails_once_loses_and_repeats_nothing(scene: Scene, table: str, operation: str) -> None:
    fail_once(scene, table, operation)
    scene.send()
    assert scene.work() == 1
    scene.check()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_disk_that_is_full_stops_the_work_and_with_room_it_goes_on(scene: Scene) -> None:
    scene.send(AWARDS * 8)
    engine = scene.here.engine
    with engine.connect() as connection:
        used = connection.execute(text("PRAGMA page_count")).scalar_one()
    room = [used + 40]
    engine.dispose()

    @event.listens_for(engine, "connect")
    def limit(connection: Any, _record: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {room[0]}")

    assert scene.work() >= 5
    with scene.here.reading() as session:
        assert session.scalar(select(func.count()).select_from(Credential)) == 0
    # There is room again; half a minute later the reconciler finds what failed for good.
    room[0] = 2**30
    engine.dispose()
    scene.clock.advance(LOST_AFTER + timedelta(seconds=1))
    assert resume_lost_work(scene.here) > 0
    assert scene.work() == 0
    scene.check(AWARDS * 8)


@pytest.mark.parametrize("by", [timedelta(days=400), timedelta(days=-400)])
def test_a_clock_that_jumps_between_any_two_steps_keeps_no_badge_back(scene: Scene, by: timedelta) -> None:
    jumps = Counter[str]()

    def jump() -> None:
        jumps["made"] += 1
        scene.clock.advance(by if jumps["made"] % 2 else -by)

    scene.send()
    scene.turns.before_each = jump
    assert scene.work(before_each=jump) == 0
    # Before the job, before what is accepted is prepared, and before it is signed.
    assert jumps["made"] >= 3
    scene.check()
