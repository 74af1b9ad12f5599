"""Metrolines, their stations and runs, and who travels"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def _id(name: str = "id", *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(36), nullable=nullable)


def _text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=False)


def _to(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{table}.id"])


def upgrade() -> None:
    _lines()
    _stations()
    _people()


def _lines() -> None:
    op.create_table(
        "metroline",
        _id(),
        _id("organisation_id"),
        _id("programme_id"),
        _text("title", 200),
        sa.Column("outcomes", sa.JSON(), nullable=False),
        _id("badge_ulo_version_id", nullable=True),
        _text("stage", 30),
        sa.Column("iteration", sa.Integer(), nullable=False),
        sa.Column("opened_at", _MOMENT, nullable=False),
        _to("organisation", "organisation_id"),
        _to("programme", "programme_id"),
        _to("ulo_version", "badge_ulo_version_id"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_metroline_organisation_id", "metroline", ["organisation_id"])
    op.create_table(
        "metroline_canvas",
        _id(),
        _id("metroline_id"),
        sa.Column("number", sa.Integer(), nullable=False),
        _text("kind", 30),
        sa.Column("iteration", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        _id("written_by"),
        sa.Column("written_at", _MOMENT, nullable=False),
        _to("metroline", "metroline_id"),
        _to("person", "written_by"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("metroline_id", "number"),
    )
    op.create_table(
        "metroline_step",
        _id(),
        _id("metroline_id"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("iteration", sa.Integer(), nullable=False),
        _text("from_stage", 30),
        _text("to_stage", 30),
        _id("taken_by"),
        sa.Column("taken_at", _MOMENT, nullable=False),
        _to("metroline", "metroline_id"),
        _to("person", "taken_by"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("metroline_id", "number"),
    )


def _stations() -> None:
    op.create_table(
        "station",
        _id(),
        _id("organisation_id"),
        _text("title", 200),
        sa.Column("hours", sa.Float(), nullable=False),
        _text("work_form", 30),
        _text("provider", 200),
        sa.Column("outcomes", sa.JSON(), nullable=False),
        _id("badge_ulo_version_id", nullable=True),
        _to("organisation", "organisation_id"),
        _to("ulo_version", "badge_ulo_version_id"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_station_organisation_id", "station", ["organisation_id"])
    op.create_table(
        "line_stop",
        _id("metroline_id"),
        _id("station_id"),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("phase", sa.Integer(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("place", sa.JSON(), nullable=True),
        _to("metroline", "metroline_id"),
        _to("station", "station_id"),
        sa.PrimaryKeyConstraint("metroline_id", "station_id"),
        sa.UniqueConstraint("metroline_id", "position"),
    )
    op.create_index("line_stop_station", "line_stop", ["station_id"])
    op.create_table(
        "station_run",
        _id(),
        _id("organisation_id"),
        _id("station_id"),
        _text("state", 20),
        sa.Column("starts_at", _MOMENT, nullable=True),
        sa.Column("hours", sa.Float(), nullable=False),
        _text("location", 200),
        _text("provider", 200),
        sa.Column("capacity", sa.Integer(), nullable=False),
        _text("preparation", 2000),
        _text("materials", 2000),
        sa.Column("checked", sa.JSON(), nullable=False),
        _text("good", 2000),
        _text("improve", 2000),
        sa.Column("announced_at", _MOMENT, nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("changed_at", _MOMENT, nullable=False),
        _to("organisation", "organisation_id"),
        _to("station", "station_id"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_station_run_organisation_id", "station_run", ["organisation_id"])
    op.create_index("station_run_station", "station_run", ["station_id", "starts_at"])


def _people() -> None:
    op.create_table(
        "participation",
        _id(),
        _id("organisation_id"),
        _id("metroline_id"),
        _id("enrolment_id"),
        _text("company", 200),
        _text("state", 20),
        sa.Column("intake", sa.JSON(), nullable=False),
        sa.Column("evaluation", sa.JSON(), nullable=False),
        sa.Column("referral", sa.JSON(), nullable=False),
        sa.Column("registered_at", _MOMENT, nullable=False),
        _to("organisation", "organisation_id"),
        _to("metroline", "metroline_id"),
        _to("enrolment", "enrolment_id"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("metroline_id", "enrolment_id"),
    )
    op.create_index("ix_participation_organisation_id", "participation", ["organisation_id"])
    op.create_index("participation_enrolment", "participation", ["enrolment_id"])
    op.create_table(
        "attendance",
        _id(),
        _id("station_run_id"),
        _id("enrolment_id"),
        sa.Column("attended", sa.Boolean(), nullable=False),
        _id("recorded_by"),
        sa.Column("recorded_at", _MOMENT, nullable=False),
        _to("station_run", "station_run_id"),
        _to("enrolment", "enrolment_id"),
        _to("person", "recorded_by"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("station_run_id", "enrolment_id"),
    )
    op.create_index("attendance_enrolment", "attendance", ["enrolment_id"])
    op.create_table(
        "station_assessment",
        _id(),
        _id("organisation_id"),
        _id("station_id"),
        _id("station_run_id", nullable=True),
        _id("enrolment_id"),
        _id("assessor_id"),
        sa.Column("assessed_at", _MOMENT, nullable=False),
        sa.Column("levels", sa.JSON(), nullable=False),
        sa.Column("recognised", sa.Boolean(), nullable=False),
        _to("organisation", "organisation_id"),
        _to("station", "station_id"),
        _to("station_run", "station_run_id"),
        _to("enrolment", "enrolment_id"),
        _to("person", "assessor_id"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("station_assessment_enrolment", "station_assessment", ["enrolment_id"])
    op.create_index("station_assessment_run", "station_assessment", ["station_run_id"])
    op.create_table(
        "reached_outcome",
        _id(),
        _id("enrolment_id"),
        _text("kind", 12),
        _id("about_id"),
        _text("component", 20),
        _text("level", 100),
        _id("assessment_id"),
        sa.Column("reached_at", _MOMENT, nullable=False),
        _to("enrolment", "enrolment_id"),
        _to("station_assessment", "assessment_id"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("enrolment_id", "kind", "about_id", "component"),
    )
    op.create_index("ix_reached_outcome_assessment_id", "reached_outcome", ["assessment_id"])


def downgrade() -> None:
    for table in (
        "reached_outcome",
        "station_assessment",
        "attendance",
        "participation",
        "station_run",
        "line_stop",
        "station",
        "metroline_step",
        "metroline_canvas",
        "metroline",
    ):
        op.drop_table(table)
