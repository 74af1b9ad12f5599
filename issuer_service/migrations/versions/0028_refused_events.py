"""An event that could not be awarded waits longer each time, and says why"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("workflow_event", sa.Column("refusals", sa.Integer(), nullable=True))
    op.add_column("workflow_event", sa.Column("refused", sa.Text(), nullable=True))
    op.add_column("workflow_event", sa.Column("again_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE workflow_event SET refusals = 0")
    with op.batch_alter_table("workflow_event") as table:
        table.alter_column("refusals", existing_type=sa.Integer(), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("workflow_event") as table:
        for column in ("refusals", "refused", "again_at"):
            table.drop_column(column)
