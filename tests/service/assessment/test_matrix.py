"""The test matrix: what it must cover, and what somebody masters by their scores."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from issuer_service.assessment.matrix import ComponentScore, Conditions, Score, State, TestMatrix, TestRow, judge
from issuer_service.errors import Refused
from openbadges_kit.skills.eu_vocabularies import AssessmentType

THEORY, PRACTICE = AssessmentType.WRITTEN_EXAM, AssessmentType.PRACTICAL


def matrix(*rows: TestRow, **more: Any) -> TestMatrix:
    return TestMatrix(rows=rows, **more)


BOTH = matrix(
    TestRow(component="VO001", form=THEORY, questions=10),
    TestRow(component="VO001", form=PRACTICE, questions=4, weight=Decimal(3), at_least=Decimal(50)),
    TestRow(component="KO001", form=THEORY, questions=20),
)


def judged(of: TestMatrix, scores: list[Score]) -> tuple[ComponentScore, ...]:
    return judge(of, scores, taken_under=Conditions())


def score(component: str, form: AssessmentType, right: int) -> Score:
    return Score(component=component, form=form, right=right)


class TestPublishing:
    def test_every_component_of_the_criteria_has_a_row(self) -> None:
        BOTH.must_cover(["VO001", "KO001"])
        with pytest.raises(Refused) as refused:
            BOTH.must_cover(["VO001", "RO001"])
        assert refused.value.findings == ("RO001: no row tests it", "KO001: none of these criteria")

    def test_one_form_of_one_component_is_one_row(self) -> None:
        row = TestRow(component="VO001", form=THEORY, questions=10)
        with pytest.raises(ValidationError, match="add up the questions"):
            matrix(row, row)


class TestJudging:
    def test_all_rows_of_a_component_count_by_their_weight(self) -> None:
        vo, ko = judged(BOTH, [score("VO001", THEORY, 2), score("VO001", PRACTICE, 3), score("KO001", THEORY, 11)])
        assert (vo.state, vo.score) == (State.MASTERED, Decimal("61.3"))
        assert (ko.state, ko.score) == (State.MASTERED, Decimal("55.0"))

    def test_theory_does_not_make_up_for_a_form_below_its_floor(self) -> None:
        floor = matrix(BOTH.rows[0].model_copy(update={"weight": Decimal(30)}), BOTH.rows[1])
        found = judged(floor, [score("VO001", THEORY, 10), score("VO001", PRACTICE, 1)])[0]
        assert found.score is not None
        assert found.score > 90
        assert (found.state, found.below_floor) == (State.NOT_YET, (PRACTICE,))

    def test_what_was_not_taken_is_named_and_is_no_zero(self) -> None:
        found = judged(BOTH, [score("VO001", THEORY, 10)])
        assert [(one.state, one.missing) for one in found] == [
            (State.NOT_TESTED, (PRACTICE,)),
            (State.NOT_TESTED, (THEORY,)),
        ]

    def test_just_below_the_cut_score_is_below_it_however_it_is_rounded(self) -> None:
        close = matrix(TestRow(component="KO001", form=THEORY, questions=3), cut_score=Decimal("66.7"))
        found = judged(close, [score("KO001", THEORY, 2)])[0]
        assert (found.score, found.state) == (Decimal("66.7"), State.NOT_YET)

    @pytest.mark.parametrize(
        ("scores", "said"),
        [
            ([score("RO001", THEORY, 1)], "scores.0: the matrix has no such row"),
            ([score("KO001", THEORY, 1)] * 2, "scores.1: this row is scored twice"),
            ([score("KO001", THEORY, 21)], "scores.0.right: there are 20 questions"),
        ],
    )
    def test_scores_that_do_not_fit_are_refused_by_their_place(self, scores: list[Score], said: str) -> None:
        with pytest.raises(Refused) as refused:
            judged(BOTH, scores)
        assert refused.value.findings == (said,)

    def test_a_test_that_nobody_watched_does_not_count_where_somebody_should_have(self) -> None:
        watched = matrix(BOTH.rows[2], conditions=Conditions(supervised=True, identity_checked=True))
        scores = [score("KO001", THEORY, 20)]
        assert judge(watched, scores, taken_under=watched.conditions)[0].state is State.MASTERED
        with pytest.raises(Refused, match="identity checked"):
            judge(watched, scores, taken_under=Conditions(supervised=True))

    @given(st.integers(0, 10), st.integers(0, 10), st.integers(0, 4))
    def test_more_right_is_never_worse(self, one: int, other: int, practice: int) -> None:
        fewer, more = sorted([one, other])
        states = [
            judged(BOTH, [score("VO001", THEORY, right), score("VO001", PRACTICE, practice)])[0].state
            for right in (fewer, more)
        ]
        assert states != [State.MASTERED, State.NOT_YET]
