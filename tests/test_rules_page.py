"""The page of the rules names code that is there, and tests that carry the rule's number."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROWS = re.findall(
    r"^\| (R\d\d) \| [^|]+ \| ([^|]+) \| ([^|]+) \|$",
    (ROOT / "docs/reference/rules.md").read_text(encoding="utf-8"),
    re.MULTILINE,
)


def test_every_rule_is_kept_somewhere_and_has_a_test_that_carries_its_number() -> None:
    assert len(ROWS) >= 12
    for rule, kept_in, tests in ROWS:
        first, *others = re.findall(r"`([^`]+)`", kept_in)
        folder = (ROOT / first).parent
        assert all((ROOT / one).exists() or (folder / one).exists() for one in (first, *others)), (rule, kept_in)
        named = re.findall(r"`([^`:]+)::(\w+)`", tests)
        assert named, rule
        carries = []
        for path, name in named:
            definitions = ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8")))
            (found,) = (
                one for one in definitions if isinstance(one, ast.FunctionDef | ast.ClassDef) and one.name == name
            )
            carries.append(rule in (ast.get_docstring(found) or ""))
        assert any(carries), f"{rule}: no test of it carries its number"


def test_the_rules_stand_in_the_order_of_their_numbers() -> None:
    assert [rule for rule, _, _ in ROWS] == sorted({rule for rule, _, _ in ROWS})
