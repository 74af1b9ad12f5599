"""Qualification rules as data: what must be proved for a scheme (regeling), a curriculum, a module or a path.

A rule is a tree. Its leaves ask for one learning outcome each, its other nodes say how many of theirs are needed or
which proofs may count below them. It is read from JSON, and is not changed once its version was published.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, model_validator

from issuer_service.errors import Refused

__all__ = [
    "Act",
    "AllOf",
    "AnyOf",
    "Compensated",
    "CriteriaSet",
    "Excluded",
    "Kind",
    "Only",
    "Rule",
    "Shows",
    "SomeOf",
    "Total",
    "children",
    "nodes",
    "version_for",
]

# A tree that somebody can still read; deeper or larger ones are mistakes, or meant to tire the service.
MAX_NODES: Final = 500
MAX_DEPTH: Final = 16

Iri = Annotated[str, Field(min_length=3, max_length=2000, pattern=r"^[A-Za-z][A-Za-z0-9+.-]*:\S+$")]
# A set has no order, and the same rule is to be the same JSON each time: it is hashed, compared and shown.
Iris = Annotated[frozenset[Iri], PlainSerializer(sorted, return_type=list[Iri])]
Issuers = Annotated[frozenset[str], PlainSerializer(sorted, return_type=list[str])]
Designations = Annotated[
    frozenset[Literal["VOP", "VP", "WV"]], PlainSerializer(sorted, return_type=list[Literal["VOP", "VP", "WV"]])
]
Few = Annotated[int, Field(ge=1, le=MAX_NODES)]
Amount = Annotated[Decimal, Field(gt=0, le=100_000, decimal_places=2)]


class _Node(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str = Field(default="", max_length=300, description="What a person reads at this node of the tree")


class LevelAsked(BaseModel):
    """At least this step, of this scale and no other."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    scale: str = Field(min_length=1, max_length=2000)
    rank: int = Field(ge=0, le=100)


class Shows(_Node):
    """This learning outcome is proved, at this level where one is asked for."""

    rule: Literal["shows"] = "shows"
    outcome: Iri
    level: LevelAsked | None = None


class AllOf(_Node):
    """Each of these."""

    rule: Literal["all"] = "all"
    of: tuple[Rule, ...] = Field(min_length=1)


class AnyOf(_Node):
    """One of these."""

    rule: Literal["any"] = "any"
    of: tuple[Rule, ...] = Field(min_length=1)


class SomeOf(_Node):
    """So many of these."""

    rule: Literal["some"] = "some"
    at_least: Few
    of: tuple[Rule, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _can_be_met(self) -> Self:
        if self.at_least > len(self.of):
            raise ValueError(f"at_least is {self.at_least}, of only {len(self.of)} rules")
        return self


class Total(_Node):
    """So many hours or credits together, of these outcomes or of whatever is proved. Each credential counts once."""

    rule: Literal["total"] = "total"
    unit: Literal["hours", "credits"]
    at_least: Amount
    of: Iris = Field(default=frozenset(), description="The outcomes that count; empty: all")


class Compensated(_Node):
    """Together at least this many steps, where a high level of one makes up for a low one of another, above a floor."""

    rule: Literal["compensated"] = "compensated"
    scale: str = Field(min_length=1, max_length=2000)
    outcomes: tuple[Iri, ...] = Field(min_length=2)
    together: int = Field(ge=1)
    floor: int = Field(ge=0, description="What each must have at least, whatever the others are")

    @model_validator(mode="after")
    def _each_outcome_once(self) -> Self:
        if len(set(self.outcomes)) != len(self.outcomes):
            raise ValueError("outcomes names one of them twice")
        return self


class Excluded(_Node):
    """This must not be proved: an older qualification that may not be counted beside this one, say."""

    rule: Literal["excluded"] = "excluded"
    outcome: Iri


class Only(_Node):
    """Below this node only these proofs count: of these issuers, from this day on, not older than so many days."""

    rule: Literal["only"] = "only"
    of: Rule
    issuers: Issuers | None = None
    awarded_from: date | None = None
    at_most_days_old: int | None = Field(default=None, ge=1, le=36_525)

    @model_validator(mode="after")
    def _says_which(self) -> Self:
        if self.issuers is None and self.awarded_from is None and self.at_most_days_old is None:
            raise ValueError("say which proofs count: issuers, awarded_from or at_most_days_old")
        return self


class Act(_Node):
    """An act of a scheme (regeling), for whoever proves this and is designated in that scheme in one of these ways."""

    rule: Literal["act"] = "act"
    act: str = Field(min_length=1, max_length=300)
    scheme: Iri
    designations: Designations = Field(min_length=1)
    of: Rule


Rule = Annotated[
    Shows | AllOf | AnyOf | SomeOf | Total | Compensated | Excluded | Only | Act, Field(discriminator="rule")
]
for _model in (AllOf, AnyOf, SomeOf, Only, Act):
    _model.model_rebuild()


class Kind(StrEnum):
    """What a set of criteria is published for."""

    SCHEME = "scheme"
    CURRICULUM = "curriculum"
    MODULE = "module"
    PATH = "path"


class CriteriaSet(BaseModel):
    """One version of a published set of criteria, and the cohorts it applies to: who began within these days."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    iri: Iri
    version: int = Field(ge=1)
    kind: Kind
    title: dict[Literal["nl", "en"], str] = Field(min_length=1)
    rule: Rule
    cohorts_from: date
    cohorts_until: date | None = Field(default=None, description="The last day, itself included; null: until revised")

    @model_validator(mode="after")
    def _can_be_read(self) -> Self:
        if self.cohorts_until is not None and self.cohorts_until < self.cohorts_from:
            raise ValueError("cohorts_until lies before cohorts_from")
        if _depth(self.rule) > MAX_DEPTH or sum(1 for _ in nodes(self.rule)) > MAX_NODES:
            raise ValueError(f"rule has more than {MAX_NODES} nodes or is deeper than {MAX_DEPTH}: split it")
        return self

    def applies_to(self, began_on: date) -> bool:
        """Whether this version is the one of who began on that day."""
        return self.cohorts_from <= began_on and (self.cohorts_until is None or began_on <= self.cohorts_until)


def children(rule: Rule) -> tuple[Rule, ...]:
    """The rules right below this one."""
    if isinstance(rule, AllOf | AnyOf | SomeOf):
        return rule.of
    return (rule.of,) if isinstance(rule, Only | Act) else ()


def nodes(rule: Rule) -> Iterator[Rule]:
    """This rule and all below it, from the top down."""
    yield rule
    for child in children(rule):
        yield from nodes(child)


def _depth(rule: Rule) -> int:
    return 1 + max((_depth(child) for child in children(rule)), default=0)


def version_for(versions: Iterable[CriteriaSet], began_on: date) -> CriteriaSet:
    """The one version that applies to who began on that day.

    Raises:
        Refused: None applies, or more than one does: which it is must be said, not guessed.
    """
    found = [one for one in versions if one.applies_to(began_on)]
    if len(found) == 1:
        return found[0]
    which = ", ".join(str(one.version) for one in found) or "none"
    raise Refused(
        f"of these criteria, {which} applies to who began on {began_on}: "
        "give each cohort exactly one version, by cohorts_from and cohorts_until"
    )
