"""The unit of learning outcomes (ULO): one responsibility, its skills, its knowledge.

A ULO says what somebody can do at the end, never how, where or with whom it is learnt (R01).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum
from typing import Any, Final

from openbadges_kit.errors import MalformedDocument
from openbadges_kit.skills.frameworks import FrameworkReference
from openbadges_kit.skills.levels import SkillLevel

__all__ = ["COLUMNS", "BloomLevel", "Component", "LearningDomain", "Translation", "Ulo", "edition", "ulo_from_rows"]

_CODE: Final = re.compile(r"(RO|VO|KO)[0-9]{3}")


class LearningDomain(StrEnum):
    """What a component is about; the value is the prefix of its code."""

    RESPONSIBILITY = "RO"
    SKILL = "VO"
    KNOWLEDGE = "KO"


class BloomLevel(IntEnum):
    """The levels of the revised taxonomy of Bloom: how complex what is learnt is, not how well it is mastered."""

    REMEMBER = 1
    UNDERSTAND = 2
    APPLY = 3
    ANALYSE = 4
    EVALUATE = 5
    CREATE = 6

    @property
    def key(self) -> str:
        """Its name in the Open Education API, `bloom_3`."""
        return f"bloom_{int(self)}"

    def name_in(self, language: str) -> str:
        """Its name in Dutch (`nl`) or English (any other)."""
        if language == "nl":
            return ("onthouden", "begrijpen", "toepassen", "analyseren", "evalueren", "creëren")[self - 1]
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Component:
    """One responsibility, skill or item of knowledge, in the parts of the catalogue's table.

    `iri` names this version of the component. `statement` overrides the sentence made of the parts.
    `required_skill_level` is of the scale 1 to 5; `references` are to nodes of public frameworks.
    """

    code: str
    iri: str
    object: str
    verb: str = ""
    preposition: str = ""
    context: str = ""
    conjugated_verb: str = ""
    rule_requirements: tuple[str, ...] = ()
    statement: str = ""
    required_skill_level: SkillLevel | None = None
    references: tuple[FrameworkReference, ...] = ()
    bloom: BloomLevel | None = None

    def __post_init__(self) -> None:
        """Raise MalformedDocument when the code is not RO, VO or KO with three digits, or nothing is said."""
        if not _CODE.fullmatch(self.code):
            raise MalformedDocument(
                f"the component code {self.code!r} is not RO, VO or KO and three digits", path="$.code"
            )
        if not (self.statement or self.object.strip()):
            raise MalformedDocument(f"the component {self.code} states nothing", path="$.object")

    @property
    def domain(self) -> LearningDomain:
        """Responsibility, skill or knowledge."""
        return LearningDomain(self.code[:2])

    @property
    def sentence(self) -> str:
        """The component as one sentence: its own statement, or `verb object preposition context …`.

        The source's grammar is not repaired: what experts validated is what is shown.
        """
        if self.statement:
            return self.statement
        parts = [self.verb, self.object, self.preposition, self.context, self.conjugated_verb]
        parts += [f"conform {requirement}" for requirement in self.rule_requirements]
        return " ".join(part.strip() for part in parts if part.strip())


@dataclass(frozen=True, slots=True)
class Translation:
    """A unit's title and its components' statements, by code, in another language."""

    language: str
    title: str
    statements: tuple[tuple[str, str], ...]

    def statement(self, code: str) -> str:
        """What the component with this code states. Raises KeyError."""
        return dict(self.statements)[code]


@dataclass(frozen=True, slots=True)
class Ulo:
    """A version of a unit of learning outcomes. Published, it never changes; `iri` names this version.

    `references` are to nodes of public frameworks that the unit as a whole fits; `tasks` are those of the work that
    it is for. A translation says the same in another language: what holds is what stands in `language`.
    """

    iri: str
    number: str
    version: str
    title: str
    qualification: str
    catalogue: str
    components: tuple[Component, ...]
    language: str = "nl"
    references: tuple[FrameworkReference, ...] = ()
    tasks: tuple[str, ...] = ()
    bloom: BloomLevel | None = None
    translations: tuple[Translation, ...] = ()

    def __post_init__(self) -> None:
        """Raise MalformedDocument unless there is one responsibility, a skill and knowledge, each code once.

        And for a translation that leaves something out: half a translation reads as another unit.
        """
        if not self.title.strip():
            raise MalformedDocument(f"ULO {self.number} has no title", path="$.title")
        counts = {domain: len(self.components_of(domain)) for domain in LearningDomain}
        if counts[LearningDomain.RESPONSIBILITY] != 1:
            raise MalformedDocument(
                f"ULO {self.number} has {counts[LearningDomain.RESPONSIBILITY]} responsibilities (RO) and needs one",
                path="$.components",
            )
        for domain in (LearningDomain.SKILL, LearningDomain.KNOWLEDGE):
            if not counts[domain]:
                raise MalformedDocument(
                    f"ULO {self.number} has no {domain.name.lower()} ({domain}) and needs one or more",
                    path="$.components",
                )
        codes = [component.code for component in self.components]
        twice = sorted({code for code in codes if codes.count(code) > 1})
        if twice:
            raise MalformedDocument(f"ULO {self.number} has {', '.join(twice)} more than once", path="$.components")
        languages = [self.language, *(translation.language for translation in self.translations)]
        if len(languages) != len(set(languages)):
            raise MalformedDocument(
                f"ULO {self.number} is there more than once in one of {', '.join(languages)}", path="$.translations"
            )
        for translation in self.translations:
            said = [code for code, statement in translation.statements if statement.strip()]
            if not translation.title.strip() or sorted(said) != sorted(codes):
                amiss = ", ".join(sorted(set(said) ^ set(codes))) or "the title"
                raise MalformedDocument(
                    f"the translation of ULO {self.number} into {translation.language} does not fit: {amiss}",
                    path="$.translations",
                )

    def components_of(self, domain: LearningDomain) -> tuple[Component, ...]:
        """The components of one domain, in the order of the catalogue."""
        return tuple(component for component in self.components if component.domain is domain)

    def component(self, code: str) -> Component:
        """The component with this code. Raises KeyError."""
        for component in self.components:
            if component.code == code:
                return component
        raise KeyError(code)

    @property
    def responsibility(self) -> Component:
        """The one responsibility."""
        return self.components_of(LearningDomain.RESPONSIBILITY)[0]

    @property
    def sentence(self) -> str:
        """The responsibility as a sentence, with a capital and a full stop."""
        text = self.responsibility.sentence
        return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


def edition(ulo: Ulo, language: str) -> Ulo:
    """The unit in another language, as a unit of its own: its IRI is the unit's with `/` and the language.

    Its components are the same ones, by their IRIs. Raises KeyError when it was not translated into that language.
    """
    if language == ulo.language:
        return ulo
    translation = next((one for one in ulo.translations if one.language == language), None)
    if translation is None:
        raise KeyError(language)
    components = tuple(replace(one, statement=translation.statement(one.code)) for one in ulo.components)
    return replace(
        ulo,
        iri=f"{ulo.iri}/{language}",
        title=translation.title,
        language=language,
        components=components,
        translations=(),
    )


COLUMNS: Final[Mapping[str, str]] = {
    "Code": "code",
    "Actie werkwoord(en)": "verb",
    "Object van het werkwoord": "object",
    "Voorzetsel": "preposition",
    "Context": "context",
    "Werkwoord vervoeging": "conjugated_verb",
}
"""The columns of the catalogue's table, and the part of a component that each is."""


def ulo_from_rows(
    rows: Iterable[Mapping[str, str]],
    *,
    iri: str,
    number: str,
    version: str,
    title: str,
    qualification: str,
    catalogue: str,
) -> Ulo:
    """The ULO of the rows of a catalogue table (the columns of `COLUMNS`, `ULO` and `Regeleisen (conform)`).

    A component's IRI is the unit's with `/` and its code. Raises MalformedDocument, naming row and column.
    """
    components = []
    for position, row in enumerate(rows, start=1):
        if row.get("ULO", "").strip() != number:
            raise MalformedDocument(f"row {position}, column ULO: {row.get('ULO')!r} is not {number!r}")
        parts: dict[str, Any] = {field: (row.get(column) or "").strip() for column, field in COLUMNS.items()}
        requirement = (row.get("Regeleisen (conform)") or "").strip()
        try:
            components.append(
                Component(
                    iri=f"{iri}/{parts['code']}",
                    rule_requirements=(requirement,) if requirement else (),
                    **parts,
                )
            )
        except MalformedDocument as error:
            raise MalformedDocument(f"row {position}: {error}") from error
    return Ulo(iri, number, version, title, qualification, catalogue, tuple(components))
