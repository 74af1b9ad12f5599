"""What a verification may fetch: this service's own lists from its database, and a few other addresses, bounded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from issuer_service.errors import ServiceError
from issuer_service.installation import Installation
from issuer_service.outbound import Outbound
from issuer_service.vc_api.status import PURPOSES, list_url, signed_list
from issuer_service.vc_api.suites import SUITES, Signer
from issuer_service.verifying.service import own_list
from openbadges_kit.documents import dump_json
from openbadges_kit.errors import ContextNotBundled, ResolutionError
from openbadges_kit.jsonld.bundle import bundled_bytes

__all__ = ["Fetching"]

# Each may take five seconds, and whoever asks may be anybody.
MAX_SECONDS: Final = 5.0
MAX_CALLS: Final = 4
_OK: Final = 200


@dataclass(slots=True)
class Fetching:
    """The fetch of one request. `signer_of` gives the signer of a suite by its name."""

    here: Installation
    signer_of: Callable[[str], Signer]
    _calls: int = field(default=0, init=False)

    def fetch(self, url: str) -> bytes:
        """The bytes behind an address. Raises ResolutionError."""
        own = self._own(url)
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

    def _own(self, url: str) -> bytes | None:
        here = self.here
        with here.reading() as session:
            for suite in SUITES.values():
                for purpose in PURPOSES:
                    if suite.with_status and url == list_url(suite.name, purpose, base_url=here.base_url):
                        signer = self.signer_of(suite.name)
                        return dump_json(signed_list(session, signer, purpose, base_url=here.base_url, now=here.now()))
            return own_list(session, url, base_url=here.base_url)
