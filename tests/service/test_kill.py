"""kill -9 between approval and signing, then a restart: exactly one badge. On the real engine for jobs."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import select

from issuer_service import bootstrap
from issuer_service.bootstrap import handlers, install, resume_lost_work
from issuer_service.demo.setting import set_up
from issuer_service.installation import Installation
from issuer_service.issuance.tables import Award, Credential
from issuer_service.jobs.dbos_engine import run_worker
from issuer_service.people.service import Caller, Role
from issuer_service.people.tables import Membership
from issuer_service.workflow.candidate.modules import RecordModuleResult, record_module_result
from issuer_service.workflow.outbox import Outbox
from tests.service.conftest import LEVELS
from tests.service.crash import installation_at

ROOT = Path(__file__).resolve().parent.parent.parent
MOMENTS = ["approved", "signing-began", "signed-not-committed", "committed-not-told"]
PATIENCE_SECONDS = 60


def an_accepted_award(installation: Installation) -> str:
    with installation.transaction() as session:
        setting = set_up(session, installation)
        teacher = session.scalars(select(Membership).where(Membership.role == Role.TEACHER)).one()
        record_module_result(
            session,
            RecordModuleResult(setting.enrolments[0], setting.module_id, LEVELS),
            caller=Caller.in_role(teacher.person_id, teacher.organisation_id, Role.TEACHER),
            events=Outbox(installation.jobs, installation.randomness),
            base_url=installation.base_url,
            now=installation.now(),
            randomness=installation.randomness,
        )
    with run_worker(installation.engine, handlers(installation)):
        return wait_for(installation, Award)[0]


def wait_for(installation: Installation, table: type[Award | Credential]) -> list[str]:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with installation.reading() as session:
            found = list(session.scalars(select(table.id)))
        if found:
            return found
        time.sleep(0.1)
    pytest.fail(f"no {table.__tablename__} within {PATIENCE_SECONDS} seconds")


def killed(moment: str, url: str, award: str) -> int:
    arguments = [sys.executable, "-m", "tests.service.crash", moment, url, award]
    return subprocess.run(
        arguments, cwd=ROOT, check=False, timeout=PATIENCE_SECONDS, stdin=subprocess.DEVNULL
    ).returncode


@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_at_any_moment_an_approved_award_becomes_exactly_one_badge(database_url: str, moment: str) -> None:
    installation = installation_at(database_url)
    install(installation)
    award = an_accepted_award(installation)
    assert killed(moment, database_url, award) == -signal.SIGKILL
    with run_worker(installation.engine, bootstrap.handlers(installation)):
        resume_lost_work(installation)
        wait_for(installation, Credential)
        # Long enough for a second signing, were there one, to come through as well.
        time.sleep(1)
        assert len(wait_for(installation, Credential)) == 1
    installation.engine.dispose()
