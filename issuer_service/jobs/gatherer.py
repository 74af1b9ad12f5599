"""What a worker does again and again without a job: it looks whether something waits, and makes jobs of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import structlog

from issuer_service.errors import where_it_failed

__all__ = ["gathering"]

# Longer, and it is felt by who waits for a badge; shorter, and fewer are signed together.
_EVERY_SECONDS: Final = 0.2


@contextmanager
def gathering(gather: Callable[[], object]) -> Iterator[None]:
    """Have `gather` called in a thread, some times a second, for as long as the block lasts."""
    over = threading.Event()

    def keep_gathering() -> None:
        while not over.wait(_EVERY_SECONDS):
            try:
                gather()
            except Exception as error:  # noqa: BLE001  # a thread that ends would leave what waits until somebody notices
                structlog.get_logger().warning("gathering failed", **where_it_failed(error))

    thread = threading.Thread(target=keep_gathering, name="gatherer", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
