"""Proof trees, requests and what was handed in, as they are shown."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, Field

from issuer_service.recognition.cashing_tables import HandedIn, ProofMatch
from issuer_service.recognition.evaluation import Node, Verdict, WhyNot, still_needed
from issuer_service.recognition.handing_in import PROOF, About, MatchState
from issuer_service.recognition.matching import MatchKind
from issuer_service.recognition.proofs import Proof
from issuer_service.recognition.rules import Total, children
from issuer_service.recognition.weighing import Handed

__all__ = [
    "BadgeShown",
    "MatchShown",
    "ProofShown",
    "TreeShown",
    "badge_shown",
    "match_shown",
    "needed_shown",
    "tree_shown",
]


class LevelShown(BaseModel):
    """A step of one scale."""

    scale: str
    rank: int


class ProofShown(BaseModel):
    """By which credential, of which issuer, how old, at which level."""

    credential: str
    issuer: str
    awarded_on: date
    age_days: int
    level: LevelShown | None
    designation: str | None
    why_not: WhyNot | None = Field(default=None, description="Why it does not count here, where it does not.")


class TreeShown(BaseModel):
    """A node of the criteria, what is said of it, and what is below it."""

    rule: str = Field(examples=["all"])
    title: str
    asks: dict[str, Any] = Field(
        description="What the node asks for, without what is below it.", examples=[{"at_least": 2}]
    )
    verdict: Verdict
    have: Decimal | int | None = Field(description="How much there is, where an amount is asked for.", examples=[1])
    by: list[ProofShown] = Field(description="What counts, the strongest first.")
    short: list[ProofShown] = Field(description="Of the right thing, and why it does not count.")
    below: list[TreeShown] = Field(examples=[[]])


class MatchShown(BaseModel):
    """That a badge shows an outcome, how that was found, and whether it counts."""

    id: str
    outcome: str
    kind: MatchKind
    found_by: str
    level: LevelShown | None
    state: MatchState
    reason: str | None
    decided_at: datetime | None


class BadgeShown(BaseModel):
    """A credential that was handed in."""

    id: str
    credential: str
    issuer: str
    issuer_name: str
    name: str
    verified: bool
    reasons: list[str] = Field(description="Why it did not verify, where it did not.")
    about: About
    counts: bool
    handed_in_at: datetime
    matches: list[MatchShown]


def tree_shown(node: Node, *, on: date) -> TreeShown:
    """A tree on a day."""
    rule = node.rule
    inner = {"of"} if children(rule) else set()
    asks = rule.model_dump(mode="json", exclude={"rule", "title", *inner}, exclude_none=True)
    if isinstance(rule, Total) and not rule.of:
        asks.pop("of", None)
    return TreeShown(
        rule=rule.rule,
        title=rule.title,
        asks=asks,
        verdict=node.verdict,
        have=node.have,
        by=[_proof(one, on) for one in node.by],
        short=[_proof(one, on, why) for one, why in node.short],
        below=[tree_shown(one, on=on) for one in node.below],
    )


def needed_shown(node: Node) -> list[str]:
    """What is still needed by the choice that asks for the fewest, in a line each."""
    return [one.rule.title or str(getattr(one.rule, "outcome", one.rule.rule)) for one in still_needed(node)]


def badge_shown(handed: Handed) -> BadgeShown:
    """A credential with its matches."""
    row: HandedIn = handed.row
    return BadgeShown(
        id=row.id,
        credential=row.credential,
        issuer=row.issuer,
        issuer_name=row.issuer_name,
        name=row.name,
        verified=row.verified,
        reasons=row.reasons,
        about=About(row.about),
        counts=handed.counts,
        handed_in_at=row.handed_in_at,
        matches=[match_shown(one) for one in handed.matches],
    )


def match_shown(row: ProofMatch) -> MatchShown:
    """A match."""
    level = PROOF.validate_python(row.proof).level
    return MatchShown(
        id=row.id,
        outcome=row.outcome,
        kind=MatchKind(row.kind),
        found_by=row.found_by,
        level=None if level is None else LevelShown(scale=level.scale, rank=level.rank),
        state=MatchState(row.state),
        reason=row.reason,
        decided_at=row.decided_at,
    )


def _proof(proof: Proof, on: date, why: WhyNot | None = None) -> ProofShown:
    level = proof.level
    return ProofShown(
        credential=proof.credential,
        issuer=proof.issuer,
        awarded_on=proof.awarded_on,
        age_days=(on - proof.awarded_on).days,
        level=None if level is None else LevelShown(scale=level.scale, rank=level.rank),
        designation=proof.designation,
        why_not=why,
    )
