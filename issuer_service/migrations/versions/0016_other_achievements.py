"""Awards of other achievements than ULOs"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("award") as table:
        table.add_column(sa.Column("achievement_version_id", sa.String(36), nullable=True))
        table.alter_column("ulo_version_id", existing_type=sa.String(36), nullable=True)
        table.create_foreign_key(
            "award_achievement_version_id_fkey", "achievement_version", ["achievement_version_id"], ["id"]
        )


def downgrade() -> None:
    # An award of another achievement cannot be said any more.
    op.execute("DELETE FROM award WHERE ulo_version_id IS NULL")
    with op.batch_alter_table("award") as table:
        table.drop_constraint("award_achievement_version_id_fkey", type_="foreignkey")
        table.alter_column("ulo_version_id", existing_type=sa.String(36), nullable=False)
        table.drop_column("achievement_version_id")
