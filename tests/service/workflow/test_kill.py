"""A process that is killed around a step that earns a badge: the step and its award happen both, or neither."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from issuer_service.bootstrap import handlers, resume_lost_work
from issuer_service.clock import os_randomness
from issuer_service.installation import Installation
from issuer_service.issuance.tables import Award
from issuer_service.workflow.cases.endpoints import doing_in
from issuer_service.workflow.events import EventKind, WorkflowEvent
from issuer_service.workflow.process.reducer import Step
from issuer_service.workflow.process.service import case_of, take_step
from issuer_service.workflow.process.tables import ProcessCase
from tests.service.conftest import World, settings_for
from tests.service.crash import DyingInstallation
from tests.service.fakes import JobsByHand, SettableClock
from tests.service.workflow.office import Office


def in_a_process_that_dies(do: Callable[[], None]) -> None:
    """Do it in a fork, which is killed at the latest when it has done it."""
    child = os.fork()
    if child == 0:
        try:
            signal.alarm(60)
            do()
            os.kill(os.getpid(), signal.SIGKILL)
        except BaseException:  # noqa: BLE001  # nothing of the parent's may be unwound in its child
            traceback.print_exc()
            sys.stderr.flush()
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def count(here: Installation, *kinds: EventKind) -> tuple[int, int]:
    """How many of these events were told, and how many awards there are."""
    with here.reading() as session:
        told = select(func.count()).select_from(WorkflowEvent).where(WorkflowEvent.kind.in_(map(str, kinds)))
        return session.scalar(told) or 0, session.scalar(select(func.count()).select_from(Award)) or 0


@pytest.mark.both_databases
def test_killed_between_the_step_and_the_award_the_certificate_is_awarded_once(world: World) -> None:
    office = Office(world, "katapult")
    office.settle(certificate_ulo_version_id=office.certificate)
    case_id = office.begin()
    office.until(case_id, "advanced_modules")
    office.pass_next_module(case_id)
    here = world.installation
    world.jobs.do_all(world.handlers)
    _, before = count(here)
    url = here.settings.database_url

    def certify(*, dies_before_commit: bool) -> None:
        # Connections and jobs of its own: what it enqueued dies with it.
        living = Installation(settings_for(url), here.engine, JobsByHand(), SettableClock(), os_randomness)
        child = DyingInstallation(living) if dies_before_commit else living
        with child.transaction() as session:
            caller = office._caller("teacher")
            case, _, actor = case_of(session, case_id, caller)
            take_step(session, case, Step("move", "certify"), actor, doing=doing_in(child, "candidate-path"))

    here.engine.dispose()
    in_a_process_that_dies(lambda: certify(dies_before_commit=True))
    assert count(here, EventKind.LEARNING_COMPLETED) == (0, before)
    with here.reading() as session:
        assert session.get_one(ProcessCase, case_id).stage == "advanced_modules"

    here.engine.dispose()
    in_a_process_that_dies(lambda: certify(dies_before_commit=False))
    assert count(here, EventKind.LEARNING_COMPLETED) == (1, before)

    # Nobody has a job for it any more: it is found, and awarded, however often it is told.
    for _ in range(2):
        world.clock.moment = world.clock.moment.replace(hour=12)
        resume_lost_work(here)
        world.jobs.do_all(handlers(here))
        world.jobs.repeat_everything(handlers(here))
    assert count(here, EventKind.LEARNING_COMPLETED) == (1, before + 1)
