"""Consent: per purpose, and where a purpose has a recipient per recipient; given, and taken back at any time.

Issuing itself rests on the contract with the learner and not on consent. What does need it is what a badge can do
without: being published, being sent to a registry, telling more than that something was achieved.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from issuer_service.audit.events import AuditEvent
from issuer_service.audit.trail import record
from issuer_service.clock import Randomness
from issuer_service.errors import NotFound, Refused
from issuer_service.people.service import person_of
from issuer_service.people.tables import Consent, Person
from issuer_service.persistence.identifiers import random_uuid

__all__ = [
    "AgeGroup",
    "GivenBy",
    "Purpose",
    "consented",
    "consents_of",
    "give_consent",
    "page_is_public",
    "withdraw_consent",
]


class Purpose(StrEnum):
    """What can be agreed to."""

    REGISTRY = "registry"  # delivery to a registering body, one by one
    PUBLIC_PAGE = "public-page"  # the page of a badge, for who is not of age
    GRADE = "grade"  # the level reached, on that page
    EVIDENCE = "evidence"  # evidence in or with a badge
    EMPLOYER = "employer-progress"  # progress told to an employer, one by one
    NAME = "name-in-badge"
    PHOTO = "photo-on-badge"
    KEEP_CANDIDACY = "keep-candidacy"  # a year instead of four weeks


class GivenBy(StrEnum):
    """Who agreed."""

    SELF = "self"
    GUARDIAN = "guardian"  # wettelijk vertegenwoordiger


class AgeGroup(StrEnum):
    """That somebody is not of age. Of who is, or of whom it is not known, nothing is kept."""

    UNDER_16 = "under-16"
    UNDER_18 = "under-18"


_WITH_RECIPIENT: Final = frozenset({Purpose.REGISTRY, Purpose.EMPLOYER})


def give_consent(
    session: Session,
    person_id: str,
    purpose: Purpose,
    *,
    wording: str,
    organisation_id: str,
    recorded_by: str,
    now: datetime,
    randomness: Randomness,
    recipient: str = "",
    given_by: GivenBy = GivenBy.SELF,
) -> Consent:
    """Record that somebody agreed. What they had agreed to in the same words changes nothing.

    Raises NotFound for whom the organisation does not know, and Refused for a purpose that needs a recipient or has
    none, and under 16 when it is not a guardian who agrees (UAVG, article 5).
    """
    person = person_of(session, person_id, organisation_id=organisation_id)
    if (purpose in _WITH_RECIPIENT) != bool(recipient):
        needs = "say to whom" if purpose in _WITH_RECIPIENT else "this purpose has no recipient"
        raise Refused(needs, field="recipient")
    if person.age_group == AgeGroup.UNDER_16 and given_by is not GivenBy.GUARDIAN:
        raise Refused("under 16 a parent or guardian agrees", field="given_by")
    for known in session.scalars(_valid(person.id, purpose, recipient)):
        if known.wording == wording:
            return known
    consent = Consent(
        id=random_uuid(randomness),
        organisation_id=organisation_id,
        person_id=person.id,
        purpose=str(purpose),
        recipient=recipient,
        wording=wording,
        given_by=str(given_by),
        given_at=now,
        recorded_by=recorded_by,
    )
    session.add(consent)
    session.flush()
    # The recipient is a name, and may be a person's.
    details = {"person": person.id, "purpose": str(purpose), "given_by": str(given_by)}
    record(session, AuditEvent.CONSENT_GIVEN, about=consent.id, organisation_id=organisation_id, details=details)
    return consent


def withdraw_consent(
    session: Session, consent_id: str, *, person_id: str, organisation_id: str, now: datetime
) -> Consent:
    """Take a consent back, for all words in which it was given; a second time changes nothing. Raises NotFound."""
    consent = session.get(Consent, consent_id)
    if consent is None or (consent.person_id, consent.organisation_id) != (person_id, organisation_id):
        raise NotFound("there is no such consent", field="consent_id")
    for one in session.scalars(_valid(person_id, Purpose(consent.purpose), consent.recipient)).all():
        one.withdrawn_at = now
        details = {"person": person_id, "purpose": one.purpose}
        record(session, AuditEvent.CONSENT_WITHDRAWN, about=one.id, organisation_id=organisation_id, details=details)
    return consent


def consented(session: Session, person_id: str, purpose: Purpose, *, recipient: str = "") -> bool:
    """Does somebody agree to this, now? To be asked when it is done, and not when it is planned."""
    return session.scalar(_valid(person_id, purpose, recipient).limit(1)) is not None


def consents_of(person_id: str, *, organisation_id: str) -> Select[Consent]:
    """All that somebody agreed to, taken back or not, as a query."""
    return select(Consent).where(Consent.person_id == person_id, Consent.organisation_id == organisation_id)


def page_is_public(session: Session, person: Person) -> bool:
    """Is the page of this person's badges for whoever has its address? Not by itself for who is not of age."""
    return person.age_group is None or consented(session, person.id, Purpose.PUBLIC_PAGE)


def _valid(person_id: str, purpose: Purpose, recipient: str) -> Select[Consent]:
    return select(Consent).where(
        Consent.person_id == person_id,
        Consent.purpose == str(purpose),
        Consent.recipient == recipient,
        Consent.withdrawn_at.is_(None),
    )
