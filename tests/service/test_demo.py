"""`make demo` tells the whole story, and `make serve` has something to show afterwards."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.request
from http.client import HTTPConnection
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PORT = 8731


def run(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "ISSUER_SERVICE_BASE_URL": f"http://127.0.0.1:{PORT}",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "issuer_service", *arguments],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def answers(path: str) -> int:
    connection = HTTPConnection("127.0.0.1", PORT, timeout=10)
    try:
        connection.request("GET", path, headers={"Accept": "text/html"})
        return connection.getresponse().status
    finally:
        connection.close()


def test_the_demo_ends_well_and_leaves_something_to_look_at(tmp_path: Path) -> None:
    with run(tmp_path, "demo") as demo:
        told, _ = demo.communicate(timeout=120)
    assert demo.returncode == 0, told
    assert "This badge is valid." in told
    assert "This badge is not valid." in told
    assert "The issuer has revoked this badge." in told
    left = {path.name for path in (tmp_path / "demo-output").iterdir()}
    assert {"badge.json", "badge.jwt", "badge.png", "did-documents", "documents"} <= left
    # A second time it makes room for itself, and for nothing that it did not make.
    (tmp_path / "demo-output" / "demo.json").rename(tmp_path / "demo.json")
    with run(tmp_path, "demo") as again:
        refused, _ = again.communicate(timeout=120)
    assert again.returncode == 1
    assert "was not made by the demo" in refused
    (tmp_path / "demo.json").rename(tmp_path / "demo-output" / "demo.json")
    with run(tmp_path, "serve", "--demo") as serving:
        try:
            wait_until_served()
            assert answers("/") == answers("/verify") == answers("/documentation") == 200
        finally:
            serving.terminate()


def wait_until_served() -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{PORT}/openapi.json", timeout=5).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    pytest.fail("the service did not answer within a minute")
