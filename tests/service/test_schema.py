"""The migrations make the tables that the code expects, and take them away again."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import inspect

import issuer_service
from issuer_service.persistence.columns import Table
from issuer_service.persistence.database import create_database_engine
from issuer_service.persistence.migration import migrate

pytestmark = pytest.mark.both_databases


def test_migrations_make_the_tables_that_the_code_expects(new_database_url: str) -> None:
    engine = create_database_engine(new_database_url)
    migrate(engine)
    migrate(engine)
    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), Table.metadata)
    engine.dispose()
    assert differences == []


def test_migrations_can_be_undone(new_database_url: str) -> None:
    engine = create_database_engine(new_database_url)
    migrate(engine)
    config = Config()
    config.set_main_option("script_location", str(Path(issuer_service.__file__).parent / "migrations"))
    with engine.connect() as connection, connection.begin():
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    assert inspect(engine).get_table_names() == ["alembic_version"]
    engine.dispose()
