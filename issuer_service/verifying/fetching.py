"""What a verification may fetch: what this service publishes from its database, and a few other addresses, bounded.

The addresses stand in what somebody sent. So https and public addresses only, few of them, briefly: see `outbound.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from issuer_service.errors import ServiceError
from issuer_service.installation import Installation
from issuer_service.outbound import Outbound
from openbadges_kit.errors import ContextNotBundled, ResolutionError
from openbadges_kit.jsonld.bundle import bundled_bytes

__all__ = ["Fetching"]

# Each may take five seconds, and whoever asks may be anybody.
MAX_SECONDS: Final = 5.0
MAX_CALLS: Final = 4
_OK: Final = 200


@dataclass(slots=True)
class Fetching:
    """The fetch of one request. `own` gives what this service publishes at an address, or None."""

    here: Installation
    own: Callable[[str], bytes | None]
    _calls: int = field(default=0, init=False)

    def fetch(self, url: str) -> bytes:
        """The bytes behind an address. Raises ResolutionError."""
        own = self.own(url)
        if own is not None:
            return own
        try:
            return bundled_bytes(url)
        except ContextNotBundled:
            pass
        self._calls += 1
        if self._calls > MAX_CALLS:
            raise ResolutionError(f"{url} was not fetched: this refers to more than {MAX_CALLS} addresses")
        try:
            # Made here and not before: reading the system's certificates takes longer than issuing does.
            outbound = Outbound(allowed=self.here.settings.outbound_allowed_networks, max_seconds=MAX_SECONDS)
            answer = outbound.call("GET", url, headers={"Accept": "application/json, */*;q=0.1"})
        except ServiceError as error:
            raise ResolutionError(f"{url}: {error}") from error
        if answer.status != _OK:
            raise ResolutionError(f"{url} answered {answer.status}")
        return answer.body
