"""`make demo` tells the whole story, and `make serve` has something to show afterwards."""

from __future__ import annotations

import os
import signal
import threading
import time
from http.client import HTTPConnection
from pathlib import Path

import pytest

from issuer_service.cli import DONE, FAILED, main

PORT = 8731
PATIENCE_SECONDS = 60


@pytest.mark.usefixtures("cheap_key_derivation")
def test_the_demo_ends_well_and_leaves_something_to_look_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ISSUER_SERVICE_BASE_URL", f"http://127.0.0.1:{PORT}")
    assert main(["demo"]) == DONE
    told = capsys.readouterr().out
    assert "This badge is not valid." in told
    assert "The issuer has revoked this badge." in told
    assert "0 of them were proved, and now 2 are." in told
    left = {path.name for path in (tmp_path / "demo-output").iterdir()}
    assert {"badge.json", "badge.jwt", "badge.png", "did-documents", "documents"} <= left
    # Both workflows end in badges, each of which was verified: by the service, and the last by the command line.
    assert {folder: told.count(f"{folder}/") for folder in ("candidate-path", "metroline")} == {
        "candidate-path": 4,
        "metroline": 8,
    }
    assert told.count("This badge is valid.") == 3
    # A second time it makes room for itself, and for nothing that it did not make.
    (tmp_path / "demo-output" / "demo.json").rename(tmp_path / "demo.json")
    assert main(["demo"]) == FAILED
    assert "was not made by the demo" in capsys.readouterr().err
    (tmp_path / "demo.json").rename(tmp_path / "demo-output" / "demo.json")
    visitor = Visitor(["/", "/verify", "/documentation", "/skills", "/catalogues"])
    visitor.start()
    assert main(["serve", "--demo"]) == DONE
    visitor.join()
    assert visitor.answered == dict.fromkeys(visitor.paths, 200)


class Visitor(threading.Thread):
    """Looks at some pages once there is somebody to show them, and then ends the service as Ctrl-C does."""

    def __init__(self, paths: list[str]) -> None:
        super().__init__()
        self.paths = paths
        self.answered: dict[str, int] = {}

    def run(self) -> None:
        try:
            self._wait()
            self.answered = {path: self._get(path) for path in self.paths}
        finally:
            os.kill(os.getpid(), signal.SIGINT)

    def _wait(self) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            try:
                self._get("/openapi.json")
            except OSError:
                time.sleep(0.05)
            else:
                return

    def _get(self, path: str) -> int:
        connection = HTTPConnection("127.0.0.1", PORT, timeout=10)
        try:
            connection.request("GET", path, headers={"Accept": "text/html"})
            return connection.getresponse().status
        finally:
            connection.close()
