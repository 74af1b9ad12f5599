"""The example catalogues say that they are examples, read well, and refer to what is really there."""

from __future__ import annotations

import json

import pytest

from issuer_service.catalogue.examples import EXAMPLES, add_examples, read_example
from issuer_service.people.roles import Role
from issuer_service.people.service import Caller, organisation_by_slug
from openbadges_kit.skills.achievement import references_of
from openbadges_kit.skills.frameworks import Framework
from openbadges_kit.skills.hints import hints
from openbadges_kit.vocabulary import SkosMatch
from tests.service.conftest import World

# What ESCO v1.2.0 has at these addresses: its labels are facts, and stand here as they stand there.
ESCO = {
    "5e641832-dafe-46fa-8e0a-b29b223f985a": "assess hydrogen production technologies",
    "4f499e02-2983-40c5-a493-c720e6b03b23": "provide information on hydrogen",
    "d2fd219f-5cb1-4f67-8db5-be6c5fc865c7": "operate hydrogen extraction equipment",
    "3398504d-9137-4a38-a91c-b37416eba276": "security requirements of goods transported via pipelines",
    "2afb2b59-c9a3-4cf3-b1dd-1a2fad51e583": "3D printing process",
    "97b3cab1-f4f0-41ed-8c80-e65e6c067e95": "gasmonteur",
    "4cf7be91-fed9-47a7-9ca9-e74c7eb6becb": "technicus 3D-printing",
    "418f3a43-a6b2-4101-aaa0-832fe7d82885": "operator productie metaaladditieven",
}


@pytest.mark.parametrize("name", EXAMPLES)
class TestEachExample:
    def test_it_says_what_it_is(self, name: str) -> None:
        example = read_example(name)
        assert example.is_example
        assert "niemand" in example.source
        assert "Voorbeeld" in example.catalogue

    def test_it_is_there_in_dutch_and_english(self, name: str) -> None:
        example = read_example(name)
        assert [language for language, _ in example.texts] == ["en"]
        for entry in example.entries:
            assert entry.ulo.language == "nl"
            assert [one.language for one in entry.ulo.translations] == ["en"]

    def test_there_is_no_hint_for_its_author(self, name: str) -> None:
        for entry in read_example(name).entries:
            assert [(one.code, one.text) for one in hints(entry.ulo)] == []

    def test_its_references_are_those_of_esco(self, name: str) -> None:
        references = [one for entry in read_example(name).entries for one in references_of(entry.ulo)]
        esco = [one for one in references if one.framework is Framework.ESCO]
        assert len(esco) >= 5
        for one in esco:
            assert one.label == ESCO[one.code]
            assert one.iri.endswith("/" + one.code)
            assert one.match is not None
        assert {one.framework for one in references} == {Framework.ESCO, Framework.ISCED_F}


def test_the_gas_engineers_unit_has_no_exact_match() -> None:
    matches = [one.match for entry in read_example(EXAMPLES[0]).entries for one in references_of(entry.ulo)]
    assert SkosMatch.EXACT not in matches


def test_they_are_published_and_marked(world: World) -> None:
    here = world.installation
    with here.transaction() as session:
        provider = organisation_by_slug(session, "voorbeeld-opleider")
        caller = Caller.in_role("", provider.id, Role.CURATOR)
        made = add_examples(session, caller=caller, base_url=here.base_url, now=here.now(), randomness=here.randomness)
    catalogues = {one["id"]: one for one in world.http.get("/v1/catalogues").json()["items"]}
    for qualification_id, name in zip(made, EXAMPLES, strict=True):
        shown = world.http.get(f"/v1/qualifications/{qualification_id}").json()
        assert shown["iri"] == f"https://badges.example/ulo/{name}"
        assert catalogues[shown["catalogue_id"]]["is_example"]
        whole = json.loads(world.http.get(f"/v1/qualifications/{qualification_id}/export?format=json").text)
        assert whole["isExample"]
        assert len(whole["units"]) == len(read_example(name).entries)
