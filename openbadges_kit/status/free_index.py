"""A free index, drawn so that it says nothing about who got a badge when.

https://www.w3.org/TR/vc-bitstring-status-list/#malicious-issuers-and-verifiers: indexes that count up would tell.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from openbadges_kit.errors import StatusListError

__all__ = ["random_free_index"]


def random_free_index(taken: Collection[int], *, entries: int, draw: Callable[[int], int]) -> int:
    """One of the indexes below `entries` that are not taken, each as likely as any other.

    `draw(n)` gives a number from 0 to n - 1, all as likely: `secrets.randbelow`, or a fixed one in a test.
    Raises StatusListError when none is free, or `draw` gives another number.
    """
    used = sorted({index for index in taken if 0 <= index < entries})
    free = entries - len(used)
    if free <= 0:
        raise StatusListError(f"all {entries} entries of the list are taken")
    index = draw(free)
    if not 0 <= index < free:
        raise StatusListError(f"{index} was drawn where 0 to {free - 1} was asked")
    # The index-th free one: every taken one at or before it shifts it by one.
    for one in used:
        if one > index:
            break
        index += 1
    return index
