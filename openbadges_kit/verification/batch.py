"""Verification of many badges, for a registry: each as by verify(), and an unreadable one does not stop the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from openbadges_kit.did.resolver import Fetch, Resolver, offline
from openbadges_kit.documents import JsonObject
from openbadges_kit.errors import MalformedDocument
from openbadges_kit.jsonld.context_store import BUNDLED_CONTEXTS, ContextStore
from openbadges_kit.verification.policy import Policy
from openbadges_kit.verification.report import Report
from openbadges_kit.verification.verifier import verify

__all__ = ["Unreadable", "verify_many"]

_STRICT = Policy()


@dataclass(frozen=True, slots=True)
class Unreadable:
    """What came in is no document at all."""

    reason: str


def verify_many(
    received: Iterable[bytes | str | JsonObject],
    *,
    now: datetime,
    resolver: Resolver | None = None,
    fetch: Fetch = offline,
    contexts: ContextStore = BUNDLED_CONTEXTS,
    policy: Policy = _STRICT,
) -> Iterator[Report | Unreadable]:
    """A report for each, in their order, made as they are asked for; the arguments are those of verify().

    Badges of one shape share its compiled form, which is made when the second of them has verified. Each badge
    asks `fetch` anew: a caller who wants a status list once for a thousand badges gives a `fetch` that keeps it.
    """
    for one in received:
        try:
            yield verify(one, now=now, resolver=resolver, fetch=fetch, contexts=contexts, policy=policy)
        except MalformedDocument as error:
            yield Unreadable(str(error))
