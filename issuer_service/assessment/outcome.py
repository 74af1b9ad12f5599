"""What somebody masters by a plan: per component what was scored and what was judged, and why it is not enough yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from issuer_service.assessment.matrix import Conditions, Score, State, TestMatrix, judge
from issuer_service.errors import Refused

__all__ = ["ComponentOutcome", "Criterion", "Level", "Plan", "findings_of", "not_yet_mastered", "outcome_of"]

Key = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[A-Za-z0-9._-]+$")]
Text = Annotated[str, Field(max_length=1000, pattern=r"^[^\x00]*$")]


class Level(BaseModel):
    """A level of a rubric. `key` is its name in an address."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: Key = Field(examples=["zelfstandig"])
    name: Text = Field(min_length=1, examples=["Zelfstandig"])
    description: Text = Field(default="", examples=["Doet het zonder hulp"])


class Criterion(BaseModel):
    """What is judged of one component: levels from low to high, concretely described, and the one that is needed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    component: str = Field(min_length=1, max_length=2000)
    levels: tuple[Level, ...] = Field(min_length=2, max_length=20)
    required_level: Key = Field(examples=["zelfstandig"])

    @model_validator(mode="after")
    def _knows_its_levels(self) -> Self:
        keys = [level.key for level in self.levels]
        if len(set(keys)) != len(keys):
            raise ValueError("levels has the same key twice")
        if self.required_level not in keys:
            raise ValueError(f"required_level is none of {', '.join(keys)}")
        return self

    def reaches(self, key: str) -> bool:
        """Whether this is the required level or a higher one. Raises ValueError for a level of another rubric."""
        keys = [level.key for level in self.levels]
        return keys.index(key) >= keys.index(self.required_level)


class Plan(BaseModel):
    """A test matrix, a rubric, or both."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    matrix: TestMatrix | None = None
    rubric: tuple[Criterion, ...] = Field(default=(), max_length=200)

    @model_validator(mode="after")
    def _assesses_something(self) -> Self:
        if self.matrix is None and not self.rubric:
            raise ValueError("give a matrix, a rubric or both")
        if len({one.component for one in self.rubric}) != len(self.rubric):
            raise ValueError("a component is judged by one criterion")
        return self


class ComponentOutcome(BaseModel):
    """Of one component: whether it is mastered, by which score and level, and what is still missing."""

    model_config = ConfigDict(frozen=True)

    component: str
    state: State
    score: Decimal | None = None
    level: str | None = None
    missing: tuple[str, ...] = ()


def findings_of(plan: Plan, components: Sequence[str]) -> list[str]:
    """What keeps a plan from publication: a component that nothing assesses, and one that is none of these."""
    tested = {row.component for row in plan.matrix.rows} if plan.matrix is not None else set()
    assessed = tested | {one.component for one in plan.rubric}
    findings = [f"{one}: no row tests it and no criterion judges it" for one in components if one not in assessed]
    return findings + [f"{one}: none of these components" for one in sorted(assessed - set(components))]


def outcome_of(
    plan: Plan,
    components: Sequence[str],
    *,
    scores: Sequence[Score],
    levels: Mapping[str, str],
    taken_under: Conditions,
) -> tuple[ComponentOutcome, ...]:
    """What is mastered, in the order of the components.

    Raises:
        Refused: scores or levels that do not fit the plan, or a test under other conditions than it asks for.
    """
    criteria = {one.component: one for one in plan.rubric}
    findings = [f"levels.{one}: nothing is judged of it" for one in levels if one not in criteria]
    for component, key in levels.items():
        keys = [level.key for level in criteria[component].levels] if component in criteria else [key]
        if key not in keys:
            findings.append(f"levels.{component}: give one of {', '.join(keys)}")
    if findings:
        raise Refused("the levels do not fit the rubric", field="levels", findings=tuple(findings))
    tested = {}
    if plan.matrix is not None:
        tested = {one.component: one for one in judge(plan.matrix, scores, taken_under=taken_under)}
    elif scores:
        raise Refused("this plan has no test matrix, and nothing to score", field="scores")
    outcomes = []
    for component in components:
        part, criterion, level = tested.get(component), criteria.get(component), levels.get(component)
        states = [] if part is None else [part.state]
        missing = [] if part is None else [f"not tested: {form.name.lower()}" for form in part.missing]
        if part is not None and part.state is State.NOT_YET:
            needed = plan.matrix.cut_score if plan.matrix is not None else Decimal(0)
            floors = f", below the floor of {', '.join(one.name.lower() for one in part.below_floor)}"
            missing.append(f"scored {part.score} of the needed {needed}{floors if part.below_floor else ''}")
        if criterion is not None:
            state, why = _judged(criterion, level)
            states.append(state)
            missing += why
        outcomes.append(
            ComponentOutcome(
                component=component,
                state=_together(states),
                score=None if part is None else part.score,
                level=level,
                missing=tuple(missing),
            )
        )
    return tuple(outcomes)


def _judged(criterion: Criterion, level: str | None) -> tuple[State, list[str]]:
    if level is None:
        return State.NOT_TESTED, ["not judged"]
    if criterion.reaches(level):
        return State.MASTERED, []
    return State.NOT_YET, [f"judged {level}, and {criterion.required_level} is needed"]


def _together(states: Sequence[State]) -> State:
    if not states or State.NOT_TESTED in states:
        return State.NOT_TESTED
    return State.NOT_YET if State.NOT_YET in states else State.MASTERED


def not_yet_mastered(outcomes: Sequence[ComponentOutcome], wanted: Sequence[str]) -> list[str]:
    """What keeps these components from being awarded, a line each; nothing when all of them are mastered."""
    by_component = {one.component: one for one in outcomes}
    lines = []
    for component in wanted:
        found = by_component.get(component)
        if found is None:
            lines.append(f"{component}: none of this plan")
        elif found.state is not State.MASTERED:
            lines.append(f"{component}: {'; '.join(found.missing) or 'not assessed'}")
    return lines
