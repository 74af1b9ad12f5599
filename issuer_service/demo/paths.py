"""People on the candidate path, and companies on theirs: whoever something waits for does it, over the API."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from issuer_service.demo.cast import Cast
from issuer_service.demo.telling import StoryFailed

__all__ = ["Course", "begin", "begin_company", "take", "walk"]

_ANSWERS: Final[Mapping[str, Mapping[str, Any]]] = json.loads(
    (Path(__file__).resolve().parent / "data" / "answers.json").read_bytes()
)
_DAYS: Final[Mapping[str, float]] = MappingProxyType(
    {"module_result": 21, "return_event_attended": 45, "work_experience_ended": 90}
)
"""How long something takes, in days; all else takes a day."""
_MOST_STEPS: Final = 100


@dataclass(frozen=True, slots=True)
class Course:
    """A programme, and by module the levels of its rubric that are needed."""

    programme_id: str
    levels: Mapping[str, Mapping[str, str]]


def begin(cast: Cast, course: Course, who: str) -> str:
    """Somebody is interested. Gives the case's id."""
    return _begin(cast, course, who, "candidate-path", by="am_candidates")


def begin_company(cast: Cast, course: Course, who: str) -> str:
    """A company is invited. Gives the case's id."""
    return _begin(cast, course, who, "company-path", by="am_companies")


def walk(cast: Cast, course: Course, case_id: str, subject: str, *, until: str, employer: str = "warmte") -> list[str]:
    """Do what waits until the case is at that stage. Gives the titles of the stages on the way.

    Raises StoryFailed where it does not get there.
    """
    case = cast.call("administrator", "GET", f"/v1/cases/{case_id}")
    titles = [case["stage_title"]["en"]]
    for _ in range(_MOST_STEPS):
        if case["stage"] == until:
            return titles
        one = case["waiting"][0]
        cast.calendar.pass_days(_DAYS.get(one["what"], 1))
        if one["what"] == "module_result":
            pass_next_module(cast, course, case)
            case = cast.call("administrator", "GET", f"/v1/cases/{case_id}")
            continue
        who = {"candidate": subject, "learner": subject, "employer": employer}.get(one["role"], one["role"])
        data = {} if one["verb"] == "sign" else _filled(_ANSWERS.get(one["what"], {}), cast)
        body = {"verb": one["verb"], "what": one["what"], "data": data}
        case = cast.call(who, "POST", f"/v1/cases/{case_id}/steps", body)["case"]
        if case["stage_title"]["en"] != titles[-1]:
            titles.append(case["stage_title"]["en"])
    raise StoryFailed(f"{subject} got no further than {case['stage']}")


def take(cast: Cast, case_id: str, who: str, what: str) -> None:
    """Somebody records something of a case that nobody waits for yet."""
    body = {"verb": "record", "what": what, "data": _filled(_ANSWERS[what], cast)}
    cast.call(who, "POST", f"/v1/cases/{case_id}/steps", body)


def pass_next_module(cast: Cast, course: Course, case: Mapping[str, Any]) -> None:
    """The teacher records that the next module was passed."""
    done = case["facts"].get("module_result", {}).get("by_module", {})
    module_id = next(one for one in course.levels if one not in done)
    body = {"enrolment_id": case["enrolment_id"], "module_id": module_id, "levels": course.levels[module_id]}
    cast.call("teacher", "POST", "/v1/module-results", body)


def _begin(cast: Cast, course: Course, who: str, process: str, *, by: str) -> str:
    body = {"process": process, "person_id": cast.ids[who]}
    case_id: str = cast.call(by, "POST", f"/v1/programmes/{course.programme_id}/cases", body)["id"]
    return case_id


def _filled(given: Any, cast: Cast) -> Any:  # JSON
    if isinstance(given, dict):
        return {key: _filled(value, cast) for key, value in given.items()}
    if isinstance(given, list):
        return [_filled(one, cast) for one in given]
    if isinstance(given, str) and given.startswith("@today"):
        day = cast.calendar().date() + timedelta(days=int(given.removeprefix("@today") or 0))
        return day.isoformat()
    if isinstance(given, str) and given.startswith("@moment"):
        moment = cast.calendar() + timedelta(days=int(given.removeprefix("@moment") or 0))
        return moment.isoformat(timespec="minutes")
    return cast.ids[given[1:]] if isinstance(given, str) and given.startswith("@") else given
