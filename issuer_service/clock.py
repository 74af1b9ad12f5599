"""The only place that reads the clock and the operating system's randomness."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime

__all__ = ["Clock", "Randomness", "os_randomness", "system_clock"]

Clock = Callable[[], datetime]
Randomness = Callable[[int], bytes]
"""Gives that many random bytes."""


def system_clock() -> datetime:
    """Now, in UTC, to the second: what goes into a badge has no fractions."""
    return datetime.now(UTC).replace(microsecond=0)


def os_randomness(count: int) -> bytes:
    """Random bytes fit for keys."""
    return os.urandom(count)
