"""The outcomes that a rule names, and what they are called here."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.orm import Session

from issuer_service.recognition.rules import Rule
from issuer_service.recognition.units import Units

__all__ = ["Titles", "outcomes_of"]


def outcomes_of(rule: Rule) -> Iterator[str]:
    """What this rule itself names, without what is below it."""
    match rule.rule:
        case "shows" | "excluded":
            yield rule.outcome
        case "total":
            yield from rule.of
        case "compensated":
            yield from rule.outcomes
        case "act":
            yield rule.scheme
        case _:
            return


class Titles:
    """What our own outcomes are called, and the levels at which they are judged."""

    def __init__(self, session: Session, base_url: str) -> None:
        self.base_url, self._units = base_url, Units(session, base_url=base_url)

    def name(self, iri: str) -> str | None:
        """What the unit or the component at this address is called; None where there is none of ours."""
        match self._units.find(iri):
            case None:
                return None
            case unit, None:
                return f"ULO {unit.ulo.number}: {unit.ulo.title}"
            case _, component:
                return component.sentence

    def levels(self, iri: str) -> list[tuple[int, str]]:
        """The levels of the rubric for the component at this address, numbered as in its badges."""
        found = self._units.find(iri)
        if found is None or found[1] is None:
            return []
        rubric = [one.levels for one in found[0].rubric if one.component == found[1].code]
        return [(number, level.name) for levels in rubric for number, level in enumerate(levels, start=1)]
