"""Every problem, check, outcome and verdict has its words in Dutch and English, and every blank in them is filled."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

import openbadges_kit
from openbadges_kit.findings import Finding
from openbadges_kit.problems import Problem, problem_type
from openbadges_kit.verification import sentences
from openbadges_kit.verification.report import Check, Outcome, Verdict

KIT = Path(openbadges_kit.__file__).parent


def _blanks(problem: Problem) -> set[str]:
    return {
        name for text in sentences.PROBLEMS[problem] for _, name, _, _ in string.Formatter().parse(text) if name
    } - {"path"}


@pytest.mark.parametrize("problem", Problem)
def test_a_problem_is_said_in_both_languages(problem: Problem) -> None:
    dutch, english = sentences.PROBLEMS[problem]
    assert dutch != english
    finding = Finding(problem, "$.somewhere", dict.fromkeys(_blanks(problem), "{detail}"))
    for language in ("nl", "en"):
        assert sentences.of_finding(finding, language)[-1:] in {".", "}"}
    assert problem_type(problem).startswith("https://")


def test_nothing_is_said_twice_or_of_nothing() -> None:
    assert set(sentences.PROBLEMS) == set(Problem)
    assert set(sentences.CHECKS) == set(Check)
    assert set(sentences.OUTCOMES) == set(Outcome)
    assert set(sentences.VERDICTS) == set(Verdict)
    for table in (sentences.CHECKS, sentences.OUTCOMES, sentences.VERDICTS):
        assert all(dutch and english for dutch, english in table.values())


def _findings_made() -> Iterator[tuple[str, Problem, set[str]]]:
    """Every place of the kit's source that makes a finding: where, of which problem, with which details."""
    for file in sorted(KIT.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Finding"):
                continue
            code = node.args[0]
            if not (
                isinstance(code, ast.Attribute) and isinstance(code.value, ast.Name) and code.value.id == "Problem"
            ):
                continue
            details = node.args[2] if len(node.args) > 2 else None
            if details is None:
                names: set[str] = set()
            elif isinstance(details, ast.Dict) and None not in details.keys:  # no ** in it
                names = {str(key.value) for key in details.keys if isinstance(key, ast.Constant)}
            else:
                continue
            yield f"{file.relative_to(KIT)}:{node.lineno}", Problem[code.attr], names


def test_wherever_a_finding_is_made_its_blanks_are_filled() -> None:
    made = list(_findings_made())
    assert len(made) > 40
    unfilled = [
        (where, problem, _blanks(problem) - names) for where, problem, names in made if _blanks(problem) - names
    ]
    assert unfilled == []
