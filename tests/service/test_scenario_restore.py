"""A story of a lost disk: a backup is restored, and nothing that was public is taken back. Read from top to bottom.

On SQLite the backup is this service's own command, on PostgreSQL it is pg_dump and pg_restore.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.engine import make_url

from issuer_service.audit.verification import verify_trail
from issuer_service.bootstrap import handlers, resume_lost_work
from issuer_service.clock import os_randomness
from issuer_service.errors import Refused, Unavailable
from issuer_service.installation import Installation
from issuer_service.issuance.tables import Award, Credential
from issuer_service.jobs.dbos_engine import DbosJobs
from issuer_service.jobs.port import PROBE_KEYS, SIGN, JobState
from issuer_service.operations.backup import back_up
from issuer_service.operations.restoring import after_restore, must_not_be_behind
from issuer_service.persistence.database import create_database_engine
from issuer_service.status_lists.publications import Publications
from issuer_service.status_lists.tables import StatusEntry, StatusList
from tests.service.conftest import World, settings_for
from tests.service.databases import new_postgresql
from tests.service.fakes import JobsByHand
from tests.service.serving import Client
from tests.service.test_keys import Keys, verdict_of

pytestmark = pytest.mark.both_databases


@contextmanager
def restored_from_backup(world: World, folder: Path, between: Any) -> Iterator[str]:
    """Back up, do what comes in between, and restore into another database. Gives its URL."""
    here, copy = world.installation, folder / "backup"
    if here.engine.dialect.name == "sqlite":
        back_up(here, copy)
        with pytest.raises(Refused, match="there already"):
            back_up(here, copy)
        between()
        yield f"sqlite:///{copy}"
        return
    if shutil.which("pg_dump") is None or shutil.which("pg_restore") is None:
        pytest.skip("pg_dump and pg_restore are not installed (Debian and Ubuntu: apt install postgresql-client)")
    subprocess.run(["pg_dump", "--format=custom", f"--file={copy}", for_libpq(here.settings.database_url)], check=True)
    between()
    with new_postgresql() as (url, _):
        subprocess.run(["pg_restore", "--no-owner", f"--dbname={for_libpq(url)}", str(copy)], check=True)
        yield url


def for_libpq(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def places(here: Installation) -> set[tuple[str, int]]:
    with here.reading() as session:
        return {(one.status_list_id, one.position) for one in session.scalars(select(StatusEntry))}


def published(http: Client, list_id: str) -> Any:  # JSON
    return http.get(f"/status/{list_id}").json()["credentialSubject"]["encodedList"]


def test_a_restored_backup_takes_nothing_back(world: World, tmp_path: Path) -> None:
    # An installation that keeps what it publishes in a folder of its own, outside the database.
    folder = tmp_path / "publications"
    folder.mkdir()
    settings = settings_for(world.installation.settings.database_url, publication_folder=folder)
    world.installation = replace(world.installation, settings=settings)
    world.handlers = handlers(world.installation)
    keys = Keys(world)

    # Monday. One badge is issued, and another is approved: its job waits in the engine's tables.
    first = world.issue_badge(0)
    world.pass_module(1)
    with world.installation.reading() as session:
        waiting = session.scalars(select(Award.id).where(Award.approved_at.is_(None))).one()
        list_id = session.scalars(select(StatusList.id)).one()
    jobs = DbosJobs(world.installation.engine)
    with world.installation.transaction() as session:
        award = session.get_one(Award, waiting)
        award.approved_at, award.approved_by, award.signing_chunk = world.clock(), award.assessor_id, waiting
        jobs.enqueue(session, SIGN, waiting, key=f"{SIGN}:{waiting}")
    seen: dict[str, Any] = {}

    def what_comes_after_the_backup() -> None:
        # Tuesday, after the backup of the night: the badge is revoked, a place is given out and a key is rotated.
        world.clock.advance(timedelta(days=1))
        world.call("POST", f"/v1/credentials/{first}/revocation", {"reason": "vergissing"}, expect=200)
        keys.rotate()
        world.handlers[SIGN](waiting)
        world.handlers[PROBE_KEYS]("")
        seen["list"] = published(world.http, list_id)
        seen["did"] = world.http.get("/issuers/voorbeeld-opleider/did.json").json()
        seen["places"] = places(world.installation)
        with world.installation.reading() as session:
            seen["badge"] = session.scalars(select(Credential).where(Credential.award_id == waiting)).one()

    # Wednesday: the disk is lost, and the backup of Monday's night is put back.
    with restored_from_backup(world, tmp_path, what_comes_after_the_backup) as url:
        world.clock.advance(timedelta(days=1))
        engine = create_database_engine(url)
        here = Installation(
            settings_for(url, publication_folder=folder), engine, JobsByHand(), world.clock, os_randomness
        )
        try:
            the_restored_installation(world, here, seen, first=first, waiting=waiting, list_id=list_id)
        finally:
            engine.dispose()


def the_restored_installation(
    world: World, here: Installation, seen: dict[str, Any], *, first: str, waiting: str, list_id: str
) -> None:
    # The job that waited came back with the database.
    assert DbosJobs(here.engine).state_of(f"{SIGN}:{waiting}") is JobState.WAITING

    # No process begins on a database that is older than what verifiers have seen.
    with pytest.raises(Unavailable, match="after-restore"):
        must_not_be_behind(here)
    done = after_restore(here, [Publications(here.settings.publication_folder)])
    assert (done.badges, done.unknown) == (1, [])
    must_not_be_behind(here)

    jobs = here.jobs
    assert isinstance(jobs, JobsByHand)
    with Client(here) as http:
        restored = World(here, world.setting, jobs, world.clock, handlers(here), http)

        # The badge is still revoked, in public too, before any worker has done anything.
        assert published(http, list_id) == seen["list"]
        assert verdict_of(restored, first) == ("not-valid", "not-valid")

        # Keys sign: the one of the backup is over, as it was told, so that another is made. The one of Tuesday is
        # lost with the disk; what it signed verifies, since its public half is published again.
        resume_lost_work(here)
        jobs.do_all(restored.handlers)
        keys = Keys(restored)
        assert keys.in_use()["number"] == 3
        told = {one["id"] for one in http.get("/issuers/voorbeeld-opleider/did.json").json()["verificationMethod"]}
        assert {one["id"] for one in seen["did"]["verificationMethod"]} < told
        answer = http.post("/v1/verifications", json={"badge": seen["badge"].jwt})
        assert answer.json()["verdict"] == "valid"

        # What waited is signed, once, as the badge that it was on Tuesday already.
        world.clock.advance(timedelta(minutes=5))
        resume_lost_work(here)
        jobs.do_all(restored.handlers)
        with here.reading() as session:
            again = session.scalars(select(Credential).where(Credential.award_id == waiting)).one()
        assert again.id == seen["badge"].id

        # Nothing is given out twice: new badges get places in a list that nobody knows.
        before = places(here)
        restored.pass_module(0, {**_LEVELS})
        assert {one[0] for one in places(here) - before}.isdisjoint({one[0] for one in seen["places"]})

    # The audit trail goes on, and says that it was restored.
    with here.reading() as session:
        assert all(chain.holds for chain in verify_trail(session, here.trail))

    # Done again, it does no harm.
    assert after_restore(here, [Publications(here.settings.publication_folder)]).badges == 0


_LEVELS = {"RO001": "voorbeeldig", "VO001": "voorbeeldig", "VO002": "zelfstandig", "VO003": "zelfstandig"}


def test_what_cannot_be_kept_is_not_published(world: World, tmp_path: Path) -> None:
    """A folder that is full or gone must be noticed, and not first by whoever restores a backup."""
    settings = settings_for(world.installation.settings.database_url, publication_folder=tmp_path / "gone")
    world.installation = replace(world.installation, settings=settings)
    world.handlers = handlers(world.installation)
    with pytest.raises(Unavailable, match="could not be kept"):
        world.issue_badge()
    with world.installation.reading() as session:
        assert session.scalars(select(Credential.id)).all() == []
