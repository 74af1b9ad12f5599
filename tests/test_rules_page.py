"""The page of the rules tells of code and tests that are there, in the order of the rules."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "reference" / "rules.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line.startswith("| R")]
ROWS = [row for row in ROWS if re.fullmatch(r"R[0-9]{2}", row[0])]


def test_the_rules_stand_in_their_order_and_each_once() -> None:
    numbers = [row[0] for row in ROWS]
    assert numbers == sorted(set(numbers))
    assert {"R01", "R07", "R08", "R09", "R12", "R14", "R35"} <= set(numbers)


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_what_a_row_names_is_there(row: list[str]) -> None:
    tests = re.findall(r"`(tests/[^`]+)`", row[3])
    assert tests
    for named in tests:
        file, *names = named.split("::")
        inside = {node.name for node in ast.walk(ast.parse((ROOT / file).read_text(encoding="utf-8")))
                  if isinstance(node, ast.FunctionDef | ast.ClassDef)}  # fmt: skip
        assert set(names) <= inside, named
    folder = ROOT
    for named in re.findall(r"`([^`]+\.py)`", row[2]):
        # A name without a folder stands beside the one before it.
        path = ROOT / named if "/" in named else folder / named
        assert path.is_file(), named
        folder = path.parent
