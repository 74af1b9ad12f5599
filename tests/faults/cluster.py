"""A PostgreSQL of the tests' own, which they stop as roughly as they like; no other is touched."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_BIN = "POSTGRESQL_BIN"
_USUAL = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
# PostgreSQL refuses to run as root; who runs the tests as root lends it this user.
_USER = "postgres" if os.geteuid() == 0 else None


class Cluster:
    """One server in one folder."""

    def __init__(self, binaries: Path, folder: Path, port: int) -> None:
        self._binaries, self._folder, self.port = binaries, folder, port

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://faults@127.0.0.1:{self.port}/postgres"

    def create(self) -> None:
        self._run("initdb", "-D", str(self._folder / "data"), "-U", "faults", "-A", "trust", "-E", "UTF8")
        self.start()

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self._folder}"
        self._control("-w", "-l", str(self._folder / "log"), "-o", options, "start")

    def crash(self) -> None:
        """Stop at once, as when the power goes: nothing is written, nobody is told."""
        self._control("-m", "immediate", "stop")

    def _control(self, *arguments: str) -> None:
        self._run("pg_ctl", "-D", str(self._folder / "data"), *arguments)

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [str(self._binaries / program), *arguments],
            user=_USER,
            cwd=self._folder,
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
        )


@contextmanager
def private_cluster() -> Iterator[Cluster]:
    """A running server, gone afterwards. A stranger without PostgreSQL's programs skips; CI does not."""
    binaries = Path(os.environ[_BIN]) if _BIN in os.environ else next(iter(_USUAL), None)
    if binaries is None or not (binaries / "initdb").exists():
        message = f"no PostgreSQL programs found (set {_BIN})"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    # Not in pytest's own folder: that is closed to other users again whenever another run of pytest begins.
    folder = Path(tempfile.mkdtemp(prefix="faults-"))
    if _USER is not None:
        shutil.chown(folder, _USER)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    cluster = Cluster(binaries, folder, port)
    try:
        cluster.create()
        yield cluster
        cluster.crash()
    finally:
        shutil.rmtree(folder)
