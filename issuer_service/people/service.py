"""Registering organisations and persons, and knowing who is calling."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.clock import Randomness
from issuer_service.errors import Conflict, NotAllowed, NotFound, NotKnown, Refused
from issuer_service.people.tables import AccessToken, Membership, Organisation, Person
from issuer_service.persistence.identifiers import random_uuid

__all__ = ["Caller", "OrganisationKind", "Role", "add_organisation", "add_person", "issue_token", "who_is_calling"]

_SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
TOKEN_LIFETIME: Final = timedelta(days=90)


class OrganisationKind(StrEnum):
    """What an organisation is. Only a provider (opleider) issues."""

    PROVIDER = "provider"
    CAMPUS = "campus"
    COMPANY = "company"
    REGISTRY = "registry"


class Role(StrEnum):
    """What a person is in an organisation; the Dutch name is that of the working methods."""

    TEACHER = "teacher"  # docent: assesses, and the only role that certifies
    COACH = "coach"
    LEARNER = "learner"  # cursist
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is calling, for which organisation, in which role."""

    person_id: str
    organisation_id: str
    role: Role

    def must_be(self, *roles: Role) -> None:
        """Raise NotAllowed unless the caller has one of these roles."""
        if self.role not in roles:
            raise NotAllowed(f"this is for: {', '.join(roles)}; you are here as {self.role}")


def add_organisation(
    session: Session, *, kind: OrganisationKind, slug: str, name: str, randomness: Randomness
) -> Organisation:
    """Register an organisation. Raises Refused for a slug unfit for an address, Conflict for one in use."""
    if not _SLUG.fullmatch(slug):
        raise Refused("use small letters, digits and single hyphens", field="slug")
    if session.scalar(select(Organisation).where(Organisation.slug == slug)):
        raise Conflict(f"{slug} is another organisation's", field="slug")
    organisation = Organisation(id=random_uuid(randomness), kind=str(kind), slug=slug, name=name)
    session.add(organisation)
    return organisation


def add_person(
    session: Session, *, name: str, email: str, organisation_id: str, role: Role, randomness: Randomness
) -> Membership:
    """Register somebody in an organisation. Raises Refused for what is no e-mail address."""
    if not _EMAIL.fullmatch(email):
        raise Refused("this is no e-mail address", field="email")
    person = Person(id=random_uuid(randomness), name=name, email=email)
    session.add(person)
    # The tables know each other by their keys alone, so the order of writing is said here.
    session.flush()
    membership = Membership(
        id=random_uuid(randomness), person_id=person.id, organisation_id=organisation_id, role=str(role)
    )
    session.add(membership)
    return membership


def issue_token(session: Session, membership: Membership, *, now: datetime, randomness: Randomness) -> str:
    """A token for the API in the name of this member; it is shown this once."""
    token = "obk_" + randomness(24).hex()
    session.flush()
    session.add(AccessToken(token_sha256=_hash(token), membership_id=membership.id, expires_at=now + TOKEN_LIFETIME))
    return token


def who_is_calling(session: Session, token: str, *, now: datetime) -> Caller:
    """The holder of a token. Raises NotKnown for one that is unknown or has expired."""
    row = session.execute(
        select(Membership, AccessToken.expires_at)
        .join(AccessToken, AccessToken.membership_id == Membership.id)
        .where(AccessToken.token_sha256 == _hash(token))
    ).one_or_none()
    if row is None or row.expires_at <= now:
        raise NotKnown("this access token is not known, or has expired")
    membership = row.Membership
    return Caller(membership.person_id, membership.organisation_id, Role(membership.role))


def organisation_by_slug(session: Session, slug: str) -> Organisation:
    """The organisation with this name in addresses. Raises NotFound."""
    found = session.scalar(select(Organisation).where(Organisation.slug == slug))
    if found is None:
        raise NotFound(f"there is no organisation {slug!r}")
    return found


def _hash(token: str) -> str:
    # The token is 192 random bits: there is nothing to guess, and so nothing to slow down.
    return hashlib.sha256(token.encode()).hexdigest()
