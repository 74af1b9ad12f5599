"""A process that is killed around a step that earns a badge: the step and what it tells happen both, or neither."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from issuer_service.bootstrap import handlers
from issuer_service.clock import os_randomness
from issuer_service.installation import Installation
from issuer_service.issuance.tables import Award
from issuer_service.jobs.port import AWARD
from issuer_service.workflow.events import WorkflowEvent
from tests.service.conftest import World, settings_for
from tests.service.crash import DyingInstallation
from tests.service.fakes import JobsByHand, SettableClock
from tests.service.workflow.everything import STEPS, Everything, award

# What one step of each kind is worth where everything is awarded: of four components, a station, their ULO and a line.
WORTH = {"module": 1, "certify": 1, "complete": 1, "attend": 1, "assess": 7}


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


def told(here: Installation, *, of: str) -> list[str]:
    """The events that a step told."""
    with here.reading() as session:
        kinds = WorkflowEvent.kind.in_(map(str, STEPS[of]))
        return list(session.scalars(select(WorkflowEvent.id).where(kinds, WorkflowEvent.handled_at.is_(None))))


def awards(here: Installation) -> int:
    """How many there are."""
    with here.reading() as session:
        return session.scalar(select(func.count()).select_from(Award)) or 0


@pytest.mark.parametrize("step", STEPS)
def test_killed_between_a_step_and_its_award_it_is_awarded_once(world: World, step: str) -> None:
    made = Everything(world, "katapult")
    made.settle()
    made.prepare(step)
    here, url = world.installation, world.installation.settings.database_url
    award(here, world.jobs)
    before = awards(here)

    def living() -> Installation:
        # Connections and jobs of its own: what it enqueued dies with it.
        return Installation(settings_for(url), here.engine, JobsByHand(), SettableClock(), os_randomness)

    def dies(do: Callable[[], None]) -> None:
        here.engine.dispose()
        in_a_process_that_dies(do)

    dies(lambda: made.do(step, DyingInstallation(living())))
    assert told(here, of=step) == []
    dies(lambda: made.do(step, living()))
    events = told(here, of=step)
    assert events
    assert awards(here) == before
    # Killed again while what it is worth is written down; and then nobody has a job for it any more.
    dies(lambda: handlers(DyingInstallation(living()))[AWARD](events[0]))
    assert awards(here) == before
    for _ in range(2):
        award(here, world.jobs, lost=True)
        world.jobs.repeat_everything({AWARD: handlers(here)[AWARD]})
    assert told(here, of=step) == []
    assert awards(here) == before + WORTH[step]
