"""Telling holders that a badge of theirs was revoked, suspended or reinstated, or that there will be none."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.clock import Randomness
from issuer_service.delivery.tables import OutgoingMessage
from issuer_service.issuance.tables import Award, AwardRefusal, Credential, StatusChange
from issuer_service.people.tables import Organisation, Person
from issuer_service.persistence.identifiers import random_uuid
from issuer_service.persistence.upsert import insert_or_ignore
from issuer_service.status_lists.service import Standing
from openbadges_kit.documents import parse_json_object

__all__ = ["notify_chunk", "notify_refusal", "refusals_without_notice", "without_notice"]

_PURPOSE: Final = "badge-status"
_REFUSAL: Final = "award-refused"
_ROWS_PER_STATEMENT: Final = 1000
_MOST_CHUNKS: Final = 200
_SUBJECTS: Final = {
    "nl": {
        Standing.REVOKED: "Je badge is ingetrokken: {name}",
        Standing.SUSPENDED: "Je badge is tijdelijk ongeldig: {name}",
        Standing.VALID: "Je badge is weer geldig: {name}",
    },
    "en": {
        Standing.REVOKED: "Your badge was revoked: {name}",
        Standing.SUSPENDED: "Your badge is suspended: {name}",
        Standing.VALID: "Your badge is valid again: {name}",
    },
}
_BODIES: Final = {
    "nl": "Beste {person},\n\n{subject}.\nReden: {reason}\n\nBen je het er niet mee eens? Vraag het {issuer}.\n",
    "en": "Dear {person},\n\n{subject}.\nReason: {reason}\n\nDo you disagree? Ask {issuer}.\n",
}

_REFUSED: Final = {
    "nl": ("Geen badge: {name}", "Er komt geen badge voor: {name}"),
    "en": ("No badge: {name}", "There will be no badge for: {name}"),
}


def notify_chunk(session: Session, chunk: str, *, now: datetime, randomness: Randomness) -> int:
    """Write to the holders of the badges that were changed together; once per change. The number of changes."""
    query = (
        select(StatusChange, Credential.document, Person, Organisation.name)
        .join(Credential, Credential.id == StatusChange.credential_id)
        .join(Award, Award.id == Credential.award_id)
        .join(Person, Person.id == Award.person_id)
        .join(Organisation, Organisation.id == Award.organisation_id)
        .where(StatusChange.chunk == chunk, Credential.erased_at.is_(None))
        .order_by(StatusChange.id)
    )
    messages = []
    for row in session.execute(query):
        name = parse_json_object(row.document)["name"]
        subject = _SUBJECTS[row.Person.language][Standing(row.StatusChange.standing)].format_map({"name": name})
        values = {
            "person": row.Person.name,
            "subject": subject,
            "reason": row.StatusChange.reason,
            "issuer": row.name,
        }
        messages.append(
            {
                "id": random_uuid(randomness),
                "person_id": row.Person.id,
                "purpose": _PURPOSE,
                "about_id": row.StatusChange.id,
                "subject": subject[:200],
                "body": _BODIES[row.Person.language].format_map(values),
                "written_at": now,
            }
        )
    for start in range(0, len(messages), _ROWS_PER_STATEMENT):
        insert_or_ignore(session, OutgoingMessage, messages[start : start + _ROWS_PER_STATEMENT])
    return len(messages)


def without_notice(session: Session, *, older_than: datetime) -> list[str]:
    """The chunks of changes, made before then, of which a holder was not told."""
    return list(
        session.scalars(
            select(StatusChange.chunk)
            .join(Credential, Credential.id == StatusChange.credential_id)
            .outerjoin(OutgoingMessage, OutgoingMessage.about_id == StatusChange.id)
            .where(
                StatusChange.changed_at < older_than,
                Credential.erased_at.is_(None),
                OutgoingMessage.id.is_(None),
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
    subject, sentence = _REFUSED[person.language]
    name = {"name": parse_json_object(award.document)["name"]}
    values = {
        "person": person.name,
        "subject": sentence.format_map(name),
        "reason": refusal.reason,
        "issuer": issuer.name,
    }
    message = {
        "id": random_uuid(randomness),
        "person_id": person.id,
        "purpose": _REFUSAL,
        "about_id": award.id,
        "subject": subject.format_map(name)[:200],
        "body": _BODIES[person.language].format_map(values),
        "written_at": now,
    }
    insert_or_ignore(session, OutgoingMessage, [message])


def refusals_without_notice(session: Session, *, older_than: datetime) -> list[str]:
    """The awards that were refused before then and of which nobody was told."""
    return list(
        session.scalars(
            select(AwardRefusal.award_id)
            .outerjoin(OutgoingMessage, OutgoingMessage.about_id == AwardRefusal.award_id)
            .where(AwardRefusal.refused_at < older_than, OutgoingMessage.id.is_(None))
            .limit(_MOST_CHUNKS)
        )
    )
