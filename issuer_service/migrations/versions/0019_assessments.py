"""Assessment plans, assessments and second looks; skills mappings, their units, and people's levels"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def _id(name: str = "id", *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(36), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "assessment_plan",
        _id(),
        _id("organisation_id"),
        sa.Column("slug", sa.String(80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        _id("ulo_version_id", nullable=True),
        _id("criteria_id", nullable=True),
        sa.Column("components", sa.JSON(), nullable=False),
        sa.Column("matrix", sa.JSON(), nullable=True),
        sa.Column("rubric", sa.JSON(), nullable=False),
        _id("written_by"),
        sa.Column("written_at", _MOMENT, nullable=False),
        _id("published_by", nullable=True),
        sa.Column("published_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["ulo_version_id"], ["ulo_version.id"]),
        sa.ForeignKeyConstraint(["criteria_id"], ["criteria_version.id"]),
        sa.ForeignKeyConstraint(["written_by"], ["person.id"]),
        sa.ForeignKeyConstraint(["published_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("organisation_id", "slug", "version"),
    )
    op.create_table(
        "assessment",
        _id(),
        _id("organisation_id"),
        _id("plan_id"),
        _id("person_id"),
        _id("subject_id"),
        _id("assessor_id"),
        sa.Column("self_assessed", sa.Boolean(), nullable=False),
        sa.Column("taken_at", _MOMENT, nullable=False),
        sa.Column("recorded_at", _MOMENT, nullable=False),
        *(
            sa.Column(name, sa.JSON(), nullable=False)
            for name in ("conditions", "scores", "levels", "outcome", "evidence")
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["plan_id"], ["assessment_plan.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["assessor_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_assessment_person_id", "assessment", ["person_id"])
    op.create_table(
        "assessment_review",
        _id(),
        _id("assessment_id"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("grounds", sa.Text(), nullable=False),
        _id("opened_by"),
        sa.Column("opened_at", _MOMENT, nullable=False),
        sa.Column("due_at", _MOMENT, nullable=True),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("changed", sa.Boolean(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        _id("decided_by", nullable=True),
        sa.Column("decided_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"]),
        sa.ForeignKeyConstraint(["opened_by"], ["person.id"]),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("assessment_id", "number"),
    )
    _skills()


def _skills() -> None:
    op.create_table(
        "skills_mapping",
        _id(),
        _id("organisation_id"),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("source", sa.String(500), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        _id("added_by"),
        sa.Column("added_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["added_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_skills_mapping_organisation_id", "skills_mapping", ["organisation_id"])
    op.create_table(
        "skills_unit",
        _id(),
        _id("mapping_id"),
        sa.Column("ulo", sa.String(2000), nullable=False),
        sa.Column("reaches", sa.JSON(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["mapping_id"], ["skills_mapping.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("mapping_id", "ulo"),
    )
    op.create_table(
        "skill_level",
        _id(),
        _id("mapping_id"),
        _id("person_id"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("specialism", sa.String(200), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("shown_by", sa.String(2000), nullable=False),
        _id("recorded_by"),
        sa.Column("recorded_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["mapping_id"], ["skills_mapping.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("person_id", "mapping_id", "number"),
    )


def downgrade() -> None:
    op.drop_table("skill_level")
    op.drop_table("skills_unit")
    op.drop_index("ix_skills_mapping_organisation_id", "skills_mapping")
    op.drop_table("skills_mapping")
    op.drop_table("assessment_review")
    op.drop_index("ix_assessment_person_id", "assessment")
    op.drop_table("assessment")
    op.drop_table("assessment_plan")
