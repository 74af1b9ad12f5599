"""Qualifications in JSON, CASE 1.1 and OEAPI 6: there and back without loss, and what is amiss leaves the rest."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given

from openbadges_kit.documents import JsonObject
from openbadges_kit.errors import MalformedDocument
from openbadges_kit.skills.formats.case import case_identifier, case_package
from openbadges_kit.skills.formats.case_reading import qualification_from_case, read_case_package
from openbadges_kit.skills.formats.oeapi import learning_outcomes, read_learning_outcomes
from openbadges_kit.skills.formats.plain_json import qualification_from_json, qualification_to_json, read_units
from openbadges_kit.skills.qualification import Entry, Qualification
from tests.kit.skills.badges import NOW, ULO
from tests.kit.skills.units import BASE, entries, qualifications

ONE = Qualification(BASE, "Vak", "Catalogus", "Eigenaar", NOW, (Entry(ULO),))


def iri_of(number: str, version: str) -> str:
    return f"{BASE}/{number}/v{version}"


def by_wire(document: Any) -> Any:  # JSON
    return json.loads(json.dumps(document))


@given(qualifications())
def test_json_there_and_back(drawn: Qualification) -> None:
    assert qualification_from_json(by_wire(qualification_to_json(drawn))) == drawn


@given(qualifications())
def test_case_there_and_back(drawn: Qualification) -> None:
    assert qualification_from_case(by_wire(case_package(drawn))) == drawn


@given(entries(several=True, standings=True))
def test_oeapi_there_and_back(drawn: tuple[Entry, ...]) -> None:
    read = read_learning_outcomes(
        by_wire(learning_outcomes(drawn)), iri_of=iri_of, qualification="Vak", catalogue="Catalogus"
    )
    assert read.findings == ()
    assert read.entries == drawn


# The members that the official JSON Schema of a CFPackage has for each object, and those that must be there.
ALLOWED: dict[str, tuple[set[str], set[str]]] = {
    "CFDocument": (
        {"identifier", "uri", "frameworkType", "caseVersion", "creator", "title", "lastChangeDateTime", "notes",
         "officialSourceURL", "publisher", "description", "subject", "subjectURI", "language", "version",
         "adoptionStatus", "statusStartDate", "statusEndDate", "licenseURI", "extensions"},
        {"identifier", "uri", "creator", "title", "lastChangeDateTime"},
    ),
    "CFItems": (
        {"identifier", "fullStatement", "alternativeLabel", "CFItemType", "uri", "humanCodingScheme", "notes",
         "listEnumeration", "abbreviatedStatement", "conceptKeywords", "conceptKeywordsURI", "subject", "subjectURI",
         "language", "educationLevel", "CFItemTypeURI", "licenseURI", "statusStartDate", "statusEndDate",
         "lastChangeDateTime", "extensions"},
        {"identifier", "fullStatement", "uri", "lastChangeDateTime"},
    ),
    "CFAssociations": (
        {"identifier", "associationType", "sequenceNumber", "uri", "originNodeURI", "destinationNodeURI",
         "CFAssociationGroupingURI", "lastChangeDateTime", "notes", "extensions"},
        {"identifier", "associationType", "uri", "originNodeURI", "destinationNodeURI", "lastChangeDateTime"},
    ),
    "CFItemTypes": (
        {"identifier", "uri", "title", "description", "hierarchyCode", "typeCode", "lastChangeDateTime", "extensions"},
        {"identifier", "uri", "title", "description", "hierarchyCode", "lastChangeDateTime"},
    ),
    "CFRubrics": (
        {"identifier", "uri", "title", "description", "lastChangeDateTime", "CFRubricCriteria", "extensions"},
        {"identifier", "uri", "lastChangeDateTime"},
    ),
    "CFRubricCriteria": (
        {"identifier", "uri", "category", "description", "CFItemURI", "weight", "position", "rubricId",
         "lastChangeDateTime", "CFRubricCriterionLevels", "extensions"},
        {"identifier", "uri", "lastChangeDateTime"},
    ),
    "CFRubricCriterionLevels": (
        {"identifier", "uri", "description", "quality", "score", "feedback", "position", "rubricCriterionId",
         "lastChangeDateTime", "extensions"},
        {"identifier", "uri", "lastChangeDateTime"},
    ),
    "originNodeURI": ({"title", "identifier", "uri", "targetType"}, {"title", "identifier", "uri"}),
    "destinationNodeURI": ({"title", "identifier", "uri", "targetType"}, {"title", "identifier", "uri"}),
    "CFItemURI": ({"title", "identifier", "uri"}, {"title", "identifier", "uri"}),
}  # fmt: skip
WORDS = {
    "isChildOf", "isPeerOf", "isPartOf", "exactMatchOf", "precedes", "isRelatedTo", "replacedBy", "exemplar",
    "hasSkillLevel", "isTranslationOf",
}  # fmt: skip


@given(qualifications())
def test_a_package_has_the_members_of_case_and_no_others(drawn: Qualification) -> None:
    package = case_package(drawn)
    assert set(package) <= {"CFDocument", "CFItems", "CFAssociations", "CFDefinitions", "CFRubrics"}
    seen = set()

    def look(name: str, value: Any) -> None:  # JSON
        for one in value if isinstance(value, list) else [value]:
            if name != "extensions" and isinstance(one, dict):
                if name in ALLOWED:
                    allowed, required = ALLOWED[name]
                    assert required <= set(one) <= allowed, name
                    seen.add(name)
                for member, inner in one.items():
                    look(member, inner)

    for name, value in package.items():
        look(name, value)
    assert {"CFDocument", "CFItems", "CFAssociations", "CFItemTypes", "originNodeURI"} <= seen
    assert {one["associationType"] for one in package["CFAssociations"]} <= WORDS
    # Nothing is called the same, and whatever is pointed at within the package is there.
    identifiers = [one["identifier"] for kind in ("CFItems", "CFAssociations") for one in package[kind]]
    assert len(identifiers) == len(set(identifiers))
    there = {one["identifier"] for one in package["CFItems"]} | {package["CFDocument"]["identifier"]}
    for one in package["CFAssociations"]:
        assert one["originNodeURI"]["identifier"] in there
        if one["associationType"] in {"isChildOf", "isTranslationOf", "replacedBy"}:
            assert one["destinationNodeURI"]["identifier"] in there


class TestPackagesOfOthers:
    """A package without our extensions is read by what CASE says."""

    def foreign(self, drawn: Qualification = ONE) -> JsonObject:
        package: JsonObject = by_wire(case_package(drawn))
        for item in (package["CFDocument"], *package["CFItems"]):
            item.pop("extensions", None)
        return package

    def test_units_components_and_statements(self) -> None:
        (entry,) = read_case_package(self.foreign(), iri_of=iri_of).entries
        assert [one.sentence for one in entry.ulo.components] == [one.sentence for one in ULO.components]
        assert [one.code for one in entry.ulo.components] == ["RO001", "VO001", "KO001"]
        assert (entry.ulo.number, entry.ulo.title, entry.ulo.iri) == ("1.1", ULO.title, f"{BASE}/1.1/v1")

    @given(qualifications())
    def test_matches_levels_and_translations_are_said_in_the_words_of_case(self, drawn: Qualification) -> None:
        package = self.foreign(Qualification(**{**_members(drawn), "entries": drawn.entries[:1]}))
        read = read_case_package(package)
        assert {one.field for one in read.findings} <= {"CFAssociations"}
        ulo, original = read.entries[0].ulo, drawn.entries[0].ulo
        for component, before in zip(ulo.components, original.components, strict=True):
            assert component.required_skill_level == before.required_skill_level
            claimed = {one.iri for one in before.references if one.registration is None}
            assert {one.iri for one in component.references} == claimed
        assert ulo.translations == original.translations

    def test_what_is_no_unit_is_told(self) -> None:
        package = self.foreign()
        package["CFItems"][2]["CFItemType"] = "Paragraph"
        extra = {**package["CFItems"][1], "identifier": case_identifier("urn:x"), "uri": "urn:x"}
        package["CFItems"].append(extra)
        read = read_case_package(package)
        assert read.entries == ()
        assert {(one.row, one.field) for one in read.findings} == {
            (1, "CFItemType"),
            (3, "CFItemType"),
            (5, "CFAssociations"),
        }

    def test_what_an_editor_changed_holds(self) -> None:
        package = by_wire(case_package(ONE))
        package["CFItems"][2]["fullStatement"] = "iets anders"
        (entry,) = read_case_package(package).entries
        assert entry.ulo.component("VO001").sentence == "iets anders"
        assert entry.ulo.component("VO001").verb == "inschatten"


def _members(qualification: Qualification) -> dict[str, Any]:
    return {name: getattr(qualification, name) for name in Qualification.__slots__}


class TestOutcomesOfOthers:
    def test_domain_by_code_or_by_description(self) -> None:
        items = [
            {"learningOutcomeId": "a", "primaryCode": {"codeType": "identifier", "code": "LO 1"},
             "name": [{"language": "nl-NL", "value": "Iets kunnen"}]},
            {"learningOutcomeId": "b", "primaryCode": {"codeType": "identifier", "code": "RO001"}, "parentIds": ["a"],
             "name": [{"language": "nl-NL", "value": "bepaalt iets"}], "complexityLevel": "bloom_5"},
            {"learningOutcomeId": "c", "primaryCode": {"codeType": "identifier", "code": "2"}, "parentIds": ["a"],
             "name": [{"language": "nl-NL", "value": "iets doen"}],
             "description": [{"language": "nl-NL", "value": "Vaardigheid"}]},
            {"learningOutcomeId": "d", "primaryCode": {"codeType": "identifier", "code": "3"}, "parentIds": ["a"],
             "name": [{"language": "en-GB", "value": "something"}],
             "description": [{"language": "en-GB", "value": "Knowledge"}]},
            {"learningOutcomeId": "e", "primaryCode": {"codeType": "identifier", "code": "LO 2"},
             "name": [{"language": "nl-NL", "value": "Zonder delen"}]},
        ]  # fmt: skip
        read = read_learning_outcomes({"pageSize": 10, "items": items}, iri_of=iri_of)
        (entry,) = read.entries
        assert [(one.code, one.sentence) for one in entry.ulo.components] == [
            ("RO001", "bepaalt iets"),
            ("VO001", "iets doen"),
            ("KO001", "something"),
        ]
        assert entry.ulo.components[0].bloom == 5
        assert [(one.row, one.unit) for one in read.findings] == [(5, "LO 2")]


class TestOneBadItemLeavesTheRest:
    def test_in_json(self) -> None:
        document = by_wire(qualification_to_json(ONE))
        bad = copy.deepcopy(document["units"][0])
        bad["components"][1]["requiredSkillLevel"] = 9
        document["units"] = [bad, *document["units"]]
        read = read_units(document)
        assert [entry.ulo for entry in read.entries] == [ULO]
        assert [(one.row, one.field, one.unit) for one in read.findings] == [
            (1, ".components[1].requiredSkillLevel", "1.1")
        ]

    @pytest.mark.parametrize("document", [None, [], {}, {"format": "x"}, {"CFDocument": 1}, "text", {"items": 3}])
    def test_what_is_of_no_such_form_is_refused(self, document: Any) -> None:
        with pytest.raises(MalformedDocument):
            read_units(document)
        with pytest.raises(MalformedDocument):
            read_case_package(document)
        if document != []:
            with pytest.raises(MalformedDocument):
                read_learning_outcomes(document, iri_of=iri_of)
