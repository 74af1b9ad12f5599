"""A process of the service that approves an award and is killed, at one of four moments."""

from __future__ import annotations

import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn

from sqlalchemy.orm import Session

from issuer_service import bootstrap
from issuer_service.clock import os_randomness
from issuer_service.installation import Installation
from issuer_service.issuance.approve import approve
from issuer_service.issuance.tables import Award
from issuer_service.jobs.dbos_engine import DbosJobs, run_worker
from issuer_service.jobs.port import SIGN_ONE, Handlers
from issuer_service.people.service import Caller, Role
from issuer_service.people.tables import Membership
from issuer_service.persistence.database import create_database_engine
from tests.service.conftest import settings_for
from tests.service.fakes import SettableClock

__all__ = ["MOMENTS", "installation_at", "killed"]

MOMENTS = ["approved", "signing-began", "signed-not-committed", "committed-not-told"]
PATIENCE_SECONDS = 60


def installation_at(url: str) -> Installation:
    """The installation under test, on the real engine for jobs."""
    engine = create_database_engine(url)
    return Installation(settings_for(url), engine, DbosJobs(engine), SettableClock(), os_randomness)


def killed(moment: str, url: str, award_id: str) -> int:
    """The exit status of a process that approves the award and dies then.

    A fork, because it has imported everything; it opens connections of its own. The caller has none open.
    """
    child = os.fork()
    if child == 0:
        try:
            # A child that hangs is no child that was killed.
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.alarm(PATIENCE_SECONDS)
            _approve_and_die(moment, url, award_id)
        except BaseException:  # noqa: BLE001  # nothing of the parent's may be unwound in its child
            traceback.print_exc()
            sys.stderr.flush()
        os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _approve_award(installation: Installation, award_id: str) -> None:
    """Approve as the teacher of the award's organisation."""
    with installation.transaction() as session:
        award = session.get_one(Award, award_id)
        teacher = session.query(Membership).filter_by(organisation_id=award.organisation_id, role=Role.TEACHER).one()
        caller = Caller.in_role(teacher.person_id, teacher.organisation_id, Role.TEACHER)
        approve(session, award_id, caller=caller, now=installation.now())


def _die(*_: object) -> None:
    """No goodbye: no `finally`, no rollback, no flush."""
    os.kill(os.getpid(), signal.SIGKILL)


def _with_signing(handlers: Handlers, handler: Callable[[str], None]) -> Handlers:
    """The handlers, with another one for signing."""
    return {**handlers, SIGN_ONE: handler}


@contextmanager
def _dies_before_commit(installation: Installation) -> Iterator[Session]:
    """The installation's transaction, but the process dies where it would commit."""
    with Installation.transaction(installation) as session:
        yield session
        session.flush()
        _die()


def _approve_and_die(moment: str, url: str, award_id: str) -> NoReturn:
    installation = installation_at(url)
    _approve_award(installation, award_id)
    handlers = bootstrap.handlers(installation)
    if moment == "approved":
        _die()
    if moment == "signing-began":
        handlers = _with_signing(handlers, _die)
    if moment == "signed-not-committed":
        dying = DyingInstallation(installation)
        handlers = _with_signing(handlers, bootstrap.handlers(dying)[SIGN_ONE])
    if moment == "committed-not-told":
        signing = handlers[SIGN_ONE]

        def sign_and_die(about: str) -> None:
            signing(about)
            _die()

        handlers = _with_signing(handlers, sign_and_die)
    with run_worker(installation.engine, handlers):
        time.sleep(PATIENCE_SECONDS)
    raise SystemExit("nothing killed this process")


class DyingInstallation(Installation):
    """An installation whose process dies at the end of every transaction, before the commit."""

    def __init__(self, living: Installation) -> None:
        super().__init__(living.settings, living.engine, living.jobs, living.now, living.randomness)

    def transaction(self):  # type: ignore[no-untyped-def]  # as the overridden one
        """See `_dies_before_commit`."""
        return _dies_before_commit(self)
