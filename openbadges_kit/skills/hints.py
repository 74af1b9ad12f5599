"""Hints for who writes learning outcomes: what a reader may stumble over, and why. None of them stops anybody.

After the working method's rules for a responsibility (R03), a skill (R04), knowledge (R05) and what is measurable,
attainable and bound in time (R02). The verbs are a list of our own, by the levels of Bloom's revised taxonomy.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from openbadges_kit.skills.ulo import Component, LearningDomain, Ulo

__all__ = ["ACTION_VERBS", "Hint", "HintCode", "hints"]

ACTION_VERBS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "remember": MappingProxyType(
            {"benoemen": "benoemt", "herkennen": "herkent", "opsommen": "somt op", "definiëren": "definieert",
             "noemen": "noemt"}
        ),
        "understand": MappingProxyType(
            {"uitleggen": "legt uit", "toelichten": "licht toe", "beschrijven": "beschrijft", "verklaren": "verklaart",
             "samenvatten": "vat samen", "onderscheiden": "onderscheidt"}
        ),
        "apply": MappingProxyType(
            {"toepassen": "past toe", "uitvoeren": "voert uit", "berekenen": "berekent", "hanteren": "hanteert",
             "gebruiken": "gebruikt", "demonstreren": "demonstreert", "aansluiten": "sluit aan",
             "monteren": "monteert", "instellen": "stelt in", "bepalen": "bepaalt"}
        ),
        "analyse": MappingProxyType(
            {"analyseren": "analyseert", "onderzoeken": "onderzoekt", "vergelijken": "vergelijkt",
             "classificeren": "classificeert", "diagnosticeren": "diagnosticeert", "inschatten": "schat in"}
        ),
        "evaluate": MappingProxyType(
            {"beoordelen": "beoordeelt", "controleren": "controleert", "toetsen": "toetst",
             "onderbouwen": "onderbouwt", "adviseren": "adviseert", "kiezen": "kiest"}
        ),
        "create": MappingProxyType(
            {"ontwerpen": "ontwerpt", "ontwikkelen": "ontwikkelt", "opstellen": "stelt op", "plannen": "plant",
             "integreren": "integreert"}
        ),
    }
)  # fmt: skip
"""Dutch verbs of what can be seen: by level the infinitive and the third person."""

_INFINITIVES: Final = frozenset(verb for verbs in ACTION_VERBS.values() for verb in verbs)
_CONJUGATED: Final = frozenset(verb for verbs in ACTION_VERBS.values() for verb in verbs.values())
# What nobody can see another do.
_VAGUE: Final = frozenset(
    {"weten", "weet", "kennen", "kent", "begrijpen", "begrijpt", "snappen", "snapt", "leren", "leert"}
)
_VAGUE_PHRASES: Final = (
    "inzicht hebben",
    "heeft inzicht",
    "bewust zijn",
    "is zich bewust",
    "bekend zijn met",
    "bekend met",
)
# How, where and with whom it is learnt is the provider's (R01).
_DELIVERY: Final = re.compile(
    r"\b(e-?learning|cursusdag|lesdag|dagdelen?|klassika(?:al|le)|docent|trainer|leslocatie|online les"
    r"|\d+ (?:uur|uren|lessen|weken))\b"
)
_JOINED: Final = re.compile(r"\ben\b|\bof\b|,|/|;")
_LONGEST_STATEMENT: Final = 250


class HintCode(StrEnum):
    """What a hint is about."""

    VAGUE_VERB = "vague-verb"
    NO_VERB = "no-verb"
    SEVERAL_VERBS = "several-verbs"
    UNKNOWN_VERB = "unknown-verb"
    NOT_CONJUGATED = "not-conjugated"
    NOT_INFINITIVE = "not-infinitive"
    KNOWLEDGE_WITH_VERB = "knowledge-with-verb"
    NOT_OBSERVABLE = "not-observable"
    DELIVERY = "delivery"
    LONG = "long"


_REASONS: Final[Mapping[HintCode, tuple[str, str]]] = MappingProxyType(
    {
        HintCode.VAGUE_VERB: (
            "Niemand kan zien of iemand dit kan: kies een werkwoord voor wat iemand doet (R02, R03).",
            "Nobody can see whether somebody does this: choose a verb for what is done (R02, R03).",
        ),
        HintCode.NO_VERB: (
            "Begin met een werkwoord: een verantwoordelijkheid of vaardigheid zegt wat iemand doet (R03, R04).",
            "Begin with a verb: a responsibility or a skill says what somebody does (R03, R04).",
        ),
        HintCode.SEVERAL_VERBS: (
            "Een verantwoordelijkheid begint waar dat kan met één werkwoord: splits haar, of kies het leidende (R03).",
            "A responsibility begins with one verb where it can: split it, or choose the leading one (R03).",
        ),
        HintCode.UNKNOWN_VERB: (
            "Dit werkwoord staat niet in de lijst van actieve werkwoorden: klopt het niveau (R03, R04)?",
            "This verb is not in the list of active verbs: does its level fit (R03, R04)?",
        ),
        HintCode.NOT_CONJUGATED: (
            "Een verantwoordelijkheid staat in de derde persoon: *bepaalt*, niet *bepalen* (R03).",
            "A responsibility is in the third person: *bepaalt*, not *bepalen* (R03).",
        ),
        HintCode.NOT_INFINITIVE: (
            "Een vaardigheid begint met het hele werkwoord: *inschatten*, niet *schat in* (R04).",
            "A skill begins with an infinitive: *inschatten*, not *schat in* (R04).",
        ),
        HintCode.KNOWLEDGE_WITH_VERB: (
            "Kennis heeft geen werkwoord nodig: noem het onderwerp; wat iemand ermee doet is een vaardigheid (R05).",
            "Knowledge needs no verb: name its subject; what somebody does with it is a skill (R05).",
        ),
        HintCode.NOT_OBSERVABLE: (
            "Noem het gedrag of resultaat dat een ander kan waarnemen, en in welke context (R03).",
            "Name the behaviour or the result that another can observe, and in which context (R03).",
        ),
        HintCode.DELIVERY: (
            "Hoe, waar en met wie het geleerd wordt hoort bij de opleiding, niet bij de leeruitkomst (R01).",
            "How, where and with whom it is learnt belongs to the course, not to the learning outcome (R01).",
        ),
        HintCode.LONG: (
            "Dit is lang voor één leeruitkomst: wie het toetst, moet het kunnen overzien (R02).",
            "This is long for one learning outcome: who assesses it must be able to oversee it (R02).",
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Hint:
    """One thing that may be better, of one component, and the words it is about."""

    code: HintCode
    component: str
    text: str

    def reason(self, language: str = "nl") -> str:
        """Why, in Dutch (`nl`) or English (any other)."""
        dutch, english = _REASONS[self.code]
        return dutch if language == "nl" else english


def hints(ulo: Ulo) -> tuple[Hint, ...]:
    """What may be better in a unit written in Dutch; nothing for one in another language."""
    if ulo.language != "nl":
        return ()
    return tuple(hint for component in ulo.components for hint in _of(component))


def _of(component: Component) -> Iterator[Hint]:
    sentence = component.sentence.lower()
    if (found := _DELIVERY.search(sentence)) is not None:
        yield Hint(HintCode.DELIVERY, component.code, found[0])
    if len(sentence) > _LONGEST_STATEMENT:
        yield Hint(HintCode.LONG, component.code, component.sentence)
    if component.domain is LearningDomain.KNOWLEDGE:
        if component.verb.strip():
            yield Hint(HintCode.KNOWLEDGE_WITH_VERB, component.code, component.verb)
        return
    for phrase in _VAGUE_PHRASES:
        if phrase in sentence:
            yield Hint(HintCode.VAGUE_VERB, component.code, phrase)
    yield from _of_the_verb(component)
    if component.domain is LearningDomain.RESPONSIBILITY and not component.statement and not component.context.strip():
        yield Hint(HintCode.NOT_OBSERVABLE, component.code, component.sentence)


def _of_the_verb(component: Component) -> Iterator[Hint]:
    responsibility = component.domain is LearningDomain.RESPONSIBILITY
    written = " ".join(component.verb.lower().split())
    if not written:
        # The author's own statement is taken as it is.
        if not component.statement:
            yield Hint(HintCode.NO_VERB, component.code, component.sentence)
        return
    verbs = [verb for part in _JOINED.split(written) if (verb := part.strip())]
    if responsibility and len(verbs) > 1:
        yield Hint(HintCode.SEVERAL_VERBS, component.code, component.verb)
    wanted, other = (_CONJUGATED, _INFINITIVES) if responsibility else (_INFINITIVES, _CONJUGATED)
    for verb in verbs:
        if verb in _VAGUE:
            yield Hint(HintCode.VAGUE_VERB, component.code, verb)
        elif verb in other:
            code = HintCode.NOT_CONJUGATED if responsibility else HintCode.NOT_INFINITIVE
            yield Hint(code, component.code, verb)
        elif verb not in wanted:
            yield Hint(HintCode.UNKNOWN_VERB, component.code, verb)
