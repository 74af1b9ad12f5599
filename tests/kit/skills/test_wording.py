"""Learning outcomes in the words of the SkillsCanvas."""

from __future__ import annotations

import pytest

from openbadges_kit.errors import MalformedDocument
from openbadges_kit.skills.achievement import achievement_from_ulo
from openbadges_kit.skills.ulo import Component
from openbadges_kit.skills.wording import SkillsCanvas, canvas_narrative, canvas_of
from tests.kit.skills.badges import ULO

OPENING = "Aan het einde van dit leertraject is de deelnemer in staat om"


def test_the_four_blanks_stand_in_their_places() -> None:
    canvas = SkillsCanvas("kennis van warmtepompen", "gebruiken", "bestaande bouw", ("de bouwvoorschriften",))
    assert canvas.sentence == (
        f"{OPENING} kennis van warmtepompen te gebruiken in bestaande bouw met inachtneming van de bouwvoorschriften."
    )


def test_what_is_left_open_is_left_out() -> None:
    assert SkillsCanvas("een fiets", "repareren").sentence == f"{OPENING} een fiets te repareren."


def test_several_conditions_are_listed() -> None:
    assert SkillsCanvas("x", "meten", conditions=("a", "b", "c")).phrase == "x te meten met inachtneming van a, b en c"


def test_a_verb_that_comes_apart_has_its_te_inside() -> None:
    assert SkillsCanvas("de haalbaarheid", "in te schatten").phrase == "de haalbaarheid in te schatten"


def test_a_skill_is_worded_from_its_parts() -> None:
    skill = canvas_of(ULO.component("VO001"), infinitive="in te schatten")
    assert skill.sentence == (
        f"{OPENING} van de haalbaarheid in te schatten voor een warmtepompsysteem "
        "met inachtneming van ISSO-publicatie 72."
    )
    assert canvas_of(Component("VO002", "https://a.example", "x", verb="meten")).phrase == "x te meten"


@pytest.mark.parametrize("code", ["RO001", "KO001"])
def test_a_verb_is_never_guessed(code: str) -> None:
    with pytest.raises(MalformedDocument, match=code):
        canvas_of(ULO.component(code))


@pytest.mark.parametrize(("subject", "verb"), [("", "meten"), ("x", " ")])
def test_a_sentence_has_a_verb_and_what_it_is_done_with(subject: str, verb: str) -> None:
    with pytest.raises(MalformedDocument):
        SkillsCanvas(subject, verb)


def test_a_unit_becomes_criteria_of_an_achievement() -> None:
    narrative = canvas_narrative(ULO, infinitives={"RO001": "bepalen", "VO001": "in te schatten"})
    assert narrative == (
        f"{OPENING}:\n\n"
        "- welk warmtepompsysteem te bepalen bij welke randvoorwaarden geschikt is (RO001)\n"
        "- van de haalbaarheid in te schatten voor een warmtepompsysteem "
        "met inachtneming van ISSO-publicatie 72 (VO001)"
    )
    assert achievement_from_ulo(ULO, narrative=narrative).criteria.narrative == narrative
    with pytest.raises(MalformedDocument, match="RO001"):
        canvas_narrative(ULO, infinitives={})
