"""Reminding of badges that lie ready, before their time is over: after six weeks, and after nine."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.clock import Randomness
from issuer_service.delivery.service import ClaimLinks
from issuer_service.delivery.tables import Offer, OutgoingMessage
from issuer_service.installation import Installation
from issuer_service.issuance.tables import Award, Credential
from issuer_service.people.tables import Organisation, Person
from issuer_service.persistence.identifiers import random_uuid
from issuer_service.persistence.upsert import insert_or_ignore
from issuer_service.privacy.due import DataClass
from issuer_service.privacy.retention import days_of
from openbadges_kit.documents import parse_json_object

__all__ = ["REMINDED_AFTER", "remind"]

REMINDED_AFTER: Final = (timedelta(days=42), timedelta(days=62))
"""As edubadges reminds."""
_ROWS_PER_STATEMENT: Final = 1000
_TEXTS: Final = {
    "nl": (
        "Je badge ligt nog klaar: {name}",
        "Beste {person},\n\nDe badge “{name}” van {issuer} ligt nog voor je klaar:\n\n{link}\n",
        "\nHaal hem op vóór {until}. Daarna wordt hij gewist.\n",
    ),
    "en": (
        "Your badge is still waiting: {name}",
        "Dear {person},\n\nThe badge “{name}” by {issuer} is still waiting for you:\n\n{link}\n",
        "\nCollect it before {until}. After that it is erased.\n",
    ),
}


def remind(here: Installation, links: ClaimLinks) -> int:
    """Write to everybody whose badge has lain ready for so long; once each time. Gives the number of messages."""
    with here.reading() as session:
        organisations = list(session.scalars(select(Organisation.id).order_by(Organisation.id)))
    count = 0
    for organisation_id in organisations:
        with here.transaction() as session:
            messages = _messages(session, organisation_id, links, now=here.now(), randomness=here.randomness)
            for start in range(0, len(messages), _ROWS_PER_STATEMENT):
                insert_or_ignore(session, OutgoingMessage, messages[start : start + _ROWS_PER_STATEMENT])
        count += len(messages)
    return count


def _messages(
    session: Session, organisation_id: str, links: ClaimLinks, *, now: datetime, randomness: Randomness
) -> list[dict[str, Any]]:
    kept = days_of(session, organisation_id)[DataClass.UNCLAIMED_BADGES]
    ends = [*REMINDED_AFTER[1:], None if kept is None else timedelta(days=kept)]
    messages = []
    for number, (after, end) in enumerate(zip(REMINDED_AFTER, ends, strict=True), start=1):
        purpose = f"badge-reminder-{number}"
        told = select(OutgoingMessage.about_id).where(OutgoingMessage.purpose == purpose)
        waiting = (
            select(Credential.id, Credential.document, Offer.offered_at, Person, Organisation.name)
            .join(Award, Award.id == Credential.award_id)
            .join(Offer, Offer.credential_id == Credential.id)
            .join(Person, Person.id == Award.person_id)
            .join(Organisation, Organisation.id == Award.organisation_id)
            .where(
                Award.organisation_id == organisation_id,
                Offer.claimed_at.is_(None),
                Offer.offered_at <= now - after,
                Credential.erased_at.is_(None),
                Credential.revoked_at.is_(None),
                Credential.id.not_in(told),
            )
            .order_by(Credential.id)
        )
        if end is not None:
            # Whoever is due for the next reminder is not sent the one before it as well.
            waiting = waiting.where(Offer.offered_at > now - end)
        for row in session.execute(waiting):
            subject, body, ending = _TEXTS[row.Person.language]
            values = {
                "person": row.Person.name,
                "name": parse_json_object(row.document)["name"],
                "issuer": row.name,
                "link": links.link_to(row.id),
            }
            if kept is not None:
                values["until"] = (row.offered_at + timedelta(days=kept)).strftime("%d-%m-%Y")
                body += ending
            messages.append(
                {
                    "id": random_uuid(randomness),
                    "person_id": row.Person.id,
                    "purpose": purpose,
                    "about_id": row.id,
                    "subject": subject.format_map(values)[:200],
                    "body": body.format_map(values),
                    "written_at": now,
                }
            )
    return messages
