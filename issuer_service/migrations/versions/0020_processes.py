"""Processes: definitions, cases, who has a part in them, what they wait for, what happened; and more settings"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)

# What the working methods differ in, as it was when these settings came: a programme that was opened before then goes
# on as its method has it.
_KATAPULT: dict[str, Any] = {
    "target_groups": ["school_leavers", "professionals"],
    "application_channel": "form",
    "scan_personality_default": True,
    "company_training": "advised",
    "job_market_required": False,
    "company_agreement_required": False,
    "job_guarantee_offered": False,
    "coaching_required": False,
    "workshops_offered": False,
    "training_cost": "company_preferred",
    "assignment_required": False,
    "work_experience_required": False,
    "return_events_minimum": 1,
    "evaluation_required": False,
    "broker_must_be_neutral": True,
    "ld_developer_in_metroline": True,
    "commitment": "manifest",
    "first_phase": "activation_and_inspiration",
    "needs_by_interview": True,
    "canvas_required": False,
    "certificate_ulo_version_id": None,
    "completion_ulo_version_id": None,
}
_MHW: dict[str, Any] = {
    **_KATAPULT,
    "target_groups": ["professionals"],
    "application_channel": "portal",
    "company_training": "offered",
    "job_market_required": True,
    "company_agreement_required": True,
    "job_guarantee_offered": True,
    "coaching_required": True,
    "workshops_offered": True,
    "training_cost": "company",
    "work_experience_required": True,
    "evaluation_required": True,
    "broker_must_be_neutral": False,
    "ld_developer_in_metroline": False,
    "commitment": "covenant",
    "first_phase": "inspiration",
    "needs_by_interview": False,
    "canvas_required": True,
}


def _key(column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [to])


def upgrade() -> None:
    op.create_table(
        "process_definition",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("organisation_id", sa.String(36), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("published_at", _MOMENT, nullable=False),
        _key("organisation_id", "organisation.id"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("organisation_id", "name", "version"),
    )
    op.create_table(
        "process_case",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("organisation_id", sa.String(36), nullable=False),
        sa.Column("definition_id", sa.String(36), nullable=False),
        sa.Column("programme_id", sa.String(36), nullable=True),
        sa.Column("person_id", sa.String(36), nullable=True),
        sa.Column("enrolment_id", sa.String(36), nullable=True),
        sa.Column("about_id", sa.String(36), nullable=True),
        sa.Column("stage", sa.String(60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("began_at", _MOMENT, nullable=False),
        sa.Column("entered_at", _MOMENT, nullable=False),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.Column("outcome", sa.String(20), nullable=True),
        _key("organisation_id", "organisation.id"),
        _key("definition_id", "process_definition.id"),
        _key("programme_id", "programme.id"),
        _key("person_id", "person.id"),
        _key("enrolment_id", "enrolment.id"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("process_case_programme", "process_case", ["organisation_id", "programme_id", "stage", "id"])
    op.create_index("process_case_person", "process_case", ["person_id"])
    op.create_index("process_case_enrolment", "process_case", ["enrolment_id"])
    op.create_index("process_case_definition", "process_case", ["definition_id", "ended_at"])
    op.create_index("process_case_about", "process_case", ["about_id"])
    op.create_table(
        "case_party",
        sa.Column("case_id", sa.String(36), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("organisation_id", sa.String(36), nullable=False),
        sa.Column("person_id", sa.String(36), nullable=False),
        _key("case_id", "process_case.id"),
        _key("organisation_id", "organisation.id"),
        _key("person_id", "person.id"),
        sa.PrimaryKeyConstraint("case_id", "role"),
    )
    op.create_index("case_party_person", "case_party", ["person_id"])
    op.create_table(
        "case_task",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("organisation_id", sa.String(36), nullable=False),
        sa.Column("case_id", sa.String(36), nullable=False),
        sa.Column("what", sa.String(60), nullable=False),
        sa.Column("verb", sa.String(10), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("person_id", sa.String(36), nullable=True),
        sa.Column("due_at", _MOMENT, nullable=False),
        _key("organisation_id", "organisation.id"),
        _key("case_id", "process_case.id"),
        _key("person_id", "person.id"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("case_id", "what", "role"),
    )
    op.create_index("case_task_role", "case_task", ["organisation_id", "role", "due_at", "id"])
    op.create_index("case_task_person", "case_task", ["person_id", "due_at", "id"])
    op.create_table(
        "case_event",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("organisation_id", sa.String(36), nullable=False),
        sa.Column("case_id", sa.String(36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(10), nullable=False),
        sa.Column("what", sa.String(60), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("by_id", sa.String(36), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("to_stage", sa.String(60), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("confidential", sa.JSON(), nullable=False),
        sa.Column("cleared", sa.JSON(), nullable=False),
        sa.Column("tells", sa.JSON(), nullable=False),
        _key("organisation_id", "organisation.id"),
        _key("case_id", "process_case.id"),
        _key("by_id", "person.id"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("case_id", "number"),
    )
    op.create_index("case_event_by", "case_event", ["by_id"])
    # Asked for with every step of a case.
    op.create_index("module_programme", "module", ["programme_id"])
    _add_settings()


def downgrade() -> None:
    op.drop_index("module_programme", "module")
    for table in ("case_event", "case_task", "case_party", "process_case", "process_definition"):
        op.drop_table(table)
    _take_settings()


_PROGRAMME = sa.table(
    "programme", sa.column("id", sa.String), sa.column("preset", sa.String), sa.column("settings", sa.JSON)
)


def _add_settings() -> None:
    connection = op.get_bind()
    for row in connection.execute(sa.select(_PROGRAMME)).all():
        more = _MHW if row.preset == "mhw" else _KATAPULT
        _set(connection, row.id, {**more, **row.settings})


def _take_settings() -> None:
    connection = op.get_bind()
    for row in connection.execute(sa.select(_PROGRAMME)).all():
        _set(connection, row.id, {key: value for key, value in row.settings.items() if key not in _KATAPULT})


def _set(connection: sa.Connection, programme_id: str, settings: dict[str, Any]) -> None:
    connection.execute(sa.update(_PROGRAMME).where(_PROGRAMME.c.id == programme_id).values(settings=settings))
