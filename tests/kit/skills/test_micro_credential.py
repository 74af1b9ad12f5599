"""The eleven elements of a European micro-credential."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from openbadges_kit.errors import IssuanceRefused
from openbadges_kit.problems import Problem
from openbadges_kit.skills.micro_credential import Element, Presence, check_micro_credential
from openbadges_kit.verification import sentences
from tests.kit.model.documents_of import json_values
from tests.kit.skills.badges import badge, prepared


def complete() -> dict[str, Any]:
    """All eleven elements and a result. It is no JSON-LD: those terms need the extension."""
    document = badge(awardedDate="2026-11-19T15:30:00Z")
    subject = document["credentialSubject"]
    subject["achievement"] |= {
        "achievementType": "MicroCredential",
        "creditsAvailable": 1,
        "assessmentType": "http://data.europa.eu/snb/assessment/6a4db9f11d",
        "participationType": "http://data.europa.eu/snb/learning-assessment/e92d221e4d",
        "qualityAssurance": {"name": "Keurmerk"},
    }
    subject["result"] = [{"type": ["Result"], "status": "Completed"}]
    return document


def without(document: dict[str, Any], *steps: str) -> dict[str, Any]:
    *way, last = steps
    here = document
    for step in way:
        here = here[step]
    del here[last]
    return document


ACHIEVEMENT = ("credentialSubject", "achievement")


class TestEachElement:
    """Without its member an element is missing, and the report says where to put it."""

    @pytest.mark.parametrize(
        ("element", "taken_away", "place"),
        [
            (Element.LEARNER, [("credentialSubject", "id")], "$.credentialSubject.id"),
            (Element.TITLE, [(*ACHIEVEMENT, "name")], "$.credentialSubject.achievement.name"),
            (Element.COUNTRY, [("issuer", "address")], "$.issuer.address.addressCountryCode"),
            (Element.AWARDING_BODY, [("issuer", "name")], "$.issuer.name"),
            (Element.DATE, [("awardedDate",), ("validFrom",)], "$.awardedDate"),
            (
                Element.LEARNING_OUTCOMES,
                [(*ACHIEVEMENT, "alignment")],
                "$.credentialSubject.achievement.learningOutcome",
            ),
            (
                Element.WORKLOAD,
                [(*ACHIEVEMENT, "creditsAvailable")],
                "$.credentialSubject.achievement.volumeOfLearning",
            ),
            (Element.ASSESSMENT, [(*ACHIEVEMENT, "assessmentType")], "$.credentialSubject.achievement.assessmentType"),
            (
                Element.PARTICIPATION,
                [(*ACHIEVEMENT, "participationType")],
                "$.credentialSubject.achievement.participationType",
            ),
            (
                Element.QUALITY_ASSURANCE,
                [(*ACHIEVEMENT, "qualityAssurance")],
                "$.credentialSubject.achievement.qualityAssurance",
            ),
        ],
    )
    def test_is_missed(self, element: Element, taken_away: list[tuple[str, ...]], place: str) -> None:
        document = complete()
        for steps in taken_away:
            without(document, *steps)
        report = check_micro_credential(document)
        assert [(one.element, one.place) for one in report.missing] == [(element, place)]
        assert not report.complete

    def test_all_eleven_and_an_assessment_make_one(self) -> None:
        report = check_micro_credential(complete())
        assert report.complete
        assert [one.element for one in report.elements] == list(Element)
        assert len(Element) == 11

    def test_the_level_is_not_asked_for_where_there_is_none(self) -> None:
        document = complete()
        level = check_micro_credential(document).elements[Element.LEVEL - 1]
        assert level.presence is Presence.NOT_APPLICABLE
        document["credentialSubject"]["achievement"]["alignment"].append({"targetType": "ext:EQFAlignment"})
        assert check_micro_credential(document).elements[Element.LEVEL - 1].presence is Presence.PRESENT

    @pytest.mark.parametrize("blank", ["", " ", {}, [], 5, None, True])
    def test_a_member_that_says_nothing_is_missing(self, blank: object) -> None:
        document = complete()
        document["credentialSubject"]["achievement"]["assessmentType"] = blank
        assert [one.element for one in check_micro_credential(document).missing] == [Element.ASSESSMENT]

    @pytest.mark.parametrize("credits_available", [0, -1, True, "1 EC"])
    def test_no_workload_is_missing(self, credits_available: object) -> None:
        document = complete()
        document["credentialSubject"]["achievement"]["creditsAvailable"] = credits_available
        assert [one.element for one in check_micro_credential(document).missing] == [Element.WORKLOAD]

    def test_other_members_serve_as_well(self) -> None:
        document = complete()
        del document["credentialSubject"]["id"]
        document["credentialSubject"]["identifier"] = [{"type": "IdentityObject"}]
        document["issuer"]["address"] = {"addressCountry": "NL"}
        del document["awardedDate"]
        achievement = document["credentialSubject"]["achievement"]
        achievement["learningOutcome"] = [{"title": "x"}]
        del achievement["alignment"], achievement["creditsAvailable"]
        achievement["volumeOfLearning"] = "PT28H"
        assert check_micro_credential(document).complete


class TestAssessment:
    """It stands for outcomes that were reached."""

    @pytest.mark.parametrize(
        ("result", "assessed"),
        [
            ([], False),
            ([{"status": "Failed", "value": "3"}], False),
            ([{"status": "Enrolled"}], False),
            ([{"type": ["Result"]}], False),
            ([{"achievedLevel": "urn:uuid:a"}], True),
            ({"value": "8"}, True),
            ([{"status": "Failed"}, {"status": "Completed"}], True),
        ],
    )
    def test_by_its_results(self, result: object, assessed: bool) -> None:  # noqa: FBT001  # a table
        document = complete()
        document["credentialSubject"]["result"] = result
        assert check_micro_credential(document).assessed is assessed


class TestPrepare:
    """What is no micro-credential is not signed as one."""

    def test_the_refusal_names_each_element_with_its_place(self) -> None:
        document = badge()
        document["credentialSubject"]["achievement"]["achievementType"] = "MicroCredential"
        with pytest.raises(IssuanceRefused) as caught:
            prepared(document)
        assert [(finding.code, finding.path, finding.details) for finding in caught.value.findings] == [
            (Problem.MICRO_CREDENTIAL_INCOMPLETE, f"$.credentialSubject.achievement.{member}", {"number": number})
            for member, number in [
                ("volumeOfLearning", "7"),
                ("assessmentType", "9"),
                ("participationType", "10"),
                ("qualityAssurance", "11"),
            ]
        ] + [(Problem.MICRO_CREDENTIAL_NOT_ASSESSED, "$.credentialSubject.result", {})]

    def test_the_sentences_say_what_to_do(self) -> None:
        report = check_micro_credential({})
        assert len(report.findings) == 11
        for finding in report.findings:
            for language in ("nl", "en"):
                assert finding.path in sentences.of_finding(finding, language)

    def test_another_achievement_needs_none_of_it(self) -> None:
        assert prepared(badge()).document


def test_the_report_for_machines_names_place_and_presence() -> None:
    report = check_micro_credential(without(complete(), "issuer", "name")).to_json("nl")
    assert report["complete"] is False
    assert report["elements"][3] == {
        "number": 4,
        "element": "awarding-body",
        "name": "wie het toekent",
        "presence": "missing",
        "place": "$.issuer.name",
    }
    assert check_micro_credential(complete()).to_json()["elements"][3]["name"] == "awarding body"


class TestAnyJson:
    """Whatever stands in a credential, there is a report."""

    @given(json_values, json_values, json_values)
    def test_no_error(self, subject: Any, achievement: Any, issuer: Any) -> None:
        for document in ({"credentialSubject": subject, "issuer": issuer}, {"credentialSubject": [subject]}):
            assert not check_micro_credential(document).complete
        assert len(check_micro_credential({"credentialSubject": {"achievement": achievement}}).elements) == 11
