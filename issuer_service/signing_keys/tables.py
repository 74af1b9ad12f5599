"""Signing keys, what happened to them, and what they signed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint, column
from sqlalchemy.orm import Mapped, mapped_column

from issuer_service.persistence.columns import Table, UtcDateTime

__all__ = ["KeyChange", "KeyProbe", "KeyUse", "SigningKeyRow"]

_STILL_SIGNS = column("retired_at").is_(None)


class SigningKeyRow(Table):
    """A key of an issuer. `fragment` names it in the issuer's DID document, `label` where it is kept.

    `retired_at` is the moment after which it signs nothing, `compromised_since` the one from which it may have been
    in other hands. The private half of a key in this database is gone once it is retired.
    """

    __tablename__ = "signing_key"
    __table_args__ = (
        UniqueConstraint("organisation_id", "purpose", "number"),
        # One key at a time signs for a purpose, whoever makes another at the same moment.
        Index(
            "signing_key_in_use",
            "organisation_id",
            "purpose",
            unique=True,
            sqlite_where=_STILL_SIGNS,
            postgresql_where=_STILL_SIGNS,
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    purpose: Mapped[str] = mapped_column(String(20))
    number: Mapped[int]
    store: Mapped[str] = mapped_column(String(20))
    label: Mapped[str] = mapped_column(String(120))
    fragment: Mapped[str] = mapped_column(String(80))
    public_multikey: Mapped[str] = mapped_column(String(200))
    encrypted_secret: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    compromised_since: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)


class KeyChange(Table):
    """That a key was asked for, retired or reported compromised: by whom, why, and what came of it. Append-only.

    `asked_by` is empty for the command line, whose user the operating system knows. `done_at` is empty while a worker
    still has to make the key, and `problem` says why it could not.
    """

    __tablename__ = "key_change"
    __table_args__ = (Index("ix_key_change_organisation_id", "organisation_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[str] = mapped_column(String(20))
    purpose: Mapped[str] = mapped_column(String(20))
    key_id: Mapped[str | None] = mapped_column(ForeignKey("signing_key.id"), default=None)
    new_key_id: Mapped[str | None] = mapped_column(ForeignKey("signing_key.id"), default=None)
    since: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    reason: Mapped[str] = mapped_column(String(500))
    asked_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"), default=None)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    problem: Mapped[str | None] = mapped_column(String(500), default=None)


class KeyUse(Table):
    """That a key signed so many things. One row a chunk, so that workers never wait for each other's counting.

    `latest` is the newest moment that stands in what was signed: a key is retired no earlier than that.
    """

    __tablename__ = "key_use"
    __tenant_by__ = "signing_key_id"
    __table_args__ = (Index("ix_key_use_signing_key_id", "signing_key_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    signing_key_id: Mapped[str] = mapped_column(ForeignKey("signing_key.id"))
    what: Mapped[str] = mapped_column(String(20))
    about_id: Mapped[str] = mapped_column(String(36))
    signatures: Mapped[int]
    latest: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime] = mapped_column(UtcDateTime)


class KeyProbe(Table):
    """When a key was last seen to sign, or why it could not."""

    __tablename__ = "key_probe"
    __tenant_by__ = "signing_key_id"

    signing_key_id: Mapped[str] = mapped_column(ForeignKey("signing_key.id"), primary_key=True)
    probed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    problem: Mapped[str | None] = mapped_column(String(500), default=None)
