"""A rule laid along what somebody proved: a tree that says of each node whether it is satisfied, and by what.

Pure: the day and the trusted issuers are arguments, and neither the order of the proofs nor that of the nodes matters.
A proof that is added never makes a satisfied rule unsatisfied, but where the rule excludes what it shows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from issuer_service.recognition.proofs import NO_AMOUNT, Proof
from issuer_service.recognition.rules import (
    Act,
    AllOf,
    AnyOf,
    Compensated,
    Excluded,
    LevelAsked,
    Only,
    Rule,
    Shows,
    SomeOf,
    Total,
)

__all__ = ["Held", "Node", "Verdict", "WhyNot", "evaluate", "leaves", "still_needed"]


class Verdict(StrEnum):
    """What is said of a node."""

    SATISFIED = "satisfied"
    PARTLY = "partly"
    MISSING = "missing"


class WhyNot(StrEnum):
    """Why a proof of the right thing does not count."""

    ISSUER = "issuer-does-not-count"
    TOO_EARLY = "awarded-too-early"
    TOO_OLD = "too-old"
    ANOTHER_SCALE = "level-of-another-scale"
    TOO_LOW = "level-too-low"


@dataclass(frozen=True, slots=True)
class Node:
    """A rule, and what there is for it.

    `by` are the proofs that count for the node itself, the strongest first; below an exclusion, those that exclude.
    `short` are those of the right thing that do not count, with the reason. `have` is how much there is, where the
    rule asks for an amount: hours, credits, steps of a scale, or satisfied rules.
    """

    rule: Rule
    verdict: Verdict
    below: tuple[Node, ...] = ()
    by: tuple[Proof, ...] = ()
    short: tuple[tuple[Proof, WhyNot], ...] = ()
    have: Decimal | int | None = None

    @property
    def satisfied(self) -> bool:
        """Whether nothing is needed any more."""
        return self.verdict is Verdict.SATISFIED


class Held:
    """What one person proved, by what it shows. Made once, and laid along any number of rules."""

    def __init__(self, proofs: Iterable[Proof]) -> None:
        outcomes: dict[str, list[Proof]] = defaultdict(list)
        designations: dict[str, list[Proof]] = defaultdict(list)
        for proof in proofs:
            (outcomes if proof.designation is None else designations)[proof.shows].append(proof)
        self._outcomes = {shows: _strongest_first(outcomes[shows]) for shows in sorted(outcomes)}
        self._designations = {scheme: _strongest_first(found) for scheme, found in designations.items()}

    def of(self, outcome: str) -> tuple[Proof, ...]:
        """The proofs of one learning outcome, the strongest first."""
        return self._outcomes.get(outcome, ())

    def designations(self, scheme: str) -> tuple[Proof, ...]:
        """The designations in one scheme."""
        return self._designations.get(scheme, ())

    def all(self) -> Iterator[Proof]:
        """Every proof of a learning outcome."""
        for found in self._outcomes.values():
            yield from found


def _strongest_first(proofs: list[Proof]) -> tuple[Proof, ...]:
    # By everything else at last, so that the same proofs in another order give the same tree.
    unique = sorted(set(proofs), key=str)
    return tuple(sorted(unique, key=lambda one: (one.level.rank if one.level else -1, one.awarded_on), reverse=True))


@dataclass(frozen=True, slots=True)
class _Scope:
    """Which proofs count here."""

    issuers: frozenset[str]
    awarded_from: date = date.min
    not_before: date = date.min

    def why_not(self, proof: Proof) -> WhyNot | None:
        if proof.issuer not in self.issuers:
            return WhyNot.ISSUER
        if proof.awarded_on < self.awarded_from:
            return WhyNot.TOO_EARLY
        return WhyNot.TOO_OLD if proof.awarded_on < self.not_before else None

    def split(self, proofs: Iterable[Proof]) -> tuple[list[Proof], list[tuple[Proof, WhyNot]]]:
        counted: list[Proof] = []
        short: list[tuple[Proof, WhyNot]] = []
        for proof in proofs:
            if (why := self.why_not(proof)) is None:
                counted.append(proof)
            else:
                short.append((proof, why))
        return counted, short


def evaluate(rule: Rule, held: Held, *, on: date, trusted: frozenset[str]) -> Node:
    """The proof tree of a rule for what somebody holds, on a day.

    `trusted` are the issuers whose proofs count at all, by id: one's own among them. A node can only narrow that.
    """
    return _node(rule, held, _Scope(trusted), on)


def _node(rule: Rule, held: Held, scope: _Scope, on: date) -> Node:
    match rule:
        case Shows():
            return _shows(rule, held, scope)
        case Total():
            return _total(rule, held, scope)
        case Compensated():
            return _compensated(rule, held, scope)
        case Excluded():
            counted, _ = scope.split(held.of(rule.outcome))
            return Node(rule, Verdict.MISSING if counted else Verdict.SATISFIED, by=tuple(counted))
        case Only():
            below = _node(rule.of, held, _narrowed(scope, rule, on), on)
            return Node(rule, below.verdict, (below,))
        case Act():
            return _act(rule, held, scope, on)
        case _:
            below_it = tuple(_node(one, held, scope, on) for one in rule.of)
            satisfied = sum(one.satisfied for one in below_it)
            return _judged(rule, below_it, satisfied=satisfied >= _needed(rule), have=satisfied)


def _needed(rule: AllOf | AnyOf | SomeOf) -> int:
    if isinstance(rule, SomeOf):
        return rule.at_least
    return 1 if isinstance(rule, AnyOf) else len(rule.of)


def _judged(
    rule: Rule,
    below: tuple[Node, ...] = (),
    *,
    satisfied: bool,
    by: Iterable[Proof] = (),
    short: Iterable[tuple[Proof, WhyNot]] = (),
    have: Decimal | int | None = None,
) -> Node:
    by, short = tuple(by), tuple(short)
    if satisfied:
        verdict = Verdict.SATISFIED
    else:
        begun = by or short or any(_is_begun(one) for one in below)
        verdict = Verdict.PARTLY if begun else Verdict.MISSING
    return Node(rule, verdict, below, by, short, have)


def _is_begun(node: Node) -> bool:
    # That nothing excludes is no step towards anything.
    if isinstance(node.rule, Excluded):
        return False
    if node.below:
        return bool(node.by) or any(_is_begun(one) for one in node.below)
    return node.verdict is not Verdict.MISSING


def _shows(rule: Shows, held: Held, scope: _Scope) -> Node:
    counted, short = scope.split(held.of(rule.outcome))
    if rule.level is None:
        return _judged(rule, satisfied=bool(counted), by=counted, short=short)
    enough = []
    for proof in counted:
        if (why := _below(rule.level, proof)) is None:
            enough.append(proof)
        else:
            short.append((proof, why))
    return _judged(rule, satisfied=bool(enough), by=enough, short=short)


def _below(asked: LevelAsked, proof: Proof) -> WhyNot | None:
    if proof.level is None or proof.level.scale != asked.scale:
        return WhyNot.ANOTHER_SCALE
    return WhyNot.TOO_LOW if proof.level.rank < asked.rank else None


def _total(rule: Total, held: Held, scope: _Scope) -> Node:
    proofs = (proof for outcome in sorted(rule.of) for proof in held.of(outcome)) if rule.of else held.all()
    counted, short = scope.split(proofs)
    amounts: dict[str, Decimal] = {}
    for proof in counted:
        amount = proof.hours if rule.unit == "hours" else proof.credits
        amounts[proof.credential] = max(amount, amounts.get(proof.credential, NO_AMOUNT))
    have = sum(amounts.values(), NO_AMOUNT)
    carrying = sorted((one for one in counted if amounts[one.credential]), key=lambda one: (one.credential, one.shows))
    return _judged(rule, satisfied=have >= rule.at_least, by=carrying, short=short, have=have)


def _compensated(rule: Compensated, held: Held, scope: _Scope) -> Node:
    floor = LevelAsked(scale=rule.scale, rank=rule.floor)
    best: list[Proof] = []
    short: list[tuple[Proof, WhyNot]] = []
    steps = 0
    for outcome in rule.outcomes:
        counted, not_counted = scope.split(held.of(outcome))
        short += not_counted
        for proof in counted:
            if (why := _below(floor, proof)) is not None:
                short.append((proof, why))
            elif proof.level is not None:
                best.append(proof)
                steps += proof.level.rank
                break
    enough = len(best) == len(rule.outcomes) and steps >= rule.together
    return _judged(rule, satisfied=enough, by=best, short=short, have=steps)


def _act(rule: Act, held: Held, scope: _Scope, on: date) -> Node:
    below = _node(rule.of, held, scope, on)
    counted, short = scope.split(held.designations(rule.scheme))
    designated = [one for one in counted if one.designation in rule.designations]
    satisfied = below.satisfied and bool(designated)
    return _judged(rule, (below,), satisfied=satisfied, by=designated, short=short)


def _narrowed(scope: _Scope, rule: Only, on: date) -> _Scope:
    if rule.issuers is not None:
        scope = replace(scope, issuers=scope.issuers & rule.issuers)
    if rule.awarded_from is not None:
        scope = replace(scope, awarded_from=max(scope.awarded_from, rule.awarded_from))
    if rule.at_most_days_old is not None:
        scope = replace(scope, not_before=max(scope.not_before, on - timedelta(days=rule.at_most_days_old)))
    return scope


def leaves(node: Node) -> Iterator[Node]:
    """The nodes that ask for proofs themselves, an act's designation among them."""
    if not node.below or isinstance(node.rule, Act):
        yield node
    for one in node.below:
        yield from leaves(one)


def still_needed(node: Node, weights: Mapping[str, Decimal] | None = None) -> list[Node]:
    """The leaves that must become satisfied, by the choice that asks for the fewest; none where nothing is needed.

    `weights` gives for an outcome how much work it is, hours say; one where it does not, or at all.
    """
    return list(_cheapest(node, weights or {})[1])


_NOTHING: Final[tuple[Decimal, tuple[Node, ...]]] = (NO_AMOUNT, ())


def _cheapest(node: Node, weights: Mapping[str, Decimal]) -> tuple[Decimal, tuple[Node, ...]]:
    if node.satisfied:
        return _NOTHING
    rule = node.rule
    if not node.below:
        outcome = rule.outcome if isinstance(rule, Shows) else ""
        return weights.get(outcome, Decimal(1)), (node,)
    below = [_cheapest(one, weights) for one in node.below if not one.satisfied]
    if isinstance(rule, AnyOf | SomeOf):
        done = sum(one.satisfied for one in node.below)
        # Stable: of two that are as much work the first that the rule names.
        below = sorted(below, key=lambda one: one[0])[: _needed(rule) - done]
    work, needed = sum((one[0] for one in below), NO_AMOUNT), tuple(leaf for one in below for leaf in one[1])
    if isinstance(rule, Act) and not node.by:
        return work + 1, (*needed, node)
    return work, needed
