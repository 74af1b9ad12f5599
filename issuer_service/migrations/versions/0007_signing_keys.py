"""Keys that follow each other: where they are kept, how they ended, what they signed, and whether they still do"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_STILL_SIGNS = sa.text("retired_at IS NULL")
_NUMBER = (
    "UPDATE signing_key SET number = (SELECT count(*) FROM signing_key AS other"
    " WHERE other.organisation_id = signing_key.organisation_id AND other.purpose = signing_key.purpose"
    " AND (other.created_at < signing_key.created_at"
    " OR (other.created_at = signing_key.created_at AND other.id <= signing_key.id)))"
)
# The newest signed; were there others, they ended when it came.
_RETIRE = (
    "UPDATE signing_key SET retired_at = (SELECT min(other.created_at) FROM signing_key AS other"
    " WHERE other.organisation_id = signing_key.organisation_id AND other.purpose = signing_key.purpose"
    " AND other.number > signing_key.number)"
)
_NEWEST = (
    "(SELECT signing_key.id FROM signing_key JOIN award ON award.organisation_id = signing_key.organisation_id"
    " WHERE award.id = credential.award_id AND signing_key.purpose = 'jwt' AND signing_key.retired_at IS NULL)"
)


def upgrade() -> None:
    with op.batch_alter_table("signing_key") as table:
        table.add_column(sa.Column("number", sa.Integer(), nullable=True))
        table.add_column(sa.Column("store", sa.String(20), nullable=True))
        table.add_column(sa.Column("label", sa.String(120), nullable=True))
        table.add_column(sa.Column("retired_at", _MOMENT, nullable=True))
        table.add_column(sa.Column("compromised_since", _MOMENT, nullable=True))
    op.execute(_NUMBER)
    op.execute("UPDATE signing_key SET store = 'database', label = id")
    op.execute(_RETIRE)
    with op.batch_alter_table("signing_key") as table:
        table.alter_column("number", existing_type=sa.Integer(), nullable=False)
        table.alter_column("store", existing_type=sa.String(20), nullable=False)
        table.alter_column("label", existing_type=sa.String(120), nullable=False)
        table.alter_column("encrypted_secret", existing_type=sa.LargeBinary(), nullable=True)
        table.create_unique_constraint(
            "signing_key_organisation_id_purpose_number_key", ["organisation_id", "purpose", "number"]
        )
    op.create_index(
        "signing_key_in_use",
        "signing_key",
        ["organisation_id", "purpose"],
        unique=True,
        sqlite_where=_STILL_SIGNS,
        postgresql_where=_STILL_SIGNS,
    )
    with op.batch_alter_table("credential") as table:
        table.add_column(sa.Column("key_id", sa.String(36), nullable=True))
        table.add_column(sa.Column("jwt_key_id", sa.String(36), nullable=True))
    op.execute("UPDATE credential SET key_id = (SELECT award.key_id FROM award WHERE award.id = credential.award_id)")
    op.execute(f"UPDATE credential SET jwt_key_id = {_NEWEST}")  # noqa: S608  # a constant of this file
    with op.batch_alter_table("credential") as table:
        table.alter_column("key_id", existing_type=sa.String(36), nullable=False)
        table.alter_column("jwt_key_id", existing_type=sa.String(36), nullable=False)
        table.create_foreign_key("credential_key_id_fkey", "signing_key", ["key_id"], ["id"])
        table.create_foreign_key("credential_jwt_key_id_fkey", "signing_key", ["jwt_key_id"], ["id"])
    op.create_table(
        "key_change",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("organisation_id", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("purpose", sa.String(20), nullable=False),
        sa.Column("key_id", sa.String(36), nullable=True),
        sa.Column("new_key_id", sa.String(36), nullable=True),
        sa.Column("since", _MOMENT, nullable=True),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("asked_by", sa.String(36), nullable=True),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("done_at", _MOMENT, nullable=True),
        sa.Column("problem", sa.String(500), nullable=True),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["key_id"], ["signing_key.id"]),
        sa.ForeignKeyConstraint(["new_key_id"], ["signing_key.id"]),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_key_change_organisation_id", "key_change", ["organisation_id"])
    op.create_table(
        "key_use",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("signing_key_id", sa.String(36), nullable=False),
        sa.Column("what", sa.String(20), nullable=False),
        sa.Column("about_id", sa.String(36), nullable=False),
        sa.Column("signatures", sa.Integer(), nullable=False),
        sa.Column("latest", _MOMENT, nullable=False),
        sa.Column("used_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["signing_key_id"], ["signing_key.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_key_use_signing_key_id", "key_use", ["signing_key_id"])
    op.create_table(
        "key_probe",
        sa.Column("signing_key_id", sa.String(36), nullable=False),
        sa.Column("probed_at", _MOMENT, nullable=False),
        sa.Column("problem", sa.String(500), nullable=True),
        sa.ForeignKeyConstraint(["signing_key_id"], ["signing_key.id"]),
        sa.PrimaryKeyConstraint("signing_key_id"),
    )


def downgrade() -> None:
    op.drop_table("key_probe")
    op.drop_index("ix_key_use_signing_key_id", "key_use")
    op.drop_table("key_use")
    op.drop_index("ix_key_change_organisation_id", "key_change")
    op.drop_table("key_change")
    with op.batch_alter_table("credential") as table:
        table.drop_constraint("credential_key_id_fkey", type_="foreignkey")
        table.drop_constraint("credential_jwt_key_id_fkey", type_="foreignkey")
        table.drop_column("jwt_key_id")
        table.drop_column("key_id")
    op.drop_index("signing_key_in_use", "signing_key")
    with op.batch_alter_table("signing_key") as table:
        table.drop_constraint("signing_key_organisation_id_purpose_number_key", type_="unique")
        table.alter_column("encrypted_secret", existing_type=sa.LargeBinary(), nullable=False)
        for name in ("compromised_since", "retired_at", "label", "store", "number"):
            table.drop_column(name)
