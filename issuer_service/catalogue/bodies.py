"""What is sent and shown of ULOs over HTTP. The content of a unit is the JSON that the library reads and writes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

from issuer_service.catalogue.authoring import Method
from issuer_service.catalogue.life_cycle import DraftStatus
from issuer_service.web.texts import Identifier, Named, without_nul

__all__ = [
    "Content",
    "DraftShown",
    "DraftSummary",
    "FindingShown",
    "HintShown",
    "LanguageCode",
    "NewCriterion",
    "NewDraft",
    "NewFinding",
    "Number",
    "SlugText",
    "Titles",
    "Version",
    "WrittenDraft",
]

Text = Annotated[str, StringConstraints(max_length=2000), AfterValidator(without_nul)]
Number = Annotated[str, StringConstraints(max_length=20, pattern=r"^[A-Za-z0-9.-]+$")]
Version = Annotated[str, StringConstraints(max_length=20, pattern=r"^[A-Za-z0-9.-]+$")]
SlugText = Annotated[str, StringConstraints(max_length=80, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
LanguageCode = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=10)]
Titles = Annotated[dict[LanguageCode, Named], Field(max_length=30)]

_EXAMPLE: dict[str, Any] = {
    "title": "Versnelling afstellen",
    "language": "nl",
    "components": [
        {
            "code": "RO001",
            "verb": "bepaalt",
            "object": "de stand van de versnelling",
            "preposition": "bij",
            "context": "een fiets met naafversnelling",
        },
        {
            "code": "VO001",
            "verb": "instellen",
            "object": "de kabelspanning",
            "requiredSkillLevel": 3,
            "references": [
                {
                    "framework": "ESCO",
                    "iri": "http://data.europa.eu/esco/skill/00735755-adc6-4ea0-b034-b8caff339c9f",
                    "label": "install heat pump",
                    "labelLanguage": "en",
                    "match": "relatedMatch",
                }
            ],
        },
        {"code": "KO001", "object": "de werking van naafversnellingen"},
    ],
    "translations": {
        "en": {
            "title": "Adjusting gears",
            "statements": {
                "RO001": "determines the setting of the gears of a bicycle with a gear hub",
                "VO001": "set the cable tension",
                "KO001": "how gear hubs work",
            },
        }
    },
}


class _Content(BaseModel):
    # What is not known is refused by the library, with its reason: that it belongs to a course, for one.
    model_config = ConfigDict(extra="allow", alias_generator=to_camel)


class _Registration(_Content):
    number: Text
    until: Text | None = None
    formal: bool | None = None


class _Reference(_Content):
    framework: Text
    iri: Text
    code: Text | None = None
    label: Text
    label_language: Text | None = None
    description: Text | None = None
    match: Text | None = Field(default=None, description="By its name in SKOS: exactMatch, closeMatch, …")
    registration: _Registration | None = None


class _Component(_Content):
    code: Text
    verb: Text | None = None
    object: Text | None = None
    preposition: Text | None = None
    context: Text | None = None
    conjugated_verb: Text | None = None
    statement: Text | None = Field(default=None, description="In the place of the sentence made of the parts.")
    rule_requirements: list[Text] | None = Field(default=None, max_length=20)
    required_skill_level: int | None = Field(default=None, ge=1, le=5)
    bloom: Text | None = None
    references: list[_Reference] | None = Field(default=None, max_length=50)


class _Translation(_Content):
    title: Named
    statements: dict[Text, Text] = Field(max_length=200)


class Content(_Content):
    """What a ULO says, in the library's JSON."""

    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE})

    title: Named
    language: LanguageCode = "nl"
    components: list[_Component] = Field(min_length=1, max_length=200)
    references: list[_Reference] | None = Field(default=None, max_length=50)
    tasks: list[Text] | None = Field(default=None, max_length=50)
    bloom: Text | None = None
    translations: dict[LanguageCode, _Translation] | None = Field(default=None, max_length=30)

    def as_json(self) -> dict[str, Any]:
        """As the library reads it."""
        return self.model_dump(by_alias=True, exclude_none=True)


class NewLevel(BaseModel):
    """A level of a rubric."""

    model_config = ConfigDict(extra="forbid")

    key: Named = Field(examples=["zelfstandig"])
    name: Named = Field(examples=["Zelfstandig"])
    description: Named = Field(examples=["Doet het zonder hulp"])


class NewCriterion(BaseModel):
    """How one component is judged."""

    model_config = ConfigDict(extra="forbid")

    component: Named = Field(examples=["VO001"])
    levels: list[NewLevel] = Field(min_length=1, max_length=20)
    required_level: Named = Field(examples=["zelfstandig"])


class WrittenDraft(BaseModel):
    """What an author writes."""

    model_config = ConfigDict(extra="forbid")

    content: Content
    rubric: list[NewCriterion] = Field(default=[], max_length=200)
    source: Annotated[str, StringConstraints(max_length=500), AfterValidator(without_nul)] = Field(
        default="", examples=["Werkgroep fietstechniek, november 2026"]
    )


class NewDraft(WrittenDraft):
    """A version of a ULO that somebody begins to write."""

    qualification_id: Identifier
    number: Number = Field(examples=["1.1"])
    version: Version = Field(default="1", examples=["1"])


class NewFinding(BaseModel):
    """What experts found of a draft."""

    model_config = ConfigDict(extra="forbid")

    method: Method
    held_on: date = Field(description="When they were heard.", examples=["2026-11-20"])
    agreed: bool
    notes: Text = ""
    expert_ids: list[Identifier] = Field(
        default=[], max_length=50, description="The experts that were heard; left out, whoever is calling."
    )


class HintShown(BaseModel):
    """What a reader may stumble over. It stops nobody."""

    code: str = Field(examples=["vague-verb"])
    component: str = Field(examples=["VO001"])
    text: str = Field(examples=["weten"])
    reason: str = Field(examples=["Nobody can see whether somebody does this: choose a verb for what is done."])


class FindingShown(BaseModel):
    """What one expert found."""

    expert_id: str
    method: str = Field(examples=["workshop"])
    held_on: date
    agreed: bool
    notes: str
    recorded_at: datetime


class DraftSummary(BaseModel):
    """A draft in a list."""

    id: str
    qualification_id: str
    iri: str = Field(description="Where it will stand when it is published.")
    number: str = Field(examples=["1.1"])
    version: str = Field(examples=["1"])
    title: str = Field(examples=["Versnelling afstellen"])
    status: DraftStatus
    author_id: str
    changed_at: datetime


class DraftShown(DraftSummary):
    """A draft with what it says, what may be better, and what experts found."""

    content: dict[str, Any] = Field(examples=[_EXAMPLE])
    rubric: list[dict[str, Any]]
    source: str
    sentences: dict[str, str] = Field(description="Each component as it will be read, by code.")
    hints: list[HintShown]
    validations: list[FindingShown]
    returned_because: str
