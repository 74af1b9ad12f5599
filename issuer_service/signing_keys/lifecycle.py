"""How a key comes and goes: made, followed up by another, retired, reported compromised.

What needs no private key happens at once, in the caller's transaction. A new key is made by a worker, which alone
reaches the places where keys are kept.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from issuer_service.audit.events import AuditEvent
from issuer_service.audit.trail import record
from issuer_service.clock import Randomness
from issuer_service.errors import Conflict, NotFound, Refused
from issuer_service.jobs.port import CHANGE_KEY, Jobs
from issuer_service.people.roles import OrganisationKind
from issuer_service.people.tables import Organisation
from issuer_service.persistence.identifiers import random_uuid
from issuer_service.signing_keys.ring import KeyRing
from issuer_service.signing_keys.service import ALGORITHMS, KeyPurpose
from issuer_service.signing_keys.tables import KeyChange, KeyUse, SigningKeyRow

__all__ = [
    "ChangeKind",
    "carry_out",
    "change_of",
    "create_keys",
    "has_keys",
    "is_ordered",
    "key_of",
    "note_problem",
    "order_key",
    "report_compromise",
    "retire_key",
    "undone_changes",
]

_MOST_CHANGES: Final = 200


class ChangeKind(StrEnum):
    """What happened to a key."""

    ROTATION = "rotation"
    RETIREMENT = "retirement"
    COMPROMISE = "compromise"


def create_keys(
    session: Session, organisation: Organisation, *, ring: KeyRing, now: datetime, randomness: Randomness
) -> None:
    """Give an issuer its first keys. Raises KeyUnreachable."""
    session.flush()
    for purpose in KeyPurpose:
        _make(session, organisation, purpose, ring=ring, now=now, randomness=randomness)


def has_keys(session: Session, organisation_id: str) -> bool:
    """Was this organisation given keys before?"""
    found = select(SigningKeyRow.id).where(SigningKeyRow.organisation_id == organisation_id).limit(1)
    return session.scalar(found) is not None


def key_of(session: Session, key_id: str, *, organisation_id: str, lock: bool = False) -> SigningKeyRow:
    """A key of this organisation. Raises NotFound, also for another's."""
    query = select(SigningKeyRow).where(SigningKeyRow.id == key_id, SigningKeyRow.organisation_id == organisation_id)
    found = session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound("there is no such signing key", field="key_id")
    return found


def change_of(session: Session, change_id: str, *, organisation_id: str) -> KeyChange:
    """A change of this organisation's keys. Raises NotFound, also for another's."""
    found = session.get(KeyChange, change_id)
    if found is None or found.organisation_id != organisation_id:
        raise NotFound("there is no such change of a key", field="change_id")
    return found


def order_key(
    session: Session,
    organisation_id: str,
    purpose: KeyPurpose,
    *,
    reason: str,
    asked_by: str | None,
    jobs: Jobs,
    now: datetime,
    randomness: Randomness,
) -> KeyChange:
    """Have a worker make a new key that signs from then on; the one that signs now is retired at that moment.

    Raises Refused for an organisation that does not issue, and Conflict while one is being made.
    """
    if session.get_one(Organisation, organisation_id).kind != OrganisationKind.PROVIDER:
        raise Refused("only a provider issues badges, and has keys", field="purpose")
    if is_ordered(session, organisation_id, purpose):
        raise Conflict("a new key is being made already", field="purpose")
    return _order(
        session,
        organisation_id,
        purpose,
        ChangeKind.ROTATION,
        reason=reason,
        asked_by=asked_by,
        jobs=jobs,
        now=now,
        randomness=randomness,
    )


def is_ordered(session: Session, organisation_id: str, purpose: KeyPurpose) -> bool:
    """Is a new key being made?"""
    waiting = select(KeyChange.id).where(
        KeyChange.organisation_id == organisation_id,
        KeyChange.purpose == str(purpose),
        KeyChange.done_at.is_(None),
    )
    return session.scalar(waiting.limit(1)) is not None


def retire_key(
    session: Session,
    key_id: str,
    *,
    organisation_id: str,
    reason: str,
    asked_by: str | None,
    now: datetime,
    randomness: Randomness,
) -> SigningKeyRow:
    """Have a key sign nothing more, without another in its place: an issuer that stops. A second time changes nothing.

    Raises NotFound for another's key.
    """
    row = key_of(session, key_id, organisation_id=organisation_id, lock=True)
    if row.retired_at is None:
        _retire(session, row, now=now)
        _note(session, row, ChangeKind.RETIREMENT, reason=reason, asked_by=asked_by, now=now, randomness=randomness)
    return row


def report_compromise(
    session: Session,
    key_id: str,
    *,
    organisation_id: str,
    since: datetime,
    reason: str,
    asked_by: str | None,
    jobs: Jobs,
    now: datetime,
    randomness: Randomness,
) -> SigningKeyRow:
    """Say that a key may have been in other hands since then: what it signed from that moment on fails, at once.

    A key that was in use signs nothing more, and a worker makes another. Said again, the moment can only come
    earlier. Raises NotFound for another's key, Refused for a moment to come, and Conflict for one later than before.
    """
    if since > now:
        raise Refused("this moment has not come yet", field="since")
    row = key_of(session, key_id, organisation_id=organisation_id, lock=True)
    known = row.compromised_since
    if known == since:
        return row
    if known is not None and known < since:
        raise Conflict(f"it was reported compromised since {known.isoformat()}, which is earlier", field="since")
    row.compromised_since = since
    record(
        session,
        AuditEvent.KEY_COMPROMISED,
        about=row.id,
        organisation_id=row.organisation_id,
        details={"since": since.isoformat(), "purpose": row.purpose},
    )
    in_use = row.retired_at is None
    if in_use:
        _retire(session, row, now=now)
    if in_use and not is_ordered(session, row.organisation_id, KeyPurpose(row.purpose)):
        _order(
            session,
            organisation_id,
            KeyPurpose(row.purpose),
            ChangeKind.COMPROMISE,
            reason=reason,
            asked_by=asked_by,
            jobs=jobs,
            now=now,
            randomness=randomness,
            key=row,
        )
    else:
        _note(session, row, ChangeKind.COMPROMISE, reason=reason, asked_by=asked_by, now=now, randomness=randomness)
    return row


def carry_out(session: Session, change_id: str, *, ring: KeyRing, now: datetime, randomness: Randomness) -> str:
    """Make the key that was ordered, and retire the one it follows; done before, nothing happens.

    Gives the organisation's id. Raises KeyUnreachable; nothing has changed then.
    """
    change = session.scalars(select(KeyChange).where(KeyChange.id == change_id).with_for_update()).one()
    if change.done_at is None:
        organisation = session.get_one(Organisation, change.organisation_id)
        purpose = KeyPurpose(change.purpose)
        # Locked first and read next: whoever signs with the old key has recorded it by then, or will be overtaken.
        old = session.scalar(
            select(SigningKeyRow)
            .where(
                SigningKeyRow.organisation_id == change.organisation_id,
                SigningKeyRow.purpose == change.purpose,
                SigningKeyRow.retired_at.is_(None),
            )
            .with_for_update()
        )
        if old is not None:
            _retire(session, old, now=now)
            change.key_id = old.id
        made = _make(session, organisation, purpose, ring=ring, now=now, randomness=randomness)
        change.new_key_id, change.done_at, change.problem = made.id, now, None
        record(
            session,
            AuditEvent.KEY_ROTATED,
            about=made.id,
            organisation_id=change.organisation_id,
            actor_id=change.asked_by,
            details={"change": change.id, "follows": change.key_id},
        )
    return change.organisation_id


def undone_changes(session: Session, *, older_than: datetime) -> list[str]:
    """The changes that were asked for before then and wait for their new key."""
    query = select(KeyChange.id).where(KeyChange.done_at.is_(None), KeyChange.asked_at < older_than)
    return list(session.scalars(query.order_by(KeyChange.asked_at).limit(_MOST_CHANGES)))


def note_problem(session: Session, change_id: str, problem: str) -> None:
    """Keep why a key could not be made, for whoever asks."""
    session.get_one(KeyChange, change_id).problem = problem[:500]


def _make(
    session: Session,
    organisation: Organisation,
    purpose: KeyPurpose,
    *,
    ring: KeyRing,
    now: datetime,
    randomness: Randomness,
) -> SigningKeyRow:
    newest = select(func.max(SigningKeyRow.number)).where(
        SigningKeyRow.organisation_id == organisation.id, SigningKeyRow.purpose == str(purpose)
    )
    number = (session.scalar(newest) or 0) + 1
    key_id = random_uuid(randomness)
    # No organisation's name has two hyphens in a row, so no label can be taken for another's.
    label = f"{organisation.slug}--{purpose}--{number}"
    made = ring.make(ALGORITHMS[purpose], key_id=key_id, label=label)
    row = SigningKeyRow(
        id=key_id,
        organisation_id=organisation.id,
        purpose=str(purpose),
        number=number,
        store=str(ring.new_in),
        label=label,
        fragment=made.public_key.multikey,
        public_multikey=made.public_key.multikey,
        encrypted_secret=made.encrypted_secret,
        created_at=now,
    )
    session.add(row)
    session.flush()
    record(
        session,
        AuditEvent.KEY_MADE,
        about=key_id,
        organisation_id=organisation.id,
        details={
            "purpose": str(purpose),
            "number": number,
            "store": row.store,
            "sha256": hashlib.sha256(row.public_multikey.encode()).hexdigest(),
        },
    )
    return row


def _retire(session: Session, row: SigningKeyRow, *, now: datetime) -> None:
    """End a key that is locked: no sooner than the newest moment in what it signed, whichever clock said that."""
    latest = session.scalar(select(func.max(KeyUse.latest)).where(KeyUse.signing_key_id == row.id))
    row.retired_at = max(now, latest) if latest is not None else now
    # Nothing is signed with it again, so nobody should be able to.
    row.encrypted_secret = None
    session.flush()
    details = {"retired_at": row.retired_at.isoformat(), "purpose": row.purpose}
    record(session, AuditEvent.KEY_RETIRED, about=row.id, organisation_id=row.organisation_id, details=details)


def _order(
    session: Session,
    organisation_id: str,
    purpose: KeyPurpose,
    kind: ChangeKind,
    *,
    reason: str,
    asked_by: str | None,
    jobs: Jobs,
    now: datetime,
    randomness: Randomness,
    key: SigningKeyRow | None = None,
) -> KeyChange:
    change = KeyChange(
        id=random_uuid(randomness),
        organisation_id=organisation_id,
        kind=str(kind),
        purpose=str(purpose),
        key_id=key.id if key is not None else None,
        since=key.compromised_since if key is not None else None,
        reason=reason,
        asked_by=asked_by,
        asked_at=now,
    )
    session.add(change)
    session.flush()
    record(
        session,
        AuditEvent.KEY_ORDERED,
        about=change.id,
        organisation_id=organisation_id,
        details={"purpose": str(purpose), "kind": str(kind)},
    )
    jobs.enqueue(session, CHANGE_KEY, change.id, key=f"{CHANGE_KEY}:{change.id}")
    return change


def _note(
    session: Session,
    row: SigningKeyRow,
    kind: ChangeKind,
    *,
    reason: str,
    asked_by: str | None,
    now: datetime,
    randomness: Randomness,
) -> None:
    session.add(
        KeyChange(
            id=random_uuid(randomness),
            organisation_id=row.organisation_id,
            kind=str(kind),
            purpose=row.purpose,
            key_id=row.id,
            since=row.compromised_since,
            reason=reason,
            asked_by=asked_by,
            asked_at=now,
            done_at=now,
        )
    )
