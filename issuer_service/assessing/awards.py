"""From an assessment to badges, one per component that is mastered (R08); of what is not it is said what lacks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from issuer_service.assessing.assessments import State, assessment_of, outcomes_of, state_of
from issuer_service.assessing.plans import plan_of, read_plan
from issuer_service.assessment.outcome import ComponentOutcome, Criterion, Plan, not_yet_mastered
from issuer_service.assessment.outcome import Level as RubricLevel
from issuer_service.assessment.tables import Assessment, AssessmentPlan
from issuer_service.catalogue.achievements import published_achievement
from issuer_service.errors import Conflict, NotAllowed, Refused
from issuer_service.installation import Installation
from issuer_service.issuance.accept import accept
from issuer_service.issuance.request import BadgeDetails, IssuanceRequest
from issuer_service.issuance.tables import Award
from issuer_service.people.roles import Role
from issuer_service.people.service import Caller
from issuer_service.recognition.units import Units
from openbadges_kit.model.achievement import Achievement, Criteria, ResultDescription, RubricCriterionLevel
from openbadges_kit.skills.kinds import achievement_of_component
from openbadges_kit.vocabulary import ResultStatusType, ResultType

__all__ = ["COMPONENT", "award_components", "component_achievement"]

COMPONENT = "component"


def award_components(
    session: Session, assessment_id: str, components: Sequence[str], *, caller: Caller, here: Installation
) -> list[Award]:
    """A badge for each of these components; asked for again, the same ones. They wait for approval.

    Raises NotAllowed for another role than teacher, Refused for a self-assessment and, saying what is missing, for what
    is not mastered, and Conflict while an appeal is open.
    """
    caller.must_be(Role.TEACHER)
    row = assessment_of(session, assessment_id, caller=caller, hold=True)
    if row.person_id == caller.person_id:
        raise NotAllowed("nobody awards a badge to themselves")
    if row.self_assessed:
        raise Refused("nobody has assessed this: what somebody says of themselves is no proof", field="assessment_id")
    if state_of(session, row) is State.UNDER_APPEAL:
        raise Conflict("there is an appeal against this assessment: that is decided first")
    outcomes = {one.component: one for one in outcomes_of(row)}
    if missing := not_yet_mastered(list(outcomes.values()), components):
        raise Refused("not everything that is asked for is mastered", field="components", findings=tuple(missing))
    plan = plan_of(session, row.plan_id, organisation_id=caller.organisation_id)
    units = Units(session, base_url=here.base_url)
    return [
        _award(session, row, plan, outcomes[component], units=units, here=here)
        for component in dict.fromkeys(components)
    ]


def _award(
    session: Session,
    row: Assessment,
    plan_row: AssessmentPlan,
    outcome: ComponentOutcome,
    *,
    units: Units,
    here: Installation,
) -> Award:
    plan = read_plan(plan_row)
    made = component_achievement(outcome.component, plan, units)
    place = plan_row.components.index(outcome.component) + 1
    version = published_achievement(
        session,
        kind=COMPONENT,
        slug=f"component-{plan_row.id}-{place}",
        content=made,
        publisher_id=plan_row.organisation_id,
        now=here.now(),
        randomness=here.randomness,
    )
    request = IssuanceRequest(
        organisation_id=row.organisation_id,
        person_id=row.person_id,
        subject_id=row.subject_id,
        ulo_version_id="",
        achievement_version_id=version.id,
        evidence_id=row.id,
        assessor_id=row.assessor_id,
        awarded_at=row.taken_at,
        four_eyes=False,
        details=BadgeDetails(results=tuple(_results(outcome))),
    )
    return accept(session, request, base_url=here.base_url, now=here.now(), randomness=here.randomness)


def _results(outcome: ComponentOutcome) -> list[dict[str, Any]]:
    """What was reached, in the terms of the descriptions below."""
    results: list[dict[str, Any]] = []
    completed = {"type": ["Result"], "status": str(ResultStatusType.COMPLETED)}
    if outcome.level is not None:
        description = f"{outcome.component}/result"
        results.append(
            {**completed, "resultDescription": description, "achievedLevel": f"{description}/{outcome.level}"}
        )
    if outcome.score is not None:
        results.append({**completed, "resultDescription": f"{outcome.component}/score", "value": str(outcome.score)})
    return results


def component_achievement(component: str, plan: Plan, units: Units) -> Achievement:
    """The achievement of one component: its own address, and how it is judged and scored by this plan.

    Raises Refused for an address that is no component of the catalogue.
    """
    found = units.find(component)
    unit, one = found if found is not None else (None, None)
    if unit is None or one is None:
        raise Refused(f"{component} is no component of the catalogue", field="components")
    descriptions = []
    criterion = next((each for each in plan.rubric if each.component == component), None)
    if criterion is not None:
        descriptions.append(_judged(component, criterion, one.sentence))
    if plan.matrix is not None and any(row.component == component for row in plan.matrix.rows):
        descriptions.append(
            ResultDescription(
                id=f"{component}/score",
                name="Score",
                result_type=str(ResultType.PERCENT),
                required_value=str(plan.matrix.cut_score),
                value_min="0",
                value_max="100",
            )
        )
    given = {"criteria": Criteria(narrative=_narrative(one.sentence, criterion)), "result_description": descriptions}
    return achievement_of_component(unit.ulo, one.code).model_copy(update=given)


def _judged(component: str, criterion: Criterion, name: str) -> ResultDescription:
    description = f"{component}/result"
    return ResultDescription(
        id=description,
        name=name,
        result_type=str(ResultType.RUBRIC_CRITERION_LEVEL),
        required_level=f"{description}/{criterion.required_level}",
        rubric_criterion_level=[
            _level(description, level, step) for step, level in enumerate(criterion.levels, start=1)
        ],
    )


def _level(description: str, level: RubricLevel, step: int) -> RubricCriterionLevel:
    more = {"description": level.description} if level.description else {}
    return RubricCriterionLevel(id=f"{description}/{level.key}", name=level.name, level=str(step), **more)


def _narrative(sentence: str, criterion: Criterion | None) -> str:
    if criterion is None:
        return f"- {sentence}"
    needed = next(level for level in criterion.levels if level.key == criterion.required_level)
    return f"- {sentence}\n\nTen minste: {needed.name}" + (f" – {needed.description}" if needed.description else "")
