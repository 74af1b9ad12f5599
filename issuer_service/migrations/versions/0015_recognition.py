"""Requests for recognition: what was handed in, what it matches, what was decided; designations and the crosswalk"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def _id(name: str = "id", *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(36), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "crosswalk_entry",
        _id(),
        _id("organisation_id"),
        sa.Column("theirs", sa.String(2000), nullable=False),
        sa.Column("ours", sa.String(2000), nullable=False),
        sa.Column("match", sa.String(100), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        _id("added_by"),
        sa.Column("added_at", _MOMENT, nullable=False),
        _id("ended_by", nullable=True),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["added_by"], ["person.id"]),
        sa.ForeignKeyConstraint(["ended_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_crosswalk_entry_organisation_id", "crosswalk_entry", ["organisation_id"])
    op.create_table(
        "recognition_request",
        _id(),
        _id("organisation_id"),
        _id("person_id"),
        _id("criteria_id"),
        _id("subject_id"),
        _id("challenge"),
        _id("opened_by"),
        sa.Column("opened_at", _MOMENT, nullable=False),
        sa.Column("withdrawn_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["criteria_id"], ["criteria_version.id"]),
        sa.ForeignKeyConstraint(["opened_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_recognition_request_person_id", "recognition_request", ["person_id"])
    _handed_in()
    _decided()


def _handed_in() -> None:
    op.create_table(
        "handed_in",
        _id(),
        _id("request_id"),
        sa.Column("credential", sa.String(500), nullable=False),
        sa.Column("issuer", sa.String(2000), nullable=False),
        sa.Column("issuer_name", sa.String(300), nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("received", sa.LargeBinary(), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("about", sa.String(20), nullable=False),
        sa.Column("about_reason", sa.String(500), nullable=True),
        _id("confirmed_by", nullable=True),
        _id("handed_in_by"),
        sa.Column("handed_in_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["recognition_request.id"]),
        sa.ForeignKeyConstraint(["confirmed_by"], ["person.id"]),
        sa.ForeignKeyConstraint(["handed_in_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("request_id", "credential"),
    )
    op.create_table(
        "proof_match",
        _id(),
        _id("handed_in_id"),
        sa.Column("outcome", sa.String(2000), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("found_by", sa.String(2000), nullable=False),
        sa.Column("proof", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        _id("decided_by", nullable=True),
        sa.Column("decided_at", _MOMENT, nullable=True),
        sa.Column("reason", sa.String(500), nullable=True),
        sa.ForeignKeyConstraint(["handed_in_id"], ["handed_in.id"]),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("handed_in_id", "outcome"),
    )


def _decided() -> None:
    op.create_table(
        "recognition_decision",
        _id(),
        _id("request_id"),
        sa.Column("verdict", sa.String(20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("tree", sa.JSON(), nullable=False),
        _id("decided_by"),
        sa.Column("decided_at", _MOMENT, nullable=False),
        _id("award_id", nullable=True),
        _id("composite_award_id", nullable=True),
        sa.ForeignKeyConstraint(["request_id"], ["recognition_request.id"]),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"]),
        sa.ForeignKeyConstraint(["award_id"], ["award.id"]),
        sa.ForeignKeyConstraint(["composite_award_id"], ["award.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("request_id"),
    )
    op.create_table(
        "exemption",
        _id(),
        _id("decision_id"),
        _id("module_id", nullable=True),
        sa.Column("part", sa.String(300), nullable=False),
        sa.Column("outcomes", sa.JSON(), nullable=False),
        sa.Column("minutes_saved", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["recognition_decision.id"]),
        sa.ForeignKeyConstraint(["module_id"], ["module.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "designation",
        _id(),
        _id("organisation_id"),
        _id("person_id"),
        sa.Column("scheme", sa.String(2000), nullable=False),
        sa.Column("scheme_title", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(3), nullable=False),
        sa.Column("tasks", sa.JSON(), nullable=False),
        sa.Column("grounds", sa.JSON(), nullable=False),
        sa.Column("experience", sa.Text(), nullable=False),
        sa.Column("register_number", sa.String(100), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        _id("designated_by"),
        _id("designated_as", nullable=True),
        _id("decided_by"),
        sa.Column("decided_at", _MOMENT, nullable=False),
        _id("award_id", nullable=True),
        _id("ended_by", nullable=True),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.Column("ended_because", sa.String(500), nullable=True),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["designated_by"], ["person.id"]),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"]),
        sa.ForeignKeyConstraint(["award_id"], ["award.id"]),
        sa.ForeignKeyConstraint(["ended_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_designation_person_id", "designation", ["person_id"])


def downgrade() -> None:
    op.drop_index("ix_designation_person_id", "designation")
    for table in ("designation", "exemption", "recognition_decision", "proof_match", "handed_in"):
        op.drop_table(table)
    op.drop_index("ix_recognition_request_person_id", "recognition_request")
    op.drop_table("recognition_request")
    op.drop_index("ix_crosswalk_entry_organisation_id", "crosswalk_entry")
    op.drop_table("crosswalk_entry")
