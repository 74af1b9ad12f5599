"""Status lists that verified, kept for the badges of one batch that lean on them.

A list is fetched, verified and unpacked for the first badge that names it; whether it is a list of the badge's own
issuer, for its purpose, and what it says at its place is asked for each. Only what verified is kept, and no longer
than the list itself allows: a badge is revoked by changing its list.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from openbadges_kit.did.resolver import Fetch

__all__ = ["KeptLists"]

# Whoever can have a badge verified can have a list kept, of up to 4 MiB.
MAX_LISTS: Final = 64
MAX_BYTES: Final = 32 * 1024 * 1024
# For a list that does not say: https://www.w3.org/TR/vc-bitstring-status-list/#bitstringstatuslist leaves it open.
USUAL_TIME_TO_LIVE: Final = timedelta(minutes=5)
_LAST_MOMENT: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Kept:
    data: bytes
    since: datetime
    until: datetime
    about: object
    opened: Any  # what was made of the bytes: a list of either kind


class KeptLists:
    """A bounded store of lists by address; those that were fetched longest ago make room."""

    def __init__(self) -> None:
        self._lists: OrderedDict[str, _Kept] = OrderedDict()
        self._bytes = 0

    def through(self, fetch: Fetch, *, now: datetime) -> Fetch:
        """The same fetch, with the lists that are still good at `now` in front of it."""

        def kept_or_fetched(url: str) -> bytes:
            kept = self._good(url, now)
            return kept.data if kept is not None else fetch(url)

        return kept_or_fetched

    def find(self, url: str, data: bytes, *, about: object, now: datetime) -> Any | None:
        """What was made of these very bytes, still good at `now`; `about` is whatever else that depended on."""
        kept = self._good(url, now)
        return kept.opened if kept is not None and kept.data is data and kept.about == about else None

    def _good(self, url: str, now: datetime) -> _Kept | None:
        kept = self._lists.get(url)
        # Not before it was fetched either: a clock that was set back does not tell how old the list is.
        return kept if kept is not None and kept.since <= now < kept.until else None

    def keep(
        self,
        url: str,
        data: bytes,
        opened: object,
        *,
        about: object,
        now: datetime,
        time_to_live: timedelta | None,
        ends: datetime | None,
    ) -> None:
        """Keep a list that verified at `now`, for its time to live and until it `ends`."""
        until = now + min(USUAL_TIME_TO_LIVE if time_to_live is None else time_to_live, _LAST_MOMENT - now)
        self._forget(url)
        self._lists[url] = _Kept(data, now, until if ends is None else min(until, ends), about, opened)
        self._bytes += len(data)
        while len(self._lists) > MAX_LISTS or self._bytes > MAX_BYTES:
            self._forget(next(iter(self._lists)))

    def _forget(self, url: str) -> None:
        kept = self._lists.pop(url, None)
        self._bytes -= len(kept.data) if kept is not None else 0
