"""The schema, brought to the version of this code by Alembic."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

__all__ = ["alembic_config", "migrate", "versions"]


def migrate(engine: Engine, *, to: str = "head") -> None:
    """Bring the database to a version of the schema, the newest; on one that has it, nothing happens.

    Raises RuntimeError, and changes nothing, when rows would be left that refer to nothing.
    """
    config = alembic_config()
    with engine.connect() as connection:
        sqlite = engine.dialect.name == "sqlite"
        if sqlite:
            # SQLite changes a table by making it anew. The rows that refer to it must not stand in the way, and the
            # switch does nothing within a transaction.
            connection.execute(text("PRAGMA foreign_keys=OFF"))
            connection.commit()
        try:
            with connection.begin():
                if sqlite:
                    # Without this a crash in the middle would leave half a schema behind.
                    connection.execute(text("BEGIN IMMEDIATE"))
                config.attributes["connection"] = connection
                command.upgrade(config, to)
                if sqlite and (broken := connection.execute(text("PRAGMA foreign_key_check")).all()):
                    raise RuntimeError(f"{len(broken)} rows refer to nothing, the first in {broken[0][0]}")
        finally:
            if sqlite:
                connection.execute(text("PRAGMA foreign_keys=ON"))
                connection.commit()


def alembic_config() -> Config:
    """Where the migrations are."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).resolve().parent.parent / "migrations"))
    return config


def versions(engine: Engine) -> tuple[str | None, str]:
    """The version of the database's schema (None: it has none) and that of this code."""
    newest = ScriptDirectory.from_config(alembic_config()).get_current_head() or ""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision(), newest
