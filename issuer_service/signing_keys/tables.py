"""Signing keys, their private halves encrypted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from issuer_service.persistence.columns import Table, UtcDateTime

__all__ = ["SigningKeyRow"]


class SigningKeyRow(Table):
    """A key of an issuer. `fragment` names it in the issuer's DID document."""

    __tablename__ = "signing_key"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    purpose: Mapped[str] = mapped_column(String(20))
    fragment: Mapped[str] = mapped_column(String(80))
    public_multikey: Mapped[str] = mapped_column(String(200))
    encrypted_secret: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
