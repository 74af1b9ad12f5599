"""The fewest units of learning outcomes that close a gap, and of equally few those with the least work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

__all__ = ["Closing", "Offer", "close"]

# Beyond this the best that was found is given, and said not to be proven the smallest.
MAX_STEPS: Final = 50_000


@dataclass(frozen=True, slots=True)
class Offer:
    """A unit, the level that who completes it reaches of each specialism, and its study load in hours."""

    ulo: str
    reaches: Mapping[str, int]
    hours: Decimal


@dataclass(frozen=True, slots=True)
class Closing:
    """The units to take, what no unit on offer would close, and whether a smaller choice is ruled out."""

    offers: tuple[Offer, ...]
    still_open: frozenset[str]
    proven_smallest: bool

    @property
    def hours(self) -> Decimal:
        """The study load of all of them."""
        return sum((one.hours for one in self.offers), Decimal(0))


def close(required: Mapping[str, int], current: Mapping[str, int], offers: Sequence[Offer]) -> Closing:
    """The smallest set of units after which nothing that can be closed is open."""
    open_ones = {name: level for name, level in required.items() if current.get(name, 0) < level}
    closing = {name: [one for one in offers if one.reaches.get(name, 0) >= level] for name, level in open_ones.items()}
    impossible = frozenset(name for name, found in closing.items() if not found)
    search = _Search({name: found for name, found in closing.items() if found})
    return Closing(search.best(), impossible, search.steps <= MAX_STEPS)


class _Search:
    """Branch and bound over the gap that the fewest units close."""

    def __init__(self, closing: Mapping[str, Sequence[Offer]]) -> None:
        self._closes: dict[str, set[str]] = {}
        self._offers: dict[str, Offer] = {}
        for name, found in closing.items():
            for one in found:
                self._closes.setdefault(one.ulo, set()).add(name)
                self._offers[one.ulo] = one
        self._all = frozenset(closing)
        self._best: tuple[str, ...] | None = None
        self.steps = 0

    def best(self) -> tuple[Offer, ...]:
        self._best = self._greedy()
        self._look(frozenset(self._all), ())
        return tuple(self._offers[ulo] for ulo in sorted(self._best))

    def _cost(self, chosen: tuple[str, ...]) -> tuple[int, Decimal, list[str]]:
        # By name at last, so that the same question has the same answer.
        return len(chosen), sum((self._offers[ulo].hours for ulo in chosen), Decimal(0)), sorted(chosen)

    def _greedy(self) -> tuple[str, ...]:
        left = set(self._all)
        chosen: tuple[str, ...] = ()
        while left:
            most = min(self._closes, key=lambda ulo: (-len(self._closes[ulo] & left), self._offers[ulo].hours, ulo))
            left -= self._closes[most]
            chosen = (*chosen, most)
        return chosen

    def _look(self, left: frozenset[str], chosen: tuple[str, ...]) -> None:
        self.steps += 1
        if self.steps > MAX_STEPS:
            return
        if not left:
            if self._best is None or self._cost(chosen) < self._cost(self._best):
                self._best = chosen
            return
        largest = max(len(names & left) for names in self._closes.values())
        # Even if each further unit closed as much as the best one can.
        if self._best is not None and len(chosen) + -(-len(left) // largest) > len(self._best):
            return
        name = min(left, key=lambda one: (sum(one in names for names in self._closes.values()), one))
        for ulo in sorted(self._closes, key=lambda one: (-len(self._closes[one] & left), one)):
            if name in self._closes[ulo]:
                self._look(left - self._closes[ulo], (*chosen, ulo))
