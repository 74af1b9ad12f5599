"""Verification of many badges, for a registry: each as by verify(), and an unreadable one does not stop the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from openbadges_kit.did.resolver import Fetch, Resolver, offline
from openbadges_kit.documents import JsonObject
from openbadges_kit.errors import MalformedDocument
from openbadges_kit.jsonld.context_store import BUNDLED_CONTEXTS, ContextStore
from openbadges_kit.verification.alike import Likenesses
from openbadges_kit.verification.kept_lists import KeptLists
from openbadges_kit.verification.policy import Policy
from openbadges_kit.verification.report import Report
from openbadges_kit.verification.verifier import verify_with_lists

__all__ = ["Unreadable", "verify_many"]

_STRICT = Policy()


@dataclass(frozen=True, slots=True)
class Unreadable:
    """What came in is no document at all."""

    reason: str


def verify_many(
    received: Iterable[bytes | str | JsonObject],
    *,
    now: datetime | Callable[[], datetime],
    resolver: Resolver | None = None,
    fetch: Fetch = offline,
    contexts: ContextStore = BUNDLED_CONTEXTS,
    policy: Policy = _STRICT,
) -> Iterator[Report | Unreadable]:
    """A report for each, in their order, made as they are asked for; the arguments are those of verify().

    Badges of one shape share its compiled form, which is made when the second of them has verified; what badges of one
    achievement have in common is looked at once (see `alike`). A status list
    that many badges lean on is fetched and verified for the first of them, and again when its time to live is over.
    `now` is one moment for all of them, or a clock for a batch that takes longer than a list may be kept. Whatever
    else a badge names is fetched for each anew: a caller who wants the keys of an issuer once for a thousand badges
    gives a `resolver` that has them.
    """
    lists, likenesses = KeptLists(), Likenesses(contexts)
    known_methods = resolver.for_one_batch() if resolver is not None else None
    for one in received:
        moment = now() if callable(now) else now
        known = likenesses.recognise(one)
        try:
            report = verify_with_lists(
                one,
                lists,
                now=moment,
                resolver=known_methods,
                fetch=fetch,
                contexts=contexts,
                policy=policy,
                recognised=known,
            )
        except MalformedDocument as error:
            yield Unreadable(str(error))
            continue
        if known is None:
            likenesses.learn(one, report)
        yield report
