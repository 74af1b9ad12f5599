"""The audit trail, and the triggers that refuse changing it"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_REFUSAL = "the audit trail is append-only"
_ON_SQLITE = {
    "audit_entry_keeps": "BEFORE UPDATE ON audit_entry BEGIN",
    "audit_entry_stays": "BEFORE DELETE ON audit_entry BEGIN",
    # INSERT OR REPLACE takes a row's place without a DELETE that a trigger would see.
    "audit_entry_once": "BEFORE INSERT ON audit_entry WHEN EXISTS (SELECT 1 FROM audit_entry"
    " WHERE organisation_id = NEW.organisation_id AND number = NEW.number) BEGIN",
    "audit_head_advances": "BEFORE UPDATE ON audit_head WHEN NEW.number <= OLD.number"
    " OR NEW.organisation_id <> OLD.organisation_id BEGIN",
    "audit_head_stays": "BEFORE DELETE ON audit_head BEGIN",
}
_ON_POSTGRESQL = {
    "audit_entry_keeps": "BEFORE UPDATE OR DELETE ON audit_entry FOR EACH ROW",
    "audit_entry_stays": "BEFORE TRUNCATE ON audit_entry FOR EACH STATEMENT",
    "audit_head_advances": "BEFORE UPDATE ON audit_head FOR EACH ROW WHEN (NEW.number <= OLD.number"
    " OR NEW.organisation_id <> OLD.organisation_id)",
    "audit_head_stays": "BEFORE DELETE ON audit_head FOR EACH ROW",
    "audit_head_is_kept": "BEFORE TRUNCATE ON audit_head FOR EACH STATEMENT",
}


def upgrade() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("organisation_id", sa.String(36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event", sa.String(40), nullable=False),
        sa.Column("actor_id", sa.String(36), nullable=True),
        sa.Column("about", sa.String(80), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("previous_sha256", sa.String(64), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        sa.PrimaryKeyConstraint("organisation_id", "number"),
    )
    op.create_index("audit_entry_about", "audit_entry", ["organisation_id", "about"])
    op.create_table(
        "audit_head",
        sa.Column("organisation_id", sa.String(36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("seal", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        sa.PrimaryKeyConstraint("organisation_id"),
    )
    if op.get_bind().dialect.name == "sqlite":
        for name, when in _ON_SQLITE.items():
            op.execute(f"CREATE TRIGGER {name} {when} SELECT RAISE(ABORT, '{_REFUSAL}'); END")
        return
    op.execute(
        "CREATE FUNCTION audit_trail_is_append_only() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$"
    )
    for name, when in _ON_POSTGRESQL.items():
        op.execute(f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION audit_trail_is_append_only()")


def downgrade() -> None:
    op.drop_table("audit_head")
    op.drop_index("audit_entry_about", "audit_entry")
    op.drop_table("audit_entry")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_trail_is_append_only()")
