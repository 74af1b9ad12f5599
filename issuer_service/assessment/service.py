"""Recording a result against the rubric of a ULO."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from issuer_service.assessment.tables import ModuleResult
from issuer_service.clock import Randomness
from issuer_service.errors import NotAllowed, Refused
from issuer_service.persistence.identifiers import random_uuid
from openbadges_kit.skills.achievement import RubricCriterion

__all__ = ["components_reached", "record_result"]


def record_result(
    session: Session,
    *,
    enrolment_id: str,
    learner_id: str,
    module_id: str,
    assessor_id: str,
    rubric: Sequence[RubricCriterion],
    levels: Mapping[str, str],
    now: datetime,
    randomness: Randomness,
) -> ModuleResult:
    """Record the level reached per component; passed when every required level is.

    Raises Refused, naming each component that was not judged or judged with a foreign level, and NotAllowed
    when somebody judges themselves.
    """
    if assessor_id == learner_id:
        raise NotAllowed("nobody assesses themselves")
    findings = []
    by_component = {criterion.component: criterion for criterion in rubric}
    for component, criterion in by_component.items():
        known = [level.key for level in criterion.levels]
        if levels.get(component) not in known:
            findings.append(f"levels.{component}: give one of {', '.join(known)}")
    findings += [f"levels.{component}: not in the rubric" for component in levels if component not in by_component]
    if findings:
        raise Refused("the levels do not fit the rubric", field="levels", findings=tuple(findings))
    result = ModuleResult(
        id=random_uuid(randomness),
        enrolment_id=enrolment_id,
        module_id=module_id,
        assessor_id=assessor_id,
        assessed_at=now,
        levels=dict(levels),
        # Without a rubric there is nothing that could have been reached.
        passed=bool(rubric) and all(criterion.reaches(levels[criterion.component]) for criterion in rubric),
    )
    session.add(result)
    return result


def components_reached(rubric: Sequence[RubricCriterion], levels: Mapping[str, str]) -> frozenset[str]:
    """Which of these components reached the level that the rubric needs; only a part of them may have been judged.

    Raises Refused, naming each component that is not in the rubric or was judged with a foreign level.
    """
    by_component = {criterion.component: criterion for criterion in rubric}
    findings = []
    for component, level in levels.items():
        criterion = by_component.get(component)
        if criterion is None:
            findings.append(f"levels.{component}: not in the rubric")
        elif level not in (known := [one.key for one in criterion.levels]):
            findings.append(f"levels.{component}: give one of {', '.join(known)}")
    if findings:
        raise Refused("the levels do not fit the rubric", field="levels", findings=tuple(findings))
    return frozenset(component for component, level in levels.items() if by_component[component].reaches(level))
