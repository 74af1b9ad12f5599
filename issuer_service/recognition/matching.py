"""What a verified badge proves, in outcomes that a rule can ask for.

By the same IRI, by an alignment that names it, or by a crosswalk that somebody answers for. What only resembles an
outcome is proposed to a person and counts when that person says so. Nothing here verifies: an unverified badge has no
business here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, Final

from issuer_service.recognition.proofs import NO_AMOUNT, Level, Proof
from openbadges_kit.documents import JsonObject, as_list
from openbadges_kit.errors import MalformedDocument
from openbadges_kit.timestamps import parse_timestamp
from openbadges_kit.vocabulary import SkosMatch

__all__ = ["Crosswalk", "Match", "MatchKind", "matches"]

# For each foreign IRI the outcomes that somebody matched it to, and how strong the match is.
Crosswalk = Mapping[str, Mapping[str, SkosMatch]]

_STRONG_ENOUGH: Final = frozenset({SkosMatch.EXACT, SkosMatch.CLOSE})
_DESIGNATIONS: Final = frozenset({"VOP", "VP", "WV"})
_COMPLETED: Final = "Completed"
_RANK: Final = re.compile(r"[0-9]{1,3}")
_MOST: Final = 100_000
# The study load as the ULO extension writes it: PT28H30M.
_DURATION: Final = re.compile(r"PT(?=[0-9])(?:([0-9]{1,5})H)?(?:([0-9]{1,2})M)?")


class MatchKind(StrEnum):
    """How an outcome was found in a badge, the surest first."""

    SAME_IRI = "same-iri"
    ALIGNMENT = "alignment"
    CROSSWALK = "crosswalk"
    PROPOSED = "proposed"


@dataclass(frozen=True, slots=True)
class Match:
    """A proof, how it was found, and the IRI in the badge that it was found by."""

    kind: MatchKind
    proof: Proof
    by: str

    @property
    def counts(self) -> bool:
        """Whether it counts without a person's decision."""
        return self.kind is not MatchKind.PROPOSED


@dataclass(frozen=True, slots=True)
class _Badge:
    credential: str
    issuer: str
    awarded_on: date
    hours: Decimal
    credits: Decimal
    role: str | None


def matches(badge: JsonObject, *, crosswalk: Crosswalk) -> tuple[Match, ...]:
    """What a verified badge proves; nothing for one without an id, an issuer or a date. Surest first, each once.

    A component that the badge says was not reached is no proof of it, and a badge that designates somebody (`role` is
    VOP, VP or WV) proves the designation in the schemes that it is aligned to, and no learning outcome.
    """
    about = _about(badge)
    subject = _first(badge.get("credentialSubject"))
    achievement = _first(subject.get("achievement"))
    if about is None or not achievement:
        return ()
    levels, not_reached = _results(subject, achievement)
    found: dict[str, Match] = {}
    for kind, shown, by in _shown(achievement, crosswalk):
        if shown in found or shown in not_reached or by in not_reached:
            continue
        proof = Proof(
            credential=about.credential,
            shows=shown,
            issuer=about.issuer,
            awarded_on=about.awarded_on,
            level=levels.get(shown) or levels.get(by),
            designation=about.role,
            hours=about.hours,
            credits=about.credits,
        )
        found[shown] = Match(kind, proof, by)
    return tuple(found.values())


def _about(badge: JsonObject) -> _Badge | None:
    subject, issuer = _first(badge.get("credentialSubject")), badge.get("issuer")
    issuer_id = issuer.get("id") if isinstance(issuer, dict) else issuer
    if not isinstance(badge.get("id"), str) or not isinstance(issuer_id, str):
        return None
    awarded = badge.get("awardedDate", badge.get("validFrom"))
    if not isinstance(awarded, str):
        return None
    try:
        awarded_on = parse_timestamp(awarded).date()
    except MalformedDocument:
        return None
    achievement, role = _first(subject.get("achievement")), subject.get("role")
    earned = _amount(subject.get("creditsEarned"))
    return _Badge(
        credential=badge["id"],
        issuer=issuer_id,
        awarded_on=awarded_on,
        hours=_hours(achievement),
        credits=earned or _amount(achievement.get("creditsAvailable")),
        role=role if isinstance(role, str) and role in _DESIGNATIONS else None,
    )


def _shown(achievement: JsonObject, crosswalk: Crosswalk) -> Iterator[tuple[MatchKind, str, str]]:
    own = achievement.get("id")
    aligned = [one.get("targetUrl") for one in as_list(achievement.get("alignment")) if isinstance(one, dict)]
    named = [iri for iri in (own, *aligned) if isinstance(iri, str)]
    for iri in named:
        yield MatchKind.SAME_IRI if iri == own else MatchKind.ALIGNMENT, iri, iri
    for strong in (True, False):
        for iri in named:
            for outcome, match in crosswalk.get(iri, {}).items():
                if (match in _STRONG_ENOUGH) is strong:
                    yield MatchKind.CROSSWALK if strong else MatchKind.PROPOSED, outcome, iri


def _results(subject: JsonObject, achievement: JsonObject) -> tuple[dict[str, Level], set[str]]:
    """By outcome the level that was reached, and the outcomes that were assessed and not reached.

    A result belongs to a component by the address of its description, which begins with the component's.
    """
    descriptions = {
        one["id"]: one
        for one in as_list(achievement.get("resultDescription"))
        if isinstance(one, dict) and isinstance(one.get("id"), str)
    }
    levels: dict[str, Level] = {}
    not_reached: set[str] = set()
    for result in as_list(subject.get("result")):
        described = result.get("resultDescription") if isinstance(result, dict) else None
        if not isinstance(described, str) or described not in descriptions:
            continue
        component = described.removesuffix("/result")
        if result.get("status", _COMPLETED) != _COMPLETED:
            not_reached.add(component)
        elif (rank := _rank(descriptions[described], result.get("achievedLevel"))) is not None:
            levels[component] = Level(described, rank)
    return levels, not_reached


def _rank(description: JsonObject, achieved: object) -> int | None:
    for level in as_list(description.get("rubricCriterionLevel")):
        if isinstance(level, dict) and level.get("id") == achieved:
            number = str(level.get("level", ""))
            return int(number) if _RANK.fullmatch(number) else None
    return None


def _hours(achievement: JsonObject) -> Decimal:
    found = _DURATION.fullmatch(str(achievement.get("volumeOfLearning", "")))
    if found is None:
        return NO_AMOUNT
    hours, minutes = (Decimal(part or 0) for part in found.groups())
    return hours + (minutes / 60).quantize(Decimal("0.01"))


def _amount(value: Any) -> Decimal:  # JSON
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return NO_AMOUNT
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return NO_AMOUNT
    return amount if amount.is_finite() and 0 < amount < _MOST else NO_AMOUNT


def _first(value: Any) -> JsonObject:  # JSON
    found = as_list(value)
    return found[0] if found and isinstance(found[0], dict) else {}
