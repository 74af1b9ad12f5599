"""Alembic's entry: runs migrations on the connection that `persistence.migration` gives it."""

from __future__ import annotations

from alembic import context

from issuer_service.persistence.columns import Table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    render_as_batch=True,
)
context.run_migrations()
