"""The schema, brought to the version of this code by Alembic."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, text

__all__ = ["migrate"]


def migrate(engine: Engine) -> None:
    """Bring the database to the newest schema; on one that has it, nothing happens."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).resolve().parent.parent / "migrations"))
    with engine.connect() as connection, connection.begin():
        if engine.dialect.name == "sqlite":
            # Without this a crash in the middle would leave half a schema behind.
            connection.execute(text("BEGIN IMMEDIATE"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
