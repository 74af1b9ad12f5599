"""What there is to watch, asked of the database: in numbers, without anybody's data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from issuer_service.issuance.tables import Award, Credential
from issuer_service.jobs.tables import Worker
from issuer_service.notices.tables import Notice, NoticeState
from issuer_service.signing_keys.probe import PROBED_EVERY, probes
from issuer_service.signing_keys.tables import KeyUse
from issuer_service.status_lists.service import unpublished

__all__ = [
    "Keys",
    "Waiting",
    "keys_that_sign",
    "notices_put_off",
    "signatures",
    "unpublished_lists",
    "waiting",
    "workers",
]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Approved awards without a badge: how many, the seconds that the oldest waits, and how many have a problem.

    One with a problem waits for somebody to look at it, and counts in neither of the others.
    """

    awards: int
    oldest_seconds: float
    with_problem: int


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys in use, and how many of them were not seen to sign lately."""

    in_use: int
    silent: int


def waiting(session: Session, *, now: datetime) -> Waiting:
    """What waits for its signature."""
    unsigned = (
        select(func.count(), func.min(Award.approved_at))
        .outerjoin(Credential, Credential.award_id == Award.id)
        .where(Award.approved_at.is_not(None), Credential.id.is_(None))
    )
    count, oldest = session.execute(unsigned.where(Award.problem.is_(None))).one()
    with_problem, _ = session.execute(unsigned.where(Award.problem.is_not(None))).one()
    return Waiting(count, max((now - oldest).total_seconds(), 0.0) if oldest is not None else 0.0, with_problem)


def keys_that_sign(session: Session, *, now: datetime) -> Keys:
    """The keys in use. One is silent when its last probe failed, or is long ago."""
    since = now - 3 * PROBED_EVERY
    found = probes(session)
    silent = sum(
        one.probe.problem is not None or one.probe.probed_at < since
        if one.probe is not None
        else one.key.created_at < since
        for one in found
    )
    return Keys(len(found), silent)


def signatures(session: Session) -> dict[str, int]:
    """How much was signed, by what it was."""
    counted = session.execute(select(KeyUse.what, func.sum(KeyUse.signatures)).group_by(KeyUse.what))
    return {what: int(count) for what, count in counted}


def unpublished_lists(session: Session) -> int:
    """How many status lists have changes that are not public yet."""
    return len(unpublished(session))


def notices_put_off(session: Session) -> int:
    """How many notices the mail server did not take, and that are tried again."""
    query = select(func.count()).where(Notice.state == str(NoticeState.WAITING), Notice.attempts > 0)
    return session.scalar(query) or 0


def workers(session: Session) -> int:
    """How many workers are on the list of the living."""
    return session.scalar(select(func.count()).select_from(Worker)) or 0
