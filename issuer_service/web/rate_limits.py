"""How often anybody may call: per key, per address, and far less for who keeps guessing.

Counted in the memory of each process, or in a store that the processes share (`rate_limit_storage`).
"""

from __future__ import annotations

import hashlib
import math
import time
from threading import Lock, Timer
from typing import Final

from fastapi import Request
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import MovingWindowRateLimiter

from issuer_service.errors import TooMany
from issuer_service.settings import Settings

__all__ = ["CallsInMemory", "RateLimits", "address_of"]

_MOST_GUESSES: Final = "30/minute"
_IN_MEMORY: Final = "memory://"
_FORGETS_EVERY: Final = 60.0
"""Seconds. Whoever called is forgotten by then, once their calls count no more."""


class CallsInMemory(MemoryStorage):
    """The calls of a process, in its memory; what counts no more is forgotten by who calls, once in a while.

    The library's own starts a thread to forget: one for nearly each call, which then goes through everybody's calls.
    """

    STORAGE_SCHEME = ["own-memory"]  # noqa: RUF012  # the library asks for a list, and keeps its classes by it

    def __init__(self) -> None:
        super().__init__()
        self.timer.cancel()
        self.timer.join()
        self.timer = _NeverNeeded(0, lambda: None)
        self._turn: Final = Lock()
        self._forgets_at = 0.0

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count these calls, where they are no more than `limit` within `expiry` seconds; whether they count."""
        with self._turn:
            now = time.time()
            if not now < self._forgets_at <= now + _FORGETS_EVERY:
                self._forget(now)
                self._forgets_at = now + _FORGETS_EVERY
            counted = super().acquire_entry(key, limit, expiry, amount)
            # The newest are at the front, and those beyond the limit decide nothing.
            del self.events.get(key, [])[limit:]
            return counted

    def _forget(self, now: float) -> None:
        for key in [key for key, calls in self.events.items() if not calls or calls[0].expiry <= now]:
            del self.events[key]
            self.locks.pop(key, None)


class _NeverNeeded(Timer):
    """In the place of the thread that forgets: it is there, so that none is started, and does nothing."""

    def is_alive(self) -> bool:
        return True


class RateLimits:
    """The counts of this process."""

    def __init__(self, settings: Settings) -> None:
        address = settings.rate_limit_storage
        storage = CallsInMemory() if address == _IN_MEMORY else storage_from_string(address)
        self.are_in_memory: Final = isinstance(storage, MemoryStorage)
        self._limiter = MovingWindowRateLimiter(storage)
        self._per_key = parse(settings.rate_limit_per_key)
        self._per_address = parse(settings.rate_limit_per_address)
        self._guesses = parse(_MOST_GUESSES)

    def count_call(self, request: Request) -> None:
        """Count a call for whoever makes it. Raises TooMany."""
        shown = request.headers.get("authorization")
        if shown is None:
            self._count(self._per_address, "address", address_of(request))
        else:
            # Not kept as it is: a store that others read would otherwise hold keys.
            self._count(self._per_key, "key", hashlib.sha256(shown.encode()).hexdigest())

    def must_not_be_guessing(self, request: Request) -> None:
        """Raise TooMany for an address from which too many wrong keys came."""
        if not self._limiter.test(self._guesses, "guess", address_of(request)):
            raise self._too_many(self._guesses, "guess", address_of(request))

    def count_guess(self, request: Request) -> None:
        """Count a wrong key."""
        self._limiter.hit(self._guesses, "guess", address_of(request))

    def _count(self, item: RateLimitItem, *who: str) -> None:
        if not self._limiter.hit(item, *who):
            raise self._too_many(item, *who)

    def _too_many(self, item: RateLimitItem, *who: str) -> TooMany:
        reset = self._limiter.get_window_stats(item, *who).reset_time
        seconds = max(1, math.ceil(reset - time.time()))
        return TooMany(f"more than {item}; try again in {seconds} seconds", retry_after=seconds)


def address_of(request: Request) -> str:
    """Where a call comes from. Behind a proxy the server must be told to trust it (`FORWARDED_ALLOW_IPS`)."""
    return request.client.host if request.client else "unknown"
