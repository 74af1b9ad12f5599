"""From what a caller shows to who is calling: an API key of ours, or a token of an identity provider."""

from __future__ import annotations

from dataclasses import dataclass

from issuer_service.errors import NotKnown
from issuer_service.installation import Installation
from issuer_service.people.keys import KEY_PREFIX, record_use, use_key
from issuer_service.people.service import Caller

__all__ = ["Gates", "who_is_calling"]


@dataclass(frozen=True, slots=True)
class Gates:
    """What this process keeps between requests to tell who is calling."""


def who_is_calling(here: Installation, shown: str, _gates: Gates) -> Caller:
    """Who is calling. Raises NotKnown."""
    if not shown.startswith(KEY_PREFIX):
        raise NotKnown("this is no API key")
    with here.reading() as session:
        caller, key_id = use_key(session, shown, now=here.now())
    if key_id is not None:
        with here.transaction() as session:
            record_use(session, key_id, now=here.now())
    return caller
