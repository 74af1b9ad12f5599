"""Every refusal of the service, by kind. HTTP comes in only in `problem_details.py`.

ServiceError
├── NotFound       there is no such thing, or it is not yours to see
├── NotAllowed     you are known, and may not do this
├── NotKnown       it is not known who you are
├── Conflict       it stands in the way of something that is already there
├── Refused        it is understood, and against a rule; `findings` say which
├── TooLarge       more than is taken in at once
├── TooMany        too often; `retry_after` says when again
└── Unavailable    not now
"""

from __future__ import annotations

import traceback
from enum import StrEnum
from typing import ClassVar, Final

__all__ = [
    "Conflict",
    "Kind",
    "NotAllowed",
    "NotFound",
    "NotKnown",
    "Refused",
    "ServiceError",
    "TooLarge",
    "TooMany",
    "Unavailable",
    "where_it_failed",
]

_MOST_CAUSES: Final = 10


class Kind(StrEnum):
    """What kind of refusal it is."""

    NOT_FOUND = "not-found"
    NOT_ALLOWED = "not-allowed"
    NOT_KNOWN = "not-known"
    CONFLICT = "conflict"
    REFUSED = "refused"
    TOO_LARGE = "too-large"
    TOO_MANY = "too-many"
    UNAVAILABLE = "unavailable"


class ServiceError(Exception):
    """The root. `field` names what to mend, where it is one field; `findings` what else there is to say."""

    kind: ClassVar[Kind]

    def __init__(self, message: str, *, field: str = "", findings: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.field = field
        self.findings = findings


class NotFound(ServiceError):
    """There is no such thing, or it belongs to somebody else: both answer the same."""

    kind = Kind.NOT_FOUND


class NotAllowed(ServiceError):
    """You may not do this."""

    kind = Kind.NOT_ALLOWED


class NotKnown(ServiceError):
    """Say who you are first."""

    kind = Kind.NOT_KNOWN


class Conflict(ServiceError):
    """Something that is already there stands in the way."""

    kind = Kind.CONFLICT


class Refused(ServiceError):
    """Against a rule."""

    kind = Kind.REFUSED


class TooLarge(ServiceError):
    """More than is taken in at once."""

    kind = Kind.TOO_LARGE


class TooMany(ServiceError):
    """Too often. `retry_after` is the number of seconds after which it may be tried again."""

    kind = Kind.TOO_MANY

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unavailable(ServiceError):
    """Not now; later it may be."""

    kind = Kind.UNAVAILABLE


def where_it_failed(error: BaseException) -> dict[str, list[str]]:
    """Of an unexpected error, for a log: the kinds of errors and the places in the code, and nothing that they say.

    What a database's error says repeats the name or the address that stood in its way.
    """
    kinds: list[str] = []
    places: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(kinds) < _MOST_CAUSES:
        kinds.append(type(cause).__name__)
        places += [f"{at.filename}:{at.lineno} {at.name}" for at in traceback.extract_tb(cause.__traceback__)]
        cause = cause.__cause__ or cause.__context__
    return {"errors": kinds, "trace": places}
