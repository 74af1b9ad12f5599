"""A unit as JSON: every part of it comes back, and nothing that is not known goes in."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from openbadges_kit.errors import MalformedDocument
from openbadges_kit.skills.ulo import Ulo, edition
from openbadges_kit.skills.ulo_json import ulo_from_json, ulo_to_json
from tests.kit.skills.badges import ULO
from tests.kit.skills.units import units


@given(units())
def test_a_unit_written_and_read_is_the_same(ulo: Ulo) -> None:
    assert ulo_from_json(json.loads(json.dumps(ulo_to_json(ulo)))) == ulo


def changed(place: list[str | int], value: Any) -> dict[str, Any]:
    document = json.loads(json.dumps(ulo_to_json(ULO)))
    inner = document
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value
    assert isinstance(document, dict)
    return document


@pytest.mark.parametrize("member", ["hours", "venue", "provider", "startDate"])
def test_r01_a_unit_holds_nothing_of_its_delivery(member: str) -> None:
    with pytest.raises(MalformedDocument, match=r"belongs to the course.*R01") as refused:
        ulo_from_json(changed([member], "8"))
    assert refused.value.path == f"$.{member}"


@pytest.mark.parametrize(
    ("place", "value", "path"),
    [
        (["components", 0, "verbs"], "x", "$.components[0].verbs"),
        (["components", 1, "requiredSkillLevel"], 6, "$.components[1].requiredSkillLevel"),
        (["components", 1, "requiredSkillLevel"], True, "$.components[1].requiredSkillLevel"),
        (["components", 1, "code"], "XO001", "$.components[1].code"),
        (["components", 1], "text", "$.components[1]"),
        (["components"], {}, "$.components"),
        (["title"], " ", "$.title"),
        (["bloom"], "known", "$.bloom"),
        (["tasks"], ["", "x"], "$.tasks[0]"),
        (["translations"], [], "$.translations"),
        (["translations"], {"en": {"title": "t", "statements": {"RO001": "x"}}}, "$.translations"),
        (
            ["references"],
            [{"framework": "ESKO", "iri": "https://a.example", "label": "x"}],
            "$.references[0].framework",
        ),
        (["references"], [{"framework": "ESCO", "iri": "a", "label": "x"}], "$.references[0]"),
        (["references"], [{"framework": "ESCO", "iri": "https://a.example"}], "$.references[0].label"),
    ],
)
def test_what_is_amiss_is_named_by_its_place(place: list[str | int], value: Any, path: str) -> None:
    with pytest.raises(MalformedDocument) as refused:
        ulo_from_json(changed(place, value))
    assert refused.value.path == path


@pytest.mark.parametrize("framework", ["EQF", "NLQF"])
def test_a_level_without_a_register_does_not_go_in(framework: str) -> None:
    level = {"framework": framework, "iri": "http://data.europa.eu/snb/eqf/4", "code": "4", "label": "4"}
    with pytest.raises(MalformedDocument, match="registration"):
        ulo_from_json(changed(["references"], [level]))
    registered = ulo_from_json(changed(["references"], [{**level, "registration": {"number": "1", "formal": True}}]))
    assert [one.code for one in registered.references] == ["4"]


class TestEditions:
    """A translation is the same unit in other words."""

    @given(units())
    def test_an_edition_keeps_the_components(self, ulo: Ulo) -> None:
        for translation in ulo.translations:
            english = edition(ulo, "en")
            assert [one.iri for one in english.components] == [one.iri for one in ulo.components]
            assert [one.sentence for one in english.components] == [said for _, said in translation.statements]
            assert (english.iri, english.language) == (f"{ulo.iri}/en", "en")

    def test_its_own_language_is_the_unit_itself(self) -> None:
        assert edition(ULO, "nl") is ULO

    def test_a_language_that_is_not_there_is_no_edition(self) -> None:
        with pytest.raises(KeyError):
            edition(ULO, "de")
