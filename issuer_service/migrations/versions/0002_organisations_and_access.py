"""Access: keys instead of tokens, identities, sessions; who publishes a ULO; kept answers"""

from __future__ import annotations

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# What the roles could do with a token before there were scopes.
_SCOPES = {
    "teacher": ["awards:approve", "awards:read", "credentials:revoke", "keys", "results:write"],
    "administrator": ["awards:read", "credentials:revoke", "keys"],
}
_LONG = sa.DateTime(timezone=True)


def upgrade() -> None:
    api_key = op.create_table(
        "api_key",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("key_sha256", sa.String(64), nullable=False),
        sa.Column("membership_id", sa.String(36), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("created_by", sa.String(36), nullable=True),
        sa.Column("created_at", _LONG, nullable=False),
        sa.Column("expires_at", _LONG, nullable=False),
        sa.Column("last_used_at", _LONG, nullable=True),
        sa.Column("revoked_at", _LONG, nullable=True),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"]),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key_sha256"),
    )
    op.create_index("ix_api_key_membership_id", "api_key", ["membership_id"])
    token = sa.table(
        "access_token", sa.column("token_sha256"), sa.column("membership_id"), sa.column("expires_at", _LONG)
    )
    member = sa.table("membership", sa.column("id"), sa.column("role"))
    rows = op.get_bind().execute(
        sa.select(token.c.token_sha256, token.c.membership_id, token.c.expires_at, member.c.role).join(
            member, member.c.id == token.c.membership_id
        )
    )
    moved = [
        {
            "id": str(uuid4()),
            "key_sha256": row.token_sha256,
            "membership_id": row.membership_id,
            "name": "token",
            "scopes": _SCOPES.get(row.role, ["keys"]),
            "created_at": row.expires_at,
            "expires_at": row.expires_at,
        }
        for row in rows
    ]
    if moved:
        op.bulk_insert(api_key, moved)
    op.drop_table("access_token")
    op.create_table(
        "external_identity",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("issuer", sa.String(300), nullable=False),
        sa.Column("subject", sa.String(300), nullable=False),
        sa.Column("person_id", sa.String(36), nullable=False),
        sa.Column("linked_at", _LONG, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("issuer", "subject", "person_id"),
    )
    op.create_table(
        "web_session",
        sa.Column("token_sha256", sa.String(64), nullable=False),
        sa.Column("person_id", sa.String(36), nullable=False),
        sa.Column("organisation_id", sa.String(36), nullable=False),
        sa.Column("expires_at", _LONG, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        sa.PrimaryKeyConstraint("token_sha256"),
    )
    op.create_table(
        "login_link",
        sa.Column("token_sha256", sa.String(64), nullable=False),
        sa.Column("person_id", sa.String(36), nullable=False),
        sa.Column("expires_at", _LONG, nullable=False),
        sa.Column("used_at", _LONG, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("token_sha256"),
    )
    op.create_table(
        "kept_answer",
        sa.Column("organisation_id", sa.String(36), nullable=False),
        sa.Column("person_id", sa.String(36), nullable=False),
        sa.Column("request_key", sa.String(100), nullable=False),
        sa.Column("request_sha256", sa.String(64), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", _LONG, nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("organisation_id", "person_id", "request_key"),
    )
    op.create_index("ix_person_email", "person", ["email"])
    op.create_index("ix_membership_organisation_id", "membership", ["organisation_id"])
    with op.batch_alter_table("ulo_version") as batch:
        batch.add_column(sa.Column("publisher_id", sa.String(36), nullable=True))
        batch.create_foreign_key("fk_ulo_version_publisher", "organisation", ["publisher_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("ulo_version") as batch:
        batch.drop_constraint("fk_ulo_version_publisher", type_="foreignkey")
        batch.drop_column("publisher_id")
    op.drop_index("ix_membership_organisation_id", "membership")
    op.drop_index("ix_person_email", "person")
    op.create_table(
        "access_token",
        sa.Column("token_sha256", sa.String(64), nullable=False),
        sa.Column("membership_id", sa.String(36), nullable=False),
        sa.Column("expires_at", _LONG, nullable=False),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"]),
        sa.PrimaryKeyConstraint("token_sha256"),
    )
    for table in ("kept_answer", "login_link", "web_session", "external_identity"):
        op.drop_table(table)
    op.drop_index("ix_api_key_membership_id", "api_key")
    op.drop_table("api_key")
