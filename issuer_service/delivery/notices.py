"""Telling holders that a badge of theirs was revoked, suspended or reinstated, or that there will be none."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.clock import Randomness
from issuer_service.issuance.tables import Award, AwardRefusal, Credential, StatusChange
from issuer_service.notices.purposes import NoticePurpose
from issuer_service.notices.tables import Notice
from issuer_service.notices.writing import Occasion, Recipient, notice_for, put_down
from issuer_service.people.tables import Organisation, Person
from openbadges_kit.documents import parse_json_object

__all__ = ["notify_chunk", "notify_refusal", "refusals_without_notice", "without_notice"]

_MOST_CHUNKS: Final = 200


def notify_chunk(session: Session, chunk: str, *, now: datetime, randomness: Randomness) -> int:
    """Write to the holders of the badges that were changed together; once per change. The number of changes."""
    query = (
        select(StatusChange, Credential.document, Person, Organisation.name, Award.organisation_id)
        .join(Credential, Credential.id == StatusChange.credential_id)
        .join(Award, Award.id == Credential.award_id)
        .join(Person, Person.id == Award.person_id)
        .join(Organisation, Organisation.id == Award.organisation_id)
        .where(StatusChange.chunk == chunk, Credential.erased_at.is_(None))
        .order_by(StatusChange.id)
    )
    rows = []
    for row in session.execute(query):
        change, person = row.StatusChange, row.Person
        occasion = Occasion(NoticePurpose.BADGE_STATUS, row.organisation_id, row.name, change.id)
        values = {
            "name": parse_json_object(row.document)["name"],
            "standing": change.standing,
            "reason": change.reason,
        }
        recipient = Recipient(person.id, person.name, person.language)
        rows.append(notice_for(recipient, occasion, values, now=now, randomness=randomness))
    put_down(session, rows)
    return len(rows)


def without_notice(session: Session, *, older_than: datetime) -> list[str]:
    """The chunks of changes, made before then, of which a holder was not told."""
    return list(
        session.scalars(
            select(StatusChange.chunk)
            .join(Credential, Credential.id == StatusChange.credential_id)
            .outerjoin(Notice, Notice.about_id == StatusChange.id)
            .where(
                StatusChange.changed_at < older_than,
                Credential.erased_at.is_(None),
                Notice.id.is_(None),
            )
            .distinct()
            .limit(_MOST_CHUNKS)
        )
    )


def notify_refusal(session: Session, award_id: str, *, now: datetime, randomness: Randomness) -> None:
    """Write to whom an award was for that it was refused, and why; once."""
    award, refusal = session.get(Award, award_id), session.get(AwardRefusal, award_id)
    if award is None or refusal is None:
        # Erased, with whom it was for, while the job waited.
        return
    person = session.get_one(Person, award.person_id)
    issuer = session.get_one(Organisation, award.organisation_id)
    occasion = Occasion(NoticePurpose.AWARD_REFUSED, issuer.id, issuer.name, award.id)
    values = {"name": parse_json_object(award.document)["name"], "reason": refusal.reason}
    recipient = Recipient(person.id, person.name, person.language)
    put_down(session, [notice_for(recipient, occasion, values, now=now, randomness=randomness)])


def refusals_without_notice(session: Session, *, older_than: datetime) -> list[str]:
    """The awards that were refused before then and of which nobody was told."""
    return list(
        session.scalars(
            select(AwardRefusal.award_id)
            .outerjoin(Notice, Notice.about_id == AwardRefusal.award_id)
            .where(AwardRefusal.refused_at < older_than, Notice.id.is_(None))
            .limit(_MOST_CHUNKS)
        )
    )
