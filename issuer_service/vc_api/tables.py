"""The places in the VC-API's own status lists. They belong to no organisation: nobody's badge is in them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from issuer_service.persistence.columns import Table, UtcDateTime

__all__ = ["VcApiStatus"]


class VcApiStatus(Table):
    """A place, the same in the list for revocation and in the one for suspension, and how it stands."""

    __tablename__ = "vc_api_status"
    __tenant_by__ = "nobody"

    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    credential_id: Mapped[str] = mapped_column(String(500), index=True)
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    suspended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
