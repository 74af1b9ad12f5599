"""The run of a station: from a draft to its closing, with what the working method says of announcing it.

A run is announced at least a week ahead, and better two. One that is put off after it was announced is told again to
everybody, and keeps its identity, so that a calendar moves it and does not show it twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from issuer_service.workflow.metroline.arranging import LONGEST, SHORTEST

__all__ = [
    "ADVISED_AHEAD",
    "AT_LEAST_AHEAD",
    "CHECKS",
    "NEXT",
    "REMIND_WITHIN",
    "Run",
    "RunRefused",
    "RunState",
    "advance",
    "is_over",
    "reschedule",
    "run_warnings",
    "still_missing",
]

AT_LEAST_AHEAD: Final = timedelta(days=7)
ADVISED_AHEAD: Final = timedelta(days=14)
REMIND_WITHIN: Final = timedelta(days=2)
CHECKS: Final = ("materials", "aids", "rooms")
"""What is ticked before a run: materials, technical aids, rooms and equipment."""


class RunState(StrEnum):
    """Where a run stands."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    ANNOUNCED = "announced"
    REMINDED = "reminded"
    PREPARED = "prepared"
    RUNNING = "running"
    REFLECTED = "reflected"
    CLOSED = "closed"
    CANCELLED = "cancelled"


# Reminding and preparing come in either order; a reminder is none where the announcement itself was so short before.
NEXT: Final[Mapping[RunState, frozenset[RunState]]] = MappingProxyType(
    {
        RunState.DRAFT: frozenset({RunState.SCHEDULED, RunState.CANCELLED}),
        RunState.SCHEDULED: frozenset({RunState.ANNOUNCED, RunState.CANCELLED}),
        RunState.ANNOUNCED: frozenset({RunState.REMINDED, RunState.PREPARED, RunState.CANCELLED}),
        RunState.REMINDED: frozenset({RunState.PREPARED, RunState.CANCELLED}),
        RunState.PREPARED: frozenset({RunState.RUNNING, RunState.CANCELLED}),
        RunState.RUNNING: frozenset({RunState.REFLECTED}),
        RunState.REFLECTED: frozenset({RunState.CLOSED}),
        RunState.CLOSED: frozenset(),
        RunState.CANCELLED: frozenset(),
    }
)
_CAN_BE_PUT_OFF: Final = frozenset({RunState.SCHEDULED, RunState.ANNOUNCED, RunState.REMINDED, RunState.PREPARED})


@dataclass(frozen=True, slots=True)
class Run:
    """What is known of a run. `sequence` counts how often calendars have to change it: put off, cancelled."""

    state: RunState = RunState.DRAFT
    starts_at: datetime | None = None
    hours: float = 0
    location: str = ""
    provider: str = ""
    capacity: int = 0
    preparation: str = ""
    materials: str = ""
    checked: frozenset[str] = frozenset()
    attended: int = 0
    good: str = ""
    improve: str = ""
    unassessed: int = 0
    announced_at: datetime | None = None
    sequence: int = 0

    @property
    def ends_at(self) -> datetime | None:
        """When it ends."""
        return None if self.starts_at is None else self.starts_at + timedelta(hours=self.hours)


class RunRefused(ValueError):
    """This cannot be done with the run, or not yet; `findings` say what is missing."""

    def __init__(self, message: str, findings: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.findings = findings


def advance(run: Run, to: RunState, *, now: datetime) -> Run:
    """The run in its next state. Raises RunRefused for a step that is none, and with everything that is missing."""
    if to not in NEXT[run.state]:
        ways = ", ".join(sorted(NEXT[run.state])) or "nowhere"
        raise RunRefused(f"a run that is {run.state} goes to {ways}")
    missing = _MISSING[to](run, now)
    if missing:
        raise RunRefused(f"not ready to be {to}", tuple(missing))
    if to is RunState.ANNOUNCED:
        return replace(run, state=to, announced_at=now)
    if to is RunState.CANCELLED:
        return replace(run, state=to, sequence=run.sequence + 1)
    return replace(run, state=to)


def still_missing(run: Run, *, now: datetime) -> dict[RunState, list[str]]:
    """By each state that comes next, everything that is missing for it."""
    return {to: _MISSING[to](run, now) for to in NEXT[run.state]}


def reschedule(run: Run, starts_at: datetime, *, now: datetime) -> Run:
    """The run at another moment. What was announced is to be announced again, under the rule for announcing.

    Raises RunRefused for one that began or ended, and for a moment that is past.
    """
    if run.state not in _CAN_BE_PUT_OFF:
        raise RunRefused(f"a run that is {run.state} cannot be put off")
    if starts_at <= now:
        raise RunRefused("starts_at: in the past")
    if starts_at == run.starts_at:
        raise RunRefused("starts_at: that is when it is already")
    moved = replace(run, state=RunState.SCHEDULED, starts_at=starts_at, sequence=run.sequence + 1, announced_at=None)
    return replace(moved, checked=frozenset())


def is_over(state: RunState) -> bool:
    """Is there nothing more to be done?"""
    return not NEXT[state]


def run_warnings(run: Run, *, now: datetime) -> list[str]:
    """What is allowed, and unlike the working method's advice."""
    found = []
    if run.hours and not SHORTEST <= run.hours <= LONGEST:
        found.append(f"hours: {run.hours:g}; a station takes {SHORTEST:g} to {LONGEST:g}")
    told = run.announced_at or now
    to_be_told = run.state in {RunState.SCHEDULED, RunState.ANNOUNCED}
    if to_be_told and run.starts_at is not None and run.starts_at - told < ADVISED_AHEAD:
        found.append(f"announce: {ADVISED_AHEAD.days} days ahead is advised")
    return found


def _to_schedule(run: Run, now: datetime) -> list[str]:
    found = _empty(location=run.location, provider=run.provider)
    if run.starts_at is None:
        found.append("starts_at: needed")
    elif run.starts_at <= now:
        found.append("starts_at: in the past")
    found += [] if run.hours > 0 else ["hours: more than none"]
    return found + ([] if run.capacity > 0 else ["capacity: more than none"])


def _to_announce(run: Run, now: datetime) -> list[str]:
    found = _empty(location=run.location, preparation=run.preparation, materials=run.materials)
    if run.starts_at is not None and run.starts_at - now < AT_LEAST_AHEAD:
        found.append(f"starts_at: a run is announced at least {AT_LEAST_AHEAD.days} days ahead")
    return found


def _to_remind(run: Run, now: datetime) -> list[str]:
    early = run.starts_at is not None and run.starts_at - now > REMIND_WITHIN
    return [f"starts_at: a reminder goes out within {REMIND_WITHIN.days} days of it"] if early else []


def _to_prepare(run: Run, _: datetime) -> list[str]:
    return [f"checked: {one} is not ticked" for one in CHECKS if one not in run.checked]


def _to_run(run: Run, now: datetime) -> list[str]:
    return ["starts_at: it has not begun yet"] if run.starts_at is not None and now < run.starts_at else []


def _to_reflect(run: Run, _: datetime) -> list[str]:
    return _empty(good=run.good, improve=run.improve) + ([] if run.attended else ["attendance: nobody's was recorded"])


def _to_close(run: Run, _: datetime) -> list[str]:
    return [f"assessments: {run.unassessed} who attended were not assessed"] if run.unassessed else []


def _to_cancel(_: Run, __: datetime) -> list[str]:
    return []


_MISSING: Final[Mapping[RunState, Callable[[Run, datetime], list[str]]]] = MappingProxyType(
    {
        RunState.SCHEDULED: _to_schedule,
        RunState.ANNOUNCED: _to_announce,
        RunState.REMINDED: _to_remind,
        RunState.PREPARED: _to_prepare,
        RunState.RUNNING: _to_run,
        RunState.REFLECTED: _to_reflect,
        RunState.CLOSED: _to_close,
        RunState.CANCELLED: _to_cancel,
    }
)


def _empty(**texts: str) -> list[str]:
    return [f"{name}: needed" for name, text in texts.items() if not text.strip()]
