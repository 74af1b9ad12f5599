"""Gathering: what was approved one at a time is signed together with whatever else was approved in that moment.

An award that is approved and in no chunk waits to be gathered, and its own row is all that says so. So an approval
enqueues nothing, there is no approved award that nobody would look at, and twenty approvals a second are a few jobs.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from sqlalchemy import select, update

from issuer_service.installation import Installation
from issuer_service.issuance.tables import Award
from issuer_service.jobs.port import SIGN, SIGN_ONE
from issuer_service.persistence.identifiers import random_uuid

__all__ = ["gather"]

# Half of a bulk run's chunk, since somebody waits for these: more wait for the next look.
_MOST: Final = 250
_WAITING: Final = (Award.approved_at.is_not(None), Award.signing_chunk.is_(None))
_IS_ANY: Final = select(Award.id).where(*_WAITING).limit(1)
_THOSE: Final = (
    select(Award.id, Award.organisation_id)
    .where(*_WAITING)
    .order_by(Award.approved_at, Award.id)
    .limit(_MOST)
    # Another worker that looks at the same moment takes others, and does not wait.
    .with_for_update(skip_locked=True)
)


def gather(here: Installation) -> int:
    """Put the awards that wait into chunks, one for each organisation, and have these signed. The number of awards.

    One of each organisation, so that none waits for a key of another's that cannot be reached.
    """
    with here.reading() as session:
        # Looked at many times a second; and on SQLite whoever may write keeps everybody else from writing.
        if session.scalar(_IS_ANY) is None:
            return 0
    with here.transaction() as session:
        waiting: dict[str, list[str]] = defaultdict(list)
        for row in session.execute(_THOSE):
            waiting[row.organisation_id].append(row.id)
        for _, awards in sorted(waiting.items()):
            chunk = random_uuid(here.randomness)
            session.execute(update(Award).where(Award.id.in_(awards)).values(signing_chunk=chunk))
            here.jobs.enqueue(session, SIGN_ONE, chunk, key=f"{SIGN}:{chunk}")
    return sum(map(len, waiting.values()))
