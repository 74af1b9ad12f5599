"""Messages become notices: of an organisation, for a round, with where they stand on their way to whom they are for"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_WAITING = sa.text("state = 'waiting'")
# What was there before, in the order of both tables.
_KEPT = "id, person_id, purpose, about_id, subject, body, written_at"


def upgrade() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("organisation_id", sa.String(36), nullable=False),
        sa.Column("person_id", sa.String(36), nullable=False),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("about_id", sa.String(36), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("calendar", sa.Text(), nullable=False),
        sa.Column("written_at", _MOMENT, nullable=False),
        sa.Column("until", _MOMENT, nullable=True),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_tried_at", _MOMENT, nullable=True),
        sa.Column("last_outcome", sa.String(300), nullable=True),
        sa.Column("sent_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("person_id", "purpose", "about_id", "round"),
    )
    # A person is known to one organisation. What was written waited for nobody to send it: it is kept as dropped, so
    # that a mail server that is set up later does not send what people read elsewhere long ago.
    op.execute(
        f"INSERT INTO notice ({_KEPT}, organisation_id, round, language, calendar, state, due_at, attempts, "  # noqa: S608  # the names stand above
        "last_outcome) "
        f"SELECT {', '.join(f'm.{one}' for one in _KEPT.split(', '))}, owner.organisation_id, 0, person.language, '', "
        "'dropped', m.written_at, 0, 'written before notices were sent' "
        "FROM outgoing_message m JOIN person ON person.id = m.person_id "
        "JOIN (SELECT person_id, min(organisation_id) AS organisation_id FROM membership GROUP BY person_id) owner "
        "ON owner.person_id = m.person_id"
    )
    op.drop_table("outgoing_message")
    op.create_index("notice_about", "notice", ["about_id"])
    op.create_index("notice_organisation", "notice", ["organisation_id", "written_at", "id"])
    op.create_index("notice_due", "notice", ["due_at"], sqlite_where=_WAITING, postgresql_where=_WAITING)


def downgrade() -> None:
    op.create_table(
        "outgoing_message",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("person_id", sa.String(36), nullable=False),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("about_id", sa.String(36), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("written_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("person_id", "purpose", "about_id"),
    )
    op.execute(f"INSERT INTO outgoing_message ({_KEPT}) SELECT {_KEPT} FROM notice WHERE round = 0")  # noqa: S608  # the names stand above
    op.drop_table("notice")
