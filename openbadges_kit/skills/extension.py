"""What Open Badges has no place for: a ULO's components, workload, assessment, participation, quality assurance.

The terms are those of contexts/own/ulo-v1.json; the achievement gets a second type, as the extension rules ask
(https://www.imsglobal.org/spec/ob/v3p0/#extending-and-profiling-the-standard): who does not know it reads a plain
Achievement. A credential with such an achievement names the context and the schema: `extended()`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from pydantic import Field, StrictBool, StrictInt

from openbadges_kit.documents import as_list
from openbadges_kit.errors import MalformedDocument
from openbadges_kit.model.achievement import Achievement
from openbadges_kit.model.credential import AchievementCredential
from openbadges_kit.model.json_object import JsonObjectModel, LanguageText, Number, OneOrMany
from openbadges_kit.model.profile import Image, Profile
from openbadges_kit.model.verifiable_credential import CredentialSchema
from openbadges_kit.skills.achievement import RubricCriterion, achievement_from_ulo
from openbadges_kit.skills.ulo import Component, LearningDomain, Ulo
from openbadges_kit.vocabulary import (
    JSON_SCHEMA,
    MICRO_CREDENTIAL_ACHIEVEMENT,
    QUALITY_ASSURANCE,
    ULO_COMPONENT,
    ULO_V1,
    ULO_V1_SCHEMA,
    UNIT_OF_LEARNING_OUTCOME,
    AchievementType,
)

__all__ = [
    "LearningOutcome",
    "LearningOutcomeComponent",
    "MicroCredentialAchievement",
    "MicroCredentialDetails",
    "QualityAssurance",
    "extended",
    "learning_outcome_of",
    "micro_credential_from_ulo",
]


class LearningOutcomeComponent(JsonObjectModel):
    """One responsibility, skill or item of knowledge. `required_skill_level` is of the scale 1 to 5."""

    id: str
    type: OneOrMany[str] = ULO_COMPONENT
    component_code: str
    learning_domain: str
    statement: LanguageText
    required_skill_level: StrictInt | None = None


class LearningOutcome(JsonObjectModel):
    """A unit of learning outcomes in its components."""

    id: str
    type: OneOrMany[str] = UNIT_OF_LEARNING_OUTCOME
    ulo_code: str
    version: str
    title: LanguageText
    responsibility: LearningOutcomeComponent
    skill: OneOrMany[LearningOutcomeComponent]
    knowledge: OneOrMany[LearningOutcomeComponent]


class QualityAssurance(JsonObjectModel):
    """What vouches for the quality of what was learnt and assessed."""

    type: OneOrMany[str] = QUALITY_ASSURANCE
    name: LanguageText
    url: str | None = None
    description: LanguageText | None = None


class MicroCredentialAchievement(Achievement):
    """An Achievement with the terms of the extension. Where a class expects an Achievement, it is one."""

    type: OneOrMany[str] = Field(default_factory=lambda: ["Achievement", MICRO_CREDENTIAL_ACHIEVEMENT])
    learning_outcome: OneOrMany[LearningOutcome] | None = None
    volume_of_learning: str | None = None
    assessment_type: OneOrMany[str] | None = None
    participation_type: OneOrMany[str] | None = None
    supervision_type: OneOrMany[str] | None = None
    quality_assurance: OneOrMany[QualityAssurance] | None = None
    stackable: StrictBool | None = None


@dataclass(frozen=True, slots=True)
class MicroCredentialDetails:
    """What the European definition asks beyond a ULO.

    The types are addresses, of `eu_vocabularies.py` or one's own. `credits` are ECTS; `workload` is never
    made of them, nor they of it.
    """

    workload: timedelta
    assessment_types: tuple[str, ...]
    participation_types: tuple[str, ...]
    quality_assurance: QualityAssurance
    supervision_types: tuple[str, ...] = ()
    stackable: bool | None = None
    credits: Number | None = None

    def __post_init__(self) -> None:
        """Raise MalformedDocument for a workload of less than a minute, or without assessment or participation."""
        if self.workload < timedelta(minutes=1):
            raise MalformedDocument("the workload is less than a minute")
        if not self.assessment_types or not self.participation_types:
            raise MalformedDocument("a micro-credential names how it was assessed and in which form one took part")

    @property
    def volume_of_learning(self) -> str:
        """The workload as an xsd:duration of hours and minutes, `PT28H`."""
        hours, minutes = divmod(int(self.workload.total_seconds()) // 60, 60)
        return "PT" + (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")


def learning_outcome_of(ulo: Ulo) -> LearningOutcome:
    """The ULO with its components, for `learningOutcome`.

    Its id is the unit's with a fragment: the achievement has the unit's own, and the two are not one thing.
    """
    return LearningOutcome(
        id=f"{ulo.iri}#learning-outcome",
        ulo_code=ulo.number,
        version=ulo.version,
        title=ulo.title,
        responsibility=_component(ulo.responsibility),
        skill=[_component(component) for component in ulo.components_of(LearningDomain.SKILL)],
        knowledge=[_component(component) for component in ulo.components_of(LearningDomain.KNOWLEDGE)],
    )


def micro_credential_from_ulo(
    ulo: Ulo,
    details: MicroCredentialDetails,
    *,
    rubric: Sequence[RubricCriterion] = (),
    creator: Profile | None = None,
    image: Image | None = None,
    achievement_type: str = AchievementType.MICRO_CREDENTIAL,
) -> MicroCredentialAchievement:
    """The achievement of a ULO with the terms of the extension.

    As a `MicroCredential` it is signed only when the credential has all eleven elements (`micro_credential.py`).
    Raises MalformedDocument like `achievement_from_ulo`.
    """
    plain = achievement_from_ulo(ulo, rubric=rubric, creator=creator, image=image, achievement_type=achievement_type)
    given: dict[str, Any] = {name: getattr(plain, name) for name in plain.model_fields_set}
    optional = {
        "supervision_type": _one_or_many(details.supervision_types),
        "stackable": details.stackable,
        "credits_available": details.credits,
    }
    given |= {name: value for name, value in optional.items() if value is not None}
    return MicroCredentialAchievement(
        **given,
        learning_outcome=[learning_outcome_of(ulo)],
        volume_of_learning=details.volume_of_learning,
        assessment_type=_one_or_many(details.assessment_types),
        participation_type=_one_or_many(details.participation_types),
        quality_assurance=details.quality_assurance,
    )


def extended(credential: AchievementCredential) -> AchievementCredential:
    """The credential with the extension's context behind the others, and its schema in `credentialSchema`.

    Done twice, it adds nothing. Without it JSON-LD has no meaning for the terms, and `prepare()` refuses them.
    """
    contexts = as_list(credential.context)
    schemas = as_list(credential.credential_schema)
    if ULO_V1 not in contexts:
        contexts = [*contexts, ULO_V1]
    if ULO_V1_SCHEMA not in [schema.id for schema in schemas]:
        schemas = [*schemas, CredentialSchema(id=ULO_V1_SCHEMA, type=JSON_SCHEMA)]
    return credential.model_copy(update={"context": contexts, "credential_schema": schemas})


def _component(component: Component) -> LearningOutcomeComponent:
    level = component.required_skill_level
    required = {} if level is None else {"required_skill_level": int(level)}
    return LearningOutcomeComponent(
        id=component.iri,
        component_code=component.code,
        learning_domain=component.domain.name.lower(),
        statement=component.sentence,
        **required,
    )


def _one_or_many(values: Sequence[str]) -> str | list[str] | None:
    """A term with one value holds that value; the texts are plain ones, whatever enumeration they came from."""
    texts = [str(value) for value in values]
    return (texts[0] if len(texts) == 1 else texts) or None
