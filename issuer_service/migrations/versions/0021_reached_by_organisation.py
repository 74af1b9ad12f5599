"""Attendances and what was reached say themselves whose they are, so that no query looks through all for it"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

# By table, the one that knew it, and the column that leads there.
_FROM = {"attendance": ("station_run", "station_run_id"), "reached_outcome": ("station_assessment", "assessment_id")}


def upgrade() -> None:
    for table, (known, column) in _FROM.items():
        op.add_column(table, sa.Column("organisation_id", sa.String(36), nullable=True))
        op.execute(
            f"UPDATE {table} SET organisation_id = "  # noqa: S608  # the names stand above
            f"(SELECT {known}.organisation_id FROM {known} WHERE {known}.id = {table}.{column})"
        )
        with op.batch_alter_table(table) as changed:
            changed.alter_column("organisation_id", existing_type=sa.String(36), nullable=False)
            changed.create_foreign_key(f"{table}_organisation_id_fkey", "organisation", ["organisation_id"], ["id"])


def downgrade() -> None:
    for table in _FROM:
        with op.batch_alter_table(table) as changed:
            changed.drop_constraint(f"{table}_organisation_id_fkey", type_="foreignkey")
            changed.drop_column("organisation_id")
