"""Chromium, where there is one, spoken to over a pipe: no port is opened and nothing is fetched."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Final

__all__ = ["CHROMIUM", "Browser", "browser"]

CHROMIUM: Final = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_SWITCHES: Final = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--remote-debugging-pipe",
)
# The browser reads from its descriptor 3 and writes to 4; ours are others, and might be each other's.
_BEGIN: Final = """
import fcntl, os, sys
ends = [fcntl.fcntl(int(one), fcntl.F_DUPFD, 10) for one in sys.argv[1:3]]
for end, theirs in zip(ends, (3, 4)):
    os.dup2(end, theirs)
os.execv(sys.argv[3], sys.argv[3:])
"""
_PHONE: Final = 390


class Browser:
    """One page of one browser, https://chromedevtools.github.io/devtools-protocol/"""

    def __init__(self, to: int, from_: int) -> None:
        self._to, self._from = to, from_
        self._whole: deque[bytes] = deque()
        self._partly: list[bytes] = []
        self._numbers = count(1)
        self._session: str | None = None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.call("Page.enable")
        self.call("Accessibility.enable")

    def call(self, method: str, **parameters: Any) -> Any:  # JSON
        """Call the browser and wait for its answer. Raises RuntimeError for a refusal."""
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": parameters}
        if self._session is not None:
            message["sessionId"] = self._session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while (answer := self._next()).get("id") != number:
            pass
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        return answer["result"]

    def open(self, file: Path, *, width: int = _PHONE, height: int = 900, media: str = "", dark: bool = False) -> None:
        """Show a file in a window of this size; `media` is "print" for what comes out of a printer."""
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", media=media, features=[scheme])
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.call("Page.navigate", url=file.as_uri())
        while self._next().get("method") != "Page.loadEventFired":
            pass

    def value(self, expression: str) -> Any:  # JSON
        """What an expression is in the page."""
        return self.call("Runtime.evaluate", expression=expression, returnByValue=True)["result"].get("value")

    def heard(self) -> list[tuple[str, str]]:
        """The page as assistive technology has it: role and name of each node that is not ignored, in order."""
        nodes = self.call("Accessibility.getFullAXTree")["nodes"]
        return [
            (one["role"]["value"], one.get("name", {}).get("value", ""))
            for one in nodes
            if not one.get("ignored") and "role" in one
        ]

    def picture(self) -> bytes:
        """A PNG of the whole page, for eyes."""
        shot = self.call("Page.captureScreenshot", captureBeyondViewport=True)
        return base64.b64decode(shot["data"])

    def _next(self) -> dict[str, Any]:
        while not self._whole:
            piece = os.read(self._from, 1 << 20)
            if not piece:
                raise RuntimeError("the browser has gone")
            first, *others = piece.split(b"\0")
            self._partly.append(first)
            for other in others:
                self._whole.append(b"".join(self._partly))
                self._partly = [other]
        message: dict[str, Any] = json.loads(self._whole.popleft())
        return message


@contextmanager
def browser(profile: Path) -> Iterator[Browser]:
    """A browser with a profile of its own in this folder, ended afterwards."""
    assert CHROMIUM is not None
    their_in, our_out = os.pipe()
    our_in, their_out = os.pipe()
    process = subprocess.Popen(
        [
            sys.executable,
            "-I",
            "-c",
            _BEGIN,
            str(their_in),
            str(their_out),
            CHROMIUM,
            *_SWITCHES,
            f"--user-data-dir={profile}",
        ],
        pass_fds=(their_in, their_out),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(their_in)
    os.close(their_out)
    try:
        yield Browser(our_out, our_in)
    finally:
        # Asked to end it takes seconds to put away a profile that nobody wants.
        process.kill()
        process.wait(10)
        os.close(our_out)
        os.close(our_in)
