"""Workers, schedules, chunks of awards, suspension, and both forms of a status list"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "scheduled_job",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("every_seconds", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("runs", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "worker",
        sa.Column("executor", sa.String(length=120), nullable=False),
        sa.Column("beats", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("executor"),
    )
    op.create_table(
        "status_change",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("credential_id", sa.String(length=36), nullable=False),
        sa.Column("standing", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("changed_by", sa.String(length=36), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("chunk", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["changed_by"], ["person.id"]),
        sa.ForeignKeyConstraint(["credential_id"], ["credential.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("status_change_chunk", "status_change", ["chunk"])
    op.create_table(
        "reverification",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("after", sa.String(length=36), nullable=False),
        sa.Column("checked", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "reverification_finding",
        sa.Column("reverification_id", sa.String(length=36), nullable=False),
        sa.Column("credential_id", sa.String(length=36), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["credential_id"], ["credential.id"]),
        sa.ForeignKeyConstraint(["reverification_id"], ["reverification.id"]),
        sa.PrimaryKeyConstraint("reverification_id", "credential_id"),
    )
    op.add_column("award", sa.Column("signing_chunk", sa.String(length=36), nullable=True))
    op.add_column("award", sa.Column("problem", sa.String(length=500), nullable=True))
    op.create_index("award_signing_chunk", "award", ["signing_chunk"])
    # A job that was taken in before is about one award: it finds it as a chunk of one.
    op.execute("UPDATE award SET signing_chunk = id WHERE approved_at IS NOT NULL")
    op.add_column("credential", sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("workflow_event", sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("status_entry", sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("status_list") as table:
        table.add_column(sa.Column("number", sa.Integer(), nullable=True))
        table.add_column(sa.Column("published_version", sa.Integer(), nullable=True))
        table.add_column(sa.Column("published_token", sa.Text(), nullable=True))
    op.execute(
        "UPDATE status_list SET number = (SELECT count(*) FROM status_list AS other"
        " WHERE other.organisation_id = status_list.organisation_id AND other.purpose = status_list.purpose"
        " AND (other.opened_at < status_list.opened_at"
        " OR (other.opened_at = status_list.opened_at AND other.id <= status_list.id)))"
    )
    # What was published before has no second form: it is published anew.
    op.execute("UPDATE status_list SET version = version + 1, published_version = version")
    with op.batch_alter_table("status_list") as table:
        table.alter_column("number", existing_type=sa.Integer(), nullable=False)
        table.alter_column("published_version", existing_type=sa.Integer(), nullable=False)
    op.create_index("status_list_number", "status_list", ["organisation_id", "purpose", "number"], unique=True)


def downgrade() -> None:
    op.drop_index("status_list_number", table_name="status_list")
    with op.batch_alter_table("status_list") as table:
        table.drop_column("published_token")
        table.drop_column("published_version")
        table.drop_column("number")
    op.drop_column("status_entry", "suspended_at")
    op.drop_column("workflow_event", "handled_at")
    op.drop_column("credential", "suspended_at")
    op.drop_index("award_signing_chunk", table_name="award")
    op.drop_column("award", "problem")
    op.drop_column("award", "signing_chunk")
    op.drop_table("reverification_finding")
    op.drop_table("reverification")
    op.drop_index("status_change_chunk", table_name="status_change")
    op.drop_table("status_change")
    op.drop_table("worker")
    op.drop_table("scheduled_job")
