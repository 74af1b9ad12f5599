"""The page that maps the path to its definition says what the definition says, and leaves no row out."""

from __future__ import annotations

import re

from issuer_service.programme.settings import PRESETS, ProgrammeSettings
from issuer_service.workflow.candidate.definition import candidate_path
from tests.service.workflow.differences import ROWS, named_by_tests, settings_of, settings_that_are_read
from tests.service.workflow.path_page import PAGE, written


def test_the_page_is_as_the_definitions_are() -> None:
    assert PAGE.read_text(encoding="utf-8") == written(), "run: python -m tests.service.workflow.path_page"


def test_every_row_of_the_comparison_is_a_setting_or_a_decision() -> None:
    assert sorted(ROWS) == list(range(1, 50))
    for number, decided in ROWS.items():
        names = decided.split("`")[1::2]
        assert names or decided.startswith("decision"), number
        assert set(names) <= set(ProgrammeSettings.model_fields), number


def test_every_row_that_is_no_setting_is_in_the_decision_record() -> None:
    record = next((PAGE.parents[1] / "decisions").glob("0101-*.md")).read_text(encoding="utf-8")
    spans = re.findall(r"D(\d\d)(?: to D(\d\d))?", record)
    decided = {row for first, last in spans for row in range(int(first), int(last or first) + 1)}
    assert {row for row in ROWS if not settings_of(row)} <= decided


def test_what_the_methods_differ_in_is_all_in_the_table() -> None:
    katapult, mhw = (settings.model_dump() for settings in PRESETS.values())
    named = {name for decided in ROWS.values() for name in decided.split("`")[1::2]}
    assert {name for name in katapult if katapult[name] != mhw[name]} <= named


def test_every_state_from_a0_to_a25_is_there() -> None:
    assert {f"A{number}" for number in range(26)} <= {stage.number for stage in candidate_path().stages}


def test_every_row_that_a_setting_decides_has_its_test() -> None:
    tests = named_by_tests()
    assert [f"D{row:02}" for row in ROWS if settings_of(row) and row not in tests] == []
    assert set(tests) <= set(ROWS)


def test_every_setting_of_a_programme_is_read_by_something() -> None:
    assert set(ProgrammeSettings.model_fields) - settings_that_are_read() == set()
