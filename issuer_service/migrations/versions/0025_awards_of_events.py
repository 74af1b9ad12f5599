"""What the awarding rules made of an event stands with the event, by line of the table"""

from __future__ import annotations

from collections import defaultdict

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_EVENTS = sa.table("workflow_event", sa.column("id"), sa.column("kind"), sa.column("awards", sa.JSON))
# The one line that an event of a kind had; of a completed programme there were two.
_LINES = {
    "ModulePassed": "module",
    "LearningCompleted": "certificate",
    "StationAttended": "attendance",
    "ComponentReached": "component",
    "StationOutcomeReached": "station",
    "UloReached": "ulo",
    "LineCompleted": "line",
}
_AWARDED = sa.text(
    "SELECT workflow_event.id, workflow_event.kind, award.id AS award_id, award.ulo_version_id, programme.settings"
    " FROM workflow_event JOIN award ON award.evidence_id = workflow_event.evidence_id"
    " JOIN enrolment ON enrolment.id = workflow_event.enrolment_id"
    " JOIN programme ON programme.id = enrolment.programme_id"
).columns(settings=sa.JSON)


def upgrade() -> None:
    op.create_index("workflow_event_enrolment", "workflow_event", ["enrolment_id"])
    op.add_column("workflow_event", sa.Column("awards", sa.JSON(), nullable=True))
    connection = op.get_bind()
    connection.execute(sa.update(_EVENTS).values(awards={}))
    known: dict[str, dict[str, str]] = defaultdict(dict)
    for row in connection.execute(_AWARDED):
        completes = row.ulo_version_id == (row.settings or {}).get("completion_ulo_version_id")
        line = _LINES.get(row.kind, "completion" if completes else "certificate")
        known[row.id][line] = row.award_id
    one = sa.update(_EVENTS).where(_EVENTS.c.id == sa.bindparam("event")).values(awards=sa.bindparam("made"))
    if known:
        connection.execute(one, [{"event": event, "made": made} for event, made in known.items()])
    with op.batch_alter_table("workflow_event") as table:
        table.alter_column("awards", existing_type=sa.JSON(), nullable=False)


def downgrade() -> None:
    op.drop_column("workflow_event", "awards")
    op.drop_index("workflow_event_enrolment", table_name="workflow_event")
