"""A learning outcome as a sentence of the SkillsCanvas, beside the catalogue's own (`Component.sentence`).

The template is that of the working method: at the end of this learning path the participant is able to do
something with something, in a context, with regard to conditions. It is Dutch, and so are the sentences.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from openbadges_kit.errors import MalformedDocument
from openbadges_kit.skills.ulo import Component, LearningDomain, Ulo

__all__ = ["SkillsCanvas", "canvas_narrative", "canvas_of"]

_OPENING: Final = "Aan het einde van dit leertraject is de deelnemer in staat om"


@dataclass(frozen=True, slots=True)
class SkillsCanvas:
    """The four blanks of the template.

    `verb` is an infinitive; one that comes apart is given with its `te`: `in te schatten`. `preposition`
    stands before the context.
    """

    subject: str
    verb: str
    context: str = ""
    conditions: tuple[str, ...] = ()
    preposition: str = "in"

    def __post_init__(self) -> None:
        """Raise MalformedDocument without something to do, or something to do it with."""
        if not self.subject.strip() or not self.verb.strip():
            raise MalformedDocument("the SkillsCanvas needs a verb and what it is done with")

    @property
    def phrase(self) -> str:
        """The sentence from `om` on, as in a list under the opening."""
        verb = self.verb.strip()
        parts = [self.subject.strip(), verb if " te " in f" {verb} " else f"te {verb}"]
        if self.context.strip():
            parts.append(f"{self.preposition.strip()} {self.context.strip()}".strip())
        if self.conditions:
            parts.append("met inachtneming van " + _listing(self.conditions))
        return " ".join(parts)

    @property
    def sentence(self) -> str:
        """The whole sentence, with its full stop."""
        return f"{_OPENING} {self.phrase}."


def canvas_of(component: Component, *, infinitive: str = "") -> SkillsCanvas:
    """The template filled in with a component: its object, verb, context and rule requirements.

    A responsibility's verb is conjugated in the catalogue (`bepaalt`), and knowledge has none: those need
    `infinitive`. It is never guessed. Raises MalformedDocument without one.
    """
    verb = infinitive or (component.verb if component.domain is LearningDomain.SKILL else "")
    if not verb.strip():
        raise MalformedDocument(f"the SkillsCanvas needs an infinitive for {component.code}")
    context = " ".join(part for part in (component.context.strip(), component.conjugated_verb.strip()) if part)
    return SkillsCanvas(
        subject=component.object,
        verb=verb,
        context=context,
        conditions=component.rule_requirements,
        preposition=component.preposition or "in",
    )


def canvas_narrative(ulo: Ulo, *, infinitives: Mapping[str, str]) -> str:
    """The responsibility and the skills of a ULO in the words of the SkillsCanvas, in Markdown.

    For `criteria.narrative`. `infinitives` gives verbs by component code, at least the responsibility's.
    Raises MalformedDocument when that is missing.
    """
    components = [ulo.responsibility, *ulo.components_of(LearningDomain.SKILL)]
    lines = [
        f"- {canvas_of(component, infinitive=infinitives.get(component.code, '')).phrase} ({component.code})"
        for component in components
    ]
    return f"{_OPENING}:\n\n" + "\n".join(lines)


def _listing(items: tuple[str, ...]) -> str:
    return items[0] if len(items) == 1 else ", ".join(items[:-1]) + " en " + items[-1]
