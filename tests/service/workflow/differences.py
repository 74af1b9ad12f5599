"""The rows in which the two working methods differ: what decides each, and which tests show it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from issuer_service.programme.settings import ProgrammeSettings
from issuer_service.workflow.candidate.definition import candidate_path, company_path

__all__ = ["ROWS", "named_by_tests", "settings_of", "settings_that_are_read"]

_HERE: Final = Path(__file__).resolve().parent
_SERVICE: Final = Path(__file__).resolve().parents[3] / "issuer_service"

# Of each row of the comparison: the settings that decide it, or what stands in their place.
ROWS: Final = {
    1: "`target_groups`",
    2: "`application_channel`, recorded with the application",
    3: "`scan_required`",
    4: "`scan_personality_default`",
    5: "decision: chosen for each candidate",
    6: "decision: chosen for each candidate",
    7: "`intake_required`",
    8: "`company_training`",
    9: "`application_training_required`",
    10: "`job_market_required`",
    11: "decision",
    12: "`company_agreement_required`",
    13: "decision: no step of theirs",
    14: "`work_experience_required`",
    15: "`return_events_required`",
    16: "`assignment_required`",
    17: "`tripartite_required`",
    18: "`kickoff_required`",
    19: "`coaching_required`, `workshops_offered`",
    20: "decision: words",
    21: "`training_cost`",
    22: "decision: words",
    23: "`max_duration_months`, a warning",
    24: "`job_guarantee_offered`, a field of the match",
    25: "decision: no step of theirs",
    26: "`return_events_required`, `return_events_minimum`",
    27: "`evaluation_required`",
    28: "decision: the organisation's kind",
    29: "`broker_must_be_neutral`",
    30: "`ld_developer_in_metroline`",
    31: "`commitment`",
    32: "decision: warned about in both",
    33: "`first_phase`",
    34: "`needs_by_interview`",
    35: "`canvas_required`",
    36: "`alignment_required`",
    **dict.fromkeys(range(37, 46), "decision: words and documents, or another part of the service"),
    **dict.fromkeys(range(46, 50), "decision: nothing of a case depends on it"),
}


def settings_of(row: int) -> list[str]:
    """The settings that decide a row."""
    return [name for name in ROWS[row].split("`")[1::2] if name in ProgrammeSettings.model_fields]


def named_by_tests() -> dict[int, list[str]]:
    """By row the tests that name it: `test_d07_…`, or `test_d15_d26_…`."""
    found: dict[int, list[str]] = {}
    for folder in (_HERE, _HERE.parent / "metroline"):
        for path in sorted(folder.glob("test_*.py")):
            for name in re.findall(r"^def (test_d\d\d_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE):
                for row in re.findall(r"(?<=_d)\d\d(?=_)", name):
                    found.setdefault(int(row), []).append(name)
    return found


def settings_that_are_read() -> set[str]:
    """What the definitions ask of a programme's settings, and what the code does."""
    in_code = {
        node.attr
        for path in _SERVICE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name | ast.Call)
        and ast.unparse(node.value).startswith("settings")
    }
    return in_code | set(_in_definitions())


def _in_definitions() -> Iterator[str]:
    for definition in (candidate_path(), company_path()):
        parts = [*definition.stages, *definition.tasks, *definition.routes]
        for part in parts:
            for value in part.model_dump().values():
                yield from _named(value)


def _named(value: object) -> Iterator[str]:
    """Every `setting` that stands somewhere in it."""
    if isinstance(value, dict):
        if value.get("setting"):
            yield str(value["setting"])
        for one in value.values():
            yield from _named(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _named(one)
