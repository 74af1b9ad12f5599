"""Taking a bulk run in, and telling how far it is."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from issuer_service.audit.events import AuditEvent
from issuer_service.audit.trail import record
from issuer_service.bulk.tables import BulkRow, BulkRun
from issuer_service.clock import Randomness
from issuer_service.errors import Conflict, NotFound, Refused
from issuer_service.issuance.sign import CHUNK
from issuer_service.issuance.tables import Credential
from issuer_service.jobs.port import BULK, Jobs
from issuer_service.people.roles import Role
from issuer_service.people.service import Caller
from issuer_service.persistence.identifiers import random_uuid
from issuer_service.persistence.upsert import insert_rows

__all__ = ["Kind", "Progress", "RowState", "begin", "progress_of", "rows_of", "run_of", "unfinished"]

_ROWS_PER_STATEMENT: Final = 2000


class Kind(StrEnum):
    """What a run does with each of its rows."""

    AWARD = "award"
    REVOKE = "revoke"
    REISSUE = "reissue"


class RowState(StrEnum):
    """Where a row is."""

    WAITING = "waiting"
    SOUND = "sound"  # in a dry run: it would be accepted
    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is. `signed` counts the badges of its accepted rows."""

    run: BulkRun
    rows: Mapping[RowState, int]
    signed: int

    @property
    def finished(self) -> bool:
        """Has every row been dealt with, and every badge that was approved been signed?"""
        awaits_badges = self.run.kind != Kind.REVOKE and self.run.approve and not self.run.dry_run
        return self.rows[RowState.WAITING] == 0 and not (awaits_badges and self.signed < self.rows[RowState.ACCEPTED])


def begin(
    session: Session,
    rows: Sequence[dict[str, Any]],
    *,
    kind: Kind,
    key: str,
    dry_run: bool,
    approve: bool,
    reason: str,
    caller: Caller,
    jobs: Jobs,
    now: datetime,
    randomness: Randomness,
) -> BulkRun:
    """Take rows in, to be dealt with in chunks; the same key gives the same run again.

    Raises Conflict when the key was used for something else, Refused for no rows or no reason, and NotAllowed
    for approving without being a teacher.
    """
    if approve or kind is Kind.REISSUE:
        caller.must_be(Role.TEACHER)
    if not rows:
        raise Refused("there are no rows", field="body")
    if kind is not Kind.AWARD and not reason.strip():
        raise Refused("say why", field="reason")
    content = hashlib.sha256(repr((kind, dry_run, approve, reason, list(rows))).encode()).hexdigest()
    known = session.scalar(select(BulkRun).where(BulkRun.organisation_id == caller.organisation_id, BulkRun.key == key))
    if known is not None:
        if known.content_sha256 != content:
            raise Conflict("this idempotency key was used for other rows", field="Idempotency-Key")
        return known
    run = BulkRun(
        id=random_uuid(randomness),
        organisation_id=caller.organisation_id,
        requested_by=caller.person_id,
        key=key,
        content_sha256=content,
        kind=str(kind),
        dry_run=dry_run,
        approve=approve or kind is Kind.REISSUE,
        reason=reason.strip(),
        row_count=len(rows),
        chunk_size=CHUNK,
        created_at=now,
    )
    session.add(run)
    session.flush()
    for start in range(0, len(rows), _ROWS_PER_STATEMENT):
        insert_rows(
            session,
            BulkRow,
            [
                {
                    "bulk_run_id": run.id,
                    "number": number,
                    "content": row,
                    "state": str(RowState.WAITING),
                    "findings": [],
                }
                for number, row in enumerate(rows[start : start + _ROWS_PER_STATEMENT], start=start + 1)
            ],
        )
    record(
        session,
        AuditEvent.BULK_RUN_BEGUN,
        about=run.id,
        organisation_id=run.organisation_id,
        actor_id=run.requested_by,
        details={"kind": run.kind, "rows": run.row_count, "dry_run": dry_run, "approve": run.approve},
    )
    for first in range(1, len(rows) + 1, run.chunk_size):
        about = f"{run.id}:{first}"
        jobs.enqueue(session, BULK, about, key=f"{BULK}:{about}")
    return run


def run_of(session: Session, run_id: str, *, organisation_id: str) -> BulkRun:
    """A run of this organisation. Raises NotFound, also for another's."""
    run = session.get(BulkRun, run_id)
    if run is None or run.organisation_id != organisation_id:
        raise NotFound("there is no such bulk run")
    return run


def progress_of(session: Session, run: BulkRun) -> Progress:
    """How far a run is."""
    counts = session.execute(
        select(BulkRow.state, func.count()).where(BulkRow.bulk_run_id == run.id).group_by(BulkRow.state)
    )
    rows = dict.fromkeys(RowState, 0) | {RowState(state): count for state, count in counts}
    signed = session.scalar(
        select(func.count())
        .select_from(BulkRow)
        .join(Credential, Credential.award_id == BulkRow.award_id)
        .where(BulkRow.bulk_run_id == run.id)
    )
    return Progress(run, rows, signed or 0)


def rows_of(run_id: str, state: RowState | None) -> Select[BulkRow]:
    """The rows of a run, or those of them in one state, as a query."""
    query = select(BulkRow).where(BulkRow.bulk_run_id == run_id)
    return query if state is None else query.where(BulkRow.state == str(state))


def unfinished(session: Session, *, older_than: datetime) -> list[str]:
    """The chunks, taken in before then, that have rows nobody dealt with."""
    found = session.execute(
        select(BulkRow.bulk_run_id, BulkRow.number, BulkRun.chunk_size)
        .join(BulkRun, BulkRun.id == BulkRow.bulk_run_id)
        .where(BulkRun.created_at < older_than, BulkRow.state == str(RowState.WAITING))
    )
    return sorted({f"{row.bulk_run_id}:{(row.number - 1) // row.chunk_size * row.chunk_size + 1}" for row in found})
