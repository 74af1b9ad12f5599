"""`issuer-service privacy export|erase|retention`: for whoever has the machine itself."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TextIO

from sqlalchemy import select

from issuer_service.installation import Installation
from issuer_service.people.service import organisation_by_slug
from issuer_service.people.tables import Organisation
from issuer_service.privacy.erasure import Erased, OnlyARehearsal, erase
from issuer_service.privacy.export import export_person
from issuer_service.privacy.retention import expire, what_is_due

__all__ = ["add_privacy_command", "run_privacy_command"]


def add_privacy_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Tell the command line of it."""
    privacy = commands.add_parser("privacy", help="export or erase what is held on a person; what has had its time")
    actions = privacy.add_subparsers(dest="action", required=True)
    exporting = actions.add_parser("export", help="print everything that is held on a person, as JSON")
    erasing = actions.add_parser("erase", help="say what erasing a person would do; with --yes, do it")
    for one in (exporting, erasing):
        one.add_argument("--organisation", required=True, help="its name in addresses")
        one.add_argument("--person", required=True, help="their id")
    erasing.add_argument("--yes", action="store_true", help="erase them, for good")
    expiring = actions.add_parser("retention", help="list what has had its time; with --yes, take it now")
    expiring.add_argument("--yes", action="store_true", help="do what the job does every night")


def run_privacy_command(chosen: argparse.Namespace, installation: Installation, *, out: TextIO = sys.stdout) -> None:
    """Do it. Raises NotFound and Conflict, with a sentence that says what to do."""
    match chosen.action:
        case "export":
            with installation.transaction() as session:
                organisation_id = organisation_by_slug(session, chosen.organisation).id
                held = export_person(session, chosen.person, organisation_id=organisation_id)
            print(json.dumps(held, ensure_ascii=False, indent=2), file=out)
        case "erase":
            _print(_erase(chosen, installation), out, done=chosen.yes)
        case _ if chosen.yes:
            for data_class, count in expire(installation).items():
                print(f"{data_class}: {count}", file=out)
        case _:
            _list_due(installation, out)


def _erase(chosen: argparse.Namespace, installation: Installation) -> Erased:
    try:
        with installation.transaction() as session:
            done = erase(
                session,
                chosen.person,
                organisation_id=organisation_by_slug(session, chosen.organisation).id,
                requested_by=None,
                now=installation.now(),
                randomness=installation.randomness,
            )
            if not chosen.yes:
                raise OnlyARehearsal(done)
    except OnlyARehearsal as rehearsed:
        return rehearsed.erased
    return done


def _print(erased: Erased, out: TextIO, *, done: bool) -> None:
    for step in erased.steps:
        print(f"{step.table}: {step.rows} ({step.action})", file=out)
    print(f"erased at {erased.erased_at.isoformat()}" if done else "nothing was done: add --yes to do it", file=out)


def _list_due(installation: Installation, out: TextIO) -> None:
    with installation.reading() as session:
        for organisation in session.scalars(select(Organisation).order_by(Organisation.slug)):
            due = what_is_due(session, organisation.id, now=installation.now(), randomness=installation.randomness)
            for one in due:
                print(f"{organisation.slug}: {one.data_class}, older than {one.days} days: {one.count}", file=out)
                for identifier in one.ids:
                    print(f"  {identifier}", file=out)
