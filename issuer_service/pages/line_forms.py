"""Reading what was filled in of a station and of a run; what cannot be read is said by field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Self

from starlette.datastructures import FormData

from issuer_service.errors import Refused
from issuer_service.pages.plain_forms import is_id, moment_of, number_of, several_of, text_of
from issuer_service.pages.process_words import in_words
from issuer_service.web.dependencies import Language
from issuer_service.workflow.metroline.arranging import PHASES, WorkForm
from issuer_service.workflow.process.definition import Words

__all__ = ["NewStation", "Unreadable", "read_run", "read_station"]

_MOST_PEOPLE: Final = 10_000
_MOST_HOURS: Final = 100
_LONG: Final = 2000
_SHORT: Final = 200
_SHOULD_BE: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "moment": Words(nl="Vul een dag en een tijd in.", en="Fill in a day and a time."),
        "number": Words(nl="Vul een getal in, meer dan nul.", en="Fill in a number, more than zero."),
        "text": Words(nl="Vul dit in.", en="Fill this in."),
        "long": Words(nl="Dit is te lang.", en="This is too long."),
        "choice": Words(nl="Kies een van de mogelijkheden.", en="Choose one of them."),
    }
)


class Unreadable(Exception):
    """What was typed cannot be read: by field, what it should have been."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("; ".join(problems))
        self._problems = problems

    def said(self, language: Language) -> dict[str, str]:
        """By field, what to mend."""
        return {key: in_words(_SHOULD_BE[what], language) for key, what in self._problems.items()}

    @classmethod
    def to_fill_in(cls, refused: Refused) -> Self:
        """Of a form that was refused: each field that was found amiss is to be filled in. Raises what names none."""
        if not refused.findings:
            raise refused
        return cls({finding.partition(":")[0]: "text" for finding in refused.findings})


@dataclass(frozen=True, slots=True)
class NewStation:
    """A station as it was filled in."""

    title: str
    hours: float
    phase: int
    work_form: WorkForm
    provider: str
    outcomes: Mapping[str, list[str]]


def read_station(sent: FormData) -> NewStation:
    """A new station. Raises Unreadable."""
    problems = {key: "text" for key in ("title", "provider") if not text_of(sent, key)}
    problems |= {key: "long" for key in ("title", "provider") if _too_long(sent, key, _SHORT)}
    hours, phase, form = number_of(sent, "hours"), text_of(sent, "phase"), text_of(sent, "work_form")
    if hours is None or not 0 < hours <= _MOST_HOURS:
        problems["hours"] = "number"
    if phase not in {str(one) for one in range(1, PHASES + 1)}:
        problems["phase"] = "choice"
    if form not in set(WorkForm):
        problems["work_form"] = "choice"
    ulos = [one.partition("/")[0] for one in several_of(sent, "outcomes")]
    if not all(is_id(one) for one in ulos):
        problems["outcomes"] = "choice"
    if problems:
        raise Unreadable(problems)
    outcomes: dict[str, list[str]] = {}
    for one in several_of(sent, "outcomes"):
        ulo, _, code = one.partition("/")
        outcomes.setdefault(ulo, []).append(code)
    return NewStation(
        text_of(sent, "title"), hours or 0, int(phase), WorkForm(form), text_of(sent, "provider"), outcomes
    )


def read_run(sent: FormData, zone: str, *, with_moment: bool = True) -> dict[str, Any]:
    """What was filled in of a run. Raises Unreadable."""
    problems = {"location": "long"} if _too_long(sent, "location", _SHORT) else {}
    problems |= {key: "long" for key in ("preparation", "materials") if _too_long(sent, key, _LONG)}
    capacity = number_of(sent, "capacity")
    if capacity is None or not capacity.is_integer() or not 0 < capacity <= _MOST_PEOPLE:
        problems["capacity"] = "number"
    starts_at = moment_of(sent, "starts_at", zone) if with_moment else None
    if with_moment and starts_at is None:
        problems["starts_at"] = "moment"
    if problems:
        raise Unreadable(problems)
    details = {key: text_of(sent, key) for key in ("location", "preparation", "materials")}
    found: dict[str, Any] = {"capacity": int(capacity or 0), **details}
    return found | {"starts_at": starts_at} if with_moment else found


def _too_long(sent: FormData, key: str, most: int) -> bool:
    text = text_of(sent, key)
    return len(text) > most or "\0" in text
