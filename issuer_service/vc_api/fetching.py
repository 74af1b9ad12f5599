"""What a verification of the VC-API may fetch: the suites' own lists as well, which have signers of their own."""

from __future__ import annotations

from collections.abc import Callable

from issuer_service.installation import Installation
from issuer_service.vc_api.status import PURPOSES, list_url, signed_list
from issuer_service.vc_api.suites import SUITES, Signer
from issuer_service.verifying.fetching import Fetching
from issuer_service.verifying.service import own_list
from openbadges_kit.documents import dump_json

__all__ = ["fetching_for"]


def fetching_for(here: Installation, signer_of: Callable[[str], Signer]) -> Fetching:
    """The fetch of one request. `signer_of` gives the signer of a suite by its name."""

    def own(url: str) -> bytes | None:
        with here.reading() as session:
            for suite in SUITES.values():
                for purpose in PURPOSES:
                    if suite.with_status and url == list_url(suite.name, purpose, base_url=here.base_url):
                        signer = signer_of(suite.name)
                        return dump_json(signed_list(session, signer, purpose, base_url=here.base_url, now=here.now()))
            return own_list(session, url, base_url=here.base_url)

    return Fetching(here, own)
