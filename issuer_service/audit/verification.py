"""Verifying the audit trail: is every entry there, as it was written, in its place?

What is found: an entry that was changed, removed, added or moved, wherever in a chain, and a chain that was cut off or
written anew by somebody who has the database and not the installation's secret. What is not: a whole chain set back to
an earlier state with the end that belonged to it, as a restored backup is. For that, compare with an export kept apart.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.audit.tables import AuditEntry, AuditHead
from issuer_service.audit.trail import GENESIS, Trail, hash_of_entry
from issuer_service.errors import Refused

__all__ = ["Chain", "exported", "line_of", "verify_trail"]

_AT_ONCE: Final = 1000
Known = Mapping[tuple[str, int], str]
"""What an export said, by organisation and number: the hash."""


@dataclass(slots=True)
class Chain:
    """One organisation's chain, and the first thing that is wrong with it. `wrong_at` is the number of that entry."""

    organisation_id: str
    entries: int = 0
    sha256: str = GENESIS
    wrong_at: int | None = None
    reason: str = ""

    @property
    def holds(self) -> bool:
        """Is nothing wrong?"""
        return not self.reason

    def fails(self, number: int | None, reason: str) -> None:
        """Note what is wrong, unless something was before it."""
        if self.holds:
            self.wrong_at, self.reason = number, reason


@dataclass(slots=True)
class _Walk:
    """Going along a chain, entry by entry."""

    chain: Chain
    known: dict[int, str]
    seen: set[int] = field(default_factory=set)

    def step(self, entry: AuditEntry) -> None:
        chain, expected = self.chain, self.chain.entries + 1
        if entry.number != expected:
            chain.fails(expected, f"entry {expected} is missing; {entry.number} comes next")
        elif entry.previous_sha256 != chain.sha256:
            chain.fails(entry.number, "it does not follow the one before")
        elif entry.sha256 != _hash(entry):
            chain.fails(entry.number, "it is not what was written")
        elif self.known.pop(entry.number, entry.sha256) != entry.sha256:
            chain.fails(entry.number, "it is not what was exported")
        chain.entries, chain.sha256 = entry.number, entry.sha256


def verify_trail(session: Session, trail: Trail, *, known: Known | None = None) -> list[Chain]:
    """Every chain, each with the first thing that is wrong with it. `known` is what an earlier export said."""
    heads = {head.organisation_id: head for head in session.scalars(select(AuditHead))}
    chains: dict[str, Chain] = {}
    expected = known or {}
    for organisation_id, entries in groupby(_entries(session), key=lambda entry: entry.organisation_id):
        walk = _Walk(
            Chain(organisation_id), {n: sha for (whose, n), sha in expected.items() if whose == organisation_id}
        )
        for entry in entries:
            walk.step(entry)
        _check_end(walk.chain, heads.get(organisation_id), trail)
        if walk.known:
            walk.chain.fails(min(walk.known), "it was exported, and is not there")
        chains[organisation_id] = walk.chain
    for organisation_id in {*heads, *(whose for whose, _ in expected)} - set(chains):
        # Not even the first entry is left.
        chains[organisation_id] = Chain(organisation_id, wrong_at=1, reason="the chain is gone")
    return [chains[organisation_id] for organisation_id in sorted(chains)]


def line_of(entry: AuditEntry) -> dict[str, Any]:
    """An entry as it is exported."""
    return {
        "organisation_id": entry.organisation_id,
        "number": entry.number,
        "at": entry.at.isoformat(),
        "event": entry.event,
        "actor_id": entry.actor_id,
        "about": entry.about,
        "details": entry.details,
        "previous_sha256": entry.previous_sha256,
        "sha256": entry.sha256,
    }


def exported(lines: Iterable[str]) -> Known:
    """What an export says. Raises Refused for a line that is none."""
    known: dict[tuple[str, int], str] = {}
    for number, line in enumerate(lines, start=1):
        try:
            one = json.loads(line)
            known[str(one["organisation_id"]), int(one["number"])] = str(one["sha256"])
        except (ValueError, KeyError, TypeError) as error:
            raise Refused(f"line {number} is no entry of an audit trail") from error
    return known


def _entries(session: Session) -> Iterator[AuditEntry]:
    query = select(AuditEntry).order_by(AuditEntry.organisation_id, AuditEntry.number)
    yield from session.scalars(query.execution_options(yield_per=_AT_ONCE))


def _hash(entry: AuditEntry) -> str:
    return hash_of_entry(
        organisation_id=entry.organisation_id,
        number=entry.number,
        at=entry.at,
        event=entry.event,
        actor_id=entry.actor_id,
        about=entry.about,
        details=entry.details,
        previous_sha256=entry.previous_sha256,
    )


def _check_end(chain: Chain, head: AuditHead | None, trail: Trail) -> None:
    if head is None:
        chain.fails(None, "its end was removed")
    elif not hmac.compare_digest(head.seal, trail.seal(head.organisation_id, head.number, head.sha256)):
        chain.fails(None, "its end was not sealed by this installation")
    elif head.number > chain.entries:
        chain.fails(chain.entries + 1, f"the last {head.number - chain.entries} entries are missing")
    elif (head.number, head.sha256) != (chain.entries, chain.sha256):
        chain.fails(head.number + 1, "entries were added past the end")
