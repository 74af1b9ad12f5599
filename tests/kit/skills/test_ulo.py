"""The unit of learning outcomes of the published catalogue, verbatim, and the achievement made of it."""

from __future__ import annotations

from typing import Any

import pytest

from openbadges_kit.errors import MalformedDocument
from openbadges_kit.skills.achievement import (
    MAX_TARGET_NAME,
    RubricCriterion,
    RubricLevel,
    achievement_from_ulo,
    results_of,
)
from openbadges_kit.skills.ulo import Component, ulo_from_rows
from tests.kit.ulo_samples import HEAT_PUMPS, ROWS

LEVELS = (RubricLevel("beginner", "Beginner"), RubricLevel("voldoende", "Voldoende"), RubricLevel("goed", "Goed"))


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("RO001", "bepaalt welk warmtepompsysteem bij welke bouwkundige en technische randvoorwaarden geschikt is"),
        ("VO001", "inschatten van de haalbaarheid voor een warmtepompsysteem"),
        ("VO002", "beoordelen Programma van Eisen op voor de installatie relevante aspecten"),
        (
            "VO003",
            "adviseren van de opdrachtgever over te nemen acties in relatie tot wijziging van een nieuwe of bestaande "
            "warmtepompinstallatie",
        ),
        ("KO003", "mogelijkheden van de verschillende warmtepompsystemen en toepassingsgebied"),
        ("KO004", "begrippen die van toepassing zijn bij de realisatie van individuele warmtepompen in woningen"),
    ],
)
def test_a_component_reads_as_the_source_has_it(code: str, sentence: str) -> None:
    assert HEAT_PUMPS.component(code).sentence == sentence


def test_the_source_is_not_repaired_and_an_own_statement_goes_first() -> None:
    parts: dict[str, Any] = {"code": "VO001", "iri": "urn:x", "object": "leidingen", "verb": "aanleggen"}
    assert Component(**parts, rule_requirements=("NEN 1010",)).sentence == "aanleggen leidingen conform NEN 1010"
    assert Component(**parts, statement="legt leidingen aan").sentence == "legt leidingen aan"


def test_the_achievement_names_every_component_with_code_statement_and_address() -> None:
    achievement = achievement_from_ulo(HEAT_PUMPS).to_json()
    assert achievement["id"] == HEAT_PUMPS.iri
    assert achievement["achievementType"] == "Competency"
    alignments = achievement["alignment"]
    assert [alignment["targetCode"] for alignment in alignments] == [
        f"1.1/{code}" for code in ("RO001", "VO001", "VO002", "VO003", "KO001", "KO002", "KO003", "KO004")
    ]
    for alignment, component in zip(alignments, HEAT_PUMPS.components, strict=True):
        assert alignment["targetDescription"] == component.sentence
        assert alignment["targetUrl"] == component.iri
        assert len(alignment["targetName"]) <= MAX_TARGET_NAME
        assert component.sentence.startswith(alignment["targetName"].rstrip("…"))
        assert component.sentence in achievement["criteria"]["narrative"]


def test_results_say_completed_from_the_required_level_on() -> None:
    rubric = [RubricCriterion("VO001", LEVELS, "voldoende")]
    achievement = achievement_from_ulo(HEAT_PUMPS, rubric=rubric).to_json()
    [description] = achievement["resultDescription"]
    levels = [level["id"] for level in description["rubricCriterionLevel"]]
    for level, status in (("beginner", "Failed"), ("voldoende", "Completed"), ("goed", "Completed")):
        [result] = results_of({"VO001": level}, ulo=HEAT_PUMPS, rubric=rubric)
        assert result.status == status
        assert result.achieved_level in levels
        assert result.result_description == description["id"]
    assert description["requiredLevel"] == levels[1]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (ROWS[1:], "0 responsibilities"),
        ((*ROWS, ROWS[0] | {"Code": "RO002"}), "2 responsibilities"),
        (tuple(row for row in ROWS if row["Code"][:2] != "KO"), "no knowledge"),
        (tuple(row for row in ROWS if row["Code"][:2] != "VO"), "no skill"),
        ((*ROWS, ROWS[1]), "VO001 more than once"),
        ((*ROWS, ROWS[1] | {"Code": "XX001"}), "row 9"),
        ((*ROWS, ROWS[4] | {"Code": "KO009", "Object van het werkwoord": " "}), "row 9"),
        ((*ROWS, ROWS[1] | {"ULO": "1.2"}), "row 9, column ULO"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(row["Code"] for row in value),
)
def test_a_table_that_is_no_ulo_is_refused_with_the_reason(rows: tuple[dict[str, str], ...], message: str) -> None:
    with pytest.raises(MalformedDocument, match=message):
        ulo_from_rows(rows, iri="urn:ulo", number="1.1", version="1", title="T", qualification="Q", catalogue="C")


def test_a_rubric_judges_what_the_ulo_has_with_levels_that_it_has() -> None:
    with pytest.raises(MalformedDocument, match="VO009"):
        achievement_from_ulo(HEAT_PUMPS, rubric=[RubricCriterion("VO009", LEVELS, "goed")])
    with pytest.raises(MalformedDocument, match="uitstekend"):
        RubricCriterion("VO001", LEVELS, "uitstekend")
    rubric = [RubricCriterion("VO001", LEVELS, "goed")]
    for achieved in ({}, {"VO001": "uitstekend"}, {"VO002": "goed"}):
        with pytest.raises(MalformedDocument, match="VO001"):
            results_of(achieved, ulo=HEAT_PUMPS, rubric=rubric)
