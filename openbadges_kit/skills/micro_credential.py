"""Has a credential the eleven mandatory elements of a European micro-credential, and what is missing where?

Council Recommendation of 16 June 2022 (2022/C 243/02), Annex I, https://eur-lex.europa.eu/eli/C/2022/243/2.
A micro-credential also stands for outcomes that were assessed; that is asked as a twelfth thing, by itself.
Whether what is filled in is true, nobody can see in a document.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Any, Final

from openbadges_kit.documents import JsonObject, as_list
from openbadges_kit.findings import Finding
from openbadges_kit.problems import Problem
from openbadges_kit.skills.frameworks import Framework
from openbadges_kit.vocabulary import AchievementType, ResultStatusType

__all__ = [
    "Element",
    "ElementReport",
    "MicroCredentialReport",
    "Presence",
    "check_micro_credential",
    "find_missing_elements",
]


class Element(IntEnum):
    """The mandatory elements, by their number in the recommendation."""

    LEARNER = 1
    TITLE = 2
    COUNTRY = 3
    AWARDING_BODY = 4
    DATE = 5
    LEARNING_OUTCOMES = 6
    WORKLOAD = 7
    LEVEL = 8
    ASSESSMENT = 9
    PARTICIPATION = 10
    QUALITY_ASSURANCE = 11


class Presence(StrEnum):
    """Is an element there? The level is asked for only "if applicable"."""

    PRESENT = "present"
    MISSING = "missing"
    NOT_APPLICABLE = "not-applicable"


_ACHIEVEMENT: Final = "$.credentialSubject.achievement"
_RESULT: Final = "$.credentialSubject.result"
# Where each goes, and its name in Dutch and English.
_ELEMENTS: Final = {
    Element.LEARNER: ("$.credentialSubject.id", "wie de lerende is", "who the learner is"),
    Element.TITLE: (f"{_ACHIEVEMENT}.name", "titel", "title"),
    Element.COUNTRY: ("$.issuer.address.addressCountryCode", "land van de uitgever", "country of the issuer"),
    Element.AWARDING_BODY: ("$.issuer.name", "wie het toekent", "awarding body"),
    Element.DATE: ("$.awardedDate", "datum van uitgifte", "date of issuing"),
    Element.LEARNING_OUTCOMES: (f"{_ACHIEVEMENT}.learningOutcome", "leeruitkomsten", "learning outcomes"),
    Element.WORKLOAD: (f"{_ACHIEVEMENT}.volumeOfLearning", "studielast", "notional workload"),
    Element.LEVEL: (f"{_ACHIEVEMENT}.alignment", "niveau (EQF), waar van toepassing", "level (EQF), if applicable"),
    Element.ASSESSMENT: (f"{_ACHIEVEMENT}.assessmentType", "soort toetsing", "type of assessment"),
    Element.PARTICIPATION: (f"{_ACHIEVEMENT}.participationType", "vorm van deelname", "form of participation"),
    Element.QUALITY_ASSURANCE: (
        f"{_ACHIEVEMENT}.qualityAssurance", "soort kwaliteitsborging", "type of quality assurance",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ElementReport:
    """One element: whether it is there, and the JSON path of where it goes."""

    element: Element
    presence: Presence
    place: str

    def name(self, language: str) -> str:
        """What the element is, in Dutch (`nl`) or English."""
        _, dutch, english = _ELEMENTS[self.element]
        return dutch if language == "nl" else english


@dataclass(frozen=True, slots=True)
class MicroCredentialReport:
    """The eleven elements, and whether an assessment stands behind them."""

    elements: tuple[ElementReport, ...]
    assessed: bool

    @property
    def missing(self) -> tuple[ElementReport, ...]:
        """The elements that are not there."""
        return tuple(report for report in self.elements if report.presence is Presence.MISSING)

    @property
    def complete(self) -> bool:
        """May it be called a micro-credential?"""
        return self.assessed and not self.missing

    @property
    def findings(self) -> tuple[Finding, ...]:
        """A finding for each thing that is missing, with the place where to put it."""
        findings = [
            Finding(Problem.MICRO_CREDENTIAL_INCOMPLETE, report.place, {"number": str(int(report.element))})
            for report in self.missing
        ]
        if not self.assessed:
            findings.append(Finding(Problem.MICRO_CREDENTIAL_NOT_ASSESSED, _RESULT))
        return tuple(findings)

    def to_json(self, language: str = "en") -> JsonObject:
        """The report for machines, with the elements' names for people."""
        return {
            "complete": self.complete,
            "assessed": self.assessed,
            "elements": [
                {
                    "number": int(report.element),
                    "element": report.element.name.lower().replace("_", "-"),
                    "name": report.name(language),
                    "presence": str(report.presence),
                    "place": report.place,
                }
                for report in self.elements
            ],
        }


def check_micro_credential(credential: JsonObject) -> MicroCredentialReport:
    """Which of the eleven elements the credential has. It may be any JSON: what does not fit is missing.

    Of several subjects the first is looked at.
    """
    subject = _object(_first(credential.get("credentialSubject")))
    achievement = _object(subject.get("achievement"))
    issuer = _object(credential.get("issuer"))
    address = _object(issuer.get("address"))
    there = {
        Element.LEARNER: _text(subject.get("id")) or bool(_objects(subject.get("identifier"))),
        Element.TITLE: _text(achievement.get("name")),
        Element.COUNTRY: _text(address.get("addressCountry")) or _text(address.get("addressCountryCode")),
        Element.AWARDING_BODY: _text(issuer.get("name")),
        Element.DATE: _text(credential.get("awardedDate")) or _text(credential.get("validFrom")),
        Element.LEARNING_OUTCOMES: _has_outcomes(achievement),
        Element.WORKLOAD: _text(achievement.get("volumeOfLearning")) or _number(achievement.get("creditsAvailable")),
        Element.ASSESSMENT: _text(achievement.get("assessmentType")),
        Element.PARTICIPATION: _text(achievement.get("participationType")),
        Element.QUALITY_ASSURANCE: any(
            _text(item.get("name")) for item in _objects(achievement.get("qualityAssurance"))
        ),
    }
    presences = {element: Presence.PRESENT if present else Presence.MISSING for element, present in there.items()}
    presences[Element.LEVEL] = Presence.PRESENT if _has_level(achievement) else Presence.NOT_APPLICABLE
    return MicroCredentialReport(
        tuple(ElementReport(element, presences[element], _ELEMENTS[element][0]) for element in Element),
        assessed=_is_assessed(subject),
    )


def find_missing_elements(credential: JsonObject) -> tuple[Finding, ...]:
    """The report's findings, for a credential that calls itself a micro-credential; none for any other."""
    achievement = _object(_object(_first(credential.get("credentialSubject"))).get("achievement"))
    if achievement.get("achievementType") != AchievementType.MICRO_CREDENTIAL:
        return ()
    return check_micro_credential(credential).findings


def _has_outcomes(achievement: JsonObject) -> bool:
    described = _text(_object(achievement.get("criteria")).get("narrative"))
    aligned = bool(_objects(achievement.get("alignment")))
    return bool(_objects(achievement.get("learningOutcome"))) or (described and aligned)


def _has_level(achievement: JsonObject) -> bool:
    kinds = {Framework.EQF.target_type, Framework.NLQF.target_type}
    return any(
        str(alignment.get("targetType")) in kinds or str(alignment.get("targetFramework")) == Framework.EQF
        for alignment in _objects(achievement.get("alignment"))
    )


def _is_assessed(subject: JsonObject) -> bool:
    """A result that was reached: no attendance, and no result that failed."""
    results = _objects(subject.get("result"))
    return any(
        result.get("status", ResultStatusType.COMPLETED) == ResultStatusType.COMPLETED
        and any(_text(result.get(member)) for member in ("achievedLevel", "value", "status"))
        for result in results
    )


def _first(value: Any) -> Any:  # JSON
    return next(iter(as_list(value)), None)


def _object(value: Any) -> JsonObject:  # JSON
    return value if isinstance(value, dict) else {}


def _objects(value: Any) -> list[JsonObject]:  # JSON
    return [item for item in as_list(value) if isinstance(item, dict) and item]


def _text(value: Any) -> bool:  # JSON
    """Is something said? A language-tagged text is an object or a list of them."""
    return bool(value.strip()) if isinstance(value, str) else isinstance(value, dict | list) and bool(value)


def _number(value: Any) -> bool:  # JSON
    return isinstance(value, int | float) and not isinstance(value, bool) and value > 0
