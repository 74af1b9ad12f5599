"""Results fit the achievement they are results of."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbadges_kit.problems import Problem
from openbadges_kit.verification import sentences
from openbadges_kit.verification.checks.results import find_problems
from openbadges_kit.vocabulary import ResultStatusType
from tests.kit.model.documents_of import json_values

DESCRIPTION = "urn:uuid:d"
RUBRIC = {"rubricCriterionLevel": [{"id": f"urn:uuid:{n}"} for n in (1, 2, 3)], "requiredLevel": "urn:uuid:2"}
LETTERS = {"allowedValue": ["D", "C", "B", "A"], "requiredValue": "C"}
RANGE = {"valueMin": "1", "valueMax": "10", "requiredValue": "5,5"}
RESULT = "$.credentialSubject.result"


def found(result: Any, **described: Any) -> list[tuple[Problem, str]]:
    achievement = {"resultDescription": [{"id": DESCRIPTION, **described}]}
    if isinstance(result, dict):
        result = {"resultDescription": DESCRIPTION, **result}
    subject = {"achievement": achievement, "result": result}
    findings = find_problems({"credentialSubject": subject})
    for finding in findings:
        assert finding.path in sentences.of_finding(finding, "nl")
        assert finding.path in sentences.of_finding(finding, "en")
    return [(finding.code, finding.path) for finding in findings]


class TestLevels:
    """A level belongs to the description, and Completed means the required one or higher."""

    @pytest.mark.parametrize("level", [1, 2, 3])
    @pytest.mark.parametrize("status", [None, *ResultStatusType])
    def test_only_completed_below_the_required_level_is_wrong(self, level: int, status: str | None) -> None:
        result = {"achievedLevel": f"urn:uuid:{level}"} | ({"status": status} if status else {})
        wrong = status == ResultStatusType.COMPLETED and level < 2
        assert found(result, **RUBRIC) == ([(Problem.BELOW_REQUIRED_LEVEL, RESULT)] if wrong else [])

    @pytest.mark.parametrize("turned_round", [False, True])
    def test_levels_turned_round_under_the_signature_do_not_turn_the_scale_round(self, *, turned_round: bool) -> None:
        levels = [{"id": f"urn:uuid:{n}", "level": str(n)} for n in (1, 2, 3)]
        rubric = RUBRIC | {"rubricCriterionLevel": levels[::-1] if turned_round else levels}
        for level, wrong in ((1, True), (2, False), (3, False)):
            result = {"achievedLevel": f"urn:uuid:{level}", "status": ResultStatusType.COMPLETED}
            assert found(result, **rubric) == ([(Problem.BELOW_REQUIRED_LEVEL, RESULT)] if wrong else [])

    def test_a_level_of_another_description_is_wrong(self) -> None:
        assert found({"achievedLevel": "urn:uuid:4"}, **RUBRIC) == [(Problem.UNKNOWN_LEVEL, f"{RESULT}.achievedLevel")]

    def test_a_required_level_that_the_description_does_not_have_is_wrong(self) -> None:
        assert found([], **RUBRIC | {"requiredLevel": "urn:uuid:4"}) == [
            (Problem.UNKNOWN_LEVEL, "$.credentialSubject.achievement.resultDescription[0].requiredLevel")
        ]


class TestAllowedValues:
    """A value is one of those allowed, which go from low to high."""

    @pytest.mark.parametrize(
        ("value", "problems"),
        [
            ("A", []),
            ("C", []),
            ("D", [(Problem.BELOW_REQUIRED_VALUE, RESULT)]),
            ("E", [(Problem.VALUE_NOT_ALLOWED, f"{RESULT}.value")]),
            (5, [(Problem.VALUE_NOT_ALLOWED, f"{RESULT}.value")]),
        ],
    )
    def test_completed(self, value: object, problems: list[tuple[Problem, str]]) -> None:
        assert found({"value": value, "status": "Completed"}, **LETTERS) == problems

    def test_a_low_value_is_right_when_it_is_not_said_to_be_completed(self) -> None:
        assert found({"value": "D", "status": "Failed"}, **LETTERS) == []

    def test_a_required_value_that_is_not_allowed_is_wrong(self) -> None:
        assert found([], **LETTERS | {"requiredValue": "F"}) == [
            (Problem.VALUE_NOT_ALLOWED, "$.credentialSubject.achievement.resultDescription[0].requiredValue")
        ]


class TestRange:
    """A value is a number within its bounds, and Completed means the required one or more."""

    @given(st.decimals(-20, 20, places=2))
    def test_of_any_number(self, number: Any) -> None:
        completed = found({"value": str(number), "status": "Completed"}, **RANGE)
        if not 1 <= number <= 10:
            assert completed == [(Problem.VALUE_OUT_OF_RANGE, f"{RESULT}.value")]
        elif number < 5.5:
            assert completed == [(Problem.BELOW_REQUIRED_VALUE, RESULT)]
        else:
            assert completed == []

    @pytest.mark.parametrize("value", ["zeven", "", "1e400000000", "7" * 40, "٧"])
    def test_what_is_no_number_is_not_within_bounds(self, value: str) -> None:
        assert found({"value": value}, **RANGE) == [(Problem.VALUE_OUT_OF_RANGE, f"{RESULT}.value")]

    def test_one_bound_is_a_bound(self) -> None:
        assert found({"value": "11"}, valueMax="10") == [(Problem.VALUE_OUT_OF_RANGE, f"{RESULT}.value")]
        assert found({"value": "-1"}, valueMin="0") == [(Problem.VALUE_OUT_OF_RANGE, f"{RESULT}.value")]
        assert found({"value": "11"}, valueMin="0") == []

    def test_without_bounds_a_number_may_still_be_required(self) -> None:
        assert found({"value": "5", "status": "Completed"}, requiredValue="5.5") == [
            (Problem.BELOW_REQUIRED_VALUE, RESULT)
        ]

    def test_words_without_bounds_are_not_compared(self) -> None:
        assert found({"value": "goed", "status": "Completed"}, requiredValue="voldoende") == []


def test_a_result_of_type_status_says_its_status() -> None:
    assert found({}, resultType="Status") == [(Problem.MISSING, f"{RESULT}.status")]
    assert found({"status": "Failed"}, resultType="Status") == []


def test_a_result_of_a_description_that_is_not_there_is_wrong() -> None:
    assert found({"resultDescription": "urn:uuid:x"}) == [
        (Problem.UNKNOWN_RESULT_DESCRIPTION, f"{RESULT}.resultDescription")
    ]
    assert found({"resultDescription": [DESCRIPTION]}) == [
        (Problem.UNKNOWN_RESULT_DESCRIPTION, f"{RESULT}.resultDescription")
    ]


def test_a_result_without_a_description_contradicts_nothing() -> None:
    assert found([{"value": "8"}]) == []


def test_of_several_each_is_named_by_its_place() -> None:
    results = [{"resultDescription": DESCRIPTION, "value": "A"}, {"resultDescription": DESCRIPTION, "value": "E"}]
    assert found(results, **LETTERS) == [(Problem.VALUE_NOT_ALLOWED, f"{RESULT}[1].value")]


class TestAnyJson:
    """Whatever stands there, there is an answer and no error."""

    @given(json_values, st.dictionaries(st.sampled_from([*RUBRIC, *LETTERS, *RANGE]), json_values), json_values)
    def test_no_error(self, value: Any, described: dict[str, Any], subject: Any) -> None:
        found({"value": value, "achievedLevel": value, "status": "Completed"}, **described)
        find_problems({"credentialSubject": subject})
        find_problems({"credentialSubject": {"achievement": subject, "result": subject}})
