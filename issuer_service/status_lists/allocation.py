"""Giving out places in status lists: at random, each once, whoever asks at the same time.

A place is taken by adding its row, and the primary key refuses the second. So there is no counter that everybody
waits for, and no number that says when a badge was made.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import String, bindparam, func, select
from sqlalchemy.orm import Session

from issuer_service.clock import Randomness
from issuer_service.errors import Unavailable
from issuer_service.persistence.identifiers import random_uuid
from issuer_service.persistence.upsert import insert_or_ignore, insert_those_that_are_new
from issuer_service.status_lists.tables import StatusEntry, StatusList
from openbadges_kit.status.bitstring import MINIMUM_ENTRIES
from openbadges_kit.vocabulary import StatusPurpose

__all__ = ["Place", "allocate", "allocate_some", "open_next"]

# Fuller than this and drawing a free place at random takes too many tries; the next list is opened.
_FULL_AT: Final = 0.75
# Each try finds a free place with at least a quarter's chance.
_TRIES: Final = 64
# What one statement holds; SQLite takes no more than some thirty thousand variables.
MOST_AT_ONCE: Final = 1000
_NEWEST: Final = (
    select(StatusList.id, StatusList.number, StatusList.entries)
    .where(StatusList.organisation_id == bindparam("whose", String), StatusList.purpose == bindparam("kind"))
    .order_by(StatusList.number.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a status list."""

    status_list_id: str
    position: int
    purpose: StatusPurpose


@dataclass(frozen=True, slots=True)
class _OpenList:
    """A list that places are given out in, without what is published of it, which is long."""

    id: str
    organisation_id: str
    purpose: StatusPurpose
    number: int
    entries: int


def allocate(
    session: Session,
    organisation_id: str,
    *,
    purpose: StatusPurpose = StatusPurpose.REVOCATION,
    now: datetime,
    randomness: Randomness,
) -> Place:
    """A free place, drawn at random, so that its number says nothing about when it was given out."""
    for _ in range(_TRIES):
        found = allocate_some(session, organisation_id, 1, purpose=purpose, now=now, randomness=randomness)
        if found:
            return found[0]
    raise Unavailable("no free place was found in the status list; try again")


def allocate_some(
    session: Session,
    organisation_id: str,
    wanted: int,
    *,
    purpose: StatusPurpose = StatusPurpose.REVOCATION,
    now: datetime,
    randomness: Randomness,
) -> list[Place]:
    """Up to `wanted` free places, in one statement; fewer where some that were drawn had been given out.

    Whoever wants many asks again in another transaction. Asked for in order and once per transaction, two that
    draw the same places cannot wait for each other.
    """
    status_list = _open_list(session, organisation_id, purpose, now=now, randomness=randomness)
    drawn = {int.from_bytes(randomness(8), "big") % status_list.entries for _ in range(min(wanted, MOST_AT_ONCE))}
    rows = [{"status_list_id": status_list.id, "position": position} for position in sorted(drawn)]
    positions: list[int] = insert_those_that_are_new(session, StatusEntry, rows, giving="position")
    if len(positions) < len(drawn):
        # Some were taken, more likely the fuller it is; and so it is counted hardly ever while it is empty.
        _open_next_when_full(session, status_list, now=now, randomness=randomness)
    return [Place(status_list.id, position, purpose) for position in positions]


def open_next(session: Session, organisation_id: str, *, now: datetime, randomness: Randomness) -> int:
    """Give out no place of the lists that there are, from now on: the next of each kind is opened. Gives how many."""
    newest = (
        select(StatusList.purpose, func.max(StatusList.number))
        .where(StatusList.organisation_id == organisation_id)
        .group_by(StatusList.purpose)
    )
    found = session.execute(newest).all()
    for purpose, number in found:
        _open(session, organisation_id, StatusPurpose(purpose), number=number + 1, now=now, randomness=randomness)
    return len(found)


def _open_list(
    session: Session, organisation_id: str, purpose: StatusPurpose, *, now: datetime, randomness: Randomness
) -> _OpenList:
    whose = {"whose": organisation_id, "kind": str(purpose)}
    found = session.execute(_NEWEST, whose).one_or_none()
    if found is None:
        _open(session, organisation_id, purpose, number=1, now=now, randomness=randomness)
        found = session.execute(_NEWEST, whose).one()
    return _OpenList(found.id, organisation_id, purpose, found.number, found.entries)


def _open_next_when_full(session: Session, full: _OpenList, *, now: datetime, randomness: Randomness) -> None:
    given = session.scalar(select(func.count()).select_from(StatusEntry).where(StatusEntry.status_list_id == full.id))
    if (given or 0) >= full.entries * _FULL_AT:
        _open(session, full.organisation_id, full.purpose, number=full.number + 1, now=now, randomness=randomness)


def _open(
    session: Session,
    organisation_id: str,
    purpose: StatusPurpose,
    *,
    number: int,
    now: datetime,
    randomness: Randomness,
) -> None:
    # Two that find the same list full open one next list: the number is unique.
    row = {
        "id": random_uuid(randomness),
        "organisation_id": organisation_id,
        "purpose": str(purpose),
        "number": number,
        "entries": MINIMUM_ENTRIES,
        "opened_at": now,
        "version": 0,
        "published_version": 0,
    }
    insert_or_ignore(session, StatusList, [row])
