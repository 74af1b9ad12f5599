"""What is soon is found among what was told of it by its moment, and not by looking through every notice"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_ENDS = sa.text("until IS NOT NULL")


def upgrade() -> None:
    op.create_index("notice_until", "notice", ["purpose", "until"], sqlite_where=_ENDS, postgresql_where=_ENDS)


def downgrade() -> None:
    op.drop_index("notice_until", table_name="notice")
