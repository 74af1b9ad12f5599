"""What is signed is stored with the compression that costs PostgreSQL a third less of an award"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_LONG = (
    ("award", "document"),
    ("credential", "document"),
    ("credential", "jwt"),
    ("audit_entry", "details"),
    ("bulk_row", "content"),
)
# Some builds of PostgreSQL have no lz4, and before version 14 there was no choice.
_HAS_LZ4 = sa.text(
    "SELECT count(*) FROM pg_settings WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)"
)


def upgrade() -> None:
    _compress("lz4")


def downgrade() -> None:
    _compress("pglz")


def _compress(method: str) -> None:
    connection = op.get_bind()
    if connection.dialect.name != "postgresql" or not connection.scalar(_HAS_LZ4):
        return
    # For what is written from now on; what is there stays as it is, and can be read.
    for table, column in _LONG:
        op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET COMPRESSION {method}")
