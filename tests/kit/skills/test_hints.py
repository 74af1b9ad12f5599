"""Hints tell a writer what may be better and why; the published sample has none that it does not deserve."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

import issuer_service
from openbadges_kit.skills.hints import ACTION_VERBS, HintCode, hints
from openbadges_kit.skills.ulo import Component, Ulo, ulo_from_rows

SAMPLE = Path(issuer_service.__file__).parent / "demo" / "data" / "warmtepompen.csv"
IRI = "https://badges.example/ulo/x/1.1/v1"
SOUND: dict[str, dict[str, Any]] = {
    "RO001": {"verb": "bepaalt", "object": "welk systeem", "preposition": "bij", "context": "welke eisen past"},
    "VO001": {"verb": "inschatten", "object": "van de haalbaarheid"},
    "KO001": {"object": "werking van warmtepompen"},
}


def ulo(changed: dict[str, dict[str, Any]], language: str = "nl") -> Ulo:
    parts = {code: {**sound, **changed.get(code, {})} for code, sound in SOUND.items()}
    components = tuple(Component(code=code, iri=f"{IRI}/{code}", **part) for code, part in parts.items())
    return Ulo(IRI, "1.1", "1", "Titel", "Vak", "Catalogus", components, language=language)


def codes(**changed: dict[str, Any]) -> list[tuple[str, HintCode]]:
    return [(hint.component, hint.code) for hint in hints(ulo(changed))]


def test_the_published_sample_has_none() -> None:
    rows = list(csv.DictReader(SAMPLE.read_text(encoding="utf-8").splitlines()))
    titles = {"title": "T", "qualification": "Q", "catalogue": "C"}
    assert hints(ulo_from_rows(rows, iri=IRI, number="1.1", version="1", **titles)) == ()


@pytest.mark.parametrize(
    ("code", "changed", "hint"),
    [
        ("RO001", {"verb": "weet"}, HintCode.VAGUE_VERB),
        ("RO001", {"verb": "", "object": "heeft inzicht in systemen"}, HintCode.VAGUE_VERB),
        ("RO001", {"verb": "bepaalt en monteert"}, HintCode.SEVERAL_VERBS),
        ("RO001", {"verb": "bepalen"}, HintCode.NOT_CONJUGATED),
        ("RO001", {"verb": "flansbout"}, HintCode.UNKNOWN_VERB),
        ("RO001", {"context": ""}, HintCode.NOT_OBSERVABLE),
        ("VO001", {"verb": ""}, HintCode.NO_VERB),
        ("VO001", {"verb": "schat in"}, HintCode.NOT_INFINITIVE),
        ("VO001", {"context": "tijdens een klassikale les van 4 uur"}, HintCode.DELIVERY),
        ("VO001", {"object": "zeer " * 60}, HintCode.LONG),
        ("KO001", {"verb": "kent"}, HintCode.KNOWLEDGE_WITH_VERB),
    ],
)
def test_each_rule_has_its_hint(code: str, changed: dict[str, Any], hint: HintCode) -> None:
    """R01 to R05."""
    assert (code, hint) in codes(**{code: changed})


def test_a_skill_may_have_several_verbs() -> None:
    assert codes(VO001={"verb": "monteren en aansluiten"}) == []


def test_an_authors_own_statement_is_taken_as_it_is() -> None:
    assert codes(RO001={"verb": "", "context": "", "statement": "Kiest zelf het systeem dat past."}) == []


def test_in_another_language_there_are_none() -> None:
    assert hints(ulo({"RO001": {"verb": "knows"}}, "en")) == ()


@pytest.mark.parametrize("code", list(HintCode))
def test_every_hint_has_its_reason_in_both_languages(code: HintCode) -> None:
    found = next(hint for hint in hints(ulo({"RO001": {"verb": "weet"}})))
    hint = type(found)(code, "RO001", "x")
    assert hint.reason("nl") != hint.reason("en")
    assert hint.reason("nl").endswith((".", "?")) or "(R" in hint.reason("nl")


def test_no_verb_stands_at_two_levels() -> None:
    verbs = [verb for level in ACTION_VERBS.values() for verb in level]
    assert len(verbs) == len(set(verbs))
