"""Reminding of badges that lie ready, before their time is over: after six weeks, and after nine."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.clock import Randomness
from issuer_service.delivery.service import ClaimLinks
from issuer_service.delivery.tables import Offer
from issuer_service.installation import Installation
from issuer_service.issuance.tables import Award, Credential
from issuer_service.notices.purposes import NoticePurpose
from issuer_service.notices.tables import Notice
from issuer_service.notices.writing import Occasion, Recipient, notice_for, put_down
from issuer_service.people.tables import Organisation, Person
from issuer_service.privacy.due import DataClass
from issuer_service.privacy.retention import days_of
from openbadges_kit.documents import parse_json_object

__all__ = ["REMINDED_AFTER", "remind_of_offers"]

REMINDED_AFTER: Final = (timedelta(days=42), timedelta(days=62))
"""As edubadges reminds."""
_PURPOSES: Final = (NoticePurpose.BADGE_REMINDER_1, NoticePurpose.BADGE_REMINDER_2)


def remind_of_offers(here: Installation, links: ClaimLinks) -> int:
    """Write to everybody whose badge has lain ready for so long; once each time. Gives the number of notices."""
    with here.reading() as session:
        organisations = list(session.scalars(select(Organisation.id).order_by(Organisation.id)))
    count = 0
    for organisation_id in organisations:
        with here.transaction() as session:
            notices = _notices(session, organisation_id, links, now=here.now(), randomness=here.randomness)
            put_down(session, notices)
        count += len(notices)
    return count


def _notices(
    session: Session, organisation_id: str, links: ClaimLinks, *, now: datetime, randomness: Randomness
) -> list[dict[str, Any]]:
    kept = days_of(session, organisation_id)[DataClass.UNCLAIMED_BADGES]
    ends = [*REMINDED_AFTER[1:], None if kept is None else timedelta(days=kept)]
    notices = []
    for purpose, after, end in zip(_PURPOSES, REMINDED_AFTER, ends, strict=True):
        told = select(Notice.about_id).where(Notice.purpose == purpose)
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
            ends_at = None if kept is None else row.offered_at + timedelta(days=kept)
            values = {
                "name": parse_json_object(row.document)["name"],
                "link": links.link_to(row.id),
                "until": "" if ends_at is None else ends_at.strftime("%d-%m-%Y"),
            }
            occasion = Occasion(purpose, organisation_id, row.name, row.id, until=ends_at)
            recipient = Recipient(row.Person.id, row.Person.name, row.Person.language)
            notices.append(notice_for(recipient, occasion, values, now=now, randomness=randomness))
    return notices
