"""The rules of the working methods for learning outcomes and what is awarded for them, each by its number."""

from __future__ import annotations

from dataclasses import fields

import pytest

from openbadges_kit.errors import IssuanceRefused, MalformedDocument
from openbadges_kit.skills.achievement import achievement_from_ulo, results_of, skill_level_rubric
from openbadges_kit.skills.frameworks import Registration, eqf_level, nlqf_level
from openbadges_kit.skills.hints import HintCode, hints
from openbadges_kit.skills.kinds import ACHIEVEMENT_TYPES, AchievementKind, achievement_of
from openbadges_kit.skills.levels import SkillLevel
from openbadges_kit.skills.ulo import Component, Ulo
from tests.kit.skills.badges import ULO, badge, prepared
from tests.kit.skills.catalogue_badges import HYDROGEN, PRINTING, definition


def with_component(code: str, **parts: str) -> Ulo:
    """The sample's unit with one component written otherwise."""
    others = [one for one in ULO.components if one.code != code]
    written = Component(code, f"{ULO.iri}/{code}", parts.pop("object", "iets"), **parts)  # type: ignore[arg-type]  # texts
    return Ulo(ULO.iri, "1.1", "1", ULO.title, ULO.qualification, ULO.catalogue, (written, *others))


def found(code: str, **parts: str) -> set[HintCode]:
    return {one.code for one in hints(with_component(code, **parts)) if one.component == code}


def test_r01_a_unit_has_no_place_for_how_it_is_learnt() -> None:
    """Neither a unit nor an achievement has a member for hours, venue, provider or dates."""
    names = {field.name for field in (*fields(Ulo), *fields(Component))}
    assert not names & {"hours", "venue", "location", "provider", "teacher", "start_date", "end_date", "term"}
    achievement = achievement_from_ulo(ULO).to_json()
    assert not set(achievement) & {"activityStartDate", "activityEndDate", "term", "source", "role"}
    assert HintCode.DELIVERY in found("KO001", object="waterstof, klassikaal in 8 lessen")


def test_r02_what_cannot_be_measured_gets_a_hint_and_is_not_refused() -> None:
    for verb in ("weten", "kennen", "begrijpen"):
        assert HintCode.VAGUE_VERB in found("VO001", verb=verb)
    assert HintCode.LONG in found("VO001", verb="uitvoeren", object="iets " * 60)


def test_r03_a_responsibility_is_active_with_one_verb_and_something_to_observe() -> None:
    good = {"verb": "bepaalt", "object": "het systeem", "preposition": "bij", "context": "deze woning"}
    assert found("RO001", **good) == set()
    assert found("RO001", **{**good, "verb": "bepalen"}) == {HintCode.NOT_CONJUGATED}
    assert found("RO001", **{**good, "verb": "bepaalt en kiest"}) == {HintCode.SEVERAL_VERBS}
    assert found("RO001", **{**good, "verb": ""}) == {HintCode.NO_VERB}
    assert found("RO001", **{**good, "context": ""}) == {HintCode.NOT_OBSERVABLE}


def test_r04_a_skill_is_active_and_starts_with_a_verb() -> None:
    assert found("VO001", verb="inschatten") == set()
    assert found("VO001", verb="schat in") == {HintCode.NOT_INFINITIVE}
    assert found("VO001") == {HintCode.NO_VERB}
    assert found("VO001", statement="naar eigen inzicht van de auteur") == set()


def test_r05_knowledge_is_factual_and_needs_no_verb() -> None:
    assert found("KO001", object="explosiegrenzen van waterstof") == set()
    assert found("KO001", verb="benoemen") == {HintCode.KNOWLEDGE_WITH_VERB}


def test_r11_levels_are_attached_to_components_from_basic_to_expert() -> None:
    ulo = HYDROGEN.entries[0].ulo
    rubric = skill_level_rubric(ulo)
    assert len(rubric) == len(ulo.components)
    assert [level.name for level in rubric[0].levels] == [
        "Basiskennis", "Basisvaardig", "Competent", "Ervaren", "Expert",
    ]  # fmt: skip


@pytest.mark.parametrize("level", SkillLevel)
def test_r12_a_skill_level_is_never_made_a_level_of_a_qualification(level: SkillLevel) -> None:
    registered = Registration("25297", formal=True)
    for make in (eqf_level, nlqf_level):
        with pytest.raises(MalformedDocument, match="the scales have no relation"):
            make(level, registration=registered)


def test_r12_a_badge_with_skill_levels_and_a_level_that_no_register_knows_is_not_signed() -> None:
    ulo = PRINTING.entries[0].ulo
    rubric = skill_level_rubric(ulo)
    reached = {one.component: "5" for one in rubric}
    document = badge()
    achievement = achievement_from_ulo(ulo, rubric=rubric, plain=True).to_json()
    document["credentialSubject"]["achievement"] = achievement
    document["credentialSubject"]["result"] = [one.to_json() for one in results_of(reached, ulo=ulo, rubric=rubric)]
    assert prepared(document).document
    achievement["alignment"].append(
        {"type": ["Alignment"], "targetName": "EQF 5", "targetUrl": "http://data.europa.eu/snb/eqf/5",
         "targetFramework": "EQF", "targetCode": "5"}
    )  # fmt: skip
    with pytest.raises(IssuanceRefused):
        prepared(document)


def test_r18_a_badge_is_for_a_module_that_was_passed_and_a_certificate_for_the_whole() -> None:
    module, certificate, attendance = (
        achievement_of(definition(kind)).to_json()
        for kind in (AchievementKind.MODULE, AchievementKind.CERTIFICATE, AchievementKind.ATTENDANCE)
    )
    assert (module["achievementType"], certificate["achievementType"]) == ("Course", "Certificate")
    assert module["resultDescription"]
    assert "resultDescription" not in attendance
    assert len(set(ACHIEVEMENT_TYPES.values())) == len(ACHIEVEMENT_TYPES)


def test_r35_whoever_awards_a_unit_awards_the_same_achievement() -> None:
    """One standard: the achievement depends on the unit alone, and not on who issues."""
    for entry in (*HYDROGEN.entries, *PRINTING.entries):
        made = [achievement_from_ulo(entry.ulo, rubric=entry.rubric, plain=True).to_json() for _ in range(2)]
        assert made[0] == made[1]
        assert made[0]["id"] == entry.ulo.iri
        assert "creator" not in made[0]
