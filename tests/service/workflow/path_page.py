"""The page of the reference that maps the candidate path to its definition.

`python -m tests.service.workflow.path_page` writes it; a test holds the page to what is written here.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from issuer_service.awarding.rules import RULES
from issuer_service.programme.settings import PRESETS
from issuer_service.workflow.candidate.definition import candidate_path, company_path
from issuer_service.workflow.candidate.meetings import CANCELLED, PLANNED
from issuer_service.workflow.candidate.telling import RECORDS, TOLD, Who
from issuer_service.workflow.process.definition import Condition, Definition, Guard, Route, Stage
from tests.service.workflow.differences import ROWS, named_by_tests, settings_of

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

_DIFFERENCES: Final = """A row that is a setting has a test that names it, in `tests/service/workflow` or in
`tests/service/metroline`; every setting is read by a guard, a condition, a text or the awarding table."""

_TOLD: Final = """A trigger that is neither a badge nor an effect is a notice or a record, as
`issuer_service/workflow/candidate/telling.py` and `meetings.py` have it:
[how people are written to](../how-to/notices.md).
`kickoff_invitation` and `return_event_reminder` are of the first version, under which nothing was planned: what began
under it goes on so until it is moved."""

_ELSEWHERE: Final = """## The other workflows

The metroline, units of learning outcomes, recognition and credentials, and every state with the test that shows it, are
in [the map of the workflows](workflows.md).
"""


def written() -> str:
    """The page."""
    parts = [_HEAD]
    for definition in (candidate_path(), company_path()):
        parts += [f"## {definition.title.en}", "", *_stages(definition), "", *_tasks(definition), ""]
    parts += ["## The differences between the working methods", "", _DIFFERENCES, "", *_rows(), ""]
    parts += ["## What is awarded", "", "| event | what |", "|---|---|"]
    parts += [f"| `{rule.event}` | {rule.description} |" for rule in RULES]
    parts += ["", "## What is told", "", _TOLD, "", *_notices(), "", _ELSEWHERE.rstrip()]
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


def _notices() -> list[str]:
    """What is told of both paths, by the name that a stage, a task or a route gives it."""
    lines = ["| told | to | how often |", "|---|---|---|"]
    for name, told in sorted(TOLD.items()):
        who = "whose path it is" if told.who is Who.SUBJECT else "the company"
        who += ", with the learner's consent" if told.with_consent else ""
        often = "each time" if told.again else "once"
        lines.append(f"| {name} | {who} | {often}{', while its day is to come' if told.day else ''} |")
    lines += [
        f"| {PLANNED} | whom the task `plans` to invite | when it is planned, moved and soon |",
        f"| {CANCELLED} | who was told of it | each time, while it is to come; also when the path ends before it |",
    ]
    lines += [f"| {name} | nobody: a record, for who may see it in the case | – |" for name in sorted(RECORDS)]
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
    lines = ["| row | decided by | katapult | mhw | test |", "|---|---|---|---|---|"]
    presets = [settings.model_dump(mode="json") for settings in PRESETS.values()]
    tests = named_by_tests()
    for number, decided in ROWS.items():
        values = ["; ".join(_value(settings[name]) for name in settings_of(number)) or "–" for settings in presets]
        named = ", ".join(f"`{one}`" for one in tests.get(number, ())) or "–"
        lines.append(f"| D{number:02} | {decided} | {' | '.join(values)} | {named} |")
    return lines


def _value(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "–" if value is None else str(value).lower()


if __name__ == "__main__":
    PAGE.write_text(written(), encoding="utf-8")
