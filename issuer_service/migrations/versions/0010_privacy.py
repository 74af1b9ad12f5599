"""Consents, erasures, how long things are kept, and who is not of age"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "consent",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("organisation_id", sa.String(36), nullable=False),
        sa.Column("person_id", sa.String(36), nullable=False),
        sa.Column("purpose", sa.String(30), nullable=False),
        sa.Column("recipient", sa.String(200), nullable=False),
        sa.Column("wording", sa.String(100), nullable=False),
        sa.Column("given_by", sa.String(10), nullable=False),
        sa.Column("given_at", _MOMENT, nullable=False),
        sa.Column("recorded_by", sa.String(36), nullable=False),
        sa.Column("withdrawn_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("consent_person", "consent", ["person_id", "purpose"])
    op.create_table(
        "erasure",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("organisation_id", sa.String(36), nullable=False),
        sa.Column("person_id", sa.String(36), nullable=False),
        sa.Column("requested_by", sa.String(36), nullable=True),
        sa.Column("erased_at", _MOMENT, nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("organisation_id", "person_id"),
    )
    op.create_table(
        "retention_setting",
        sa.Column("organisation_id", sa.String(36), nullable=False),
        sa.Column("data_class", sa.String(30), nullable=False),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        sa.PrimaryKeyConstraint("organisation_id", "data_class"),
    )
    op.add_column("person", sa.Column("age_group", sa.String(10), nullable=True))
    op.add_column("person", sa.Column("erased_at", _MOMENT, nullable=True))
    op.add_column("membership", sa.Column("ended_at", _MOMENT, nullable=True))
    op.add_column("credential", sa.Column("erased_at", _MOMENT, nullable=True))
    # Whoever is erased is found by it: without it every award would be read.
    op.create_index("award_person", "award", ["person_id"])


def downgrade() -> None:
    op.drop_index("award_person", "award")
    op.drop_column("credential", "erased_at")
    op.drop_column("membership", "ended_at")
    op.drop_column("person", "erased_at")
    op.drop_column("person", "age_group")
    op.drop_table("retention_setting")
    op.drop_table("erasure")
    op.drop_index("consent_person", "consent")
    op.drop_table("consent")
