"""The terms of the extension: in a badge that Open Badges, JSON-LD and the extension's own schema accept."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import cache
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbadges_kit.errors import IssuanceRefused, MalformedDocument
from openbadges_kit.issuance import issue
from openbadges_kit.jsonld.bundle import bundled_schema
from openbadges_kit.jsonld.processor import find_unmapped_terms, to_quads
from openbadges_kit.model.achievement import Achievement
from openbadges_kit.model.credential import AchievementCredential, AchievementSubject, Result
from openbadges_kit.model.json_object import JsonObjectModel
from openbadges_kit.model.verifiable_credential import CredentialSchema
from openbadges_kit.problems import Problem
from openbadges_kit.schema.open_badges import find_schema_violations
from openbadges_kit.skills import extension, frameworks
from openbadges_kit.skills.achievement import achievement_from_ulo, results_of, skill_level_rubric
from openbadges_kit.skills.eu_vocabularies import AssessmentType, ParticipationType, SupervisionType
from openbadges_kit.skills.extension import MicroCredentialDetails, QualityAssurance
from openbadges_kit.skills.frameworks import Registration
from openbadges_kit.skills.levels import SkillLevel
from openbadges_kit.skills.micro_credential import check_micro_credential
from openbadges_kit.skills.ulo import Component, Ulo
from openbadges_kit.verification.verifier import verify
from openbadges_kit.vocabulary import ULO_V1, ULO_V1_SCHEMA, SkosMatch
from tests.kit.model.documents_of import documents_of
from tests.kit.skills.badges import ISSUER, KEY, NOW, ULO, badge, prepared
from tests.published import published_json

ESCO = frameworks.esco_skill(
    "395ace35-e463-4dc7-8181-c2dd43885107", "perform a feasibility study on heat pumps", match=SkosMatch.CLOSE
)
FORMAL = frameworks.nlqf_level(4, registration=Registration("25297", formal=True))
INSCALED = frameworks.eqf_level(4, registration=Registration("NLQF-2024-17", NOW + timedelta(days=365)))
RICH = Ulo(
    iri=ULO.iri,
    number=ULO.number,
    version=ULO.version,
    title=ULO.title,
    qualification=ULO.qualification,
    catalogue=ULO.catalogue,
    components=tuple(
        Component(
            component.code,
            component.iri,
            component.object,
            verb=component.verb,
            required_skill_level=SkillLevel.COMPETENT,
            references=(ESCO,),
        )
        for component in ULO.components
    ),
    references=(frameworks.isced_field("0713", "Electricity and energy"), FORMAL, INSCALED),
)
DETAILS = MicroCredentialDetails(
    workload=timedelta(hours=28),
    assessment_types=(AssessmentType.PRACTICAL,),
    participation_types=(ParticipationType.BLENDED,),
    supervision_types=(SupervisionType.UNSUPERVISED_WITHOUT_IDENTITY_CHECK,),
    quality_assurance=QualityAssurance(
        name="Voorbeeldkeurmerk", url="https://keurmerk.example.org", description="Elke vier jaar getoetst."
    ),
    stackable=True,
    credits=1.5,
)

details = st.builds(
    MicroCredentialDetails,
    workload=st.timedeltas(timedelta(minutes=1), timedelta(days=400)),
    assessment_types=st.lists(st.sampled_from(AssessmentType), min_size=1, max_size=3, unique=True).map(tuple),
    participation_types=st.lists(st.sampled_from(ParticipationType), min_size=1, max_size=2, unique=True).map(tuple),
    supervision_types=st.lists(st.sampled_from(SupervisionType), max_size=1).map(tuple),
    quality_assurance=st.builds(
        QualityAssurance, name=st.sampled_from(["Keurmerk", "Inspectie"]), url=st.just("https://keurmerk.example.org")
    ),
    stackable=st.none() | st.booleans(),
    credits=st.none() | st.integers(1, 30) | st.sampled_from([0.5, 1.25, 2.0]),
)


def micro_badge(ulo: Ulo = RICH, asked: MicroCredentialDetails = DETAILS) -> AchievementCredential:
    rubric = skill_level_rubric(ulo)
    reached = {criterion.component: "4" for criterion in rubric}
    results = results_of(reached, ulo=ulo, rubric=rubric) or [Result(status="Completed")]
    return AchievementCredential(
        id="urn:uuid:0b9ec5a4-7f5d-4b0c-9a29-3d9a3b8f5c11",
        name=ulo.title,
        issuer=ISSUER,
        valid_from="2026-11-20T09:00:00Z",
        credential_subject=AchievementSubject(
            id="urn:uuid:7d0b8d3e-53a2-4b43-8a58-1f8c0a1c2f77",
            achievement=extension.micro_credential_from_ulo(ulo, asked, rubric=rubric),
            result=results,
        ),
    )


@cache
def official(name: str) -> jsonschema_rs.Draft201909Validator:
    return jsonschema_rs.Draft201909Validator(published_json(f"schemas/{name}"))


@cache
def own() -> jsonschema_rs.Draft201909Validator:
    return jsonschema_rs.Draft201909Validator(bundled_schema(ULO_V1_SCHEMA), validate_formats=True)


class TestWhatTheBuildersMake:
    """A badge of any ULO's details is accepted by both official schemas, by our own, by JSON-LD and by prepare()."""

    @given(details, st.sampled_from([ULO, RICH]))
    def test_is_accepted(self, asked: MicroCredentialDetails, ulo: Ulo) -> None:
        document = extension.extended(micro_badge(ulo, asked)).to_json()
        for name in ("achievementcredential.json", "achievementcredential.jsonld-flavour.json"):
            assert [error.message for error in official(name).iter_errors(document)] == []
        assert [error.message for error in own().iter_errors(document)] == []
        assert find_unmapped_terms(document) == ()
        assert json.loads(prepared(document).document) == document

    def test_is_a_complete_micro_credential(self) -> None:
        assert check_micro_credential(extension.extended(micro_badge()).to_json()).complete

    def test_is_signed_and_verified(self) -> None:
        signed = issue(prepared(extension.extended(micro_badge()).to_json()), signing_key=KEY)
        assert verify(signed, now=NOW).verified

    def test_every_term_of_the_extension_is_under_the_signature(self) -> None:
        signed = issue(prepared(extension.extended(micro_badge()).to_json()), signing_key=KEY)
        achievement = signed["credentialSubject"]["achievement"]
        alignment = next(one for one in achievement["alignment"] if "match" in one)
        registered = next(one for one in achievement["alignment"] if "registerNumber" in one)
        outcome = achievement["learningOutcome"][0]
        for holder, term, other in [
            (achievement, "volumeOfLearning", "PT29H"),
            (achievement, "assessmentType", str(AssessmentType.QUIZ)),
            (achievement, "participationType", str(ParticipationType.ONLINE)),
            (achievement, "supervisionType", "https://a.example"),
            (achievement, "stackable", False),
            (achievement["qualityAssurance"], "name", "x"),
            (achievement["qualityAssurance"], "url", "https://a.example"),
            (achievement["qualityAssurance"], "description", "x"),
            (outcome, "uloCode", "9.9"),
            (outcome, "version", "2"),
            (outcome, "title", "x"),
            (outcome["responsibility"], "statement", "x"),
            (outcome["skill"][0], "requiredSkillLevel", 5),
            (outcome["knowledge"][0], "componentCode", "KO999"),
            (outcome["knowledge"][0], "learningDomain", "skill"),
            (alignment, "match", str(SkosMatch.EXACT)),
            (registered, "registerNumber", "x"),
            (registered, "registeredUntil", "2040-01-01T00:00:00Z"),
        ]:
            before = holder[term]
            holder[term] = other
            assert not verify(signed, now=NOW).verified, term
            holder[term] = before
        assert verify(signed, now=NOW).verified


class TestShape:
    """The achievement stays an Achievement, and the unit is there in its parts."""

    def test_in_full(self) -> None:
        achievement = extension.micro_credential_from_ulo(ULO, DETAILS).to_json()
        plain = achievement_from_ulo(ULO).to_json()
        assert {name: achievement[name] for name in plain if name not in {"type", "achievementType"}} == {
            name: value for name, value in plain.items() if name not in {"type", "achievementType"}
        }
        assert achievement["type"] == ["Achievement", "MicroCredentialAchievement"]
        assert achievement["achievementType"] == "MicroCredential"
        assert achievement["volumeOfLearning"] == "PT28H"
        assert achievement["assessmentType"] == "http://data.europa.eu/snb/assessment/6a4db9f11d"
        assert achievement["creditsAvailable"] == 1.5
        assert achievement["learningOutcome"] == [
            {
                "id": f"{ULO.iri}#learning-outcome",
                "type": "UnitOfLearningOutcome",
                "uloCode": "1.1",
                "version": "1",
                "title": "Warmtepompsysteem bepalen",
                "responsibility": {
                    "id": f"{ULO.iri}/RO001",
                    "type": "UloComponent",
                    "componentCode": "RO001",
                    "learningDomain": "responsibility",
                    "statement": "bepaalt welk warmtepompsysteem bij welke randvoorwaarden geschikt is",
                },
                "skill": [
                    {
                        "id": f"{ULO.iri}/VO001",
                        "type": "UloComponent",
                        "componentCode": "VO001",
                        "learningDomain": "skill",
                        "statement": "inschatten van de haalbaarheid voor een warmtepompsysteem "
                        "conform ISSO-publicatie 72",
                    }
                ],
                "knowledge": [
                    {
                        "id": f"{ULO.iri}/KO001",
                        "type": "UloComponent",
                        "componentCode": "KO001",
                        "learningDomain": "knowledge",
                        "statement": "werking van warmtepompen",
                    }
                ],
            }
        ]

    def test_what_is_not_given_is_not_written(self) -> None:
        asked = MicroCredentialDetails(
            timedelta(minutes=90), ("https://a.example/1", "https://a.example/2"), ("https://a.example/3",),
            QualityAssurance(name="x"),
        )  # fmt: skip
        achievement = extension.micro_credential_from_ulo(ULO, asked, achievement_type="Competency").to_json()
        assert not {"supervisionType", "stackable", "creditsAvailable"} & achievement.keys()
        assert achievement["assessmentType"] == ["https://a.example/1", "https://a.example/2"]
        assert achievement["volumeOfLearning"] == "PT1H30M"
        assert achievement["achievementType"] == "Competency"

    def test_the_unit_is_another_node_than_the_achievement(self) -> None:
        quads = to_quads(extension.extended(micro_badge()).to_json())
        types = {quad.object for quad in quads if quad.predicate.endswith("#type>") and quad.subject == f"<{ULO.iri}>"}
        assert not any("UnitOfLearningOutcome" in one for one in types)
        assert any("MicroCredentialAchievement" in one for one in types)

    def test_a_required_skill_level_becomes_five_levels_with_one_that_is_needed(self) -> None:
        described = micro_badge().credential_subject.achievement.to_json()["resultDescription"][0]
        assert [level["name"] for level in described["rubricCriterionLevel"]] == [
            "Basiskennis", "Basisvaardig", "Competent", "Ervaren", "Expert",
        ]  # fmt: skip
        assert described["requiredLevel"] == described["rubricCriterionLevel"][2]["id"]

    def test_an_address_that_is_referred_to_twice_is_aligned_once(self) -> None:
        urls = [one["targetUrl"] for one in achievement_from_ulo(RICH).to_json()["alignment"]]
        assert urls == [
            f"{ULO.iri}/RO001",
            f"{ULO.iri}/VO001",
            f"{ULO.iri}/KO001",
            "http://data.europa.eu/snb/isced-f/0713",
            FORMAL.iri,
            INSCALED.iri,
            ESCO.iri,
        ]

    @pytest.mark.parametrize(
        "wrong",
        [
            {"workload": timedelta(seconds=59)},
            {"workload": timedelta(hours=-1)},
            {"assessment_types": ()},
            {"participation_types": ()},
        ],
    )
    def test_details_that_say_nothing_are_refused(self, wrong: dict[str, Any]) -> None:
        whole: dict[str, Any] = {name: getattr(DETAILS, name) for name in DETAILS.__slots__}
        with pytest.raises(MalformedDocument):
            MicroCredentialDetails(**whole | wrong)


class TestExtended:
    """The credential names the context and the schema, each once."""

    def test_adds_them_behind_what_is_there(self) -> None:
        other = CredentialSchema(id="https://a.example/schema", type="JsonSchema")
        once = extension.extended(micro_badge().model_copy(update={"credential_schema": other}))
        document = once.to_json()
        assert document["@context"][2:] == [ULO_V1]
        assert document["credentialSchema"] == [other.to_json(), {"id": ULO_V1_SCHEMA, "type": "JsonSchema"}]
        assert extension.extended(once) == once

    def test_without_it_the_terms_are_refused(self) -> None:
        with pytest.raises(IssuanceRefused, match="unmapped-term"):
            prepared(micro_badge().to_json())


MODELS = (extension.MicroCredentialAchievement, extension.LearningOutcome, QualityAssurance)


class TestReadingAndWritingBack:
    """The extension's classes lose nothing either."""

    @pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
    @given(data=st.data())
    def test_read_write_read(self, model: type[JsonObjectModel], data: st.DataObject) -> None:
        document = data.draw(documents_of(model))
        assert json.dumps(model.from_json(document).to_json()) == json.dumps(document)

    def test_who_does_not_know_it_reads_an_achievement_and_keeps_the_terms(self) -> None:
        document = extension.extended(micro_badge()).to_json()
        read = AchievementCredential.from_json(document)
        assert type(read.credential_subject.achievement) is Achievement
        assert json.dumps(read.to_json()) == json.dumps(document)


class TestOwnSchema:
    """What is wrong in the extension's terms does not fit its schema."""

    @pytest.mark.parametrize(
        ("steps", "value"),
        [
            (("volumeOfLearning",), "28 hours"),
            (("volumeOfLearning",), "PT"),
            (("volumeOfLearning",), "P"),
            (("assessmentType",), "written"),
            (("stackable",), "true"),
            (("qualityAssurance", "name"), ""),
            (("learningOutcome", 0, "skill"), []),
            (("learningOutcome", 0, "skill", 0, "learningDomain"), "knowledge"),
            (("learningOutcome", 0, "responsibility", "componentCode"), "XX001"),
            (("learningOutcome", 0, "knowledge", 0, "requiredSkillLevel"), 6),
            (("learningOutcome", 0, "id"), "1.1"),
            (("alignment", 6, "match"), "closeMatch"),
            (("alignment", 5, "registeredUntil"), "2027"),
        ],
    )
    def test_is_refused(self, steps: tuple[str | int, ...], value: object) -> None:
        document = extension.extended(micro_badge()).to_json()
        holder = document["credentialSubject"]["achievement"]
        for step in steps[:-1]:
            holder = holder[step]
        holder[steps[-1]] = value
        assert not own().is_valid(document)

    def test_what_does_not_fit_is_not_signed(self) -> None:
        document = extension.extended(micro_badge()).to_json()
        document["credentialSubject"]["achievement"]["volumeOfLearning"] = "28 hours"
        with pytest.raises(IssuanceRefused) as caught:
            prepared(document)
        assert [(one.code, one.path) for one in caught.value.findings] == [
            (Problem.SCHEMA_VIOLATION, "$.credentialSubject.achievement.volumeOfLearning")
        ]

    @pytest.mark.parametrize("named", [None, [], "x", [{"id": "https://a.example/schema", "type": "JsonSchema"}], [5]])
    def test_only_a_schema_that_is_named_and_bundled_is_asked(self, named: object) -> None:
        document = extension.extended(micro_badge()).to_json()
        document["credentialSubject"]["achievement"]["volumeOfLearning"] = "28 hours"
        paths = [finding.path for finding in find_schema_violations(document | {"credentialSchema": named})]
        assert "$.credentialSubject.achievement.volumeOfLearning" not in paths

    @pytest.mark.parametrize("duration", ["P1Y2M3DT4H5M6.7S", "PT28H", "P5D", "PT90M"])
    def test_durations_of_xsd_fit(self, duration: str) -> None:
        document = extension.extended(micro_badge()).to_json()
        document["credentialSubject"]["achievement"]["volumeOfLearning"] = duration
        assert own().is_valid(document)

    def test_a_badge_without_the_extension_fits(self) -> None:
        assert own().is_valid(badge())
        assert own().is_valid(published_json("vectors/1edtech/ob30/complete.json"))
