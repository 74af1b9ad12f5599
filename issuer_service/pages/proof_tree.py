"""A proof tree as a page shows it: of each node what it asks for, how it stands, how it stood, and by which proofs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest

from issuer_service.drawing.drawing import Drawing
from issuer_service.drawing.progress import Progress, draw_progress, table_of
from issuer_service.drawing.table import Table
from issuer_service.recognition.evaluation import Node, Verdict, WhyNot, leaves
from issuer_service.recognition.proofs import Proof
from issuer_service.recognition.sentences import (
    VERDICTS,
    WHY_NOT,
    Language,
    Names,
    of_age,
    of_amount,
    of_level,
    of_rule,
)

__all__ = ["ShownNode", "ShownProof", "shown_progress", "shown_tree"]


@dataclass(frozen=True, slots=True)
class ShownProof:
    """A proof: which credential, whose, since when, how old, at which level; and why it does not count, if so."""

    credential: str
    issuer: str
    awarded_on: str
    age: str
    level: str | None
    why_not: str | None


@dataclass(frozen=True, slots=True)
class ShownNode:
    """A node. `was` is the word for how it stood before, where that was otherwise."""

    title: str
    asks: str
    verdict: Verdict
    word: str
    was: str | None
    have: str | None
    excludes: bool
    proofs: tuple[ShownProof, ...]
    below: tuple[ShownNode, ...]


def shown_tree(after: Node, *, before: Node | None, language: Language, on: date, names: Names) -> ShownNode:
    """The tree as it is after, with what was otherwise before; both are of the same rule, so they have one shape."""
    return _shown(after, before, language, on, names)


def shown_progress(after: Node, *, before: Node | None, key: str, language: Language) -> tuple[Drawing, Table]:
    """How many of the things that are asked for there are, before and after; as a drawing and as its table."""
    title = {"nl": "Wat er is en wat ontbreekt", "en": "What there is and what is missing"}[language]
    named = {"nl": ("Eerst", "Nu"), "en": ("Before", "Now")}[language]
    bars = [_counted(node, name) for node, name in zip((before, after), named, strict=True) if node is not None]
    return draw_progress(title, bars, key=key, language=language), table_of(title, bars, language=language)


def _counted(node: Node, name: str) -> Progress:
    found = Counter(leaf.verdict for leaf in leaves(node))
    return Progress(name, found[Verdict.SATISFIED], found[Verdict.PARTLY], found[Verdict.MISSING])


def _shown(node: Node, before: Node | None, language: Language, on: date, names: Names) -> ShownNode:
    asks = of_rule(node.rule, language, names)
    changed = before is not None and before.verdict is not node.verdict
    below = zip_longest(node.below, before.below if before else ())
    return ShownNode(
        title=node.rule.title or asks,
        asks=asks if node.rule.title else "",
        verdict=node.verdict,
        word=VERDICTS[node.verdict][language],
        was=VERDICTS[before.verdict][language] if before is not None and changed else None,
        have=of_amount(node, language),
        excludes=node.rule.rule == "excluded" and bool(node.by),
        proofs=tuple(_proofs(node, language, on, names)),
        below=tuple(_shown(one, earlier, language, on, names) for one, earlier in below if one is not None),
    )


def _proofs(node: Node, language: Language, on: date, names: Names) -> Iterator[ShownProof]:
    counted: list[tuple[Proof, WhyNot | None]] = [(proof, None) for proof in node.by]
    for proof, why in [*counted, *node.short]:
        yield ShownProof(
            credential=names.get(proof.credential, proof.credential),
            issuer=names.get(proof.issuer, proof.issuer),
            awarded_on=proof.awarded_on.strftime("%d-%m-%Y"),
            age=of_age(proof.awarded_on, on, language),
            level=of_level(proof.level, language),
            why_not=None if why is None else WHY_NOT[why][language],
        )
