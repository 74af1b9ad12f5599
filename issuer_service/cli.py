"""`issuer-service`: install, serve, work, demo."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from pydantic import SecretStr, ValidationError

from issuer_service.administration.audit_commandline import add_audit_command, run_audit_command
from issuer_service.administration.commandline import COMMANDS as ACCESS_COMMANDS
from issuer_service.administration.commandline import add_commands as add_access_commands
from issuer_service.administration.commandline import is_for_this_machine, local_login_link
from issuer_service.administration.commandline import run as run_access_command
from issuer_service.administration.key_commands import add_key_commands, run_key_command
from issuer_service.bootstrap import install, open_installation
from issuer_service.bulk.commandline import add_bulk_command, run_bulk_command
from issuer_service.clock import os_randomness
from issuer_service.demo.story import tell
from issuer_service.demo.telling import StoryFailed
from issuer_service.demo.visiting import router as visiting
from issuer_service.errors import ServiceError
from issuer_service.installation import Installation
from issuer_service.main import serve
from issuer_service.operations.backup import add_backup_commands, run_after_restore, run_backup
from issuer_service.operations.doctor import add_doctor_command, run_doctor
from issuer_service.operations.logs import set_up_logs
from issuer_service.privacy.commandline import add_privacy_command, run_privacy_command
from issuer_service.settings import Settings
from issuer_service.worker import work

__all__ = ["build_parser", "main"]

DONE, FAILED, WRONG_USAGE = 0, 1, 2
_DEMO_FOLDER: Final = Path("demo-output")
_DEMO_MARK: Final = "demo.json"


def build_parser() -> argparse.ArgumentParser:
    """What the command line takes."""
    parser = argparse.ArgumentParser(prog="issuer-service", description="Issues Open Badges 3.0.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("install", help="make or update the tables of the database")
    commands.add_parser("demo", help=f"show the main job and both workflows from end to end, in {_DEMO_FOLDER}/")
    serving = commands.add_parser("serve", help="serve the pages and the API, and do the jobs")
    serving.add_argument("--demo", action="store_true", help=f"serve what the demo left in {_DEMO_FOLDER}/")
    serving.add_argument("--without-jobs", action="store_true", help="leave the jobs to `issuer-service worker`")
    add_access_commands(commands)
    add_bulk_command(commands)
    add_key_commands(commands)
    add_doctor_command(commands)
    add_backup_commands(commands)
    add_audit_command(commands)
    add_privacy_command(commands)
    commands.add_parser("worker", help="do the jobs; start as many as you like, on as many hosts")
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run the command line. 0 done, 1 failed, 2 wrong usage."""
    chosen = build_parser().parse_args(arguments)
    set_up_logs()
    try:
        return _COMMANDS[chosen.command](chosen)
    except ValidationError as error:
        for item in error.errors():
            # What is amiss between several of them has no name of its own.
            names = "".join(f"ISSUER_SERVICE_{str(name).upper()}: " for name in item["loc"][:1])
            print(f"{names}{item['msg']}", file=sys.stderr)
        return WRONG_USAGE
    except (StoryFailed, ServiceError, FileNotFoundError, FileExistsError) as error:
        print(error, file=sys.stderr)
        return FAILED


def _serve(chosen: argparse.Namespace) -> int:
    installation = _demo_installation() if chosen.demo else open_installation(Settings())
    print(f"Serving at {installation.base_url}/ (Ctrl-C ends it)", flush=True)
    with_jobs = not chosen.without_jobs
    if chosen.demo and is_for_this_machine(installation):
        print("Its first page says what to try, and as whom.", flush=True)
        # What an earlier version told is served by a later one.
        install(installation)
        serve(installation, with_jobs=with_jobs, before=[visiting])
        return DONE
    if (link := local_login_link(installation)) is not None:
        print(f"Sign in, once and within a quarter of an hour: {link}", flush=True)
    serve(installation, with_jobs=with_jobs)
    return DONE


def _install(_: argparse.Namespace) -> int:
    install(open_installation(Settings()))
    return DONE


def _work(_: argparse.Namespace) -> int:
    work(open_installation(Settings()))
    return DONE


def _access(chosen: argparse.Namespace) -> int:
    print(run_access_command(chosen, open_installation(Settings())))
    return DONE


def _keys(chosen: argparse.Namespace) -> int:
    print(run_key_command(chosen, open_installation(Settings())))
    return DONE


def _backup(chosen: argparse.Namespace) -> int:
    print(run_backup(chosen, open_installation(Settings())))
    return DONE


def _after_restore(chosen: argparse.Namespace) -> int:
    print(run_after_restore(chosen, open_installation(Settings())))
    return DONE


def _doctor(_: argparse.Namespace) -> int:
    told, status = run_doctor(open_installation(Settings()))
    print(told)
    return status


def _audit(chosen: argparse.Namespace) -> int:
    return run_audit_command(chosen, open_installation(Settings()))


def _privacy(chosen: argparse.Namespace) -> int:
    run_privacy_command(chosen, open_installation(Settings()))
    return DONE


def _demo(_: argparse.Namespace) -> int:
    if _DEMO_FOLDER.exists():
        if not (_DEMO_FOLDER / _DEMO_MARK).is_file():
            raise FileExistsError(f"{_DEMO_FOLDER}/ was not made by the demo; move it out of the way")
        shutil.rmtree(_DEMO_FOLDER)
    _DEMO_FOLDER.mkdir()
    secret = _DEMO_FOLDER / "secret"
    secret.touch(mode=0o600)
    secret.write_text(os_randomness(24).hex())
    # The address goes into the badges, so serving later must be at the same one.
    base_url = Settings(secret=SecretStr(secret.read_text())).base_url
    (_DEMO_FOLDER / _DEMO_MARK).write_text(json.dumps({"base_url": base_url}) + "\n")
    tell(_demo_installation(), _DEMO_FOLDER)
    return DONE


def _demo_installation() -> Installation:
    if not (_DEMO_FOLDER / _DEMO_MARK).is_file():
        raise FileNotFoundError("there is nothing to serve yet: run `make demo` first")
    known = json.loads((_DEMO_FOLDER / _DEMO_MARK).read_bytes())
    settings = Settings(
        database_url=f"sqlite:///{_DEMO_FOLDER}/service.sqlite",
        base_url=known["base_url"],
        secret=SecretStr((_DEMO_FOLDER / "secret").read_text()),
    )
    return open_installation(settings)


_COMMANDS: Final[Mapping[str, Callable[[argparse.Namespace], int]]] = MappingProxyType(
    {
        "install": _install,
        "demo": _demo,
        "serve": _serve,
        "worker": _work,
        "bulk": run_bulk_command,
        "keys": _keys,
        "doctor": _doctor,
        "backup": _backup,
        "after-restore": _after_restore,
        "audit": _audit,
        "privacy": _privacy,
        **dict.fromkeys(ACCESS_COMMANDS, _access),
    }
)
