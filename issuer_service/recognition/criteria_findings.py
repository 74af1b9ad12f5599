"""What a reviewer would say of a set of criteria: by name, at a place in the rule, and whether it hinders publication.

Pure. What is known of outcomes and issuers is given; what the service cannot know of is a hint and never hinders.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from issuer_service.recognition.rules import (
    AllOf,
    AnyOf,
    Compensated,
    CriteriaSet,
    Excluded,
    LevelAsked,
    Only,
    Rule,
    Shows,
    SomeOf,
    Total,
    children,
)

__all__ = ["Code", "Finding", "Known", "Outcome", "find_in"]


class Code(StrEnum):
    """The names of what may be found."""

    OUTCOME_UNKNOWN = "outcome-unknown"
    OUTCOME_ELSEWHERE = "outcome-elsewhere"
    ASKED_AND_EXCLUDED = "asked-and-excluded"
    ASKED_TWICE = "asked-twice"
    NO_SUCH_LEVEL = "no-such-level"
    ISSUERS_NOT_TRUSTED = "issuers-not-trusted"
    ONLY_EXCLUDES = "only-excludes"
    COHORTS_OVERLAP = "cohorts-overlap"
    COHORTS_GAP = "cohorts-gap"
    COHORTS_BEFORE = "cohorts-begin-earlier"
    TITLE_IN_ONE_LANGUAGE = "title-in-one-language"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing, where it is, and what to do about it. What does not hinder is a hint."""

    code: Code
    path: str
    detail: str
    hinders: bool

    def __str__(self) -> str:
        return f"{self.path}: {self.detail} ({self.code})"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is known of a learning outcome: by scale, how many steps it has."""

    steps: dict[str, int]


@dataclass(frozen=True, slots=True)
class Known:
    """What the service knows. `outcome` gives None for an address of ours where nothing is."""

    outcome: Callable[[str], Outcome | None]
    is_ours: Callable[[str], bool]
    trusted: frozenset[str]


def find_in(criteria: CriteriaSet, *, earlier: Sequence[CriteriaSet], known: Known) -> list[Finding]:
    """Everything there is to say of a set of criteria beside the other published versions of it."""
    found = [*_of_titles(criteria), *_of_cohorts(criteria, earlier)]
    asked = set(_asked(criteria.rule))
    for path, rule in _places(criteria.rule, "rule"):
        found += _of_outcomes(path, rule, known)
        if isinstance(rule, Excluded) and rule.outcome in asked:
            found.append(Finding(Code.ASKED_AND_EXCLUDED, path, f"{rule.outcome} is asked for as well", hinders=True))
        if isinstance(rule, Only) and rule.issuers is not None and not rule.issuers & known.trusted:
            detail = "none of these issuers is trusted here, so nobody can satisfy it"
            found.append(Finding(Code.ISSUERS_NOT_TRUSTED, f"{path}.issuers", detail, hinders=True))
        if isinstance(rule, AllOf | AnyOf | SomeOf):
            found += _of_children(path, rule)
    if not asked and not any(isinstance(rule, Total) for _, rule in _places(criteria.rule, "")):
        detail = "nothing is asked for, so that everybody has satisfied it"
        found.append(Finding(Code.ONLY_EXCLUDES, "rule", detail, hinders=True))
    return found


def _places(rule: Rule, path: str) -> Iterator[tuple[str, Rule]]:
    yield path, rule
    several = isinstance(rule, AllOf | AnyOf | SomeOf)
    for number, child in enumerate(children(rule)):
        yield from _places(child, f"{path}.of.{number}" if several else f"{path}.of")


def _asked(rule: Rule) -> Iterator[str]:
    for _, one in _places(rule, ""):
        if isinstance(one, Shows):
            yield one.outcome
        elif isinstance(one, Compensated):
            yield from one.outcomes


def _of_outcomes(path: str, rule: Rule, known: Known) -> Iterator[Finding]:
    named: list[tuple[str, str, LevelAsked | None]] = []
    if isinstance(rule, Shows):
        named = [(f"{path}.outcome", rule.outcome, rule.level)]
    elif isinstance(rule, Excluded):
        named = [(f"{path}.outcome", rule.outcome, None)]
    elif isinstance(rule, Compensated):
        floor = LevelAsked(scale=rule.scale, rank=rule.floor)
        named = [(f"{path}.outcomes.{place}", one, floor) for place, one in enumerate(rule.outcomes)]
    elif isinstance(rule, Total):
        named = [(f"{path}.of", one, None) for one in sorted(rule.of)]
    for place, iri, level in named:
        if not known.is_ours(iri):
            detail = f"{iri} is of another catalogue, and is not looked up"
            yield Finding(Code.OUTCOME_ELSEWHERE, place, detail, hinders=False)
            continue
        outcome = known.outcome(iri)
        if outcome is None:
            detail = f"there is no published outcome at {iri}"
            yield Finding(Code.OUTCOME_UNKNOWN, place, detail, hinders=True)
        elif level is not None and level.rank > outcome.steps.get(level.scale, -1):
            scales = ", ".join(f"{scale} of {steps} steps" for scale, steps in sorted(outcome.steps.items())) or "none"
            detail = f"it is not judged at step {level.rank} of {level.scale}; its scales: {scales}"
            yield Finding(Code.NO_SUCH_LEVEL, place, detail, hinders=True)


def _of_children(path: str, rule: AllOf | AnyOf | SomeOf) -> Iterator[Finding]:
    seen: dict[str, int] = {}
    for number, child in enumerate(rule.of):
        same = child.model_copy(update={"title": ""}).model_dump_json()
        if same in seen:
            # Of "two of three" one proof would satisfy both, which is hardly meant.
            detail = f"this is asked for at {path}.of.{seen[same]} already"
            yield Finding(Code.ASKED_TWICE, f"{path}.of.{number}", detail, hinders=isinstance(rule, SomeOf))
        seen.setdefault(same, number)


def _of_titles(criteria: CriteriaSet) -> Iterator[Finding]:
    if len(criteria.title) == 1:
        detail = "who reads the other language reads this one"
        yield Finding(Code.TITLE_IN_ONE_LANGUAGE, "title", detail, hinders=False)


def _of_cohorts(criteria: CriteriaSet, earlier: Sequence[CriteriaSet]) -> Iterator[Finding]:
    path = "cohorts_from"
    for other in earlier:
        if criteria.cohorts_from <= other.cohorts_from:
            detail = f"version {other.version} begins on {other.cohorts_from}: a revision begins after it"
            yield Finding(Code.COHORTS_BEFORE, path, detail, hinders=True)
        elif other.cohorts_until is not None and criteria.cohorts_from <= other.cohorts_until:
            detail = f"version {other.version} applies until {other.cohorts_until}: two would apply to one cohort"
            yield Finding(Code.COHORTS_OVERLAP, path, detail, hinders=True)
    ends = [one.cohorts_until for one in earlier if one.cohorts_until is not None]
    if len(ends) == len(earlier) > 0 and criteria.cohorts_from > max(ends) + timedelta(days=1):
        detail = f"no version applies to who begins between {max(ends)} and {criteria.cohorts_from}"
        yield Finding(Code.COHORTS_GAP, path, detail, hinders=False)
