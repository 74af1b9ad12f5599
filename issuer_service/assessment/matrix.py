"""The test matrix (toetsmatrijs): what is tested of which component, in which form, and when it is enough.

A row tests one component in one form with so many questions (or tasks to be seen). Published, every component of its
set of criteria has a row. Whether somebody masters a component follows from all its rows together, by their weights;
each form has a floor of its own where the matrix sets one, so that theory never makes up for hands that cannot do it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from issuer_service.errors import Refused
from openbadges_kit.skills.eu_vocabularies import AssessmentType

__all__ = ["ComponentScore", "Conditions", "Score", "State", "TestMatrix", "TestRow", "judge"]

Percentage = Annotated[Decimal, Field(ge=0, le=100)]
_HUNDRED: Final = Decimal(100)
_TENTH: Final = Decimal("0.1")


class TestRow(BaseModel):
    """So many questions on one component in one form."""

    __test__ = False  # for pytest, which takes every class that begins with Test for a test
    model_config = ConfigDict(frozen=True, extra="forbid")

    component: str = Field(min_length=1, max_length=2000)
    form: AssessmentType
    questions: int = Field(ge=1, le=500)
    weight: Decimal = Field(default=Decimal(1), gt=0, le=100)
    at_least: Percentage | None = Field(default=None, description="What this form must have by itself, in percents")


class Conditions(BaseModel):
    """Under which a test is taken, and must be taken to count."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    supervised: bool = False
    identity_checked: bool = False


class TestMatrix(BaseModel):
    """The rows, the cut score in percents, and under which conditions the test counts."""

    __test__ = False
    model_config = ConfigDict(frozen=True, extra="forbid")

    rows: tuple[TestRow, ...] = Field(min_length=1, max_length=500)
    cut_score: Percentage = Decimal(55)
    conditions: Conditions = Conditions()

    @model_validator(mode="after")
    def _each_form_once(self) -> Self:
        if len({(row.component, row.form) for row in self.rows}) != len(self.rows):
            raise ValueError("a component is tested in one form by one row: add up the questions")
        return self

    def must_cover(self, components: Sequence[str]) -> None:
        """Refuse publication of a matrix that leaves a component of the criteria untested, or tests another's.

        Raises:
            Refused: with a finding for each of them.
        """
        tested = {row.component for row in self.rows}
        findings = [f"{one}: no row tests it" for one in components if one not in tested]
        findings += [f"{one}: none of these criteria" for one in sorted(tested - set(components))]
        if findings:
            raise Refused("the test matrix does not cover its criteria", field="rows", findings=tuple(findings))


class Score(BaseModel):
    """How many questions of one row were answered well, or tasks done well."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    component: str
    form: AssessmentType
    right: int = Field(ge=0)


class State(StrEnum):
    """What is known of a component."""

    MASTERED = "mastered"
    NOT_YET = "not-yet"
    NOT_TESTED = "not-tested"


class ComponentScore(BaseModel):
    """Of one component: the score in percents where every row was taken, and why it is not mastered."""

    model_config = ConfigDict(frozen=True)

    component: str
    state: State
    score: Decimal | None
    missing: tuple[AssessmentType, ...] = ()
    below_floor: tuple[AssessmentType, ...] = ()


def judge(matrix: TestMatrix, scores: Sequence[Score], *, taken_under: Conditions) -> tuple[ComponentScore, ...]:
    """What somebody masters by these scores, per component in the order of the matrix.

    Raises:
        Refused: a score that belongs to no row, is there twice or has more right than there are questions; or a test
            that was not taken under the conditions that the matrix asks for.
    """
    unmet = [name for name, asked in matrix.conditions if asked and not getattr(taken_under, name)]
    if unmet:
        raise Refused(f"this test counts only when {' and '.join(unmet).replace('_', ' ')}", field="conditions")
    right = _by_row(matrix, scores)
    components = dict.fromkeys(row.component for row in matrix.rows)
    return tuple(_component(matrix, component, right) for component in components)


def _by_row(matrix: TestMatrix, scores: Sequence[Score]) -> Mapping[tuple[str, AssessmentType], int]:
    questions = {(row.component, row.form): row.questions for row in matrix.rows}
    right: dict[tuple[str, AssessmentType], int] = {}
    findings = []
    for place, score in enumerate(scores):
        row = (score.component, score.form)
        if row not in questions:
            findings.append(f"scores.{place}: the matrix has no such row")
        elif row in right:
            findings.append(f"scores.{place}: this row is scored twice")
        elif score.right > questions[row]:
            findings.append(f"scores.{place}.right: there are {questions[row]} questions")
        else:
            right[row] = score.right
    if findings:
        raise Refused("the scores do not fit the test matrix", field="scores", findings=tuple(findings))
    return right


def _component(matrix: TestMatrix, component: str, right: Mapping[tuple[str, AssessmentType], int]) -> ComponentScore:
    rows = [row for row in matrix.rows if row.component == component]
    missing = tuple(row.form for row in rows if (component, row.form) not in right)
    if missing:
        return ComponentScore(component=component, state=State.NOT_TESTED, score=None, missing=missing)
    percents = {row.form: _HUNDRED * right[component, row.form] / row.questions for row in rows}
    below = tuple(row.form for row in rows if row.at_least is not None and percents[row.form] < row.at_least)
    weights = sum((row.weight for row in rows), Decimal(0))
    exact = sum((row.weight * percents[row.form] for row in rows), Decimal(0)) / weights
    # Compared before it is rounded: 54.96 is shown as 55.0 and is not 55.
    mastered = exact >= matrix.cut_score and not below
    return ComponentScore(
        component=component,
        state=State.MASTERED if mastered else State.NOT_YET,
        score=exact.quantize(_TENTH, ROUND_HALF_UP),
        below_floor=below,
    )
