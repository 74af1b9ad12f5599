"""What a proof tree says in Dutch and in English: each rule, each verdict, each proof and why one does not count.

Pure: names of outcomes, issuers and credentials are given, and where one is lacking its address stands for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final, Literal, assert_never

from issuer_service.recognition.evaluation import Node, Verdict, WhyNot
from issuer_service.recognition.proofs import Level
from issuer_service.recognition.rules import (
    Act,
    AllOf,
    AnyOf,
    Compensated,
    Excluded,
    Only,
    Rule,
    Shows,
    SomeOf,
    Total,
)

__all__ = ["VERDICTS", "WHY_NOT", "Language", "Names", "of_age", "of_amount", "of_level", "of_rule"]

Language = Literal["nl", "en"]
Names = Mapping[str, str]
"""What an address is called: of an outcome, an issuer, a credential or a scheme."""

VERDICTS: Final[Mapping[Verdict, Mapping[Language, str]]] = {
    Verdict.SATISFIED: {"nl": "voldaan", "en": "satisfied"},
    Verdict.PARTLY: {"nl": "deels", "en": "partly"},
    Verdict.MISSING: {"nl": "ontbreekt", "en": "missing"},
}
WHY_NOT: Final[Mapping[WhyNot, Mapping[Language, str]]] = {
    WhyNot.ISSUER: {"nl": "bewijs van deze uitgever telt hier niet", "en": "proof of this issuer does not count here"},
    WhyNot.TOO_EARLY: {"nl": "te vroeg toegekend", "en": "awarded too early"},
    WhyNot.TOO_OLD: {"nl": "te oud", "en": "too old"},
    WhyNot.ANOTHER_SCALE: {
        "nl": "het niveau staat op een andere schaal, of er is geen niveau",
        "en": "its level is of another scale, or it has none",
    },
    WhyNot.TOO_LOW: {"nl": "het niveau is te laag", "en": "its level is too low"},
}
_DAYS_OF_A_YEAR: Final = 365
_DAYS_OF_A_MONTH: Final = 30


def of_rule(rule: Rule, language: Language, names: Names) -> str:
    """What a rule asks for. Its own title is not in it."""
    match rule:
        case Shows():
            at = (
                ""
                if rule.level is None
                else f", {_word(language, 'minstens niveau', 'at least level')} {rule.level.rank}"
            )
            return f"{names.get(rule.outcome, rule.outcome)}{at}"
        case AllOf():
            return _word(language, "Dit alles", "All of this")
        case AnyOf():
            return _word(language, "Eén van deze", "One of these")
        case SomeOf():
            return _word(
                language,
                f"Minstens {rule.at_least} van deze {len(rule.of)}",
                f"At least {rule.at_least} of these {len(rule.of)}",
            )
        case Total():
            return _total(rule, language, names)
        case Compensated():
            return _compensated(rule, language, names)
        case Excluded():
            outcome = names.get(rule.outcome, rule.outcome)
            return _word(language, f"Niet samen met: {outcome}", f"Not together with: {outcome}")
        case Only():
            return _only(rule, language, names)
        case Act():
            ways = _listed(sorted(rule.designations), language, "of", "or")
            scheme = names.get(rule.scheme, rule.scheme)
            return _word(
                language,
                f"{rule.act}: door wie als {ways} is aangewezen in {scheme}",
                f"{rule.act}: by who is designated as {ways} in {scheme}",
            )
        case _:
            assert_never(rule)


def of_amount(node: Node, language: Language) -> str | None:
    """How much there is of how much is needed, where the rule asks for an amount."""
    rule, have = node.rule, node.have
    if have is None:
        return None
    match rule:
        case Total():
            asked, unit = _number(rule.at_least, language), _unit(rule, language)
        case Compensated():
            asked, unit = str(rule.together), _word(language, "niveaus samen", "levels together")
        case AllOf():
            asked, unit = str(len(rule.of)), _word(language, "voldaan", "satisfied")
        case AnyOf():
            asked, unit = "1", _word(language, "voldaan", "satisfied")
        case SomeOf():
            asked, unit = str(rule.at_least), _word(language, "voldaan", "satisfied")
        case _:
            return None
    return f"{_number(have, language)} {_word(language, 'van', 'of')} {asked} {unit}"


def of_level(level: Level | None, language: Language) -> str | None:
    """The level of a proof, where it has one."""
    return None if level is None else f"{_word(language, 'niveau', 'level')} {level.rank}"


def of_age(awarded_on: date, on: date, language: Language) -> str:
    """How old a proof is on a day, in the largest unit that it fills."""
    days = (on - awarded_on).days
    if days < 0:
        return _word(language, "nog niet ingegaan", "not yet in force")
    if days >= _DAYS_OF_A_YEAR:
        years = days // _DAYS_OF_A_YEAR
        return _word(language, f"{years} jaar oud", f"{years} {_plural(years, 'year')} old")
    if days >= _DAYS_OF_A_MONTH:
        months = days // _DAYS_OF_A_MONTH
        return _word(
            language,
            f"{months} {'maand' if months == 1 else 'maanden'} oud",
            f"{months} {_plural(months, 'month')} old",
        )
    return _word(language, f"{days} {'dag' if days == 1 else 'dagen'} oud", f"{days} {_plural(days, 'day')} old")


def _total(rule: Total, language: Language, names: Names) -> str:
    asked = f"{_number(rule.at_least, language)} {_unit(rule, language)}"
    outcomes = [names.get(one, one) for one in sorted(rule.of)]
    if not outcomes:
        return _word(language, f"Samen minstens {asked}", f"At least {asked} together")
    listed = _listed(outcomes, language, "en", "and")
    return _word(language, f"Samen minstens {asked} van {listed}", f"At least {asked} together of {listed}")


def _compensated(rule: Compensated, language: Language, names: Names) -> str:
    listed = _listed([names.get(one, one) for one in rule.outcomes], language, "en", "and")
    return _word(
        language,
        f"Niveaus van {listed} samen minstens {rule.together}, elk minstens {rule.floor}",
        f"Levels of {listed} together at least {rule.together}, each at least {rule.floor}",
    )


def _only(rule: Only, language: Language, names: Names) -> str:
    asked = []
    if rule.issuers is not None:
        listed = _listed(sorted(names.get(one, one) for one in rule.issuers), language, "of", "or")
        asked.append(_word(language, f"van {listed}", f"of {listed}"))
    if rule.awarded_from is not None:
        day = rule.awarded_from.strftime("%d-%m-%Y")
        asked.append(_word(language, f"toegekend vanaf {day}", f"awarded from {day} on"))
    if rule.at_most_days_old is not None:
        days = rule.at_most_days_old
        asked.append(_word(language, f"hooguit {days} dagen oud", f"at most {days} days old"))
    return _word(language, "Alleen bewijs ", "Only proof ") + _word(language, " en ", " and ").join(asked)


def _word(language: Language, dutch: str, english: str) -> str:
    return dutch if language == "nl" else english


def _plural(count: int, english: str) -> str:
    return english if count == 1 else f"{english}s"


def _listed(names: list[str], language: Language, dutch: str, english: str) -> str:
    last = f" {_word(language, dutch, english)} "
    return last.join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def _unit(rule: Total, language: Language) -> str:
    return _word(language, "uur", "hours") if rule.unit == "hours" else "EC"


def _number(value: Decimal | int, language: Language) -> str:
    text = f"{Decimal(value).normalize():f}"
    return text.replace(".", ",") if language == "nl" else text
