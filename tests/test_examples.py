"""Every example runs, as it stands, in a Python of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_runs_and_says_something(example: Path, tmp_path: Path) -> None:
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error"}
    result = subprocess.run(
        [sys.executable, str(example)], capture_output=True, text=True, check=False, cwd=tmp_path, env=environment
    )
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.strip()


def test_the_shortest_example_issues_a_good_badge_and_notices_a_change() -> None:
    example = ROOT / "examples" / "issue_a_badge.py"
    assert example in EXAMPLES
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    result = subprocess.run([sys.executable, str(example)], capture_output=True, text=True, check=True, env=environment)
    assert "This badge is valid." in result.stdout
    assert "changed after it was signed" in result.stdout
