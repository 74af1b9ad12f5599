"""A process that is killed between a step and its mail: who is to be told is told, of what did not happen nobody is."""

from __future__ import annotations

import os
import signal
from datetime import timedelta

import pytest

from issuer_service.installation import Installation
from issuer_service.notices import sending
from issuer_service.notices.mail_server import Connection, mail_server
from issuer_service.notices.sending import TAKEN_FOR
from issuer_service.workflow.metroline.holding import advance_run, run_of
from issuer_service.workflow.metroline.line_endpoints import acting
from issuer_service.workflow.metroline.runs import RunState
from tests.service.conftest import World
from tests.service.crash import DyingInstallation
from tests.service.mail_server import TestMailServer
from tests.service.metroline.trying import Team
from tests.service.notices.posting import notices, send, with_mail
from tests.service.workflow.test_kill import in_a_process_that_dies


def die(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.both_databases
def test_killed_at_any_moment_between_the_step_and_the_mail_each_is_told_once(
    world: World, mail: TestMailServer
) -> None:
    with_mail(world, mail)
    team = Team(world)
    station = team.station("Meten", ["RO001"])
    line = team.line([station])
    for person in (0, 1):
        team.register(line, person)
    run = team.run(station, upto="scheduled")
    here = world.installation
    server = mail_server(here.settings)
    assert server is not None

    def announce(installation: Installation) -> None:
        with installation.transaction() as session:
            caller = team.caller()
            advance_run(session, acting(installation, caller), run_of(session, run), RunState.ANNOUNCED)

    def in_a_fork(moment: str) -> None:
        match moment:
            case "before the step commits":
                announce(DyingInstallation(here))
            case "after it":
                announce(here)
            case "before the mail goes out":
                Connection.send = die  # type: ignore[method-assign,assignment]  # in a process that dies of it
                sending.send_due(here, server)
            case "after the server took it over":
                sending._settle = die
                sending.send_due(here, server)
            case _:
                raise ValueError(moment)

    def killed(moment: str) -> None:
        here.engine.dispose()
        in_a_process_that_dies(lambda: in_a_fork(moment))

    killed("before the step commits")
    send(world)
    assert (notices(world), mail.received) == ([], [])
    killed("after it")
    killed("before the mail goes out")
    send(world)
    assert mail.received == [], "for these minutes they are the dead worker's"
    world.clock.advance(TAKEN_FOR)
    killed("after the server took it over")
    world.clock.advance(TAKEN_FOR)
    send(world)
    send(world)
    ids = [one["Message-ID"] for one in mail.messages()]
    # Nobody can know that the first was taken over: it is sent again, and is the same to whoever gets it.
    assert (len(ids), len(set(ids))) == (3, 2)
    assert {(one.state, one.written_at - one.due_at < timedelta()) for one in notices(world)} == {("sent", True)}
