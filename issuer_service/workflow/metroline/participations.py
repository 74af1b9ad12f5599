"""One person's travel along a line: what they reached, and what that makes happen.

Being there proves that one was there, and no skill. What was reached is reached for good, and once: a second assessment
of the same component adds nothing, however often and in whatever order it comes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

__all__ = ["NEXT", "Component", "Outcome", "ParticipationState", "Reached", "what_is_reached"]

Component = tuple[str, str]
"""A version of a ULO and the code of a component of it."""


class ParticipationState(StrEnum):
    """Where somebody is on a line."""

    REGISTERED = "registered"
    INTAKE = "intake"
    PARTICIPATING = "participating"
    LINE_COMPLETED = "line_completed"
    EVALUATED = "evaluated"
    REFERRED = "referred"
    DROPPED_OUT = "dropped_out"


# The intake (wishes, expectations, needs) may be left out. Who leaves keeps what they earned.
NEXT: Final[Mapping[ParticipationState, frozenset[ParticipationState]]] = MappingProxyType(
    {
        ParticipationState.REGISTERED: frozenset(
            {ParticipationState.INTAKE, ParticipationState.PARTICIPATING, ParticipationState.DROPPED_OUT}
        ),
        ParticipationState.INTAKE: frozenset({ParticipationState.PARTICIPATING, ParticipationState.DROPPED_OUT}),
        ParticipationState.PARTICIPATING: frozenset(
            {ParticipationState.LINE_COMPLETED, ParticipationState.EVALUATED, ParticipationState.DROPPED_OUT}
        ),
        ParticipationState.LINE_COMPLETED: frozenset({ParticipationState.EVALUATED, ParticipationState.REFERRED}),
        ParticipationState.EVALUATED: frozenset({ParticipationState.REFERRED}),
        ParticipationState.REFERRED: frozenset(),
        ParticipationState.DROPPED_OUT: frozenset({ParticipationState.REFERRED}),
    }
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A station with the components it leads to. The line needs it, unless it is one to choose."""

    station: str
    components: frozenset[Component]
    required: bool = True


@dataclass(frozen=True, slots=True)
class Reached:
    """What an assessment adds to what was there."""

    components: frozenset[Component]
    stations: frozenset[str]
    ulos: frozenset[str]
    line: bool

    def __bool__(self) -> bool:
        """Is there anything new?"""
        return bool(self.components or self.stations or self.ulos or self.line)


def what_is_reached(
    before: Iterable[Component],
    assessed: Iterable[Component],
    *,
    line: Iterable[Outcome],
    wanted: Mapping[str, frozenset[str]],
) -> Reached:
    """What is new when these components were found to be reached, beside those that were reached `before`.

    `wanted` has by version of a ULO all its components, which may be reached over several stations and lines. A
    station that leads to nothing is never reached, and a line without required stations never completed: nothing would
    prove it.
    """
    had = frozenset(before)
    now = had | frozenset(assessed)
    outcomes = list(line)

    def stations(components: frozenset[Component]) -> frozenset[str]:
        return frozenset(one.station for one in outcomes if one.components and one.components <= components)

    def ulos(components: frozenset[Component]) -> frozenset[str]:
        return frozenset(
            ulo for ulo, codes in wanted.items() if codes and all((ulo, code) in components for code in codes)
        )

    def completed(components: frozenset[Component]) -> bool:
        needed = {one.station for one in outcomes if one.required}
        return bool(needed) and needed <= stations(components)

    return Reached(
        now - had, stations(now) - stations(had), ulos(now) - ulos(had), completed(now) and not completed(had)
    )
