"""Offering a badge, and handing it over behind its claim link."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from issuer_service.clock import Randomness
from issuer_service.delivery.tables import Offer, OutgoingMessage
from issuer_service.errors import NotFound
from issuer_service.issuance.tables import Award, Credential
from issuer_service.people.tables import Organisation, Person
from issuer_service.persistence.identifiers import random_uuid
from openbadges_kit.documents import parse_json_object

__all__ = ["ClaimLinks", "claim", "look_at", "offer"]

_OFFERED: Final = "badge-offered"
_TEXTS: Final = {
    "nl": (
        "Je badge staat klaar: {name}",
        "Beste {person},\n\n{issuer} heeft je de badge “{name}” toegekend.\n"
        "Haal hem hier op en bewaar hem waar je wilt:\n\n{link}\n\n"
        "Deze link is alleen voor jou. Je naam staat niet in de badge.\n",
    ),
    "en": (
        "Your badge is ready: {name}",
        "Dear {person},\n\n{issuer} has awarded you the badge “{name}”.\n"
        "Collect it here and keep it where you like:\n\n{link}\n\n"
        "This link is for you alone. Your name is not in the badge.\n",
    ),
}


class ClaimLinks:
    """Makes and reads claim links. They follow from the secret, so that none is stored and none can be guessed."""

    def __init__(self, secret: str, *, base_url: str) -> None:
        self._key = hashlib.sha256(b"claim links|" + secret.encode()).digest()
        self._base_url = base_url

    def link_to(self, credential_id: str) -> str:
        """The claim link of a badge."""
        return f"{self._base_url}/claim/{credential_id}.{self._tag(credential_id)}"

    def credential_of(self, token: str) -> str:
        """The badge that a link's last part gives access to. Raises NotFound."""
        credential_id, _, tag = token.partition(".")
        if not hmac.compare_digest(tag.encode(), self._tag(credential_id).encode()):
            raise NotFound("this claim link is not a valid one")
        return credential_id

    def _tag(self, credential_id: str) -> str:
        return hmac.digest(self._key, credential_id.encode(), "sha256").hex()[:40]


def offer(session: Session, credential_id: str, *, links: ClaimLinks, now: datetime, randomness: Randomness) -> None:
    """Lay a signed badge ready and write to its holder; a second time does nothing."""
    # 9. Offer, and record it; what leaves the house has its own unique key.
    if session.get(Offer, credential_id) is not None:
        return
    credential = session.get_one(Credential, credential_id)
    award = session.get_one(Award, credential.award_id)
    person = session.get_one(Person, award.person_id)
    organisation = session.get_one(Organisation, award.organisation_id)
    subject, body = _TEXTS[person.language]
    values = {
        "person": person.name,
        "issuer": organisation.name,
        "name": parse_json_object(credential.document)["name"],
        "link": links.link_to(credential_id),
    }
    session.add(Offer(credential_id=credential_id, offered_at=now))
    session.add(
        OutgoingMessage(
            id=random_uuid(randomness),
            person_id=person.id,
            purpose=_OFFERED,
            about_id=credential_id,
            subject=subject.format_map(values),
            body=body.format_map(values),
            written_at=now,
        )
    )


def look_at(session: Session, credential_id: str) -> Credential:
    """The badge behind a link. Looking is not claiming: mail programs look at links by themselves.

    Raises NotFound before it is offered.
    """
    if session.get(Offer, credential_id) is None:
        raise NotFound("this badge is not ready yet")
    return session.get_one(Credential, credential_id)


def claim(session: Session, credential_id: str, *, now: datetime) -> Credential:
    """Hand a badge over to whoever has its link, and record the first time. Raises NotFound before it is offered."""
    credential = look_at(session, credential_id)
    offered = session.get_one(Offer, credential_id)
    if offered.claimed_at is None:
        offered.claimed_at = now
    return credential
