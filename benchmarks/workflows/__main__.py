"""`python -m benchmarks.workflows`: 10,000 candidates, and 500 lines with 20,000 participations, on both databases.

How long does a step take with all of them in the database, and looking at a work list? Every step is a transaction of
its own, as over HTTP, without the HTTP. Some candidates walk the whole path and some participants their whole line; the
other candidates are copies of one who walked it, as that one stood at some moment. With `--whole` there are 10,000 more
candidates and all 20,000 participations, and every step of each is taken.
"""

from __future__ import annotations

import argparse
import os
import time
from typing import Any

from sqlalchemy.exc import OperationalError

from benchmarks.service.places import KINDS, new_place
from benchmarks.workflows.candidates import crowd, looks, open_office, walk
from benchmarks.workflows.measured import Times, heading
from benchmarks.workflows.metrolines import World, hold_runs, lay_lines, look_at_maps
from benchmarks.workflows.portions import Travels, Walks, cut, gather_statistics, in_portions

_CANDIDATES, _LINES, _PARTICIPATIONS = 10_000, 500, 20_000
_WALKED, _TRAVELLED = 300, 1_000
_LOOKS = 20


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--whole", action="store_true", help="every step of every one of them")
    parser.add_argument("--quick", action="store_true", help="a twentieth of everything")
    parser.add_argument("--processes", type=int, default=1, help="that take steps at once")
    parser.add_argument("--databases", nargs="+", choices=KINDS, default=list(KINDS))
    chosen = parser.parse_args()
    scale = 20 if chosen.quick else 1
    walked, travelled = (_CANDIDATES, _PARTICIPATIONS) if chosen.whole else (_WALKED, _TRAVELLED)
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} as it begins", flush=True)
    for kind in chosen.databases:
        try:
            measure(kind, walked=walked // scale, travelled=travelled // scale, scale=scale, processes=chosen.processes)
        except OperationalError as error:
            print(f"{kind}: {error.orig}", flush=True)


def measure(kind: str, *, walked: int, travelled: int, scale: int, processes: int) -> None:
    """Everything on one kind of database, and the table of it."""
    with new_place(kind) as place:
        here, began = place.here, time.perf_counter()
        office = open_office(here)
        kept: list[dict[str, Any]] = []
        walk(here, office, 0, Times(), keep=kept)
        crowd(here, office, kept, _CANDIDATES // scale)
        laying, world = Times(), World.of(here)
        travels = lay_lines(here, world, laying, lines=_LINES // scale, participations=_PARTICIPATIONS // scale)
        some = travels[:travelled]
        gather_statistics(here)
        runs = hold_runs(here, world, laying, some)
        print(f"{kind} is filled after {time.perf_counter() - began:,.0f} seconds", flush=True)
        walking = in_portions(here, processes, [Walks(office, one) for one in cut(range(1, walked + 1))])
        travelling = in_portions(here, processes, [Travels(world, one, runs) for one in cut(some)])
        lists, figures = looks(here, office, _LOOKS)
        maps = look_at_maps(here, world, travels[:_LOOKS])
        print(f"\n{heading(kind)}")
        print(walking.line(f"candidate path, {walked:,} walked among {_CANDIDATES // scale:,}"))
        print(*list(walking.lines())[:4], sep="\n")
        print(travelling.line(f"metroline, {len(some):,} travelled of {len(travels):,}"))
        print(*travelling.lines(), sep="\n")
        print(laying.line("lines laid, people registered, runs held"))
        print(*laying.lines(), sep="\n")
        for title, times in (("work list", lists), ("figures", figures), ("map", maps)):
            print(times.line(title))
        print(f"{time.perf_counter() - began:,.0f} seconds in all", flush=True)


if __name__ == "__main__":
    main()
