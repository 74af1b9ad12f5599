"""Offers of badges, and their delivery to registries."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from issuer_service.persistence.columns import Table, UtcDateTime

__all__ = ["Offer", "Registry", "RegistryDelivery"]


class Offer(Table):
    """A badge that lies ready for its holder."""

    __tablename__ = "offer"
    __tenant_by__ = "credential_id"

    credential_id: Mapped[str] = mapped_column(ForeignKey("credential.id"), primary_key=True)
    offered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)


class Registry(Table):
    """Where a registering body takes badges in. `recipient` is its name in the consents of holders."""

    __tablename__ = "registry"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    recipient: Mapped[str] = mapped_column(String(200))
    url: Mapped[str] = mapped_column(String(2048))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)


class RegistryDelivery(Table):
    """One badge for one registry, however often it is asked for. It stays when the badge is erased: who was given a
    copy must be told of it.
    """

    __tablename__ = "registry_delivery"
    __tenant_by__ = "credential_id"
    __table_args__ = (UniqueConstraint("credential_id", "registry_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    credential_id: Mapped[str] = mapped_column(ForeignKey("credential.id"))
    registry_id: Mapped[str] = mapped_column(ForeignKey("registry.id"))
    state: Mapped[str] = mapped_column(String(20))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    last_tried_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    last_outcome: Mapped[str | None] = mapped_column(String(300), default=None)
    delivered_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
