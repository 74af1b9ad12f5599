"""What takes processes of its own to measure: two of them side by side, and what importing the kit takes."""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.measures import Own

__all__ = ["Importing", "Pair", "importing", "two_processes"]

# What who issues and verifies imports; other names of the package load their modules when they are used.
IMPORTED: Final = "from openbadges_kit import issue, prepare, verify"
_TELL: Final = "import sys; sys.exit(3 if 'pyld' in sys.modules else 0)"


@dataclass(frozen=True, slots=True)
class Pair:
    """Badges a second of one process, and of two at the same time, by the clock on the wall and by CPU time.

    The wall says something where nobody else wants the processors; `load` is how many others did just before.
    By CPU time, two cost each other no more than the caches and the memory that they share.
    """

    one: float
    two: float
    one_by_cpu: float
    two_by_cpu: float
    load: float


@dataclass(frozen=True, slots=True)
class Importing:
    """What Python takes with the kit imported, more than without: seconds of CPU and of the wall, megabytes."""

    cpu: float
    wall: float
    megabytes: float
    loads_pyld: bool


@dataclass(frozen=True, slots=True)
class _Share:
    """What one process did; `began` and `ended` by the clock that all processes share."""

    cpu: float
    began: float
    ended: float


_barriers: list[Barrier] = []


def _join(barrier: Barrier) -> None:
    _barriers.append(barrier)


def _many(count: int, *, together: bool) -> _Share:
    own = Own()
    own.batch_issue(300)
    if together:
        # Without this one might be done before the other begins, and have had the machine to itself.
        _barriers[0].wait()
    began = time.monotonic()
    cpu = own.batch_issue(count)
    return _Share(cpu, began, time.monotonic())


def two_processes(count: int, *, rounds: int = 3) -> Pair:
    """One process and two, each with so many badges, in turn; the best round of each counts.

    The time of two is from the first one's beginning to the last one's end.
    """
    load, context = os.getloadavg()[0], get_context("spawn")
    alone: list[_Share] = []
    both: list[tuple[_Share, _Share]] = []
    with ProcessPoolExecutor(2, mp_context=context, initializer=_join, initargs=(context.Barrier(2),)) as pool:
        for _ in range(rounds):
            alone.append(pool.submit(_many, count, together=False).result())
            first, second = (pool.submit(_many, count, together=True) for _ in range(2))
            both.append((first.result(), second.result()))
    return Pair(
        count / min(share.ended - share.began for share in alone),
        2 * count / min(max(one.ended, two.ended) - min(one.began, two.began) for one, two in both),
        count / min(share.cpu for share in alone),
        2 * count / min((one.cpu + two.cpu) / 2 for one, two in both),
        load,
    )


def importing(rounds: int = 9) -> Importing:
    """Medians of so many starts of Python with the kit and without, in turn."""
    taken: dict[str, list[tuple[float, float, float]]] = {IMPORTED: [], "pass": []}
    with TemporaryDirectory() as folder:
        # Compiled modules are kept, as where the kit is installed, also on a machine that is told not to.
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment["PYTHONPYCACHEPREFIX"] = folder
        for number in range(rounds + 1):
            for statement, figures in taken.items():
                figure = _started(statement, environment)
                # The first writes them.
                if number:
                    figures.append(figure)
    cpu, wall, megabytes = (
        statistics.median(one[place] for one in taken[IMPORTED])
        - statistics.median(one[place] for one in taken["pass"])
        for place in range(3)
    )
    loads = subprocess.run([sys.executable, "-c", f"{IMPORTED}; {_TELL}"], check=False).returncode  # noqa: S603  # ours
    return Importing(cpu, wall, megabytes, loads != 0)


def _started(statement: str, environment: dict[str, str]) -> tuple[float, float, float]:
    """CPU and wall seconds of a Python that does this and ends, and the most megabytes that it had."""
    began = time.monotonic()
    # Not ru_maxrss: a process begins as a copy of its parent, and counts that.
    told = f"{statement}; print(open('/proc/self/status').read())"
    process = subprocess.Popen(  # noqa: S603  # ours
        [sys.executable, "-c", told], stdout=subprocess.PIPE, text=True, env=environment
    )
    status = process.stdout.read() if process.stdout is not None else ""
    _, code, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - began
    process.returncode = os.waitstatus_to_exitcode(code)
    most = re.search(r"^VmHWM:\s+([0-9]+) kB$", status, re.MULTILINE)
    if process.returncode != 0 or most is None:
        raise RuntimeError(f"{statement} ended with {process.returncode}")
    return usage.ru_utime + usage.ru_stime, wall, int(most[1]) / 1000
