"""Adding to the audit trail, in the transaction of what it tells of.

`record` only notes what is to be told; the entries are chained just before the commit. So whoever writes for the same
organisation waits for another's commit, and for nothing else that the other does.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import String, bindparam, event, select, update
from sqlalchemy.orm import Session

from issuer_service.audit.events import AuditEvent
from issuer_service.audit.tables import AuditEntry, AuditHead
from issuer_service.clock import Clock
from issuer_service.persistence.upsert import columns_of, insert_or_ignore, insert_rows

__all__ = ["GENESIS", "Trail", "act_as", "canonical", "hash_of_entry", "keep_trail", "record"]

GENESIS: Final = "0" * 64
"""What stands as the hash before the first entry."""

_TRAIL: Final = "audit trail"
_ACTOR: Final = "audit actor"
_PENDING: Final = "audit pending"
_HEADS: Final = columns_of(AuditHead)
_IS_THEIRS: Final = _HEADS.c.organisation_id == bindparam("whose", String)
_LOCK: Final = select(_HEADS.c.number, _HEADS.c.sha256).where(_IS_THEIRS).with_for_update()
_MOVE: Final = update(_HEADS).where(_IS_THEIRS).values({name: bindparam(name) for name in ("number", "sha256", "seal")})


@dataclass(frozen=True, slots=True)
class Trail:
    """What adding to the trail takes: a clock, and the key that seals the end of each chain."""

    key: bytes
    now: Clock

    @classmethod
    def of(cls, secret: str, now: Clock) -> Trail:
        """With a key that follows from the installation's secret."""
        return cls(hashlib.sha256(b"audit trail|" + secret.encode()).digest(), now)

    def seal(self, organisation_id: str, number: int, sha256: str) -> str:
        """What only who has the secret can say of the end of a chain."""
        return hmac.digest(self.key, f"{organisation_id}|{number}|{sha256}".encode(), "sha256").hex()


@dataclass(frozen=True, slots=True)
class _Actor:
    organisation_id: str
    person_id: str


@dataclass(frozen=True, slots=True)
class _Noted:
    organisation_id: str
    event: AuditEvent
    actor_id: str | None
    about: str
    details: str


def keep_trail(session: Session, trail: Trail) -> None:
    """From here on the session can `record`."""
    session.info[_TRAIL] = trail


def act_as(session: Session, *, organisation_id: str, person_id: str) -> None:
    """What is recorded from here on was done by this person for this organisation, unless it is said otherwise."""
    session.info[_ACTOR] = _Actor(organisation_id, person_id)


def record(
    session: Session,
    what: AuditEvent,
    *,
    about: str = "",
    organisation_id: str = "",
    actor_id: str | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Have it in the trail, if and when the session's transaction commits, that this was done.

    Without `organisation_id` and `actor_id` it was the caller whom the session works for; in a session that works for
    nobody no actor means the service itself. `details` hold ids, numbers, hashes and wire values: never a name, an
    address or a text that somebody wrote, because nothing is ever taken out of the trail. Raises LookupError in a
    session without a trail, or when it is not said whose trail it is.
    """
    if _TRAIL not in session.info:
        raise LookupError("this session keeps no audit trail: open it with Installation.transaction()")
    actor: _Actor | None = session.info.get(_ACTOR)
    organisation = organisation_id or (actor.organisation_id if actor is not None else "")
    if not organisation:
        raise LookupError(f"whose trail is {what} to be in? Give organisation_id")
    who = actor_id or (actor.person_id if actor is not None else None)
    if _PENDING not in session.info:
        session.info[_PENDING] = []
        event.listen(session, "before_commit", _append)
    session.info[_PENDING].append(_Noted(organisation, what, who, about, canonical(details or {})))


def canonical(details: Mapping[str, Any]) -> str:
    """JSON in the one form that is hashed. Raises ValueError for what has none, such as NaN."""
    return json.dumps(details, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def hash_of_entry(
    *,
    organisation_id: str,
    number: int,
    at: datetime,
    event: str,
    actor_id: str | None,
    about: str,
    details: str,
    previous_sha256: str,
) -> str:
    """The SHA-256 of an entry, over everything in it and the hash of the one before."""
    content = {
        "organisation": organisation_id,
        "number": number,
        "at": at.astimezone(UTC).isoformat(),
        "event": event,
        "actor": actor_id,
        "about": about,
        # As a text within a text: what is verified need not be read first.
        "details": details,
        "previous": previous_sha256,
    }
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def _append(session: Session) -> None:
    if session.in_nested_transaction():
        # A savepoint; what it is part of may still be undone.
        return
    noted: list[_Noted] = session.info[_PENDING]
    session.info[_PENDING] = []
    trail: Trail = session.info[_TRAIL]
    # The lock is the last that a transaction takes, and the shortest that it holds.
    session.flush()
    at = trail.now()
    # In one order for all, so that two that write for the same organisations cannot wait for each other.
    for organisation_id in sorted({one.organisation_id for one in noted}):
        number, previous = _locked_head(session, organisation_id)
        rows = []
        for one in noted:
            if one.organisation_id != organisation_id:
                continue
            number += 1
            row: dict[str, Any] = {
                "organisation_id": organisation_id,
                "number": number,
                "at": at,
                "event": str(one.event),
                "actor_id": one.actor_id,
                "about": one.about,
                "details": one.details,
                "previous_sha256": previous,
            }
            previous = hash_of_entry(**row)
            rows.append({**row, "sha256": previous})
        # Past the ORM, which would hold the lock for as long again.
        insert_rows(session, AuditEntry, rows)
        seal = trail.seal(organisation_id, number, previous)
        session.execute(_MOVE, {"whose": organisation_id, "number": number, "sha256": previous, "seal": seal})


def _locked_head(session: Session, organisation_id: str) -> tuple[int, str]:
    found = session.execute(_LOCK, {"whose": organisation_id}).one_or_none()
    if found is None:
        first = {"organisation_id": organisation_id, "number": 0, "sha256": GENESIS, "seal": ""}
        insert_or_ignore(session, AuditHead, [first])
        found = session.execute(_LOCK, {"whose": organisation_id}).one()
    return found.number, found.sha256
