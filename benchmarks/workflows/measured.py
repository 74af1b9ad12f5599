"""How long steps took: by the clock, and of the processor's time that of this process."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median, quantiles

__all__ = ["Times", "heading"]

_WIDTHS = (44, 9, 11, 9, 9)


@dataclass
class Times:
    """Of each kind of step the seconds that went by, and those of the processor."""

    taken: dict[str, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """What happens in the block is one step."""
        began, cpu = time.perf_counter(), time.process_time()
        yield
        self.taken[name].append((time.perf_counter() - began, time.process_time() - cpu))

    def add(self, other: Times) -> None:
        """And those of another process."""
        for name, some in other.taken.items():
            self.taken[name] += some

    def line(self, title: str) -> str:
        """All of them together, as a line of the table."""
        return _line(title, [one for some in self.taken.values() for one in some])

    def lines(self) -> Iterator[str]:
        """Each kind of step, the slowest first."""
        for name, some in sorted(self.taken.items(), key=lambda one: -median(seconds for seconds, _ in one[1])):
            yield _line(f"  {name}", some)


def heading(title: str) -> str:
    """What stands above the lines."""
    return _row(title, "steps", "median ms", "95% ms", "CPU ms")


def _line(title: str, some: list[tuple[float, float]]) -> str:
    seconds = [one for one, _ in some]
    worst = quantiles(seconds, n=20)[-1] if len(seconds) > 1 else seconds[0]
    figures = (median(seconds), worst, median(cpu for _, cpu in some))
    return _row(title, f"{len(some):,}", *(f"{one * 1e3:.2f}" for one in figures))


def _row(*cells: str) -> str:
    return "".join(
        cell.ljust(width) if number == 0 else cell.rjust(width)
        for number, (cell, width) in enumerate(zip(cells, _WIDTHS, strict=True))
    )
