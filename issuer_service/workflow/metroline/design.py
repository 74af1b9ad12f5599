"""The design and quality cycle of a line, B0 to B6: a table of steps, each with what must be there first.

It is gone through more than once. Executing, validating and evaluating overlap in practice, and each run has a state of
its own; the stage of the line says what its core team is at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from issuer_service.people.roles import Role

__all__ = ["STEPS", "DesignStep", "Facts", "Stage", "StepRefused", "may_go_to", "next_stages", "roles_of_step"]


class Stage(StrEnum):
    """Where the design of a line stands. The comment is the step of the working method."""

    CLUSTER_FORMED = "cluster_formed"  # B0
    ANALYSING = "analysing"  # B1
    DESIGNING_OUTCOMES = "designing_outcomes"  # B2
    ARRANGING = "arranging"  # B3
    EXECUTING = "executing"  # B4
    VALIDATING = "validating"  # B5
    EVALUATING = "evaluating"  # B6
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a line when somebody wants to go on."""

    companies: int = 0
    commitment: str = "a commitment"
    how_might_we: int = 0
    value_proposition: bool = False
    value_proposition_validated: bool = False
    empathy_map: bool = False
    empathy_map_validated: bool = False
    needs_by_interview: bool = False
    canvas: bool = False
    canvas_required: bool = False
    outcomes: int = 0
    unaligned_outcomes: tuple[str, ...] = ()
    alignment_required: bool = False
    stations: int = 0
    stations_without_outcome: tuple[str, ...] = ()
    stations_without_provider: tuple[str, ...] = ()
    outcomes_without_station: tuple[str, ...] = ()
    scheduled_runs: int = 0
    participants: int = 0
    assessments: int = 0
    open_runs: int = 0
    evaluations: int = 0


Guard = Callable[[Facts], list[str]]


@dataclass(frozen=True, slots=True)
class DesignStep:
    """A step from one stage to another, by whom, and every reason why not yet. `again` begins another iteration."""

    start: Stage
    end: Stage
    roles: frozenset[Role]
    missing: Guard
    again: bool = False


class StepRefused(ValueError):
    """This step is none, or not yet; `findings` say why."""

    def __init__(self, message: str, findings: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.findings = findings


def _cluster(facts: Facts) -> list[str]:
    return [] if facts.companies else [f"commitment: {facts.commitment} that names the companies which have the need"]


def _analysed(facts: Facts) -> list[str]:
    found = [] if facts.how_might_we else ["how-might-we: at least one question"]
    if not facts.value_proposition:
        found.append("value-proposition: not written yet")
    elif not facts.value_proposition_validated:
        found.append("value-proposition: not validated yet")
    if facts.needs_by_interview and facts.empathy_map and not facts.empathy_map_validated:
        found.append("empathy-map: not validated by an interview yet")
    if facts.canvas_required and not facts.canvas:
        found.append("metroline-canvas: not written yet")
    return found


def _outcomes_designed(facts: Facts) -> list[str]:
    found = [] if facts.outcomes else ["outcomes: at least one published ULO"]
    if facts.alignment_required:
        found += [f"outcomes: {one} is aligned with no framework" for one in facts.unaligned_outcomes]
    return found


def _arranged(facts: Facts) -> list[str]:
    found = [] if facts.stations else ["stations: the line has none"]
    found += [f"stations: {one} leads to no outcome" for one in facts.stations_without_outcome]
    found += [f"stations: {one} has no provider" for one in facts.stations_without_provider]
    found += [f"outcomes: no station leads to {one}" for one in facts.outcomes_without_station]
    if not facts.scheduled_runs:
        found.append("runs: at least one is to be scheduled")
    return found


def _executing(facts: Facts) -> list[str]:
    return [] if facts.participants else ["participants: nobody is registered"]


def _validated(facts: Facts) -> list[str]:
    found = [] if facts.assessments else ["assessments: none was recorded"]
    return found + (["runs: some were neither closed nor cancelled"] if facts.open_runs else [])


def _evaluated(facts: Facts) -> list[str]:
    return [] if facts.evaluations else ["evaluation: no form was filled in"]


def _nothing(_: Facts) -> list[str]:
    return []


_TEAM: Final = frozenset({Role.BROKER, Role.AM_COMPANIES, Role.ADMINISTRATOR})
_AUTHORS: Final = _TEAM | {Role.LD_DEVELOPER}

STEPS: Final[tuple[DesignStep, ...]] = (
    DesignStep(Stage.CLUSTER_FORMED, Stage.ANALYSING, _TEAM, _cluster),
    DesignStep(Stage.ANALYSING, Stage.DESIGNING_OUTCOMES, _TEAM, _analysed),
    DesignStep(Stage.DESIGNING_OUTCOMES, Stage.ARRANGING, _AUTHORS, _outcomes_designed),
    DesignStep(Stage.ARRANGING, Stage.EXECUTING, _TEAM, _arranged),
    DesignStep(Stage.EXECUTING, Stage.VALIDATING, _AUTHORS, _executing),
    DesignStep(Stage.VALIDATING, Stage.EVALUATING, _AUTHORS, _validated),
    # What turns out to be wrong is designed anew without ending what runs.
    DesignStep(Stage.DESIGNING_OUTCOMES, Stage.ANALYSING, _AUTHORS, _nothing),
    DesignStep(Stage.ARRANGING, Stage.DESIGNING_OUTCOMES, _AUTHORS, _nothing),
    DesignStep(Stage.EXECUTING, Stage.ARRANGING, _AUTHORS, _nothing),
    DesignStep(Stage.EVALUATING, Stage.ANALYSING, _TEAM, _evaluated, again=True),
    DesignStep(Stage.EVALUATING, Stage.DESIGNING_OUTCOMES, _TEAM, _evaluated, again=True),
    DesignStep(Stage.EVALUATING, Stage.ARRANGING, _TEAM, _evaluated, again=True),
    DesignStep(Stage.EVALUATING, Stage.CLOSED, _TEAM, _evaluated),
    # A cluster that falls apart before anything was held.
    *(
        DesignStep(stage, Stage.CLOSED, _TEAM, _nothing)
        for stage in (Stage.CLUSTER_FORMED, Stage.ANALYSING, Stage.DESIGNING_OUTCOMES, Stage.ARRANGING)
    ),
)

_BY_ENDS: Final[Mapping[tuple[Stage, Stage], DesignStep]] = MappingProxyType(
    {(step.start, step.end): step for step in STEPS}
)


def roles_of_step(step: DesignStep, *, broker_must_be_neutral: bool, ld_developer: bool) -> frozenset[Role]:
    """Who may take a step under a programme's settings.

    Where the broker is neutral (D29), whoever looks after the companies does not take the broker's place; where there
    is no developer of learning in the team (D30), none takes a step.
    """
    out = {Role.AM_COMPANIES} if broker_must_be_neutral else set()
    return step.roles - out - (frozenset() if ld_developer else {Role.LD_DEVELOPER})


def next_stages(stage: Stage) -> list[Stage]:
    """Where one can go from here, ready or not."""
    return [step.end for step in STEPS if step.start is stage]


def may_go_to(start: Stage, end: Stage, facts: Facts) -> DesignStep:
    """The step. Raises StepRefused for one that is none, and with everything that is still missing."""
    step = _BY_ENDS.get((start, end))
    if step is None:
        there = ", ".join(next_stages(start)) or "nowhere: it is closed"
        raise StepRefused(f"from {start} one goes to {there}")
    missing = step.missing(facts)
    if missing:
        raise StepRefused(f"not ready for {end}", tuple(missing))
    return step
