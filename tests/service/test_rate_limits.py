"""Who called how often is counted in memory without a thread, and forgotten in time."""

from __future__ import annotations

import threading
import time

import pytest

from issuer_service.web.rate_limits import CallsInMemory


def test_no_thread_is_begun_for_a_call() -> None:
    before = set(threading.enumerate())
    calls = CallsInMemory()
    for _ in range(20):
        calls.acquire_entry("somebody", 10, 60)
        assert set(threading.enumerate()) <= before


def test_whoever_calls_no_more_is_forgotten_and_who_calls_on_takes_no_more_room(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calls, moment = CallsInMemory(), time.time()
    monkeypatch.setattr(time, "time", lambda: moment)
    for number in range(100):
        assert calls.acquire_entry(f"one {number}", 2, 60)
    for count, minutes in ((100, 0.5), (1, 2), (1, 60)):
        moment += minutes * 60
        assert calls.acquire_entry("one 0", 2, 60)
        assert len(calls.events) == count
        assert len(calls.events["one 0"]) <= 2
    assert [calls.acquire_entry("one 0", 2, 60) for _ in range(2)] == [True, False]
