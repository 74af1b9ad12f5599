"""A proof tree in words: what is asked for, how it stands and stood, by which credential, whose and how old."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

import pytest
from hypothesis import example as such_as
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from issuer_service.drawing.progress import Progress, draw_progress
from issuer_service.pages.proof_tree import ShownNode, shown_progress, shown_tree
from issuer_service.pages.rendering import render
from issuer_service.recognition.evaluation import Held, Node, Verdict, WhyNot, evaluate, leaves
from issuer_service.recognition.example import example
from issuer_service.recognition.proofs import Level, Proof
from issuer_service.recognition.rules import Rule
from issuer_service.recognition.sentences import VERDICTS, WHY_NOT, of_age, of_rule
from tests.service.pages.screen_reader import Part, read

TODAY: Final = date(2026, 11, 22)
OURS, STRANGER = "did:web:ours.example", "did:web:stranger.example"
A, B = "https://ours.example/ulo/1", "https://ours.example/ulo/2"
SCHEME = "https://ours.example/scheme"
NAMES = {
    A: "Koudemiddel",
    B: "Onderhoud",
    OURS: "Voorbeeld Opleider",
    "urn:1": "Badge Koudemiddel",
    SCHEME: "de regeling",
}
RULES: TypeAdapter[Rule] = TypeAdapter(Rule)


def proof(outcome: str = A, **more: Any) -> Proof:
    given = {"credential": "urn:1", "issuer": OURS, "awarded_on": TODAY - timedelta(days=400), "level": Level("s", 2)}
    return Proof(**{**given, **more}, shows=outcome)


def tree(rule: dict[str, Any], *proofs: Proof) -> Node:
    return evaluate(RULES.validate_python(rule), Held(proofs), on=TODAY, trusted=frozenset({OURS}))


def shown(after: Node, before: Node | None = None, language: Any = "nl") -> ShownNode:
    return shown_tree(after, before=before, language=language, on=TODAY, names=NAMES)


BOTH: Final = {
    "rule": "all",
    "title": "Basis",
    "of": [{"rule": "shows", "outcome": A}, {"rule": "shows", "outcome": B}],
}


def test_a_node_says_by_which_credential_of_whom_how_old_and_at_which_level() -> None:
    (found,) = shown(tree({"rule": "shows", "outcome": A}, proof())).proofs
    assert (found.credential, found.issuer, found.awarded_on, found.age, found.level, found.why_not) == (
        *("Badge Koudemiddel", "Voorbeeld Opleider", "18-10-2025", "1 jaar oud", "niveau 2", None),
    )


def test_a_proof_that_does_not_count_says_why() -> None:
    asked = {"rule": "shows", "outcome": A, "level": {"scale": "s", "rank": 3}}
    node = shown(tree(asked, proof(), proof(issuer=STRANGER, credential="urn:2")))
    assert (node.word, node.title) == ("deels", "Koudemiddel, minstens niveau 3")
    assert {(one.issuer, one.why_not) for one in node.proofs} == {
        ("Voorbeeld Opleider", "het niveau is te laag"),
        (STRANGER, "bewijs van deze uitgever telt hier niet"),
    }


def test_what_changed_says_how_it_was_and_what_did_not_says_nothing() -> None:
    after = shown(tree(BOTH, proof(), proof(B)), tree(BOTH, proof()))
    assert (after.word, after.was, after.have) == ("voldaan", "deels", "2 van 2 voldaan")
    assert [(one.word, one.was) for one in after.below] == [("voldaan", None), ("voldaan", "ontbreekt")]


@pytest.mark.parametrize(
    ("rule", "dutch", "english"),
    [
        ({"rule": "any", "of": [BOTH]}, "Eén van deze", "One of these"),
        ({"rule": "some", "at_least": 1, "of": [BOTH]}, "Minstens 1 van deze 1", "At least 1 of these 1"),
        (
            {"rule": "total", "unit": "hours", "at_least": "40.5"},
            "Samen minstens 40,5 uur",
            "At least 40.5 hours together",
        ),
        (
            {"rule": "total", "unit": "credits", "at_least": "3", "of": [A, B]},
            "Samen minstens 3 EC van Koudemiddel en Onderhoud",
            "At least 3 EC together of Koudemiddel and Onderhoud",
        ),
        (
            {"rule": "compensated", "scale": "s", "outcomes": [A, B], "together": 6, "floor": 2},
            "Niveaus van Koudemiddel en Onderhoud samen minstens 6, elk minstens 2",
            "Levels of Koudemiddel and Onderhoud together at least 6, each at least 2",
        ),
        ({"rule": "excluded", "outcome": A}, "Niet samen met: Koudemiddel", "Not together with: Koudemiddel"),
        (
            {"rule": "only", "issuers": [OURS], "at_most_days_old": 90, "awarded_from": "2026-01-01", "of": BOTH},
            "Alleen bewijs van Voorbeeld Opleider en toegekend vanaf 01-01-2026 en hooguit 90 dagen oud",
            "Only proof of Voorbeeld Opleider and awarded from 01-01-2026 on and at most 90 days old",
        ),
        (
            {"rule": "act", "act": "Vullen", "scheme": SCHEME, "designations": ["VP", "WV"], "of": BOTH},
            "Vullen: door wie als VP of WV is aangewezen in de regeling",
            "Vullen: by who is designated as VP or WV in de regeling",
        ),
    ],
)
def test_every_kind_of_rule_has_a_sentence_in_both_languages(rule: dict[str, Any], dutch: str, english: str) -> None:
    parsed = RULES.validate_python(rule)
    assert (of_rule(parsed, "nl", NAMES), of_rule(parsed, "en", NAMES)) == (dutch, english)


def test_every_verdict_and_every_reason_has_its_words() -> None:
    assert set(VERDICTS) == set(Verdict)
    assert set(WHY_NOT) == set(WhyNot)


@pytest.mark.parametrize(
    ("days", "dutch", "english"),
    [
        (0, "0 dagen oud", "0 days old"),
        (1, "1 dag oud", "1 day old"),
        (30, "1 maand oud", "1 month old"),
        (364, "12 maanden oud", "12 months old"),
        (365, "1 jaar oud", "1 year old"),
        (800, "2 jaar oud", "2 years old"),
        (-1, "nog niet ingegaan", "not yet in force"),
    ],
)
def test_an_age_in_the_largest_unit_that_it_fills(days: int, dutch: str, english: str) -> None:
    awarded = TODAY - timedelta(days=days)
    assert (of_age(awarded, TODAY, "nl"), of_age(awarded, TODAY, "en")) == (dutch, english)


class TestTheExampleOnItsPage:
    """Nested lists, since a screen reader says of each item how deep it is and how many stand beside it."""

    def page(self, language: Any) -> tuple[Part, Node]:
        made = example(language, on=TODAY)
        drawing, table = shown_progress(made.after, before=made.before, key="p", language=language)
        root = shown_tree(made.after, before=made.before, language=language, on=TODAY, names=made.names)
        html = render("recognition.html", language, progress=drawing, table=table, tree=root, needed=[])
        return read(bytes(html.body).decode()), made.after

    @pytest.mark.parametrize("language", ["nl", "en"])
    def test_every_node_is_an_item_below_its_own(self, language: Any) -> None:
        page, after = self.page(language)
        (drawn,) = (one for one in page.all("ul") if one.attributes.get("class") == "proof-tree")

        def below(list_: Part) -> list[Any]:
            items = [one for one in list_.content if isinstance(one, Part)]
            return [
                (
                    next(one.text() for one in item.all("strong")),
                    [nested for one in item.content if is_below(one) for nested in below(one)],  # type: ignore[arg-type]
                )
                for item in items
            ]

        def wanted(node: Node) -> Any:
            return VERDICTS[node.verdict][language], [wanted(one) for one in node.below]

        assert below(drawn) == [wanted(after)]

    def test_before_and_after_are_counted_and_drawn_alike(self) -> None:
        made = example("nl", on=TODAY)
        drawing, table = shown_progress(made.after, before=made.before, key="p", language="nl")
        counted = [
            [sum(leaf.verdict is verdict for leaf in leaves(node)) for verdict in Verdict]
            for node in (made.before, made.after)
        ]
        assert [list(map(int, row[1:])) for row in table.rows] == counted == [[2, 3, 4], [5, 2, 2]]
        assert drawing.description == ("Eerst: 2 voldaan, 3 deels, 4 ontbreekt. Nu: 5 voldaan, 2 deels, 2 ontbreekt.")


def is_below(one: Part | str) -> bool:
    return isinstance(one, Part) and one.attributes.get("class") == "below"


@given(st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9)))
def test_a_bar_is_as_wide_as_what_it_counts(counts: tuple[int, int, int]) -> None:
    bar = Progress("Nu", *counts)
    drawn = read(draw_progress("Voortgang", [bar], key="p", language="nl").__html__())
    widths = [float(one.attributes["width"]) for one in drawn.all("rect") if one.attributes["class"] != "rule"]
    assert len(widths) == sum(count > 0 for count in counts)
    assert sum(widths) == pytest.approx(380 if sum(counts) else 0, abs=0.05)


def elements(name: str) -> list[str]:
    node = tree({"rule": "shows", "title": name, "outcome": A}, proof())
    root = shown_tree(node, before=None, language="en", on=TODAY, names={A: name, "urn:1": name, OURS: name})
    drawing, table = shown_progress(node, before=None, key="p", language="en")
    page = render("recognition.html", "en", progress=drawing, table=table, tree=root, needed=[root])
    return [one.name for one in read(bytes(page.body).decode()).all()]


@given(name=st.text(min_size=1, max_size=30))
@such_as(name="<script>alert(1)</script>")
@such_as(name='"><img src=x onerror=alert(1)>')
def test_whatever_things_are_called_it_becomes_no_markup(name: str) -> None:
    assert elements(name) == elements("Koudemiddel")
