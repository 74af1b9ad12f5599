"""Is it well? Four questions, each answered, and a worker that signs is one of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from issuer_service.installation import Installation
from issuer_service.operations.state import keys_that_sign, waiting
from issuer_service.persistence.migration import versions

__all__ = ["SERVING", "Check", "check_readiness"]

# A badge is promised within seconds: after five minutes somebody should be called.
PATIENCE_SECONDS: Final = 300

SERVING: Final = ("database", "migrations")
"""The checks of what this process itself needs to answer. The others are about workers."""


@dataclass(frozen=True, slots=True)
class Check:
    """The answer to one question; `detail` says what was found, and names nobody."""

    name: str
    passed: bool
    detail: str


def check_readiness(here: Installation, names: tuple[str, ...] = ()) -> list[Check]:
    """The answers, to these questions or to all."""
    return [_ask(name, ask, here) for name, ask in _QUESTIONS.items() if not names or name in names]


def _ask(name: str, ask: Callable[[Installation], tuple[bool, str]], here: Installation) -> Check:
    try:
        passed, detail = ask(here)
    except SQLAlchemyError as error:
        # What the driver says may hold an address, a name or a statement.
        passed, detail = False, f"the database did not answer ({type(error).__name__})"
    return Check(name, passed, detail)


def _database(here: Installation) -> tuple[bool, str]:
    with here.reading() as session:
        session.scalar(select(1))
    return True, "it answers"


def _migrations(here: Installation) -> tuple[bool, str]:
    present, newest = versions(here.engine)
    if present == newest:
        return True, f"version {newest}"
    return False, f"the database is at version {present or 'none'}, the code at {newest}: run issuer-service install"


def _signing(here: Installation) -> tuple[bool, str]:
    with here.reading() as session:
        keys = keys_that_sign(session, now=here.now())
    if keys.silent:
        return False, f"{keys.silent} of {keys.in_use} keys were not seen to sign: is a worker running, and its store?"
    return True, f"{keys.in_use} keys sign"


def _pending(here: Installation) -> tuple[bool, str]:
    with here.reading() as session:
        found = waiting(session, now=here.now())
    text = f"{found.awards} approved awards wait for their badge, the oldest for {found.oldest_seconds:.0f} seconds"
    return found.oldest_seconds <= PATIENCE_SECONDS, text


_QUESTIONS: Final = {"database": _database, "migrations": _migrations, "signing": _signing, "pending": _pending}
