"""The ledger: what was accepted, what is meant to be signed, and what was signed.

Exactly once is kept here, by the unique keys, and not by whoever runs the jobs.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import (
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    and_,
    column,
)
from sqlalchemy.orm import Mapped, mapped_column

from issuer_service.persistence.columns import Table, UtcDateTime

__all__ = ["Award", "AwardRefusal", "Credential", "Reverification", "ReverificationFinding", "StatusChange"]


_TO_GATHER: Final = and_(column("approved_at").is_not(None), column("signing_chunk").is_(None))


class Award(Table):
    """An accepted request. `document` is what will be signed, byte for byte, from the moment of acceptance.

    `key_id` is the key of that moment; which one signed in the end stands with the credential. `signing_chunk` names
    the job that signs it with others, from when it was approved in bulk or gathered; `problem` says why it could not be
    signed.
    """

    __tablename__ = "award"
    __table_args__ = (
        UniqueConstraint("status_list_id", "status_position"),
        Index("award_signing_chunk", "signing_chunk"),
        # A worker looks some times a second for what is approved and in no chunk.
        Index("award_to_gather", "approved_at", sqlite_where=_TO_GATHER, postgresql_where=_TO_GATHER),
        Index("award_person", "person_id"),
        ForeignKeyConstraint(
            ["status_list_id", "status_position"], ["status_entry.status_list_id", "status_entry.position"]
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    idempotency_key: Mapped[str] = mapped_column(String(36), unique=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    assessor_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    ulo_version_id: Mapped[str | None] = mapped_column(ForeignKey("ulo_version.id"))
    achievement_version_id: Mapped[str | None] = mapped_column(ForeignKey("achievement_version.id"), default=None)
    evidence_id: Mapped[str] = mapped_column(String(36))
    four_eyes: Mapped[bool]
    credential_id: Mapped[str] = mapped_column(String(36), unique=True)
    status_list_id: Mapped[str] = mapped_column(String(36))
    status_position: Mapped[int]
    key_id: Mapped[str] = mapped_column(ForeignKey("signing_key.id"))
    created: Mapped[datetime] = mapped_column(UtcDateTime)
    document: Mapped[bytes] = mapped_column(LargeBinary)
    accepted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    approved_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"), default=None)
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    signing_chunk: Mapped[str | None] = mapped_column(String(36), default=None)
    problem: Mapped[str | None] = mapped_column(String(500), default=None)


class AwardRefusal(Table):
    """That a teacher refused an award, for good. An award is approved or refused, never both."""

    __tablename__ = "award_refusal"
    __tenant_by__ = "award_id"

    award_id: Mapped[str] = mapped_column(ForeignKey("award.id"), primary_key=True)
    refused_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    refused_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(500))


class Credential(Table):
    """A signed badge, as it was signed, and by which keys. One per award, however often its job is done.

    Of one that was erased, its id, its moments and how it stands.
    """

    __tablename__ = "credential"
    __tenant_by__ = "award_id"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    award_id: Mapped[str] = mapped_column(ForeignKey("award.id"), unique=True)
    document: Mapped[bytes] = mapped_column(LargeBinary)
    jwt: Mapped[str] = mapped_column(Text)
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    key_id: Mapped[str] = mapped_column(ForeignKey("signing_key.id"))
    jwt_key_id: Mapped[str] = mapped_column(ForeignKey("signing_key.id"))
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    revoked_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"), default=None)
    revocation_reason: Mapped[str | None] = mapped_column(String(500), default=None)
    suspended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)


class StatusChange(Table):
    """That a badge was revoked, suspended or reinstated: by whom, why, and whether its holder was told.

    Append-only, but for a reason that is erased with its holder.
    """

    __tablename__ = "status_change"
    __tenant_by__ = "credential_id"
    __table_args__ = (Index("status_change_chunk", "chunk"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    credential_id: Mapped[str] = mapped_column(ForeignKey("credential.id"))
    standing: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(500))
    changed_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    chunk: Mapped[str] = mapped_column(String(36))


class Reverification(Table):
    """A round of verifying again everything that is stored. `after` is how far it came."""

    __tablename__ = "reverification"
    __tenant_by__ = "nobody"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    after: Mapped[str] = mapped_column(String(36), default="")
    checked: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)


class ReverificationFinding(Table):
    """A stored badge that did not verify, and why."""

    __tablename__ = "reverification_finding"
    __tenant_by__ = "nobody"

    reverification_id: Mapped[str] = mapped_column(ForeignKey("reverification.id"), primary_key=True)
    credential_id: Mapped[str] = mapped_column(ForeignKey("credential.id"), primary_key=True)
    reasons: Mapped[str] = mapped_column(Text)
