"""kill -9 between approval and signing, then a restart: exactly one badge. On the real engine for jobs."""

from __future__ import annotations

import signal
import time
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from issuer_service.bootstrap import handlers, resume_lost_work
from issuer_service.demo.setting import Setting
from issuer_service.installation import Installation
from issuer_service.issuance.tables import Award, Credential
from issuer_service.jobs.dbos_engine import DbosJobs, run_worker
from issuer_service.people.service import Caller, Role
from issuer_service.people.tables import Membership
from issuer_service.workflow.candidate.modules import RecordModuleResult, record_module_result
from issuer_service.workflow.outbox import Outbox
from tests.service.conftest import LEVELS
from tests.service.crash import MOMENTS, PATIENCE_SECONDS, installation_at, killed
from tests.service.fakes import JobsByHand

pytestmark = pytest.mark.both_databases


def an_accepted_award(here: Installation, setting: Setting) -> str:
    jobs = JobsByHand()
    with here.transaction() as session:
        teacher = session.scalars(select(Membership).where(Membership.role == Role.TEACHER)).one()
        record_module_result(
            session,
            RecordModuleResult(setting.enrolments[0], setting.module_id, LEVELS),
            caller=Caller.in_role(teacher.person_id, teacher.organisation_id, Role.TEACHER),
            events=Outbox(here.randomness),
            here=here,
        )
    jobs.do_all(handlers(replace(here, jobs=jobs)))
    with here.reading() as session:
        return session.scalars(select(Award.id)).one()


def count(here: Installation, table: type[Award | Credential]) -> int:
    with here.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def wait_until_nothing_is_to_be_done(here: Installation) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while count(here, Credential) == 0 or work_is_left(here):
        assert time.monotonic() < deadline, f"no badge, or work that is left, after {PATIENCE_SECONDS} seconds"
        time.sleep(0.02)


def work_is_left(here: Installation) -> bool:
    """Whether a job waits or was begun: were there to be a second signing, it would be one of these."""
    assert isinstance(here.jobs, DbosJobs)
    return bool(here.jobs._client.list_workflows(status=["ENQUEUED", "PENDING"], load_input=False, load_output=False))


@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_at_any_moment_an_approved_award_becomes_exactly_one_badge(
    installed: tuple[str, Setting], moment: str
) -> None:
    url, setting = installed
    here = installation_at(url)
    award = an_accepted_award(here, setting)
    # Nothing that is open goes with the process that is killed.
    here.engine.dispose()
    assert killed(moment, url, award) == -signal.SIGKILL
    assert count(here, Credential) == (1 if moment == "committed-not-told" else 0)
    with run_worker(here.engine, handlers(here), grace_seconds=0):
        resume_lost_work(here)
        wait_until_nothing_is_to_be_done(here)
    assert count(here, Credential) == 1
    here.engine.dispose()
