"""Taking badges from their person: the content goes, the place in the status list and the standing stay.

So a copy that its holder has shown to others goes on being verifiable, and nothing here says whose it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid5

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from issuer_service.bulk.service import RowState
from issuer_service.bulk.tables import BulkRow
from issuer_service.clock import Randomness
from issuer_service.issuance.tables import Award, AwardRefusal, Credential, StatusChange
from issuer_service.notices.tables import Notice
from issuer_service.people.tables import Person
from issuer_service.persistence.identifiers import random_uuid
from issuer_service.persistence.upsert import insert_or_ignore
from issuer_service.webhooks.tables import WebhookDelivery

__all__ = ["ERASED_REASON", "forget_badges", "nobody"]

_NAMESPACE: Final = UUID("7c1de7ad-5f0e-4c1c-9a4b-0f7a2f3f0d55")
ERASED_REASON: Final = "erased"
"""What stands in the place of a reason, which somebody wrote and in which somebody may be named."""


def nobody(session: Session, organisation_id: str, *, now: datetime) -> str:
    """The id of whom the badges of erased people belong to: one for all, so that nobody's can be laid together."""
    row: dict[str, Any] = {
        "id": str(uuid5(_NAMESPACE, organisation_id)),
        "name": "",
        "email": "",
        "language": "nl",
        "erased_at": now,
    }
    insert_or_ignore(session, Person, [row])
    return str(row["id"])


def forget_badges(
    session: Session, award_ids: Sequence[str], *, organisation_id: str, now: datetime, randomness: Randomness
) -> dict[str, int]:
    """Forget these awards of one organisation and their badges. Gives how many rows of what were changed or removed.

    What was not signed yet is removed, and is never signed: whoever signs looks for it again before recording.
    """
    # In one order for all, and the award before its badge: as signing does.
    awards = session.scalars(select(Award).where(Award.id.in_(award_ids)).order_by(Award.id).with_for_update()).all()
    ids = [award.id for award in awards]
    signed = {
        row.award_id: row.id
        for row in session.execute(select(Credential.award_id, Credential.id).where(Credential.award_id.in_(ids)))
    }
    badges = list(signed.values())
    counts = {
        "webhook_delivery": _rows(
            session, delete(WebhookDelivery).where(WebhookDelivery.about_id.in_([*badges, *ids]))
        ),
        "notice": _rows(session, delete(Notice).where(_about(badges))),
        "bulk_row": _rows(
            session,
            update(BulkRow).where(BulkRow.award_id.in_(ids)).values(content={}, findings=[]),
        ),
        "status_change": _rows(
            session,
            update(StatusChange).where(StatusChange.credential_id.in_(badges)).values(reason=ERASED_REASON),
        ),
        "credential": _rows(
            session,
            update(Credential)
            .where(Credential.id.in_(badges), Credential.erased_at.is_(None))
            .values(document=b"", jwt="", erased_at=now, revocation_reason=None),
        ),
    }
    whose = nobody(session, organisation_id, now=now)
    for award in awards:
        if award.id not in signed:
            continue
        # The old values follow from who it was and what showed it.
        award.person_id, award.document, award.problem = whose, b"", None
        award.evidence_id, award.idempotency_key = random_uuid(randomness), random_uuid(randomness)
    session.flush()
    unsigned = [award_id for award_id in ids if award_id not in signed]
    # A run is over when every accepted row has its badge; of these none is to come.
    session.execute(
        update(BulkRow)
        .where(BulkRow.award_id.in_(unsigned))
        .values(award_id=None, state=str(RowState.REFUSED), findings=[ERASED_REASON])
        .execution_options(synchronize_session=False)
    )
    counts["award"] = len(signed)
    counts["award_refusal"] = _rows(session, delete(AwardRefusal).where(AwardRefusal.award_id.in_(unsigned)))
    counts["award without a badge"] = _rows(session, delete(Award).where(Award.id.in_(unsigned)))
    session.expire_all()
    return counts


def _about(badges: Sequence[str]) -> Any:  # a condition
    changes = select(StatusChange.id).where(StatusChange.credential_id.in_(badges))
    return Notice.about_id.in_(badges) | Notice.about_id.in_(changes)


def _rows(session: Session, statement: Any) -> int:  # a delete or an update
    done: Any = session.execute(statement.execution_options(synchronize_session=False))
    return int(done.rowcount)
