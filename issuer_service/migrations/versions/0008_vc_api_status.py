"""The places in the VC-API's own status lists"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "vc_api_status",
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("credential_id", sa.String(500), nullable=False),
        sa.Column("issued_at", _MOMENT, nullable=False),
        sa.Column("revoked_at", _MOMENT, nullable=True),
        sa.Column("suspended_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("position"),
    )
    op.create_index("ix_vc_api_status_credential_id", "vc_api_status", ["credential_id"])


def downgrade() -> None:
    op.drop_index("ix_vc_api_status_credential_id", "vc_api_status")
    op.drop_table("vc_api_status")
