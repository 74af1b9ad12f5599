"""Persons and organisations, and by what they are known when they call."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from issuer_service.persistence.columns import Table, UtcDateTime

__all__ = ["ApiKey", "Consent", "ExternalIdentity", "LoginLink", "Membership", "Organisation", "Person", "WebSession"]


class Organisation(Table):
    """A provider, a campus, a company or a registry. `slug` is its name in addresses, and never changes."""

    __tablename__ = "organisation"
    __tenant_by__ = "id"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    country_code: Mapped[str] = mapped_column(String(2), default="NL")


class Person(Table):
    """Somebody, as one organisation knows them. A name and an address, and nothing that the work does not need.

    `age_group` says that somebody is not of age, where that is known; nobody's date of birth is kept. Of who was erased
    and had approved or assessed for others the row is left, without a name and an address.
    """

    __tablename__ = "person"
    __tenant_by__ = "membership.person_id"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254), index=True)
    language: Mapped[str] = mapped_column(String(2), default="nl")
    age_group: Mapped[str | None] = mapped_column(String(10), default=None)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)


class Membership(Table):
    """What a person is in an organisation. A candidacy that led to nothing has an end."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("person_id", "organisation_id", "role"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)


class Consent(Table):
    """That a person agreed to a purpose, in these words, on that day; and when they took it back.

    `recipient` is the registry or the employer that it is about, where it is about one.
    """

    __tablename__ = "consent"
    __table_args__ = (Index("consent_person", "person_id", "purpose"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    purpose: Mapped[str] = mapped_column(String(30))
    recipient: Mapped[str] = mapped_column(String(200))
    wording: Mapped[str] = mapped_column(String(100))
    given_by: Mapped[str] = mapped_column(String(10))
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)


class ApiKey(Table):
    """A key for the API in the name of a member, kept as its hash: whoever reads the database cannot use it."""

    __tablename__ = "api_key"
    __tenant_by__ = "membership_id"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    key_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    membership_id: Mapped[str] = mapped_column(ForeignKey("membership.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    scopes: Mapped[list[str]] = mapped_column(JSON)
    created_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)


class ExternalIdentity(Table):
    """A person as an identity provider knows them: its issuer and the subject it gave them."""

    __tablename__ = "external_identity"
    __tenant_by__ = "person_id"
    __table_args__ = (UniqueConstraint("issuer", "subject", "person_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    issuer: Mapped[str] = mapped_column(String(300))
    subject: Mapped[str] = mapped_column(String(300))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    linked_at: Mapped[datetime] = mapped_column(UtcDateTime)


class WebSession(Table):
    """Somebody who is signed in on the pages, in one organisation; its token is kept as a hash."""

    __tablename__ = "web_session"

    token_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LoginLink(Table):
    """A link that signs a person in once; made on the machine itself, for its local administrator."""

    __tablename__ = "login_link"
    __tenant_by__ = "person_id"

    token_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
