"""A qualification as a package of CASE 1.1: https://www.imsglobal.org/spec/case/v1p1

The qualification is the CFDocument; a unit, each of its components and each translation of them are CFItems; what
belongs to what, what followed what and what fits what elsewhere are CFAssociations; rubrics are CFRubrics. The form is
that of the official JSON Schema of a CFPackage, which is checked in the tests. What CASE has no member for stands in
`extensions`, under `ulo`; `case_reading.py` reads it back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from types import MappingProxyType
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from openbadges_kit.documents import JsonObject
from openbadges_kit.skills.achievement import RubricCriterion
from openbadges_kit.skills.formats.plain_json import entry_to_json
from openbadges_kit.skills.frameworks import Framework, FrameworkReference, SkosMatch
from openbadges_kit.skills.qualification import Entry, Qualification
from openbadges_kit.skills.ulo import LearningDomain, Ulo
from openbadges_kit.skills.ulo_json import component_to_json
from openbadges_kit.timestamps import format_timestamp

__all__ = ["CASE_VERSION", "ITEM_TYPES", "UNIT_TYPE", "case_identifier", "case_package"]

CASE_VERSION: Final = "1.1"
UNIT_TYPE: Final = "Unit of Learning Outcomes"
ITEM_TYPES: Final = MappingProxyType(
    {
        LearningDomain.RESPONSIBILITY: "Responsibility",
        LearningDomain.SKILL: "Skill",
        LearningDomain.KNOWLEDGE: "Knowledge",
    }
)
_OURS: Final = "https://skills.example.org/ns/ulo#"
# CASE's words for a match; for those that it has none, the general one, and ours beside it.
_MATCHES: Final = {SkosMatch.EXACT: "exactMatchOf"}
_RELATED: Final = "isRelatedTo"


def case_identifier(iri: str) -> str:
    """The UUID of what has this IRI: it follows from it, so that it is the same wherever the package is made."""
    return str(uuid5(NAMESPACE_URL, iri))


def case_package(qualification: Qualification) -> JsonObject:
    """The qualification as a CFPackage."""
    writer = _Writer(qualification)
    rubrics = [writer.rubric(entry) for entry in qualification.entries if entry.rubric]
    associations = [association for entry in qualification.entries for association in writer.associations(entry)]
    return {
        "CFDocument": writer.document(),
        "CFItems": [item for entry in qualification.entries for item in writer.items(entry)],
        "CFAssociations": associations,
        "CFDefinitions": {"CFItemTypes": writer.item_types()},
        **({"CFRubrics": rubrics} if rubrics else {}),
    }


class _Writer:
    """Writes the parts of one package; everything has the time of the qualification's last change."""

    def __init__(self, qualification: Qualification) -> None:
        self.qualification = qualification
        self.moment = format_timestamp(qualification.changed)
        # By its IRI, what a node is called: a link says so.
        self.titles: dict[str, str] = {qualification.iri: qualification.title}
        for entry in qualification.entries:
            self.titles[entry.ulo.iri] = f"{entry.ulo.number} {entry.ulo.title}"
            self.titles |= {one.iri: one.sentence for one in entry.ulo.components}

    def document(self) -> JsonObject:
        """The CFDocument."""
        about = self.qualification
        extensions = {
            "catalogue": about.catalogue,
            "texts": dict(about.texts),
            "licence": about.licence,
            "scheme": about.scheme,
            "source": about.source,
            "isExample": about.is_example,
        }
        return self._dated(about.iri) | {
            "caseVersion": CASE_VERSION,
            "creator": about.owner,
            "title": about.title,
            "description": about.catalogue,
            "language": about.language,
            "adoptionStatus": "Draft" if about.is_example else "Adopted",
            **({"notes": f"{about.source}\n{about.licence}".strip()} if about.source or about.licence else {}),
            "extensions": {"ulo": {name: value for name, value in extensions.items() if value}},
        }

    def items(self, entry: Entry) -> Iterator[JsonObject]:
        """The unit, its components, and both in their other languages."""
        ulo = entry.ulo
        own = {name: value for name, value in entry_to_json(entry).items() if name not in {"components", "rubric"}}
        yield self._item(ulo.iri, ulo.number, ulo.sentence, UNIT_TYPE, ulo.language) | {
            "abbreviatedStatement": ulo.title,
            "extensions": {"ulo": own},
        }
        for component in ulo.components:
            code, kind = f"{ulo.number}/{component.code}", ITEM_TYPES[component.domain]
            yield self._item(component.iri, code, component.sentence, kind, ulo.language) | {
                "extensions": {"ulo": component_to_json(component, ulo)}
            }
        for translation in ulo.translations:
            statement = translation.statement(ulo.responsibility.code)
            iri = f"{ulo.iri}/{translation.language}"
            yield self._item(iri, ulo.number, statement, UNIT_TYPE, translation.language) | {
                "abbreviatedStatement": translation.title
            }
            for component in ulo.components:
                code, kind = f"{ulo.number}/{component.code}", ITEM_TYPES[component.domain]
                iri = f"{component.iri}/{translation.language}"
                yield self._item(iri, code, translation.statement(component.code), kind, translation.language)

    def associations(self, entry: Entry) -> Iterator[JsonObject]:
        """What the unit and its components have to do with each other, and with what is elsewhere."""
        ulo = entry.ulo
        yield self._association(ulo.iri, "isChildOf", self._node(self.qualification.iri))
        if entry.replaced_by:
            yield self._association(ulo.iri, "replacedBy", self._node(entry.replaced_by))
        yield from self._references(ulo.iri, ulo.references)
        for position, component in enumerate(ulo.components, start=1):
            yield self._association(component.iri, "isChildOf", self._node(ulo.iri)) | {"sequenceNumber": position}
            yield from self._references(component.iri, component.references)
            if component.required_skill_level is not None:
                level = int(component.required_skill_level)
                name = component.required_skill_level.dutch
                node = _foreign(f"{_OURS}skill-level-{level}", f"{level} {name}", str(level), "ext:SkillLevel")
                yield self._association(component.iri, "hasSkillLevel", node)
        for language in (translation.language for translation in ulo.translations):
            for iri in (ulo.iri, *(component.iri for component in ulo.components)):
                yield self._association(f"{iri}/{language}", "isTranslationOf", self._node(iri))

    def rubric(self, entry: Entry) -> JsonObject:
        """The rubric of a unit."""
        iri = f"{entry.ulo.iri}/rubric"
        criteria = [
            self._criterion(position, criterion, entry.ulo, iri) for position, criterion in enumerate(entry.rubric, 1)
        ]
        return self._dated(iri) | {"title": entry.ulo.title, "CFRubricCriteria": criteria}

    def item_types(self) -> list[JsonObject]:
        """The kinds of items in the package."""
        types = []
        for position, title in enumerate((UNIT_TYPE, *ITEM_TYPES.values()), start=1):
            iri = f"{_OURS}{title.lower().replace(' ', '-')}"
            types.append(self._dated(iri) | {"title": title, "description": title, "hierarchyCode": str(position)})
        return types

    def _criterion(self, position: int, criterion: RubricCriterion, ulo: Ulo, rubric_iri: str) -> JsonObject:
        component = ulo.component(criterion.component)
        iri = f"{component.iri}/result"
        levels = []
        for place, level in enumerate(criterion.levels, start=1):
            entry = self._dated(f"{iri}/{level.key}") | {
                "quality": level.name,
                "description": level.description,
                "position": place,
                "rubricCriterionId": case_identifier(iri),
                "extensions": [{"ulo": {"key": level.key, "points": level.points}}],
            }
            score = _number(level.points)
            levels.append(entry | ({"score": score} if score is not None else {}))
        return self._dated(iri) | {
            "description": component.sentence,
            "CFItemURI": _link(component.iri, component.sentence),
            "position": position,
            "rubricId": case_identifier(rubric_iri),
            "CFRubricCriterionLevels": levels,
            "extensions": {"ulo": {"component": criterion.component, "requiredLevel": criterion.required_level}},
        }

    def _item(self, iri: str, code: str, statement: str, kind: str, language: str) -> JsonObject:
        return self._dated(iri) | {
            "fullStatement": statement,
            "humanCodingScheme": code,
            "CFItemType": kind,
            "language": language,
        }

    def _references(self, iri: str, references: Iterable[FrameworkReference]) -> Iterator[JsonObject]:
        for reference in references:
            kind = "".join(letter for letter in str(reference.framework) if letter.isalnum())
            target = "CASE" if reference.framework is Framework.CASE else f"ext:{kind}"
            node = _foreign(reference.iri, reference.label, reference.code or reference.iri, target)
            word = _RELATED if reference.match is None else _MATCHES.get(reference.match, _RELATED)
            association = self._association(iri, word, node)
            if reference.match is not None:
                association["extensions"] = {"ulo": {"match": str(reference.match)}}
            yield association

    def _association(self, origin: str, word: str, destination: JsonObject) -> JsonObject:
        base, _, language = origin.rpartition("/")
        title = self.titles.get(origin) or f"{self.titles.get(base, origin)} ({language})"
        return self._dated(f"{origin}#{word}-{case_identifier(destination['uri'])}") | {
            "associationType": word,
            "originNodeURI": _link(origin, title) | {"targetType": "CASE"},
            "destinationNodeURI": destination,
        }

    def _node(self, iri: str) -> JsonObject:
        return _link(iri, self.titles.get(iri, iri)) | {"targetType": "CASE"}

    def _dated(self, iri: str) -> JsonObject:
        return {"identifier": case_identifier(iri), "uri": iri, "lastChangeDateTime": self.moment}


def _link(iri: str, title: str) -> JsonObject:
    return {"title": title, "identifier": case_identifier(iri), "uri": iri}


def _foreign(iri: str, title: str, identifier: str, target: str) -> JsonObject:
    return {"title": title, "identifier": identifier, "uri": iri, "targetType": target}


def _number(points: str) -> float | None:
    try:
        return float(points)
    except ValueError:
        return None
