"""Whatever is awarded of a catalogue is an achievement of its own type, and its badge is accepted by all who look."""

from __future__ import annotations

from functools import cache

import jsonschema_rs
import pytest

from openbadges_kit.errors import IssuanceRefused, MalformedDocument
from openbadges_kit.issuance import issue
from openbadges_kit.jsonld.processor import find_unmapped_terms
from openbadges_kit.skills.achievement import achievement_from_ulo
from openbadges_kit.skills.kinds import (
    ACHIEVEMENT_TYPES,
    AchievementKind,
    Definition,
    Texts,
    achievement_of,
    achievement_of_component,
    as_micro_credential,
    micro_credential_details,
    outcomes_of,
)
from openbadges_kit.skills.micro_credential import Element, check_micro_credential
from openbadges_kit.verification.verifier import verify
from tests.kit.skills.badges import KEY, NOW, ULO, prepared
from tests.kit.skills.catalogue_badges import DETAILS, HYDROGEN, PRINTING, badge, badges, definition, selected
from tests.published import published_json

ALL = dict(badges())
TEXT = Texts("nl", "Titel", "Zin.", "- Laat het zien.")


@cache
def official(name: str) -> jsonschema_rs.Draft201909Validator:
    return jsonschema_rs.Draft201909Validator(published_json(f"schemas/{name}"))


def test_every_badge_fits_both_official_schemas_and_every_term_has_a_meaning() -> None:
    for name, document in ALL.items():
        for schema in ("achievementcredential.json", "achievementcredential.jsonld-flavour.json"):
            assert [error.message for error in official(schema).iter_errors(document)] == [], name
        assert find_unmapped_terms(document) == (), name


def test_every_badge_is_signed_and_verified() -> None:
    for name in selected():
        document = ALL[name]
        assert verify(issue(prepared(document), signing_key=KEY), now=NOW).verified, name


def test_whatever_was_reached_is_described() -> None:
    """The levels in `result` exist in `resultDescription`, and so does every result."""
    seen = 0
    for name, document in ALL.items():
        subject = document["credentialSubject"]
        described = {one["id"]: one for one in subject["achievement"].get("resultDescription", [])}
        for result in subject.get("result", []):
            description = described[result["resultDescription"]]
            if "achievedLevel" in result:
                assert result["achievedLevel"] in [one["id"] for one in description["rubricCriterionLevel"]], name
            seen += 1
    assert seen > 100


def test_r12_no_badge_of_an_example_has_a_level_of_eqf_or_nlqf() -> None:
    """None is inscaled; the skill levels that they do have are never made into one."""
    for name, document in ALL.items():
        achievement = document["credentialSubject"]["achievement"]
        frameworks = {one.get("targetFramework") for one in achievement.get("alignment", [])}
        assert not frameworks & {"EQF", "NLQF"}, name
        assert "creditsAvailable" not in achievement, name
    assert any("resultDescription" in one["credentialSubject"]["achievement"] for one in ALL.values())


def test_r14_every_badge_refers_to_the_skills_in_the_catalogue() -> None:
    for name, document in ALL.items():
        aligned = document["credentialSubject"]["achievement"].get("alignment", [])
        if name.startswith("attendance"):
            # Being there is no skill, and whoever lays proofs together must not take it for one.
            assert aligned == []
            continue
        own = [one for one in aligned if one.get("targetType") == "CFItem"]
        assert own, name
        assert all(one["targetName"] and one["targetDescription"] and one["targetUrl"] for one in own), name


def test_no_two_kinds_have_one_type() -> None:
    assert set(ACHIEVEMENT_TYPES) == set(AchievementKind)
    assert len(set(ACHIEVEMENT_TYPES.values())) == len(AchievementKind)


def test_every_kind_is_there_in_dutch_and_in_english() -> None:
    for kind in set(AchievementKind) - {AchievementKind.ULO, AchievementKind.COMPONENT}:
        dutch, english = (achievement_of(definition(kind), language=one).to_json() for one in ("nl", "en"))
        assert dutch["achievementType"] == english["achievementType"] == ACHIEVEMENT_TYPES[kind]
        assert (dutch["inLanguage"], english["inLanguage"]) == ("nl", "en")
        assert english["id"] == dutch["id"] + "/en"
        assert [one["id"] for one in dutch["related"]] == [english["id"]]
        assert [one["id"] for one in english["related"]] == [dutch["id"]]
        if kind is AchievementKind.ATTENDANCE:
            continue
        # The same skills, called by what they are called there.
        assert [one["targetUrl"] for one in dutch["alignment"]] == [one["targetUrl"] for one in english["alignment"]]
        assert dutch["alignment"][0]["targetName"] != english["alignment"][0]["targetName"]


class TestComponent:
    """R08: proof may be given of any part of a unit."""

    def test_r08_of_every_component_there_is_an_achievement(self) -> None:
        for entry in (*HYDROGEN.entries, *PRINTING.entries):
            for component in entry.ulo.components:
                made = achievement_of_component(entry.ulo, component.code, rubric=entry.rubric).to_json()
                assert made["id"] == component.iri
                assert made["humanCode"] == f"{entry.ulo.number}/{component.code}"
                assert made["description"].lower().startswith(component.sentence.lower()[:20])
                assert len(made.get("resultDescription", [])) == (1 if component.required_skill_level else 0)

    def test_r08_or_of_any_combination_of_parts(self) -> None:
        ulo = HYDROGEN.entries[0].ulo
        parts = ((ulo, "VO001"), (ulo, "KO002"))
        made = Definition(AchievementKind.CRITERIA_SET, "https://a.example/set/v1", "1", (TEXT,), components=parts)
        aligned = achievement_of(made).to_json()["alignment"]
        assert [one["targetCode"] for one in aligned if one["targetType"] == "CFItem"] == ["1.1/VO001", "1.1/KO002"]


class TestMatches:
    """How well something fits elsewhere is said in words, so that every verifier can check the signature over it."""

    def test_in_the_language_of_the_edition(self) -> None:
        ulo = HYDROGEN.entries[0].ulo
        for language, words in (("nl", "Ruimer dan deze leeruitkomst"), ("en", "Wider than this learning outcome")):
            aligned = achievement_from_ulo(ulo, language=language, plain=True).to_json()["alignment"]
            esco = [one for one in aligned if one["targetFramework"] == "ESCO"]
            assert any(words in one.get("targetDescription", "") for one in esco)
            assert not any("match" in one for one in aligned)

    def test_installing_an_electrolyser_has_no_exact_match(self) -> None:
        aligned = achievement_from_ulo(HYDROGEN.entries[0].ulo, plain=True).to_json()["alignment"]
        assert not any("exactMatch" in one.get("targetDescription", "") for one in aligned)


class TestMicroCredential:
    def test_one_with_all_elements_is_one(self) -> None:
        names = [name for name in ALL if name.endswith("micro")]
        assert len(names) == len(HYDROGEN.entries) + len(PRINTING.entries)
        assert all(check_micro_credential(ALL[name]).complete for name in names)

    def test_what_is_missing_is_listed(self) -> None:
        with pytest.raises(IssuanceRefused) as refused:
            micro_credential_details(assessment_types=("https://a.example/practical",))
        assert [finding.details["number"] for finding in refused.value.findings] == [
            str(int(one)) for one in (Element.WORKLOAD, Element.PARTICIPATION, Element.QUALITY_ASSURANCE)
        ]

    def test_it_is_refused_for_who_was_only_there(self) -> None:
        """Attendance is no assessment: prepare() says so, and signs nothing."""
        made = definition(AchievementKind.ATTENDANCE)
        micro = as_micro_credential(achievement_of(made), DETAILS, units=made.units)
        with pytest.raises(IssuanceRefused) as refused:
            prepared(badge(micro, [], extension=True))
        assert [finding.path for finding in refused.value.findings] == ["$.credentialSubject.result"]

    def test_it_stands_for_learning_outcomes(self) -> None:
        with pytest.raises(MalformedDocument, match="learning outcomes"):
            as_micro_credential(achievement_of(definition(AchievementKind.LINE)), DETAILS, units=())


class TestRefused:
    def test_attendance_has_no_results(self) -> None:
        made = definition(AchievementKind.ATTENDANCE)
        assert "resultDescription" not in achievement_of(made).to_json()
        with pytest.raises(MalformedDocument, match="not assessed"):
            outcomes_of(made, {})

    def test_a_result_that_is_missing(self) -> None:
        with pytest.raises(MalformedDocument, match="nothing was recorded"):
            outcomes_of(definition(AchievementKind.LINE), {})

    @pytest.mark.parametrize("kind", [AchievementKind.ULO, AchievementKind.COMPONENT])
    def test_a_unit_is_an_achievement_by_itself(self, kind: AchievementKind) -> None:
        with pytest.raises(MalformedDocument, match="by themselves"):
            Definition(kind, "https://a.example", "1", (TEXT,), (ULO,))

    def test_one_without_the_catalogue(self) -> None:
        with pytest.raises(MalformedDocument, match="refers to a unit"):
            Definition(AchievementKind.LINE, "https://a.example", "1", (TEXT,))

    def test_one_without_words(self) -> None:
        with pytest.raises(MalformedDocument, match="no criteria"):
            Texts("nl", "Titel", "Zin.", " ")
        with pytest.raises(MalformedDocument, match="one in each language"):
            Definition(AchievementKind.LINE, "https://a.example", "1", (TEXT, TEXT), (ULO,))

    def test_a_component_that_is_not_there(self) -> None:
        with pytest.raises(MalformedDocument, match="no component VO009"):
            Definition(AchievementKind.LINE, "https://a.example", "1", (TEXT,), components=((ULO, "VO009"),))
