"""Awards that a teacher refused, and why"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "award_refusal",
        sa.Column("award_id", sa.String(36), nullable=False),
        sa.Column("refused_by", sa.String(36), nullable=False),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.ForeignKeyConstraint(["award_id"], ["award.id"]),
        sa.ForeignKeyConstraint(["refused_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("award_id"),
    )


def downgrade() -> None:
    op.drop_table("award_refusal")
