"""The page of the reference that maps the candidate path to its definition.

`python -m tests.service.workflow.path_page` writes it; a test holds the page to what is written here.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from issuer_service.awarding.rules import RULES
from issuer_service.programme.settings import PRESETS
from issuer_service.workflow.candidate.definition import candidate_path, company_path
from issuer_service.workflow.process.definition import Condition, Definition, Guard, Route, Stage

__all__ = ["PAGE", "written"]

PAGE: Final = Path(__file__).resolve().parents[3] / "docs" / "reference" / "candidate-path.md"

_HEAD: Final = """# The candidate path

<!-- Written by `python -m tests.service.workflow.path_page` from the definitions; a test compares them. -->
Every stage of the path, how it is entered, and what guards it, as `issuer_service/workflow/candidate/definitions` has
it. `decide` in `issuer_service/workflow/process/reducer.py` asks the guards; `rules.py` beside it says how each is
answered. A programme's settings choose what is obligatory; what is no setting is
[decided once for all](../decisions/0101-what-of-the-methods-is-no-setting.md). What a step does besides is in
`issuer_service/workflow/candidate/path.py`.
"""

_ELSEWHERE: Final = """## The other workflows

| workflow | where |
|---|---|
| C, a ULO from draft to withdrawn | `issuer_service/catalogue/life_cycle.py`, with its guards in `authoring.py` |
| D, recognition | `issuer_service/recognition`; an exemption is the task `exemption` of the path |
| E, a credential from eligible to superseded | `issuer_service/issuance`, `delivery` and `status_lists` |
| F, a company | the second definition above; from the match on, the steps of the employer in the first |
| B, the metroline | `issuer_service/workflow/metroline` |
| notices (every trigger without a badge or an effect) | recorded with the step as `tells`, for whoever sends them |
"""

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


def written() -> str:
    """The page."""
    parts = [_HEAD]
    for definition in (candidate_path(), company_path()):
        parts += [f"## {definition.title.en}", "", *_stages(definition), "", *_tasks(definition), ""]
    parts += ["## The differences between the working methods", "", *_rows(), ""]
    parts += ["## What is awarded", "", "| event | what |", "|---|---|"]
    parts += [f"| `{rule.event}` | {rule.description} |" for rule in RULES]
    parts += ["", _ELSEWHERE.rstrip()]
    return "\n".join(parts) + "\n"


def _stages(definition: Definition) -> list[str]:
    lines = ["| state | name | entered by | refused while | triggers |", "|---|---|---|---|---|"]
    for stage in sorted(definition.stages, key=_in_order):
        into = [route for route in definition.routes if route.to == stage.key]
        needs = [_guard(guard) for guard in stage.needs]
        by = "; ".join(map(_route, into)) or "beginning"
        refused, triggers = "; ".join(dict.fromkeys(needs)) or "–", _triggers(stage, into)
        lines.append(f"| {stage.number} | `{stage.key}` | {by} | {refused} | {triggers} |")
    return lines


def _tasks(definition: Definition) -> list[str]:
    lines = ["| task | form | by | where | rows | refused while |", "|---|---|---|---|---|---|"]
    for task in definition.tasks:
        where = "anywhere" if "*" in task.stages else ", ".join(task.stages)
        people = ", ".join(task.roles) + (f"; signed or said by {', '.join(task.parties)}" if task.parties else "")
        guards = "; ".join(map(_guard, task.guards))
        lines.append(f"| `{task.key}` | {task.form} | {people} | {where} | {task.rule or '–'} | {guards or '–'} |")
    return lines


def _route(route: Route) -> str:
    guards = "; ".join(map(_guard, route.guards))
    people = ", ".join(route.roles)
    return f"`{route.key}` ({people}{_conditions(route.when)}{guards and f'; refused while {guards}'})"


def _triggers(stage: Stage, into: list[Route]) -> str:
    told = [*stage.tells, *(one for route in into for one in route.tells)]
    events = [f"**{route.emits}**" for route in into if route.emits]
    effects = [f"`{route.effect}`" for route in into if route.effect]
    return ", ".join(dict.fromkeys([*told, *events, *effects])) or "–"


def _guard(guard: Guard) -> str:
    said = guard.because.en + _conditions(guard.when)
    return f"(a warning) {said}" if guard.warns else said


def _in_order(stage: Stage) -> tuple[bool, int]:
    return bool(stage.ends), int(stage.number[1:] or 0)


def _conditions(conditions: tuple[Condition, ...]) -> str:
    def one(condition: Condition) -> str:
        return f"{condition.setting} is {' or '.join(str(value).lower() for value in condition.one_of)}"

    return f", where {' and '.join(map(one, conditions))}" if conditions else ""


def _rows() -> list[str]:
    lines = ["| row | decided by | katapult | mhw |", "|---|---|---|---|"]
    presets = [settings.model_dump(mode="json") for settings in PRESETS.values()]
    for number, decided in ROWS.items():
        names = [name for name in decided.split("`")[1::2] if name in presets[0]]
        values = ["; ".join(_value(settings[name]) for name in names) or "–" for settings in presets]
        lines.append(f"| D{number:02} | {decided} | {' | '.join(values)} |")
    return lines


def _value(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "–" if value is None else str(value).lower()


if __name__ == "__main__":
    PAGE.write_text(written(), encoding="utf-8")
