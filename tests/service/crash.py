"""A process of the service that is killed: `python -m tests.service.crash MOMENT URL AWARD`."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pydantic import SecretStr
from sqlalchemy.orm import Session

from issuer_service import bootstrap
from issuer_service.bootstrap import open_installation
from issuer_service.installation import Installation
from issuer_service.issuance.approve import approve
from issuer_service.issuance.tables import Award
from issuer_service.jobs.dbos_engine import run_worker
from issuer_service.jobs.port import SIGN, Handlers
from issuer_service.people.service import Caller, Role
from issuer_service.people.tables import Membership
from issuer_service.settings import Settings

SECRET = "a secret of some length"


def installation_at(url: str) -> Installation:
    """The installation under test."""
    return open_installation(Settings(database_url=url, base_url="https://badges.example", secret=SecretStr(SECRET)))


def approve_award(installation: Installation, award_id: str) -> None:
    """Approve as the teacher of the award's organisation."""
    with installation.transaction() as session:
        award = session.get_one(Award, award_id)
        teacher = session.query(Membership).filter_by(organisation_id=award.organisation_id, role=Role.TEACHER).one()
        caller = Caller.in_role(teacher.person_id, teacher.organisation_id, Role.TEACHER)
        approve(session, award_id, caller=caller, jobs=installation.jobs, now=installation.now())


def die(*_: object) -> None:
    """No goodbye: no `finally`, no rollback, no flush."""
    os.kill(os.getpid(), signal.SIGKILL)


def with_signing(handlers: Handlers, handler: Callable[[str], None]) -> Handlers:
    """The handlers, with another one for signing."""
    return {**handlers, SIGN: handler}


@contextmanager
def dies_before_commit(installation: Installation) -> Iterator[Session]:
    """The installation's transaction, but the process dies where it would commit."""
    with Installation.transaction(installation) as session:
        yield session
        session.flush()
        die()


def main(moment: str, url: str, award_id: str) -> None:
    """Approve, and die at the given moment."""
    installation = installation_at(url)
    approve_award(installation, award_id)
    handlers = bootstrap.handlers(installation)
    if moment == "approved":
        die()
    if moment == "signing-began":
        handlers = with_signing(handlers, die)
    if moment == "signed-not-committed":
        dying = DyingInstallation(installation)
        handlers = with_signing(handlers, bootstrap.handlers(dying)[SIGN])
    if moment == "committed-not-told":
        signing = handlers[SIGN]

        def sign_and_die(about: str) -> None:
            signing(about)
            die()

        handlers = with_signing(handlers, sign_and_die)
    with run_worker(installation.engine, handlers):
        time.sleep(30)
    raise SystemExit("nothing killed this process")


class DyingInstallation(Installation):
    """An installation whose process dies at the end of every transaction, before the commit."""

    def __init__(self, living: Installation) -> None:
        super().__init__(living.settings, living.engine, living.jobs, living.now, living.randomness)

    def transaction(self):  # type: ignore[no-untyped-def]  # as the overridden one
        """See `dies_before_commit`."""
        return dies_before_commit(self)


if __name__ == "__main__":
    main(*sys.argv[1:])
