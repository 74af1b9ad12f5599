"""Organisations, persons, and what a person is in an organisation."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from issuer_service.audit.events import AuditEvent
from issuer_service.audit.trail import record
from issuer_service.clock import Randomness
from issuer_service.errors import Conflict, NotAllowed, NotFound, Refused
from issuer_service.people.roles import OrganisationKind, Role, Scope, scopes_of
from issuer_service.people.tables import ApiKey, Membership, Organisation, Person
from issuer_service.persistence.identifiers import random_uuid

__all__ = [
    "Caller",
    "OrganisationKind",
    "Role",
    "add_organisation",
    "add_person",
    "add_role",
    "change_person",
    "end_candidacy",
    "organisation_by_slug",
    "person_of",
    "remove_role",
    "roles_of",
]

_OF_AGE: Final = "of-age"
_SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is calling, for which organisation, in which roles, and how much of what these may do."""

    person_id: str
    organisation_id: str
    roles: frozenset[Role]
    scopes: frozenset[Scope]

    @classmethod
    def in_role(cls, person_id: str, organisation_id: str, *roles: Role) -> Caller:
        """Somebody who may do all that these roles may."""
        return cls(person_id, organisation_id, frozenset(roles), scopes_of(roles))

    def must_be(self, *roles: Role) -> None:
        """Raise NotAllowed unless the caller has one of these roles."""
        if self.roles.isdisjoint(roles):
            raise NotAllowed(f"this is for: {', '.join(roles)}; you are here as {', '.join(sorted(self.roles))}")

    def must_have(self, scope: Scope) -> None:
        """Raise NotAllowed unless this is within what the caller may do here."""
        if scope not in self.scopes:
            raise NotAllowed(f"this needs the scope {scope}, which your role or your key does not have")


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
    record(session, AuditEvent.ORGANISATION_OPENED, about=organisation.id, organisation_id=organisation.id)
    return organisation


def add_person(
    session: Session,
    *,
    name: str,
    email: str,
    organisation_id: str,
    role: Role,
    randomness: Randomness,
    language: str = "nl",
    age_group: str | None = None,
) -> Membership:
    """Register somebody in an organisation.

    Each organisation keeps its own record of a person, so that adding one never tells that another knows them.
    Raises Refused for what is no e-mail address, and Conflict for one that this organisation knows.
    """
    if not _EMAIL.fullmatch(email):
        raise Refused("this is no e-mail address", field="email")
    if _with_address(session, email, organisation_id) is not None:
        raise Conflict("this organisation knows somebody with this address; give them another role", field="email")
    person = Person(id=random_uuid(randomness), name=name, email=email, language=language, age_group=age_group)
    session.add(person)
    # The tables know each other by their keys alone, so the order of writing is said here.
    session.flush()
    membership = Membership(
        id=random_uuid(randomness), person_id=person.id, organisation_id=organisation_id, role=str(role)
    )
    session.add(membership)
    session.flush()
    details = {"role": str(role)}
    record(session, AuditEvent.PERSON_ADDED, about=person.id, organisation_id=organisation_id, details=details)
    return membership


def person_of(session: Session, person_id: str, *, organisation_id: str) -> Person:
    """Somebody this organisation knows. Raises NotFound, also for whom only another knows."""
    found = session.scalar(
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(Person.id == person_id, Membership.organisation_id == organisation_id)
        .limit(1)
    )
    if found is None:
        raise NotFound("there is no such person", field="person_id")
    return found


def change_person(session: Session, person_id: str, changes: Mapping[str, str], *, organisation_id: str) -> Person:
    """Correct what is held on somebody: `name`, `email`, `language`, and `age_group`, where `of-age` is none.

    Raises NotFound for whom the organisation does not know, and Conflict for an address that is another's here.
    """
    person = person_of(session, person_id, organisation_id=organisation_id)
    email = changes.get("email")
    if email is not None and _with_address(session, email, organisation_id) not in {None, person.id}:
        raise Conflict("this organisation knows somebody else with this address", field="email")
    for field, value in changes.items():
        setattr(person, field, None if (field, value) == ("age_group", _OF_AGE) else str(value))
    details = {"fields": sorted(changes)}
    record(session, AuditEvent.PERSON_CHANGED, about=person.id, organisation_id=organisation_id, details=details)
    return person


def end_candidacy(session: Session, person_id: str, *, organisation_id: str, now: datetime) -> Membership:
    """Somebody's candidacy led to nothing; a second time changes nothing. Raises NotFound for who is no candidate."""
    held = roles_of(session, person_id, organisation_id=organisation_id)
    found = next((one for one in held if one.role == Role.CANDIDATE), None)
    if found is None:
        raise NotFound("there is no such candidate", field="person_id")
    if found.ended_at is None:
        found.ended_at = now
        record(session, AuditEvent.CANDIDACY_ENDED, about=person_id, organisation_id=organisation_id)
    return found


def _with_address(session: Session, email: str, organisation_id: str) -> str | None:
    return session.scalar(
        select(Person.id)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.organisation_id == organisation_id, Person.email == email)
    )


def roles_of(session: Session, person_id: str, *, organisation_id: str) -> Sequence[Membership]:
    """What a person is in this organisation."""
    return session.scalars(
        select(Membership)
        .where(Membership.person_id == person_id, Membership.organisation_id == organisation_id)
        .order_by(Membership.role)
    ).all()


def add_role(
    session: Session, person_id: str, role: Role, *, organisation_id: str, randomness: Randomness
) -> Membership:
    """Give somebody another role; one they have changes nothing. Raises NotFound for whom it does not know."""
    person = person_of(session, person_id, organisation_id=organisation_id)
    for known in roles_of(session, person.id, organisation_id=organisation_id):
        if known.role == role:
            return known
    membership = Membership(
        id=random_uuid(randomness), person_id=person.id, organisation_id=organisation_id, role=str(role)
    )
    session.add(membership)
    session.flush()
    details = {"role": str(role)}
    record(session, AuditEvent.ROLE_GIVEN, about=person.id, organisation_id=organisation_id, details=details)
    return membership


def organisation_by_slug(session: Session, slug: str) -> Organisation:
    """The organisation with this name in addresses. Raises NotFound."""
    found = session.scalar(select(Organisation).where(Organisation.slug == slug))
    if found is None:
        raise NotFound(f"there is no organisation {slug!r}")
    return found


def remove_role(session: Session, person_id: str, role: Role, *, organisation_id: str) -> None:
    """Take a role away, with the keys that were made for it.

    Raises NotFound for a role that the person does not have, and Conflict for the last administrator and for
    a person's only role.
    """
    person = person_of(session, person_id, organisation_id=organisation_id)
    held = roles_of(session, person.id, organisation_id=organisation_id)
    membership = next((one for one in held if one.role == role), None)
    if membership is None:
        raise NotFound("they do not have this role", field="role")
    if len(held) == 1:
        raise Conflict("this is their only role here; a person without a role is erased, not kept", field="role")
    if role is Role.ADMINISTRATOR and _administrators(session, organisation_id) == 1:
        raise Conflict("this is the last administrator; make another one first", field="role")
    for key in session.scalars(select(ApiKey).where(ApiKey.membership_id == membership.id)):
        session.delete(key)
    session.flush()
    session.delete(membership)
    details = {"role": str(role)}
    record(session, AuditEvent.ROLE_TAKEN, about=person.id, organisation_id=organisation_id, details=details)


def _administrators(session: Session, organisation_id: str) -> int:
    return (
        session.scalar(
            select(func.count())
            .select_from(Membership)
            .where(Membership.organisation_id == organisation_id, Membership.role == str(Role.ADMINISTRATOR))
        )
        or 0
    )
