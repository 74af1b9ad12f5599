"""An example of recognition, made up: loose proofs laid along a scheme, before and after two more were handed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, Literal

from issuer_service.recognition.evaluation import Held, Node, evaluate
from issuer_service.recognition.proofs import Level, Proof
from issuer_service.recognition.rules import Act, AllOf, LevelAsked, Only, Rule, Shows, SomeOf, Total

__all__ = ["Example", "example"]

_AT: Final = "https://catalogue.example/ulo/"
_SCALE: Final = "https://catalogue.example/levels"
_SCHEME: Final = "https://catalogue.example/scheme/heat-pumps"
_OURS: Final = "did:web:training.example"
_ABROAD: Final = "did:web:college.example"
_NAMES: Final = {
    "nl": {
        _AT + "system": "Een warmtepompsysteem bepalen",
        _AT + "refrigerant": "Veilig werken met koudemiddel",
        _AT + "electric": "Veilig elektrisch aansluiten",
        _AT + "commission": "Een warmtepomp in bedrijf stellen",
        _AT + "advise": "Bewoners adviseren",
        _AT + "maintain": "Onderhoud plegen",
        _SCHEME: "de voorbeeldregeling Warmtepompen",
        _OURS: "Voorbeeld Opleider",
        _ABROAD: "Voorbeeldcollege in Vlaanderen",
        "urn:example:1": "Badge Warmtepompsysteem bepalen",
        "urn:example:2": "Badge Koudemiddelen, tweede niveau",
        "urn:example:3": "Bewijs Elektrisch aansluiten",
        "urn:example:4": "Badge Onderhoud aan warmtepompen",
    },
    "en": {
        _AT + "system": "Choosing a heat pump system",
        _AT + "refrigerant": "Working safely with refrigerant",
        _AT + "electric": "Connecting electricity safely",
        _AT + "commission": "Commissioning a heat pump",
        _AT + "advise": "Advising residents",
        _AT + "maintain": "Maintaining a heat pump",
        _SCHEME: "the example scheme Heat pumps",
        _OURS: "Example Training",
        _ABROAD: "Example College in Flanders",
        "urn:example:1": "Badge Choosing a heat pump system",
        "urn:example:2": "Badge Refrigerants, second level",
        "urn:example:3": "Proof Connecting electricity",
        "urn:example:4": "Badge Maintaining heat pumps",
    },
}
_WORDS: Final = {
    "nl": (
        "Zelfstandig warmtepompen installeren",
        "De basis",
        "Veiligheid, van na 2020",
        "De praktijk",
        "Zelfstandig in bedrijf stellen",
    ),
    "en": (
        "Installing heat pumps independently",
        "The basis",
        "Safety, of after 2020",
        "Practice",
        "Commissioning independently",
    ),
}


@dataclass(frozen=True, slots=True)
class Example:
    """The tree before and after, and what the addresses in it are called."""

    before: Node
    after: Node
    names: dict[str, str]


def example(language: Literal["nl", "en"], *, on: date) -> Example:
    """The example, as old as it always is: its days are counted back from `on`."""

    def proof(number: int, outcome: str, issuer: str = _OURS, *, days: int, rank: int, hours: int) -> Proof:
        awarded, level = on - timedelta(days=days), Level(_SCALE, rank)
        return Proof(f"urn:example:{number}", _AT + outcome, issuer, awarded, level, hours=Decimal(hours))

    there = (proof(1, "system", days=40, rank=3, hours=16), proof(2, "refrigerant", days=500, rank=2, hours=12))
    handed_in = (
        proof(3, "electric", _ABROAD, days=200, rank=3, hours=24),
        proof(4, "maintain", days=3, rank=3, hours=8),
    )
    rule, trusted = _rule(language), frozenset({_OURS, _ABROAD})
    return Example(
        evaluate(rule, Held(there), on=on, trusted=trusted),
        evaluate(rule, Held([*there, *handed_in]), on=on, trusted=trusted),
        dict(_NAMES[language]),
    )


def _rule(language: Literal["nl", "en"]) -> Rule:
    title, basis, safety, practice, act = _WORDS[language]
    competent = LevelAsked(scale=_SCALE, rank=3)
    safe = AllOf(of=(Shows(outcome=_AT + "refrigerant", level=competent), Shows(outcome=_AT + "electric")))
    of_practice = tuple(Shows(outcome=_AT + one) for one in ("commission", "advise", "maintain"))
    return AllOf(
        title=title,
        of=(
            Shows(title=basis, outcome=_AT + "system", level=competent),
            Only(title=safety, awarded_from=date(2021, 1, 1), of=safe),
            SomeOf(title=practice, at_least=2, of=of_practice),
            Total(unit="hours", at_least=Decimal(60)),
            Act(act=act, scheme=_SCHEME, designations=frozenset({"VP"}), of=Shows(outcome=_AT + "system")),
        ),
    )
