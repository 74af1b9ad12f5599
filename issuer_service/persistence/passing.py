"""Which errors of a database pass by themselves, so that whoever is told of one may try again."""

from __future__ import annotations

import sqlite3
from typing import Final

from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

__all__ = ["passes"]

_OF_SQLITE: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL})
# The last byte says what it is, and those before it how it came.
_KIND: Final = 0xFF
# No connection, a deadlock, no room or connections left, a lock that was waited for in vain, a server that is stopped:
# https://www.postgresql.org/docs/current/errcodes-appendix.html
_OF_POSTGRESQL: Final = ("08", "40", "53", "55P", "57P")


def passes(error: SQLAlchemyError) -> bool:
    """Is it that the database is busy, full or away, and not that something is wrong with what it was asked?"""
    if isinstance(error, PoolTimeoutError):
        return True
    if not isinstance(error, DBAPIError):
        return False
    if error.connection_invalidated:
        return True
    if isinstance(error.orig, sqlite3.Error):
        return error.orig.sqlite_errorcode & _KIND in _OF_SQLITE
    state = getattr(error.orig, "sqlstate", None)
    if state is None:
        # It was not PostgreSQL that said so: there was none to ask.
        return isinstance(error, OperationalError)
    return str(state).startswith(_OF_POSTGRESQL)
