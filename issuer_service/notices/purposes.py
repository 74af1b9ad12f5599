"""What people are told, each with the scope that reading it in the outbox takes.

What is told on somebody's path has the name that its definition gives it, after `path-`.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from issuer_service.people.roles import Scope

__all__ = ["FAMILIES", "NoticePurpose", "families_for", "path_purpose"]


class NoticePurpose(StrEnum):
    """Why somebody is written to."""

    BADGE_OFFERED = "badge-offered"
    BADGE_STATUS = "badge-status"
    BADGE_REMINDER_1 = "badge-reminder-1"
    BADGE_REMINDER_2 = "badge-reminder-2"
    AWARD_REFUSED = "award-refused"
    RUN_ANNOUNCED = "run-announced"
    RUN_CHANGED = "run-changed"
    RUN_REMINDER = "run-reminder"
    RUN_CANCELLED = "run-cancelled"
    MEETING_PLANNED = "path-meeting-planned"
    MEETING_MOVED = "path-meeting-moved"
    MEETING_REMINDER = "path-meeting-reminder"
    MEETING_CANCELLED = "path-meeting-cancelled"
    TASK_DUE = "task-due"
    WORK_DUE = "work-due"


FAMILIES: Final = {
    "award": Scope.AWARDS_READ,
    "badge": Scope.AWARDS_READ,
    "path": Scope.PEOPLE_READ,
    "run": Scope.METROLINES_RUN,
    "task": Scope.PEOPLE_READ,
    "work": Scope.PEOPLE_READ,
}
"""By the first word of a purpose, what may be read by whom."""


def path_purpose(name: str) -> str:
    """The purpose of what a definition tells under this name."""
    return f"path-{name.replace('_', '-')}"


def families_for(scopes: Iterable[Scope]) -> tuple[str, ...]:
    """The first words of what somebody with these scopes may read."""
    held = frozenset(scopes)
    return tuple(sorted(family for family, scope in FAMILIES.items() if scope in held))
