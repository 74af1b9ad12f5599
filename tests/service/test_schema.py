"""The migrations make the tables that the code expects, and take them away again."""

from __future__ import annotations

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from issuer_service.persistence.columns import Table
from issuer_service.persistence.database import create_database_engine
from issuer_service.persistence.migration import alembic_config, migrate

pytestmark = pytest.mark.both_databases


def test_migrations_make_the_tables_that_the_code_expects_and_can_be_undone(new_database_url: str) -> None:
    engine = create_database_engine(new_database_url)
    migrate(engine)
    migrate(engine)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Table.metadata) == []
    config = alembic_config()
    with engine.connect() as connection, connection.begin():
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    assert inspect(engine).get_table_names() == ["alembic_version"]
    engine.dispose()
