"""Events say themselves whose they are, and whether a worker has gathered them"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_WHOSE = (
    "SELECT programme.organisation_id FROM enrolment JOIN programme ON programme.id = enrolment.programme_id "
    "WHERE enrolment.id = workflow_event.enrolment_id"
)


def upgrade() -> None:
    op.add_column("workflow_event", sa.Column("organisation_id", sa.String(36), nullable=True))
    op.add_column("workflow_event", sa.Column("gathered_at", sa.DateTime(timezone=True), nullable=True))
    # What is there had its job enqueued as it happened.
    op.execute(f"UPDATE workflow_event SET organisation_id = ({_WHOSE}), gathered_at = occurred_at")  # noqa: S608  # as it stands above
    with op.batch_alter_table("workflow_event") as changed:
        changed.alter_column("organisation_id", existing_type=sa.String(36), nullable=False)
        changed.create_foreign_key("workflow_event_organisation_id_fkey", "organisation", ["organisation_id"], ["id"])
    unhandled = sa.text("handled_at IS NULL")
    op.create_index(
        "workflow_event_unhandled",
        "workflow_event",
        ["gathered_at", "occurred_at"],
        sqlite_where=unhandled,
        postgresql_where=unhandled,
    )


def downgrade() -> None:
    op.drop_index("workflow_event_unhandled", table_name="workflow_event")
    with op.batch_alter_table("workflow_event") as changed:
        changed.drop_constraint("workflow_event_organisation_id_fkey", type_="foreignkey")
        changed.drop_column("organisation_id")
        changed.drop_column("gathered_at")
