"""Offering a badge, and handing it over behind its claim link."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from issuer_service.clock import Randomness
from issuer_service.delivery.tables import Offer
from issuer_service.errors import NotFound
from issuer_service.issuance.tables import Award, Credential
from issuer_service.notices.purposes import NoticePurpose
from issuer_service.notices.writing import Occasion, Recipient, notice_for, put_down
from issuer_service.people.tables import Organisation, Person
from issuer_service.persistence.upsert import insert_or_ignore
from openbadges_kit.documents import parse_json_object

__all__ = ["ClaimLinks", "claim", "holder_of", "look_at", "offer_chunk", "without_offer"]

_MOST_CHUNKS: Final = 200


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


def offer_chunk(session: Session, chunk: str, *, links: ClaimLinks, now: datetime, randomness: Randomness) -> int:
    """Lay the signed badges of a chunk ready and write to their holders; what was offered before is passed over.

    The number of badges offered.
    """
    # 9. Offer, and record it; what leaves the house has its own unique key.
    query = (
        select(
            Credential.id,
            func.coalesce(Award.ulo_version_id, Award.achievement_version_id).label("awards"),
            Award.person_id,
            Person.name.label("person"),
            Person.language,
            Award.organisation_id,
            Organisation.name.label("issuer"),
        )
        .join(Award, Award.id == Credential.award_id)
        .join(Person, Person.id == Award.person_id)
        .join(Organisation, Organisation.id == Award.organisation_id)
        .outerjoin(Offer, Offer.credential_id == Credential.id)
        .where(Award.signing_chunk == chunk, Offer.credential_id.is_(None), Credential.erased_at.is_(None))
        .order_by(Credential.id)
    )
    offers, notices = [], []
    names: dict[str, str] = {}
    for row in session.execute(query).all():
        if row.awards not in names:
            # A published version has one name, and one badge of it is read back for that.
            document = session.scalars(select(Credential.document).where(Credential.id == row.id)).one()
            names[row.awards] = parse_json_object(document)["name"]
        occasion = Occasion(NoticePurpose.BADGE_OFFERED, row.organisation_id, row.issuer, row.id)
        values = {"name": names[row.awards], "link": links.link_to(row.id)}
        offers.append({"credential_id": row.id, "offered_at": now})
        recipient = Recipient(row.person_id, row.person, row.language)
        notices.append(notice_for(recipient, occasion, values, now=now, randomness=randomness))
    # The keys decide: two workers that do this at once offer each badge once.
    insert_or_ignore(session, Offer, offers)
    put_down(session, notices)
    return len(offers)


def without_offer(session: Session, *, older_than: datetime) -> list[str]:
    """The chunks with badges that were signed before then and not offered."""
    return list(
        session.scalars(
            select(Award.signing_chunk)
            .join(Credential, Credential.award_id == Award.id)
            .outerjoin(Offer, Offer.credential_id == Credential.id)
            .where(
                Credential.signed_at < older_than,
                Credential.erased_at.is_(None),
                Offer.credential_id.is_(None),
                Award.signing_chunk.is_not(None),
            )
            .distinct()
            .limit(_MOST_CHUNKS)
        )
    )


def look_at(session: Session, credential_id: str) -> Credential:
    """The badge behind a link. Looking is not claiming: mail programs look at links by themselves.

    Raises NotFound before it is offered, and after it was erased.
    """
    if session.get(Offer, credential_id) is None:
        raise NotFound("this badge is not ready yet")
    credential = session.get_one(Credential, credential_id)
    if credential.erased_at is not None:
        raise NotFound("this badge was erased")
    return credential


def claim(session: Session, credential_id: str, *, now: datetime) -> Credential:
    """Hand a badge over to whoever has its link, and record the first time. Raises NotFound before it is offered."""
    credential = look_at(session, credential_id)
    offered = session.get_one(Offer, credential_id)
    if offered.claimed_at is None:
        offered.claimed_at = now
    return credential


def holder_of(session: Session, credential: Credential) -> str:
    """The name of a badge's holder, for what is handed to them: the badge itself has none."""
    query = select(Person.name).join(Award, Award.person_id == Person.id).where(Award.id == credential.award_id)
    return session.scalars(query).one()
