"""What the verifying party decides for itself; none of it can be set by the document."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

__all__ = ["Policy"]


@dataclass(frozen=True, slots=True)
class Policy:
    """How strict to be.

    `trusted_issuers`: the issuers you know; None when you keep no list, an empty set when you trust nobody.
    `clock_skew`: how far your clock and the issuer's may differ, applied to the start of a period only.
    """

    trusted_issuers: frozenset[str] | None = None
    clock_skew: timedelta = timedelta(minutes=2)
