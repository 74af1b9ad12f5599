"""Awards that are approved and in no chunk are found quickly"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    waiting = sa.text("approved_at IS NOT NULL AND signing_chunk IS NULL")
    op.create_index("award_to_gather", "award", ["approved_at"], sqlite_where=waiting, postgresql_where=waiting)


def downgrade() -> None:
    op.drop_index("award_to_gather", table_name="award")
