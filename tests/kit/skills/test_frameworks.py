"""References to public frameworks, under the frameworks' own addresses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from openbadges_kit.errors import MalformedDocument
from openbadges_kit.skills import frameworks
from openbadges_kit.skills.frameworks import Framework, FrameworkReference, Registration
from openbadges_kit.skills.levels import SkillLevel
from openbadges_kit.vocabulary import SkosMatch

FEASIBILITY = "395ace35-e463-4dc7-8181-c2dd43885107"
UNTIL = datetime(2029, 1, 1, tzinfo=UTC)
INSCALED = Registration("NLQF-2024-17", UNTIL)


def test_a_skill_of_esco_is_aligned_under_its_http_address() -> None:
    reference = frameworks.esco_skill(FEASIBILITY, "perform a feasibility study on heat pumps")
    assert reference.alignment.to_json() == {
        "type": ["Alignment"],
        "targetCode": FEASIBILITY,
        "targetName": "perform a feasibility study on heat pumps",
        "targetFramework": "ESCO",
        "targetType": "ext:ESCOAlignment",
        "targetUrl": f"http://data.europa.eu/esco/skill/{FEASIBILITY}",
    }


def test_a_match_makes_it_a_framework_alignment() -> None:
    reference = frameworks.esco_occupation(FEASIBILITY, "x", match=SkosMatch.CLOSE, description="more")
    written = reference.alignment.to_json()
    assert written["type"] == ["Alignment", "FrameworkAlignment"]
    assert written["match"] == "http://www.w3.org/2004/02/skos/core#closeMatch"
    assert written["targetDescription"] == "more"
    assert written["targetUrl"] == f"http://data.europa.eu/esco/occupation/{FEASIBILITY}"


@pytest.mark.parametrize(
    ("framework", "target_type"),
    [
        (Framework.ESCO, "ext:ESCOAlignment"),
        (Framework.EQF, "ext:EQFAlignment"),
        (Framework.NLQF, "ext:NLQFAlignment"),
        (Framework.COMPETENT_NL, "ext:CompetentNLAlignment"),
        (Framework.ISCED_F, "ext:ISCEDFAlignment"),
        (Framework.ONET, "ext:ONETAlignment"),
        (Framework.KWALIFICATIEDOSSIER, "ext:KwalificatiedossierAlignment"),
    ],
)
def test_the_target_type_is_the_one_that_edubadges_writes(framework: Framework, target_type: str) -> None:
    assert framework.target_type == target_type


def test_fields_and_occupations_have_their_addresses() -> None:
    assert frameworks.isced_field("0713", "Electricity and energy").iri == "http://data.europa.eu/snb/isced-f/0713"
    assert frameworks.onet_occupation("49-9021.00", "x").iri == "https://www.onetonline.org/link/summary/49-9021.00"
    capability = "https://linkeddata.competentnl.nl/id/human-capability/L1"
    assert (frameworks.competent_nl(capability, "x").iri, frameworks.competent_nl(capability, "x").code) == (
        capability,
        "L1",
    )


class TestLevels:
    """A level has its address, its number and its register."""

    def test_of_the_european_framework(self) -> None:
        assert frameworks.eqf_level(4, registration=INSCALED).alignment.to_json() == {
            "type": ["Alignment", "FrameworkAlignment"],
            "targetCode": "4",
            "targetName": "EQF 4",
            "targetFramework": "EQF",
            "targetType": "ext:EQFAlignment",
            "targetUrl": "http://data.europa.eu/snb/eqf/4",
            "registerNumber": "NLQF-2024-17",
            "registeredUntil": "2029-01-01T00:00:00Z",
        }

    @pytest.mark.parametrize(
        ("level", "iri"),
        [("Entry", "c_b42dd23b"), (1, "c_3e11a3fd"), ("4+", "c_c2700f4e"), (8, "c_2835a50f")],
    )
    def test_of_the_dutch_framework(self, level: int | str, iri: str) -> None:
        reference = frameworks.nlqf_level(level, registration=INSCALED)
        assert reference.iri == f"http://data.europa.eu/snb/qdr/{iri}"

    def test_of_a_formal_qualification_its_code_vouches(self) -> None:
        written = frameworks.nlqf_level(4, registration=Registration("25297", formal=True)).alignment.to_json()
        assert written["qualificationCode"] == "25297"
        assert "registerNumber" not in written
        assert "registeredUntil" not in written

    @pytest.mark.parametrize("level", list(SkillLevel))
    def test_a_skill_level_is_never_taken_for_one(self, level: SkillLevel) -> None:
        with pytest.raises(MalformedDocument, match="skill level"):
            frameworks.eqf_level(level, registration=INSCALED)
        with pytest.raises(MalformedDocument, match="skill level"):
            frameworks.nlqf_level(level, registration=INSCALED)
        with pytest.raises(MalformedDocument, match="skill level"):
            frameworks.indicative_level_sentence(level)

    @pytest.mark.parametrize("level", [0, 9, -1, True])
    def test_there_are_eight(self, level: int) -> None:
        with pytest.raises(MalformedDocument, match="no level of EQF"):
            frameworks.eqf_level(level, registration=INSCALED)
        with pytest.raises(MalformedDocument, match="no level of NLQF"):
            frameworks.nlqf_level(level, registration=INSCALED)

    def test_without_a_register_there_is_a_sentence_only(self) -> None:
        assert frameworks.indicative_level_sentence(4) == "Indicatief EQF-niveau 4, niet NLQF-ingeschaald."
        assert frameworks.indicative_level_sentence(4, "en") == "Indicative EQF level 4, not NLQF-inscaled."
        with pytest.raises(MalformedDocument, match="nl and en"):
            frameworks.indicative_level_sentence(4, "fr")

    def test_a_registration_has_a_number_and_an_end(self) -> None:
        with pytest.raises(MalformedDocument, match="number"):
            Registration(" ", UNTIL)
        with pytest.raises(MalformedDocument, match="end"):
            Registration("NLQF-2024-17")


@pytest.mark.parametrize(
    ("make", "value"),
    [
        (frameworks.esco_skill, "not-a-uuid"),
        (frameworks.esco_occupation, FEASIBILITY.upper()),
        (frameworks.isced_field, "7"),
        (frameworks.onet_occupation, "499021"),
        (frameworks.competent_nl, "https://a.example/L1"),
        (frameworks.competent_nl, "http://linkeddata.competentnl.nl/L1"),
        (frameworks.competent_nl, "https://[a/"),
    ],
)
def test_what_is_none_of_the_framework_is_refused(make: Callable[[str, str], object], value: str) -> None:
    with pytest.raises(MalformedDocument):
        make(value, "label")


@pytest.mark.parametrize(
    ("iri", "label"), [("skill/1", "x"), ("https://a.example/a b", "x"), ("https://a.example", " ")]
)
def test_a_reference_has_a_full_address_and_a_label(iri: str, label: str) -> None:
    with pytest.raises(MalformedDocument):
        FrameworkReference(Framework.ESCO, iri, "1", label)
