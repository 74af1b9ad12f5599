"""What cannot be awarded as things stand waits longer each time, says why and until when, and is awarded once."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Final

import pytest
from sqlalchemy import func, select, update

from issuer_service.awarding.gather import gather_events
from issuer_service.awarding.putting_off import FIRST_WAIT, LONGEST_WAIT, wait_after
from issuer_service.bootstrap import handlers, resume_lost_work
from issuer_service.clock import os_randomness
from issuer_service.errors import ServiceError
from issuer_service.installation import Installation
from issuer_service.issuance.tables import Award
from issuer_service.jobs.port import AWARD, JobState
from issuer_service.signing_keys.tables import SigningKeyRow
from issuer_service.workflow.events import WorkflowEvent
from tests.service.conftest import World
from tests.service.fakes import JobsByHand
from tests.service.pages.visitors import Visitor
from tests.service.workflow.office import Office

_MOMENT: Final = timedelta(seconds=1)


def test_each_wait_is_twice_the_one_before_it_and_none_is_longer_than_an_hour() -> None:
    waits = [wait_after(refusals) for refusals in range(1, 10_000)]
    assert waits[0] == FIRST_WAIT
    assert all(later == min(2 * earlier, LONGEST_WAIT) for earlier, later in pairwise(waits))
    assert waits[-1] == LONGEST_WAIT == timedelta(hours=1)


def without_key(office: Office, *, amiss: bool) -> None:
    """The issuer has no key to sign with."""
    with office.world.installation.transaction() as session:
        retired_at = office.world.clock() if amiss else None
        session.execute(update(SigningKeyRow).values(retired_at=retired_at))


def passed(office: Office) -> str:
    """A module was passed. The event."""
    case_id = office.begin()
    office.until(case_id, "basic_modules")
    office.pass_next_module(case_id)
    with office.world.installation.reading() as session:
        return session.scalars(select(WorkflowEvent.id)).one()


def work(here: Installation, jobs: JobsByHand) -> int:
    """A worker does what waits; what fails is tried again within moments, as the engine does. How many jobs."""
    gather_events(here)
    waiting = [key for key, state in jobs.states.items() if state is JobState.WAITING and jobs.taken[key][0] == AWARD]
    look_at = handlers(here)[AWARD]
    for key in waiting:
        jobs.states[key] = JobState.FAILED
        for _ in range(3):
            with suppress(ServiceError):
                look_at(jobs.taken[key][1])
                jobs.states[key] = JobState.DONE
                break
    return len(waiting)


def reconciled(world: World, *, after: timedelta) -> int:
    """After so long a reconciler looks for what was lost, and a worker does it. How many jobs."""
    world.clock.advance(after)
    resume_lost_work(world.installation)
    return work(world.installation, world.jobs)


def awards(world: World) -> int:
    with world.installation.reading() as session:
        return session.scalar(select(func.count()).select_from(Award)) or 0


def row_of(world: World, event_id: str) -> WorkflowEvent:
    with world.installation.reading() as session:
        return session.get_one(WorkflowEvent, event_id)


@pytest.mark.both_databases
def test_it_is_looked_at_ever_less_often_and_awarded_once_when_it_was_mended(world: World) -> None:
    office = Office(world, "katapult")
    event_id = passed(office)
    without_key(office, amiss=True)
    assert work(world.installation, world.jobs) == 1
    for refusals in range(1, 10):
        waiting = row_of(world, event_id)
        assert (waiting.refusals, waiting.again_at) == (refusals, world.clock() + wait_after(refusals))
        assert reconciled(world, after=wait_after(refusals) - _MOMENT) == 0
        assert reconciled(world, after=_MOMENT) == 1
    assert awards(world) == 0
    without_key(office, amiss=False)
    assert reconciled(world, after=LONGEST_WAIT) == 1
    assert awards(world) == 1
    mended = row_of(world, event_id)
    assert (mended.refusals, mended.refused, mended.again_at) == (0, None, None)
    world.jobs.repeat_everything({AWARD: handlers(world.installation)[AWARD]})
    assert reconciled(world, after=LONGEST_WAIT) == 0
    assert awards(world) == 1


@pytest.mark.both_databases
def test_it_waits_on_where_everything_was_started_anew_and_whoever_asks_need_not_wait(world: World) -> None:
    office = Office(world, "katapult")
    event_id = passed(office)
    without_key(office, amiss=True)
    work(world.installation, world.jobs)
    reconciled(world, after=FIRST_WAIT)
    waiting = row_of(world, event_id)
    # Another process, whose engine remembers no job.
    anew = Installation(
        world.installation.settings, world.installation.engine, JobsByHand(), world.clock, os_randomness
    )
    assert resume_lost_work(anew) == 0
    assert row_of(world, event_id).again_at == waiting.again_at
    path = f"/v1/enrolments/{waiting.enrolment_id}/awarding"
    # Asked for too early it is refused again, and waits as at first.
    assert office.call("teacher", "POST", path) == {"events": 1}
    assert work(world.installation, world.jobs) == 1
    assert row_of(world, event_id).again_at == world.clock() + FIRST_WAIT
    without_key(office, amiss=False)
    assert office.call("teacher", "POST", path) == {"events": 1}
    assert work(world.installation, world.jobs) == 1
    assert awards(world) == 1
    assert office.call("teacher", "POST", path) == {"events": 0}


def test_why_it_waits_and_until_when_is_told_to_staff_and_to_nobody_else(world: World) -> None:
    office = Office(world, "katapult")
    event_id = passed(office)
    without_key(office, amiss=True)
    work(world.installation, world.jobs)
    event = row_of(world, event_id)

    def told() -> list[tuple[Any, Any]]:
        shown = office.call("teacher", "GET", f"/v1/enrolments/{event.enrolment_id}/awarding")["lines"]
        return [(one["refused"], one["again_at"]) for one in shown if one["refused"]]

    ((reason, again_at),) = told()
    assert "no key" in reason
    assert datetime.fromisoformat(again_at) == event.again_at
    teacher, learner = (Visitor(world, office.ids[role]) for role in ("teacher", "candidate"))
    shown = teacher.see("/work?lang=en")
    assert "Could not be awarded" in shown
    assert "no key" in shown
    assert "20-11-2026 10:00" in shown
    assert "Kon niet worden toegekend" in teacher.see("/work?lang=nl")
    assert "no key" not in learner.see("/work")
    (case,) = office.call("teacher", "GET", "/v1/cases")["items"]
    assert "kon niet worden toegekend: " in teacher.see(f"/desk/cases/{case['id']}?lang=nl")
    without_key(office, amiss=False)
    learner.send("/work-awarding", expect=403, enrolment_id=event.enrolment_id)
    teacher.see("/work?lang=nl")
    assert "Het wordt nu opnieuw geprobeerd" in teacher.fill("Probeer nu")
    assert work(world.installation, world.jobs) == 1
    assert awards(world) == 1
    assert told() == []
    assert "Could not be awarded" not in teacher.see("/work?lang=en")
