"""The achievements of a catalogue: a unit, a component, a module, a station, a line, a set, attendance, a designation.

Each kind has an achievement type of its own, so that being there never looks like being able (`ACHIEVEMENT_TYPES`). An
achievement says what was achieved and how it is earned, and nothing of when, where or with whom (R01). It is aligned to
the catalogue; a level of EQF or NLQF it has only by a reference with its registration, and never by a skill level.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from openbadges_kit.errors import IssuanceRefused, MalformedDocument
from openbadges_kit.findings import Finding
from openbadges_kit.model.achievement import Achievement, Alignment, Criteria, Related, ResultDescription
from openbadges_kit.model.credential import Result
from openbadges_kit.model.json_object import Number
from openbadges_kit.model.profile import Profile
from openbadges_kit.problems import Problem
from openbadges_kit.skills.achievement import (
    MAX_TARGET_NAME,
    RubricCriterion,
    achievement_from_ulo,
    alignment_of,
    references_of,
)
from openbadges_kit.skills.extension import (
    MicroCredentialAchievement,
    MicroCredentialDetails,
    QualityAssurance,
    learning_outcome_of,
)
from openbadges_kit.skills.micro_credential import Element
from openbadges_kit.skills.ulo import Ulo, edition
from openbadges_kit.vocabulary import AchievementType, ResultStatusType, ResultType

__all__ = [
    "ACHIEVEMENT_TYPES",
    "AchievementKind",
    "Definition",
    "Texts",
    "achievement_of",
    "achievement_of_component",
    "as_micro_credential",
    "micro_credential_details",
    "outcomes_of",
]


class AchievementKind(StrEnum):
    """What is awarded."""

    ULO = "ulo"
    COMPONENT = "component"
    MODULE = "module"
    STATION = "station"
    LINE = "line"
    CRITERIA_SET = "criteria-set"
    CERTIFICATE = "certificate"
    ATTENDANCE = "attendance"
    DESIGNATION = "designation"


ACHIEVEMENT_TYPES: Final[Mapping[AchievementKind, str]] = MappingProxyType(
    {
        AchievementKind.ULO: str(AchievementType.COMPETENCY),
        AchievementKind.COMPONENT: str(AchievementType.ASSESSMENT),
        AchievementKind.MODULE: str(AchievementType.COURSE),
        AchievementKind.STATION: "ext:Station",
        AchievementKind.LINE: str(AchievementType.LEARNING_PROGRAM),
        AchievementKind.CRITERIA_SET: str(AchievementType.CERTIFICATION),
        AchievementKind.CERTIFICATE: str(AchievementType.CERTIFICATE),
        AchievementKind.ATTENDANCE: str(AchievementType.CERTIFICATE_OF_COMPLETION),
        AchievementKind.DESIGNATION: "ext:Designation",
    }
)
"""Each kind's type on the wire, no two the same; Open Badges has none for a station and a designation."""

_BY_UNIT: Final = frozenset({AchievementKind.ULO, AchievementKind.COMPONENT})
# What is not assessed has no result; a designation is given, and no result of an assessment either.
_WITHOUT_RESULTS: Final = frozenset({AchievementKind.ATTENDANCE, AchievementKind.DESIGNATION})


@dataclass(frozen=True, slots=True)
class Texts:
    """What an achievement says in one language. `criteria` is Markdown; the description is one plain sentence."""

    language: str
    title: str
    description: str
    criteria: str

    def __post_init__(self) -> None:
        """Raise MalformedDocument for what says nothing."""
        for name in ("title", "description", "criteria"):
            if not getattr(self, name).strip():
                raise MalformedDocument(f"the achievement has no {name} in {self.language}", path=f"$.{name}")


@dataclass(frozen=True, slots=True)
class Definition:
    """A version of an achievement that is made of units, or of components of them by their codes.

    The first of the texts is the original. Published, it never changes; `iri` names this version.
    """

    kind: AchievementKind
    iri: str
    version: str
    texts: tuple[Texts, ...]
    units: tuple[Ulo, ...] = ()
    components: tuple[tuple[Ulo, str], ...] = ()

    def __post_init__(self) -> None:
        """Raise MalformedDocument for a kind that a unit gives by itself, and without anything to align to."""
        if self.kind in _BY_UNIT:
            raise MalformedDocument("a unit and a component are achievements by themselves", path="$.kind")
        if not self.texts or len({one.language for one in self.texts}) != len(self.texts):
            raise MalformedDocument("an achievement has a text, and one in each language", path="$.texts")
        if self.is_assessed and not self.units and not self.components:
            raise MalformedDocument("an achievement refers to a unit or a component of the catalogue", path="$.units")
        for ulo, code in self.components:
            if code not in [component.code for component in ulo.components]:
                raise MalformedDocument(f"ULO {ulo.number} has no component {code}", path="$.components")

    @property
    def is_assessed(self) -> bool:
        """Does somebody get it for what was assessed?"""
        return self.kind not in _WITHOUT_RESULTS


def achievement_of_component(
    ulo: Ulo, code: str, *, rubric: Sequence[RubricCriterion] = (), language: str = "", plain: bool = True
) -> Achievement:
    """The Achievement of one component: proof may be given of any part of a unit (R08).

    Raises KeyError for a component or a language that the unit does not have.
    """
    original, ulo = ulo, edition(ulo, language or ulo.language)
    component = ulo.component(code)
    judged = tuple(criterion for criterion in rubric if criterion.component == code)
    whole = achievement_from_ulo(ulo, rubric=judged)
    sentence = component.sentence[:1].upper() + component.sentence[1:]
    references = [(one.plain(ulo.language) if plain else one).alignment for one in component.references]
    iri = component.iri if ulo.language == original.language else f"{component.iri}/{ulo.language}"
    editions = {original.language: component.iri}
    editions |= {one.language: f"{component.iri}/{one.language}" for one in original.translations}
    optional: dict[str, Any] = {
        "result_description": whole.result_description,
        "related": [
            Related(id=other, in_language=name, version=ulo.version)
            for name, other in editions.items()
            if name != ulo.language
        ],
    }
    return Achievement(
        id=iri,
        achievement_type=ACHIEVEMENT_TYPES[AchievementKind.COMPONENT],
        name=sentence if len(sentence) <= MAX_TARGET_NAME else sentence[: MAX_TARGET_NAME - 1].rstrip() + "…",
        description=sentence + ("" if sentence.endswith(".") else "."),
        criteria=Criteria(narrative=f"- {component.sentence} ({ulo.number}/{component.code})"),
        alignment=[alignment_of(component, ulo), *references],
        human_code=f"{ulo.number}/{component.code}",
        version=ulo.version,
        in_language=ulo.language,
        specialization=ulo.qualification,
        **{name: value for name, value in optional.items() if value},
    )


def achievement_of(
    definition: Definition, *, language: str = "", creator: Profile | None = None, plain: bool = True
) -> Achievement:
    """The Achievement of a definition, in one of its languages, by default the first.

    Aligned to each of its units and components and to what these refer to; assessed, with a status for each of them.
    Attendance is aligned to nothing, and has no result: who lays proofs together would take it for a skill.
    Raises KeyError for a language that it has no text in.
    """
    by_language = {one.language: one for one in definition.texts}
    if definition.kind is AchievementKind.ATTENDANCE:
        definition = replace(definition, units=(), components=())
    text = by_language[language or definition.texts[0].language]
    units = [_in(ulo, text.language) for ulo in definition.units]
    parts = [(_in(ulo, text.language), code) for ulo, code in definition.components]
    alignments = [*(_unit_alignment(ulo) for ulo in units), *(alignment_of(u.component(c), u) for u, c in parts)]
    references = [one for ulo in units for one in references_of(ulo)]
    references += [one for ulo, code in parts for one in ulo.component(code).references]
    once = {one.iri: (one.plain(text.language) if plain else one) for one in references}
    iris = {one.language: _edition_iri(definition, one.language) for one in definition.texts}
    optional: dict[str, Any] = {
        "creator": creator,
        "alignment": [*alignments, *(one.alignment for one in once.values())],
        "related": [
            Related(id=iri, in_language=name, version=definition.version)
            for name, iri in iris.items()
            if name != text.language
        ],
        "result_description": _statuses(definition, text.language) if definition.is_assessed else [],
    }
    return Achievement(
        id=iris[text.language],
        achievement_type=ACHIEVEMENT_TYPES[definition.kind],
        name=text.title,
        description=text.description,
        criteria=Criteria(narrative=text.criteria),
        version=definition.version,
        in_language=text.language,
        **{name: value for name, value in optional.items() if value},
    )


def outcomes_of(definition: Definition, passed: Mapping[str, bool]) -> list[Result]:
    """The results of a definition: by the IRI of each unit and component whether it was shown.

    Raises MalformedDocument for what is not assessed, and when one of them is missing.
    """
    if not definition.is_assessed:
        raise MalformedDocument(f"{definition.kind} is not assessed and has no results")
    results = []
    for iri, _ in _parts(definition, definition.texts[0].language):
        if iri not in passed:
            raise MalformedDocument(f"nothing was recorded of {iri}")
        status = ResultStatusType.COMPLETED if passed[iri] else ResultStatusType.FAILED
        results.append(Result(result_description=_status_iri(definition, iri), status=str(status)))
    return results


def as_micro_credential(
    achievement: Achievement, details: MicroCredentialDetails, *, units: Sequence[Ulo]
) -> MicroCredentialAchievement:
    """The achievement with the EU's elements; its credential is then `extended` (`extension.py`).

    Raises MalformedDocument without units: it stands for learning outcomes.
    """
    if not units:
        raise MalformedDocument("a micro-credential stands for learning outcomes, and there are none", path="$.units")
    given: dict[str, Any] = {name: getattr(achievement, name) for name in achievement.model_fields_set}
    given["achievement_type"] = str(AchievementType.MICRO_CREDENTIAL)
    supervised = [str(one) for one in details.supervision_types]
    optional = {"supervision_type": supervised, "stackable": details.stackable, "credits_available": details.credits}
    return MicroCredentialAchievement(
        **given,
        **{name: value for name, value in optional.items() if value not in (None, [])},
        learning_outcome=[learning_outcome_of(ulo) for ulo in units],
        volume_of_learning=details.volume_of_learning,
        assessment_type=[str(one) for one in details.assessment_types],
        participation_type=[str(one) for one in details.participation_types],
        quality_assurance=details.quality_assurance,
    )


def micro_credential_details(
    *,
    workload_hours: float | None = None,
    assessment_types: Sequence[str] = (),
    participation_types: Sequence[str] = (),
    quality_assurance: str = "",
    quality_assurance_url: str = "",
    quality_assurance_description: str = "",
    supervision_types: Sequence[str] = (),
    stackable: bool | None = None,
    credits: Number | None = None,  # noqa: A002  # the recommendation's word
) -> MicroCredentialDetails:
    """The details of a micro-credential, where they are all there.

    Raises IssuanceRefused with a finding for each element of the recommendation that is missing and is the
    achievement's to give: workload, assessment, participation, quality assurance.
    """
    missing = [
        element
        for element, there in (
            (Element.WORKLOAD, workload_hours),
            (Element.ASSESSMENT, assessment_types),
            (Element.PARTICIPATION, participation_types),
            (Element.QUALITY_ASSURANCE, quality_assurance.strip()),
        )
        if not there
    ]
    if missing or workload_hours is None:
        raise IssuanceRefused(
            tuple(
                Finding(Problem.MICRO_CREDENTIAL_INCOMPLETE, f"$.{_PLACES[one]}", {"number": str(int(one))})
                for one in missing
            )
        )
    quality = {"url": quality_assurance_url, "description": quality_assurance_description}
    return MicroCredentialDetails(
        workload=timedelta(hours=workload_hours),
        assessment_types=tuple(assessment_types),
        participation_types=tuple(participation_types),
        quality_assurance=QualityAssurance(
            name=quality_assurance, **{name: text for name, text in quality.items() if text}
        ),
        supervision_types=tuple(supervision_types),
        stackable=stackable,
        credits=credits,
    )


_PLACES: Final = {
    Element.WORKLOAD: "volumeOfLearning",
    Element.ASSESSMENT: "assessmentType",
    Element.PARTICIPATION: "participationType",
    Element.QUALITY_ASSURANCE: "qualityAssurance",
}


def _in(ulo: Ulo, language: str) -> Ulo:
    """The unit in that language, or in its own where it was not translated: a reference may be in another."""
    return edition(ulo, language) if language in {one.language for one in ulo.translations} else ulo


def _unit_alignment(ulo: Ulo) -> Alignment:
    return Alignment(
        target_type="CFItem",
        target_framework=f"{ulo.catalogue} – {ulo.qualification}",
        target_code=ulo.number,
        target_name=ulo.title,
        target_description=ulo.sentence,
        # The unit itself, and not its words in one language.
        target_url=ulo.responsibility.iri.rpartition("/")[0] or ulo.iri,
    )


def _edition_iri(definition: Definition, language: str) -> str:
    return definition.iri if language == definition.texts[0].language else f"{definition.iri}/{language}"


def _parts(definition: Definition, language: str) -> list[tuple[str, str]]:
    parts = [(ulo.iri, _in(ulo, language).title) for ulo in definition.units]
    parts += [
        (ulo.component(code).iri, _in(ulo, language).component(code).sentence) for ulo, code in definition.components
    ]
    return parts


def _statuses(definition: Definition, language: str) -> list[ResultDescription]:
    return [
        ResultDescription(id=_status_iri(definition, iri), name=name, result_type=str(ResultType.STATUS))
        for iri, name in _parts(definition, language)
    ]


def _status_iri(definition: Definition, iri: str) -> str:
    return f"{definition.iri}/result/{_position(definition, iri)}"


def _position(definition: Definition, iri: str) -> int:
    order = [ulo.iri for ulo in definition.units]
    order += [ulo.component(code).iri for ulo, code in definition.components]
    return order.index(iri) + 1
