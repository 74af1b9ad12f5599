"""The Node packages beside this file, when `make test` could install them; a clone without Node skips and says so."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

__all__ = ["node", "package_json", "run_node"]

HERE = Path(__file__).resolve().parent


def node() -> str:
    """The path of Node, when it and the packages are there; skips the test, or fails it in CI, when not."""
    executable = shutil.which("node")
    if executable is None:
        _do_without("Node is not installed")
    if not (HERE / "node_modules").is_dir():
        _do_without("tests/interop/node_modules is missing: run npm ci there, or make test")
    return str(executable)


def run_node(script: str, data: Any) -> Any:  # JSON in, JSON out
    """What a script beside this file answers to `data`."""
    result = subprocess.run(
        [node(), str(HERE / script)], input=json.dumps(data).encode(), capture_output=True, check=False, timeout=120
    )
    assert result.returncode == 0, result.stderr.decode()
    return json.loads(result.stdout)


def package_json(relative: str) -> Any:  # JSON
    """A JSON file of an installed package, as `node()` for when it is not there."""
    path = HERE / "node_modules" / relative
    if not path.is_file():
        _do_without(f"tests/interop/node_modules/{relative} is missing: run npm ci there, or make test")
    return json.loads(path.read_bytes())


def _do_without(message: str) -> None:
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)
