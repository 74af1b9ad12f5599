"""`make demo` tells the whole story, and `make serve` has something to show afterwards."""

from __future__ import annotations

import os
import re
import signal
import threading
import time
from collections.abc import Mapping
from email.message import Message
from http.client import HTTPConnection
from pathlib import Path
from types import MappingProxyType

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
    # A newcomer is whom they choose, and finds something to do in both workflows; from another site nobody is.
    assert "Beoordeel een module" in visitor.work
    assert "De proef op je eigen vloer" in visitor.work
    assert visitor.refused == 403


class Visitor(threading.Thread):
    """Looks at some pages once there is somebody to show them, and then ends the service as Ctrl-C does."""

    def __init__(self, paths: list[str]) -> None:
        super().__init__()
        self.paths = paths
        self.answered: dict[str, int] = {}
        self.work, self.refused = "", 0

    def run(self) -> None:
        try:
            self._wait()
            self.answered = {path: self._call("GET", path)[0] for path in self.paths}
            dana = re.search(r'value="([0-9a-f-]{36})" class="quiet">Dana Docent', self._call("GET", "/")[2])
            assert dana is not None
            form = f"person_id={dana.group(1)}"
            self.refused = self._call("POST", "/demo/sign-in", form, {"Host": "elsewhere.example"})[0]
            _, headers, _ = self._call("POST", "/demo/sign-in", form)
            self.work = self._call("GET", "/work", headers={"Cookie": headers["set-cookie"].partition(";")[0]})[2]
        finally:
            os.kill(os.getpid(), signal.SIGINT)

    def _wait(self) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            try:
                self._call("GET", "/openapi.json")
            except OSError:
                time.sleep(0.05)
            else:
                return

    def _call(
        self, method: str, path: str, form: str = "", headers: Mapping[str, str] = MappingProxyType({})
    ) -> tuple[int, Message, str]:
        """The status, the headers and the text of an answer."""
        connection = HTTPConnection("127.0.0.1", PORT, timeout=10)
        given = {"Accept": "text/html", "Accept-Language": "nl", **headers}
        if form:
            given["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, form or None, given)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read().decode()
        finally:
            connection.close()
