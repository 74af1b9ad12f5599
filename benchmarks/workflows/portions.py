"""Candidates and travellers in portions, which several processes take on at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from typing import TypeVar

from benchmarks.workflows.candidates import Office, walk
from benchmarks.workflows.measured import Times
from benchmarks.workflows.metrolines import Travel, World, travel
from issuer_service.bootstrap import open_installation
from issuer_service.installation import Installation
from issuer_service.settings import Settings

__all__ = ["Portion", "Travels", "Walks", "cut", "gather_statistics", "in_portions"]

_PORTION = 100
_SAID_EVERY = 10
_GATHERED_EVERY_SECONDS = 60
_T = TypeVar("_T")
_open: dict[str, Installation] = {}
Portion = Callable[[Installation, Times], None]


class Walks:
    """Some candidates, one after the other."""

    def __init__(self, office: Office, numbers: tuple[int, ...]) -> None:
        self._office, self._numbers = office, numbers

    def __call__(self, here: Installation, times: Times) -> None:
        for number in self._numbers:
            walk(here, self._office, number, times)


class Travels:
    """Some travels, one after the other."""

    def __init__(self, world: World, travels: tuple[Travel, ...], runs: dict[str, str]) -> None:
        stations = {station for one in travels for station in one.stations}
        self._world, self._travels = world, travels
        self._runs = {station: runs[station] for station in stations}

    def __call__(self, here: Installation, times: Times) -> None:
        for one in self._travels:
            travel(here, self._world, times, one, self._runs)


def cut(whole: Sequence[_T]) -> list[tuple[_T, ...]]:
    return [tuple(whole[start : start + _PORTION]) for start in range(0, len(whole), _PORTION)]


def in_portions(here: Installation, processes: int, portions: Sequence[Portion]) -> Times:
    """The times of all portions, each done by some process; how far it is, is said every now and then."""
    found, began = Times(), time.perf_counter()
    gather_statistics(here)
    gathered = began
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        for number, taken in enumerate(pool.map(partial(_do, here.settings), portions), start=1):
            found.add(taken)
            if time.perf_counter() - gathered > _GATHERED_EVERY_SECONDS:
                gather_statistics(here)
                gathered = time.perf_counter()
            if number % _SAID_EVERY == 0:
                passed = f"{number} of {len(portions)} portions, {time.perf_counter() - began:,.0f} s"
                print(found.line(passed), flush=True)
    return found


def gather_statistics(here: Installation) -> None:
    """As PostgreSQL does by itself every minute, where nobody switched that off. SQLite does not."""
    if here.engine.dialect.name == "postgresql":
        with here.engine.connect() as connection:
            connection.exec_driver_sql("ANALYZE")
            connection.commit()


def _do(settings: Settings, portion: Portion) -> Times:
    times = Times()
    portion(_opened(settings.database_url, settings), times)
    return times


def _opened(url: str, settings: Settings) -> Installation:
    """One for all portions of a process: what it compiled is kept."""
    if url not in _open:
        _open[url] = open_installation(settings)
    return _open[url]
