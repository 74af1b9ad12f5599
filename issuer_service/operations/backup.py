"""`issuer-service backup` and `after-restore`."""

from __future__ import annotations

import argparse
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from issuer_service.errors import Refused
from issuer_service.installation import Installation
from issuer_service.operations.restoring import after_restore
from issuer_service.status_lists.publications import Publications

__all__ = ["add_backup_commands", "back_up", "run_after_restore", "run_backup"]

_PAGES_AT_ONCE: Final = 1000


def add_backup_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Tell the command line of these commands."""
    backup = commands.add_parser("backup", help="copy the SQLite database, while it is in use; PostgreSQL has pg_dump")
    backup.add_argument("file", type=Path, help="where to; it must not be there yet")
    restoring = commands.add_parser(
        "after-restore", help="after a backup was put back: bring the database up to what is public"
    )
    restoring.add_argument(
        "folders", type=Path, nargs="*", help="folders of publications, beside ISSUER_SERVICE_PUBLICATION_FOLDER"
    )


def run_backup(chosen: argparse.Namespace, here: Installation) -> str:
    """Back the database up. Raises Refused."""
    back_up(here, chosen.file)
    return f"{chosen.file} is a copy of the database of {here.now().isoformat()}; keep the secrets apart from it"


def run_after_restore(chosen: argparse.Namespace, here: Installation) -> str:
    """Bring a restored database up to what is public; gives what was done. Raises Refused."""
    folders = [one for one in (here.settings.publication_folder, *chosen.folders) if one is not None]
    missing = [str(one) for one in folders if not one.is_dir()]
    if missing:
        raise Refused(f"there is no folder {', '.join(missing)}", field="folders")
    return str(after_restore(here, [Publications(one) for one in folders]))


def back_up(here: Installation, file: Path) -> None:
    """Copy a SQLite database by its online backup, whole, while others write. Raises Refused."""
    name = here.engine.url.database
    if here.engine.dialect.name != "sqlite" or name is None:
        raise Refused("this is for SQLite; back PostgreSQL up with: pg_dump --format=custom --file=FILE DATABASE")
    if file.exists():
        raise Refused(f"{file} is there already", field="file")
    with closing(sqlite3.connect(name)) as source, closing(sqlite3.connect(file)) as target:
        source.backup(target, pages=_PAGES_AT_ONCE)
