"""From a ULO to the Achievement that is awarded for it.

The achievement's id is the IRI of the ULO's version, so that every issuer of the unit awards the same thing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from openbadges_kit.errors import MalformedDocument
from openbadges_kit.model.achievement import (
    Achievement,
    Alignment,
    Criteria,
    Related,
    ResultDescription,
    RubricCriterionLevel,
)
from openbadges_kit.model.credential import Result
from openbadges_kit.model.profile import Image, Profile
from openbadges_kit.skills.frameworks import Framework, FrameworkReference
from openbadges_kit.skills.levels import SkillLevel
from openbadges_kit.skills.ulo import Component, LearningDomain, Ulo, edition
from openbadges_kit.vocabulary import AchievementType, ResultStatusType, ResultType

__all__ = [
    "RubricCriterion",
    "RubricLevel",
    "achievement_from_ulo",
    "alignment_of",
    "references_of",
    "results_of",
    "skill_level_rubric",
]

# What wallets show on one line; the whole statement stands in targetDescription.
MAX_TARGET_NAME: Final = 120
_HEADINGS: Final = {
    LearningDomain.RESPONSIBILITY: ("Verantwoordelijkheid", "Responsibility"),
    LearningDomain.SKILL: ("Vaardigheden", "Skills"),
    LearningDomain.KNOWLEDGE: ("Kennis", "Knowledge"),
}


@dataclass(frozen=True, slots=True)
class RubricLevel:
    """One level of a rubric's criterion. `key` is its name in an IRI."""

    key: str
    name: str
    description: str = ""
    points: str = ""


@dataclass(frozen=True, slots=True)
class RubricCriterion:
    """What is judged of one component: its levels from low to high, and the one that is needed."""

    component: str
    levels: tuple[RubricLevel, ...]
    required_level: str

    def __post_init__(self) -> None:
        """Raise MalformedDocument when the required level is none of the levels."""
        if self.required_level not in [level.key for level in self.levels]:
            raise MalformedDocument(
                f"the required level {self.required_level!r} of {self.component} is not in its rubric"
            )

    def reaches(self, achieved: str) -> bool:
        """Is `achieved` the required level or a higher one? Raises KeyError for a foreign level."""
        order = {level.key: position for position, level in enumerate(self.levels)}
        return order[achieved] >= order[self.required_level]


def alignment_of(component: Component, ulo: Ulo) -> Alignment:
    """The reference from an achievement to one component in the skills catalogue (R14)."""
    sentence = component.sentence
    name = sentence if len(sentence) <= MAX_TARGET_NAME else sentence[: MAX_TARGET_NAME - 1].rstrip() + "…"
    return Alignment(
        target_type="CFItem",
        target_framework=f"{ulo.catalogue} – {ulo.qualification}",
        target_code=f"{ulo.number}/{component.code}",
        target_name=name,
        target_description=sentence,
        target_url=component.iri,
    )


def achievement_from_ulo(
    ulo: Ulo,
    *,
    rubric: Sequence[RubricCriterion] = (),
    creator: Profile | None = None,
    image: Image | None = None,
    narrative: str = "",
    achievement_type: str = AchievementType.COMPETENCY,
    language: str = "",
    plain: bool = False,
) -> Achievement:
    """The Achievement of a ULO: criteria, alignments, one result description per criterion.

    There is an alignment for each component and for each reference to a public framework; a reference with a
    match needs the extension's context in the credential (`extension.extended`), unless it is `plain`: then the match
    is said in words. `narrative` replaces the criteria as the catalogue words them. `language` is that of one of the
    unit's editions, by default the unit's own; `related` names the others.

    Raises MalformedDocument when a criterion judges a component that the ULO does not have, and KeyError for a
    language that it was not translated into.
    """
    original, ulo = ulo, edition(ulo, language or ulo.language)
    for criterion in rubric:
        if criterion.component not in [component.code for component in ulo.components]:
            raise MalformedDocument(f"the rubric judges {criterion.component}, which ULO {ulo.number} does not have")
    references = references_of(ulo)
    fields = [reference.code for reference in references if reference.framework is Framework.ISCED_F]
    optional = {
        "creator": creator,
        "image": image,
        "field_of_study": next(iter(fields), None),
        "related": _other_editions(original, ulo.language) or None,
        "tag": _tags(ulo) or None,
        "result_description": [_result_description(criterion, ulo) for criterion in rubric] or None,
    }
    return Achievement(
        id=ulo.iri,
        achievement_type=str(achievement_type),
        name=ulo.title,
        description=ulo.sentence,
        criteria=Criteria(narrative=narrative or criteria_narrative(ulo)),
        alignment=[
            *(alignment_of(component, ulo) for component in ulo.components),
            *((one.plain(ulo.language) if plain else one).alignment for one in references),
        ],
        human_code=ulo.number,
        version=ulo.version,
        in_language=ulo.language,
        specialization=ulo.qualification,
        **{name: value for name, value in optional.items() if value is not None},
    )


def references_of(ulo: Ulo) -> list[FrameworkReference]:
    """The references of the unit and of its components, each address once."""
    references = [*ulo.references, *(one for component in ulo.components for one in component.references)]
    return list({reference.iri: reference for reference in reversed(references)}.values())[::-1]


def _other_editions(ulo: Ulo, language: str) -> list[Related]:
    """The same achievement in the unit's other languages."""
    languages = {ulo.language: ulo.iri} | {one.language: f"{ulo.iri}/{one.language}" for one in ulo.translations}
    return [
        Related(id=iri, in_language=other, version=ulo.version) for other, iri in languages.items() if other != language
    ]


def _tags(ulo: Ulo) -> list[str]:
    """The levels of Bloom's taxonomy: they have no address of their own to align to."""
    levels = {ulo.bloom, *(component.bloom for component in ulo.components)} - {None}
    return [f"Bloom: {level.name_in(ulo.language)}" for level in sorted(one for one in levels if one is not None)]


def skill_level_rubric(ulo: Ulo) -> tuple[RubricCriterion, ...]:
    """A criterion for each component with a required skill level: the five levels, and the one that is needed."""
    levels = tuple(RubricLevel(key=str(int(level)), name=level.dutch) for level in SkillLevel)
    return tuple(
        RubricCriterion(component.code, levels, str(int(component.required_skill_level)))
        for component in ulo.components
        if component.required_skill_level is not None
    )


def criteria_narrative(ulo: Ulo) -> str:
    """What has to be shown, in Markdown: the responsibility, then the skills and the knowledge as lists."""
    blocks = []
    for domain in LearningDomain:
        lines = "\n".join(f"- {component.sentence} ({component.code})" for component in ulo.components_of(domain))
        heading = _HEADINGS[domain][0 if ulo.language == "nl" else 1]
        blocks.append(f"**{heading}**\n\n{lines}")
    return "\n\n".join(blocks)


def results_of(achieved: Mapping[str, str], *, ulo: Ulo, rubric: Sequence[RubricCriterion]) -> list[Result]:
    """The results of an assessment, as level keys by component code, in the order of the rubric.

    Raises MalformedDocument when a criterion was not judged, or with a level that it does not have.
    """
    results = []
    for criterion in rubric:
        key, known = achieved.get(criterion.component), [level.key for level in criterion.levels]
        if key not in known:
            amiss = "is not judged" if key is None else f"was judged {key!r}, which is no level of its rubric"
            raise MalformedDocument(f"{criterion.component} {amiss}; give one of {', '.join(known)}")
        status = ResultStatusType.COMPLETED if criterion.reaches(key) else ResultStatusType.FAILED
        description = _description_iri(criterion, ulo)
        results.append(
            Result(result_description=description, achieved_level=f"{description}/{key}", status=str(status))
        )
    return results


def _description_iri(criterion: RubricCriterion, ulo: Ulo) -> str:
    return f"{ulo.component(criterion.component).iri}/result"


def _result_description(criterion: RubricCriterion, ulo: Ulo) -> ResultDescription:
    component = ulo.component(criterion.component)
    iri = _description_iri(criterion, ulo)
    levels = []
    for position, level in enumerate(criterion.levels, start=1):
        optional = {"description": level.description, "points": level.points}
        levels.append(
            RubricCriterionLevel(
                id=f"{iri}/{level.key}",
                name=level.name,
                level=str(position),
                **{name: text for name, text in optional.items() if text},
            )
        )
    return ResultDescription(
        id=iri,
        name=component.sentence,
        result_type=ResultType.RUBRIC_CRITERION_LEVEL,
        required_level=f"{iri}/{criterion.required_level}",
        rubric_criterion_level=levels,
    )
