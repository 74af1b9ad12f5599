"""How the story is told: what is printed, how the service is called, and what the command line says of a badge."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import quote

from fastapi.testclient import TestClient

from issuer_service.demo.setting import Setting
from openbadges_kit.documents import parse_json_object

__all__ = [
    "NOT_VALID",
    "VALID",
    "StoryFailed",
    "call",
    "expect",
    "publish_for_offline_use",
    "step",
    "verify",
    "wait",
]

T = TypeVar("T")
_PATIENCE_SECONDS: Final = 60
VALID, NOT_VALID = 0, 1


class StoryFailed(Exception):
    """A step did not go as it should; the demonstration ends with its reason."""


def step(number: int, title: str, *lines: str) -> None:
    """Print a chapter's title and what happened in it."""
    print(f"\n{number}. {title}")
    for line in lines:
        print(f"   {line}")


def call(http: TestClient, method: str, path: str, body: Any = None, *, token: str | None = None) -> Any:  # JSON
    """Call the API. Raises StoryFailed for a refusal."""
    headers = None if token is None else {"Authorization": f"Bearer {token}"}
    answer = http.request(method, path, json=body, headers=headers)
    if answer.is_error:
        raise StoryFailed(f"{method} {path} was answered {answer.status_code}: {json.dumps(answer.json())}")
    return answer.json()


def wait(condition: Callable[[], T]) -> T:
    """What `condition` gives once it is true; the jobs take a moment. Raises StoryFailed when it stays untrue."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not (found := condition()):
        if time.monotonic() > deadline:
            raise StoryFailed(f"a job was not done within {_PATIENCE_SECONDS} seconds")
        time.sleep(0.1)
    return found


def publish_for_offline_use(http: TestClient, setting: Setting, folder: Path, badge: bytes) -> None:
    """What a verifier needs besides the badge, as the files that stand in for the network."""
    list_url = parse_json_object(badge)["credentialStatus"]["statusListCredential"]
    wanted = {
        folder
        / "did-documents"
        / f"{quote(setting.issuer_did, safe='')}.json": f"/issuers/{setting.issuer_slug}/did.json",
        folder / "documents" / f"{quote(list_url, safe='')}.json": list_url[list_url.index("/status/") :],
    }
    for file, path in wanted.items():
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(http.get(path).content)


def verify(folder: Path, badge: str = "badge.png", *, lines: int | None = None) -> int:
    """Run the command line on a badge, and print what it says, or only its first lines. Gives its exit status."""
    arguments = ["verify", badge, "--did-documents", "did-documents", "--documents", "documents"]
    print(f"\n   $ cd {folder.name} && openbadges {' '.join(arguments)}")
    done = subprocess.run(  # noqa: S603  # our own command line, with our own arguments
        [sys.executable, "-m", "openbadges_kit", *arguments],
        cwd=folder,
        env=_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    for line in (done.stdout + done.stderr).splitlines()[:lines]:
        print(f"   {line}")
    print(f"   (exit status {done.returncode})")
    return done.returncode


def expect(found: int, expected: int) -> None:
    """Raise StoryFailed where verification ended otherwise."""
    if found != expected:
        raise StoryFailed(f"verification should have ended with exit status {expected}, not {found}")


def _environment() -> dict[str, str]:
    # From a bare checkout the package is importable from its own folder only.
    root = str(Path(__file__).resolve().parent.parent.parent)
    return {**os.environ, "PYTHONPATH": os.pathsep.join([root, os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)}
