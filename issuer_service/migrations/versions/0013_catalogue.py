"""Catalogues, qualifications, drafts and their validation; a version keeps its whole content and how it stands"""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID, uuid5

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_NAMESPACE = UUID("3b0a9c55-8d1c-4a63-9b43-5ad1f0a6ab10")
_PARTS = {
    "code": "Code",
    "verb": "Actie werkwoord(en)",
    "object": "Object van het werkwoord",
    "preposition": "Voorzetsel",
    "context": "Context",
    "conjugatedVerb": "Werkwoord vervoeging",
}
_VERSIONS = sa.table(
    "ulo_version",
    *(sa.column(name) for name in ("id", "qualification_slug", "number", "catalogue")),
    *(sa.column(name) for name in ("qualification", "publisher_id", "source")),
    sa.column("published_at", _MOMENT),
    sa.column("rows", sa.JSON),
    sa.column("content", sa.JSON),
    sa.column("validation", sa.JSON),
)
_CATALOGUES = sa.table(
    "catalogue",
    *(sa.column(name) for name in ("id", "publisher_id", "slug", "title", "language", "licence", "source")),
    sa.column("texts", sa.JSON),
    sa.column("is_example", sa.Boolean),
    sa.column("opened_at", _MOMENT),
)
_QUALIFICATIONS = sa.table(
    "qualification",
    *(sa.column(name) for name in ("id", "catalogue_id", "publisher_id", "slug", "title", "scheme")),
    sa.column("texts", sa.JSON),
    sa.column("opened_at", _MOMENT),
)


def upgrade() -> None:
    _make_tables()
    with op.batch_alter_table("ulo_version") as table:
        table.add_column(sa.Column("content", sa.JSON(), nullable=True))
        table.add_column(sa.Column("validation", sa.JSON(), nullable=True))
        table.add_column(sa.Column("status", sa.String(20), server_default="published", nullable=False))
        table.add_column(sa.Column("status_at", _MOMENT, nullable=True))
        table.add_column(sa.Column("status_reason", sa.String(500), server_default="", nullable=False))
        table.add_column(sa.Column("replaced_by_id", sa.String(36), nullable=True))
    _bring_forward()
    with op.batch_alter_table("ulo_version") as table:
        table.alter_column("content", existing_type=sa.JSON(), nullable=False)
        table.alter_column("validation", existing_type=sa.JSON(), nullable=False)
        table.alter_column("status", existing_type=sa.String(20), server_default=None)
        table.alter_column("status_reason", existing_type=sa.String(500), server_default=None)
        table.drop_column("rows")
        table.create_foreign_key("ulo_version_replaced_by_id_fkey", "ulo_version", ["replaced_by_id"], ["id"])


def _make_tables() -> None:
    op.create_table(
        "catalogue",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("publisher_id", sa.String(36), nullable=True),
        sa.Column("slug", sa.String(80), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(10), nullable=False),
        sa.Column("licence", sa.String(300), nullable=False),
        sa.Column("source", sa.String(500), nullable=False),
        sa.Column("is_example", sa.Boolean(), nullable=False),
        sa.Column("opened_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["publisher_id"], ["organisation.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("publisher_id", "slug"),
    )
    op.create_table(
        "qualification",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("catalogue_id", sa.String(36), nullable=False),
        sa.Column("publisher_id", sa.String(36), nullable=True),
        sa.Column("slug", sa.String(80), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("scheme", sa.String(300), nullable=False),
        sa.Column("opened_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["catalogue_id"], ["catalogue.id"]),
        sa.ForeignKeyConstraint(["publisher_id"], ["organisation.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("slug"),
    )
    op.create_index("ix_qualification_catalogue_id", "qualification", ["catalogue_id"])
    op.create_table(
        "ulo_draft",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("organisation_id", sa.String(36), nullable=False),
        sa.Column("qualification_id", sa.String(36), nullable=False),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("version", sa.String(20), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("source", sa.String(500), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("rubric", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("author_id", sa.String(36), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("changed_at", _MOMENT, nullable=False),
        sa.Column("submitted_at", _MOMENT, nullable=True),
        sa.Column("returned_because", sa.String(500), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["qualification_id"], ["qualification.id"]),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("qualification_id", "number", "version"),
    )
    op.create_index("ix_ulo_draft_organisation_id", "ulo_draft", ["organisation_id"])
    op.create_table(
        "ulo_validation",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("draft_id", sa.String(36), nullable=False),
        sa.Column("expert_id", sa.String(36), nullable=False),
        sa.Column("method", sa.String(20), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=False),
        sa.Column("notes", sa.String(2000), nullable=False),
        sa.Column("recorded_by", sa.String(36), nullable=False),
        sa.Column("recorded_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["ulo_draft.id"]),
        sa.ForeignKeyConstraint(["expert_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_ulo_validation_draft_id", "ulo_validation", ["draft_id"])
    op.create_table(
        "ulo_endorsement",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("ulo_version_id", sa.String(36), nullable=False),
        sa.Column("organisation_id", sa.String(36), nullable=False),
        sa.Column("comment", sa.String(500), nullable=False),
        sa.Column("requested_at", _MOMENT, nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=True),
        sa.Column("signed_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["ulo_version_id"], ["ulo_version.id"]),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("ulo_version_id", "organisation_id"),
    )
    op.create_table(
        "achievement_version",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("publisher_id", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("slug", sa.String(80), nullable=False),
        sa.Column("version", sa.String(20), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("published_at", _MOMENT, nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("status_at", _MOMENT, nullable=True),
        sa.Column("status_reason", sa.String(500), nullable=False),
        sa.ForeignKeyConstraint(["publisher_id"], ["organisation.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("slug", "version"),
    )


def _bring_forward() -> None:
    """What was published before gets its catalogue and its qualification, and its rows become its content."""
    connection = op.get_bind()
    made: set[str] = set()
    for row in connection.execute(sa.select(_VERSIONS).order_by(_VERSIONS.c.published_at)).all():
        content = {"components": [_component(one) for one in row.rows]} if isinstance(row.rows, list) else row.rows
        connection.execute(sa.update(_VERSIONS).where(_VERSIONS.c.id == row.id).values(content=content, validation=[]))
        catalogue_slug = _slug(row.catalogue) or "catalogue"
        catalogue_id = str(uuid5(_NAMESPACE, f"{row.publisher_id}|{catalogue_slug}"))
        qualification_id = str(uuid5(_NAMESPACE, row.qualification_slug))
        common = {"publisher_id": row.publisher_id, "texts": {}, "opened_at": row.published_at}
        if catalogue_id not in made:
            values = {"title": row.catalogue, "language": "nl", "licence": "", "source": row.source}
            connection.execute(
                sa.insert(_CATALOGUES).values(
                    id=catalogue_id, slug=catalogue_slug, is_example=False, **values, **common
                )
            )
        if qualification_id not in made:
            connection.execute(
                sa.insert(_QUALIFICATIONS).values(
                    id=qualification_id,
                    catalogue_id=catalogue_id,
                    slug=row.qualification_slug,
                    title=row.qualification,
                    scheme="",
                    **common,
                )
            )
        made |= {catalogue_id, qualification_id}


def _component(row: dict[str, Any]) -> dict[str, Any]:
    requirement = (row.get("Regeleisen (conform)") or "").strip()
    parts: dict[str, Any] = {name: (row.get(column) or "").strip() for name, column in _PARTS.items()}
    return {name: text for name, text in parts.items() if text} | (
        {"ruleRequirements": [requirement]} if requirement else {}
    )


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:80]


def downgrade() -> None:
    with op.batch_alter_table("ulo_version") as table:
        table.drop_constraint("ulo_version_replaced_by_id_fkey", type_="foreignkey")
        table.add_column(sa.Column("rows", sa.JSON(), nullable=True))
    connection = op.get_bind()
    for row in connection.execute(sa.select(_VERSIONS)).all():
        rows = [{"ULO": row.number, **_row(one)} for one in row.content.get("components", [])]
        connection.execute(sa.update(_VERSIONS).where(_VERSIONS.c.id == row.id).values(rows=rows))
    with op.batch_alter_table("ulo_version") as table:
        table.alter_column("rows", existing_type=sa.JSON(), nullable=False)
        for name in ("replaced_by_id", "status_reason", "status_at", "status", "validation", "content"):
            table.drop_column(name)
    for name in ("achievement_version", "ulo_endorsement", "ulo_validation", "ulo_draft", "qualification", "catalogue"):
        op.drop_table(name)


def _row(component: dict[str, Any]) -> dict[str, str]:
    requirements = component.get("ruleRequirements") or [""]
    return {column: component.get(name, "") for name, column in _PARTS.items()} | {
        "Regeleisen (conform)": requirements[0]
    }
