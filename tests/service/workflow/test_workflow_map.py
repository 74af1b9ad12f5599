"""The page that maps the working methods to the code and the tests: each cell leads somewhere, and none is left out."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from issuer_service.catalogue.life_cycle import DraftStatus, VersionStatus
from issuer_service.workflow.candidate.definition import candidate_path, company_path
from issuer_service.workflow.events import EventKind
from issuer_service.workflow.metroline.design import Stage
from issuer_service.workflow.metroline.participations import ParticipationState
from issuer_service.workflow.metroline.runs import RunState

ROOT: Final = Path(__file__).resolve().parents[3]
PAGE: Final = ROOT / "docs" / "reference" / "workflows.md"
DECISION: Final = "decision: "


def rows() -> list[list[str]]:
    """The cells of every row, without heads."""
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    found = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [cells for cells in found if cells[2:] != ["code", "test"]]


def named(cell: str) -> list[str]:
    """What stands between backticks."""
    return re.findall(r"`([^`]+)`", cell)


def in_definitions() -> tuple[set[str], set[str]]:
    """The stages of both paths, and whatever else has a name there: tasks, routes, and what they tell."""
    stages, others = set[str](), set[str]()
    for definition in (candidate_path(), company_path()):
        stages |= set(definition.stage_by_key)
        others |= set(definition.task_by_key) | set(definition.route_by_key)
        others |= {told for stage in definition.stages for told in stage.tells}
        others |= {told for task in definition.tasks for told in task.tells}
        others |= {told for route in definition.routes for told in route.tells}
    return stages, others


def is_there(name: str, keys: set[str]) -> bool:
    path, _, symbol = name.partition("::")
    file = ROOT / "issuer_service" / path
    if not path.endswith(".py"):
        return name in keys
    return file.is_file() and (
        not symbol or re.search(rf"^(def|class) {symbol}\b|^{symbol}\b", file.read_text(), re.MULTILINE) is not None
    )


def test_whatever_a_row_names_is_in_the_code() -> None:
    keys = set.union(*in_definitions())
    amiss = [(cells[0], name) for cells in rows() for name in named(cells[2]) if not is_there(name, keys)]
    assert amiss == []


def test_every_row_has_its_code_and_its_test_or_its_decision() -> None:
    texts = (path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    tests = {name for text in texts for name in re.findall(r"^ *def (test_\w+)", text, re.MULTILINE)}
    assert [(cells[0], name) for cells in rows() for name in named(cells[3]) if name not in tests] == []
    without = [cells[0] for cells in rows() if not (named(cells[2]) and named(cells[3])) and DECISION not in cells[2]]
    assert without == []


def test_what_is_not_in_the_code_is_in_the_decision_record() -> None:
    record = next((ROOT / "docs" / "decisions").glob("0101-*.md")).read_text(encoding="utf-8")
    said = [cells[2].removeprefix(DECISION) for cells in rows() if cells[2].startswith(DECISION)]
    assert said
    assert [one for one in said if one not in " ".join(record.split())] == []


def test_no_state_is_left_out() -> None:
    stages, _ = in_definitions()
    cells = " ".join(cell for row in rows() for cell in (row[0], row[2]))
    states = {*stages, *Stage, *RunState, *ParticipationState, *EventKind, *DraftStatus, *VersionStatus}
    assert sorted(str(one) for one in states if f"`{one}`" not in cells) == []
    first = " ".join(row[0] for row in rows())
    assert [
        one for one in [f"A{n}" for n in range(26)] + [f"B{n}" for n in range(7)] if f"{one} " not in f"{first} "
    ] == []
