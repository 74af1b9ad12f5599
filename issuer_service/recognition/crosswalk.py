"""The crosswalk: for which of our outcomes an outcome of another catalogue counts, by whose word and on what ground."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.audit.events import AuditEvent
from issuer_service.audit.trail import record
from issuer_service.clock import Randomness
from issuer_service.errors import Conflict, NotFound
from issuer_service.people.service import Caller
from issuer_service.persistence.identifiers import random_uuid
from issuer_service.recognition.matching import Crosswalk
from issuer_service.recognition.tables import CrosswalkEntry
from openbadges_kit.vocabulary import SkosMatch

__all__ = ["add_to_crosswalk", "crosswalk_of", "end_of_crosswalk"]


def add_to_crosswalk(
    session: Session,
    *,
    theirs: str,
    ours: str,
    match: SkosMatch,
    ground: str,
    caller: Caller,
    now: datetime,
    randomness: Randomness,
) -> CrosswalkEntry:
    """From now on a proof of theirs is one of ours, or proposed as one. Raises Conflict for a pair that is there."""
    known = select(CrosswalkEntry.id).where(
        CrosswalkEntry.organisation_id == caller.organisation_id,
        CrosswalkEntry.theirs == theirs,
        CrosswalkEntry.ours == ours,
        CrosswalkEntry.ended_at.is_(None),
    )
    if session.scalar(known.limit(1)) is not None:
        raise Conflict("these two are matched already: end that match first", field="theirs")
    row = CrosswalkEntry(
        id=random_uuid(randomness),
        organisation_id=caller.organisation_id,
        theirs=theirs,
        ours=ours,
        match=str(match),
        ground=ground,
        added_by=caller.person_id,
        added_at=now,
    )
    session.add(row)
    session.flush()
    _tell(session, AuditEvent.CROSSWALK_ADDED, row, caller)
    return row


def end_of_crosswalk(session: Session, entry_id: str, *, caller: Caller, now: datetime) -> CrosswalkEntry:
    """From now on it proposes and counts nothing; what was handed in before keeps its matches."""
    row = session.scalar(
        select(CrosswalkEntry).where(
            CrosswalkEntry.id == entry_id, CrosswalkEntry.organisation_id == caller.organisation_id
        )
    )
    if row is None:
        raise NotFound("there is no such match", field="entry_id")
    if row.ended_at is None:
        row.ended_by, row.ended_at = caller.person_id, now
        _tell(session, AuditEvent.CROSSWALK_ENDED, row, caller)
    return row


def crosswalk_of(session: Session, organisation_id: str) -> Crosswalk:
    """What counts for what at this organisation now."""
    found: dict[str, dict[str, SkosMatch]] = defaultdict(dict)
    rows = select(CrosswalkEntry).where(
        CrosswalkEntry.organisation_id == organisation_id, CrosswalkEntry.ended_at.is_(None)
    )
    for row in session.scalars(rows.order_by(CrosswalkEntry.added_at, CrosswalkEntry.id)):
        found[row.theirs][row.ours] = SkosMatch(row.match)
    return found


def _tell(session: Session, what: AuditEvent, row: CrosswalkEntry, caller: Caller) -> None:
    record(session, what, about=row.id, organisation_id=caller.organisation_id, actor_id=caller.person_id)
