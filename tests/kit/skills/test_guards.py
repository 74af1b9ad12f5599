"""What Dutch law and policy keep out of a badge."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from openbadges_kit.errors import IssuanceRefused
from openbadges_kit.problems import Problem
from openbadges_kit.skills.frameworks import Registration, eqf_level, nlqf_level
from openbadges_kit.skills.guards import find_problems
from openbadges_kit.verification import sentences
from openbadges_kit.vocabulary import IdentifierType
from tests.kit.skills.badges import NOW, badge, prepared

PASSES = "123456782"


def found(document: dict[str, Any]) -> list[tuple[Problem, str]]:
    return [(finding.code, finding.path) for finding in find_problems(document, now=NOW)]


def refused(document: dict[str, Any]) -> list[tuple[Problem, str]]:
    with pytest.raises(IssuanceRefused) as caught:
        prepared(document)
    return [(finding.code, finding.path) for finding in caught.value.findings]


def with_subject(**members: Any) -> dict[str, Any]:
    document = badge()
    document["credentialSubject"] |= members
    return document


def test_a_badge_without_any_of_it_is_prepared() -> None:
    assert prepared(badge()).document
    assert found(badge()) == []


class TestCitizenServiceNumber:
    """No number of a citizen is signed, and the refusal names the place, not the number."""

    @pytest.mark.parametrize(
        ("document", "path"),
        [
            (badge(name=f"Badge van {PASSES}"), "$.name"),
            (badge(description=f"{PASSES}"), "$.description"),
            (badge(evidence=[{"type": ["Evidence"], "narrative": f"Toets van {PASSES}"}]), "$.evidence[0].narrative"),
            (with_subject(narrative=f"Cursist {PASSES}"), "$.credentialSubject.narrative"),
            (with_subject(licenseNumber=PASSES), "$.credentialSubject.licenseNumber"),
            (with_subject(id=f"urn:example:{PASSES}"), "$.credentialSubject.id"),
            (
                with_subject(
                    identifier=[
                        {
                            "type": "IdentityObject",
                            "hashed": False,
                            "identityHash": PASSES,
                            "identityType": "identifier",
                        }
                    ]
                ),
                "$.credentialSubject.identifier[0].identityHash",
            ),
        ],
    )
    def test_is_refused_with_its_place(self, document: dict[str, Any], path: str) -> None:
        assert (Problem.CITIZEN_SERVICE_NUMBER, path) in refused(document)

    def test_the_number_is_in_neither_the_error_nor_the_sentences(self) -> None:
        with pytest.raises(IssuanceRefused) as caught:
            prepared(with_subject(narrative=f"Cursist {PASSES}"))
        said = [str(caught.value)]
        said += [
            sentences.of_finding(finding, language) for finding in caught.value.findings for language in ("nl", "en")
        ]
        assert not any(PASSES in text for text in said)

    def test_a_number_in_a_term_that_nobody_knows_is_seen_as_text_and_as_a_number(self) -> None:
        document = {"a": [{"b": int(PASSES)}, {"b": PASSES}, {"b": 10**5000}, {"b": True}, {"b": -int(PASSES)}]}
        assert found(document) == [
            (Problem.CITIZEN_SERVICE_NUMBER, "$.a[0].b"),
            (Problem.CITIZEN_SERVICE_NUMBER, "$.a[1].b"),
        ]

    def test_in_a_text_of_several_languages_it_is_seen(self) -> None:
        document = with_subject(narrative=[{"@value": PASSES, "@language": "nl"}])
        assert found(document) == [(Problem.CITIZEN_SERVICE_NUMBER, "$.credentialSubject.narrative[0]['@value']")]

    def test_of_several_subjects_each_id_is_looked_at(self) -> None:
        document = {"credentialSubject": [{"id": "urn:uuid:x"}, {"id": f"did:example:{PASSES}"}]}
        assert found(document) == [(Problem.CITIZEN_SERVICE_NUMBER, "$.credentialSubject[1].id")]

    def test_the_id_of_what_is_endorsed_is_no_person(self) -> None:
        subject = {"type": ["EndorsementSubject"], "id": f"https://a.example/achievements/{PASSES}"}
        assert found({"credentialSubject": subject}) == []
        assert found({"credentialSubject": subject | {"type": [5]}}) == [
            (Problem.CITIZEN_SERVICE_NUMBER, "$.credentialSubject.id")
        ]

    @pytest.mark.parametrize(
        "members",
        [
            {"id": f"https://a.example/badges/{PASSES}"},
            {"proof": {"proofValue": PASSES}},
            {"credentialStatus": {"statusListIndex": PASSES}},
            {"phone": PASSES},
            {"image": {"id": f"data:image/png;base64,{PASSES}"}},
            {"alignment": {"targetCode": PASSES, "targetName": "x"}},
            {"otherIdentifier": {"identifierType": "ext:kvk_organisation_id", "identifier": PASSES}},
            {"otherIdentifier": {"identifierType": "issn", "identifier": "12345672"}},
            {"when": 20261120, "length": 12345678.5},
        ],
    )
    def test_numbers_of_other_things_are_left_alone(self, members: dict[str, Any]) -> None:
        assert found(members) == []

    def test_an_identifier_of_another_type_is_looked_at(self) -> None:
        entry = {"identifierType": "sourcedId", "identifier": PASSES}
        assert found({"otherIdentifier": [entry]}) == [
            (Problem.CITIZEN_SERVICE_NUMBER, "$.otherIdentifier[0].identifier")
        ]
        assert found({"otherIdentifier": [{**entry, "identifierType": ["issn"]}]})

    @pytest.mark.parametrize(
        ("member", "entry"),
        [
            ("identifier", {"identityType": IdentifierType.NATIONAL_IDENTITY_NUMBER, "identityHash": "x"}),
            ("otherIdentifier", {"identifierType": IdentifierType.NATIONAL_IDENTITY_NUMBER, "identifier": "x"}),
        ],
    )
    def test_the_identifier_type_for_it_is_blocked(self, member: str, entry: dict[str, str]) -> None:
        name = next(name for name in entry if name.endswith("Type"))
        assert found({"credentialSubject": {member: [entry]}}) == [
            (Problem.NATIONAL_IDENTITY_NUMBER, f"$.credentialSubject.{member}[0].{name}")
        ]


class TestLevels:
    """A level of NLQF or EQF is claimed only of what a register knows, and while it does."""

    @staticmethod
    def aligned(alignment: dict[str, Any]) -> dict[str, Any]:
        document = badge()
        document["credentialSubject"]["achievement"]["alignment"].append({"type": ["Alignment"]} | alignment)
        return document

    PATH = "$.credentialSubject.achievement.alignment[3]"

    @pytest.mark.parametrize(
        "alignment",
        [
            {"targetName": "NLQF 4", "targetUrl": "http://data.europa.eu/snb/qdr/c_ff656b33"},
            {"targetName": "EQF 4", "targetUrl": "http://data.europa.eu/snb/eqf/4"},
            {"targetName": "4", "targetUrl": "https://nlqf.nl/niveau-4", "targetFramework": "nlqf"},
            {"targetName": "4", "targetUrl": "https://a.example/4", "targetType": "ext:NLQFAlignment"},
            {"targetName": "4", "targetUrl": "https://a.example/4", "targetType": "ext:EQFAlignment"},
            {
                "targetName": "4",
                "targetUrl": "https://a.example/4",
                "targetFramework": "NLQF",
                "registerNumber": "NLQF-1",
            },
        ],
    )
    def test_without_a_register_it_is_refused(self, alignment: dict[str, Any]) -> None:
        assert (Problem.LEVEL_NOT_REGISTERED, self.PATH) in refused(self.aligned(alignment))

    @pytest.mark.parametrize(
        "reference",
        [
            nlqf_level(4, registration=Registration("NLQF-2024-17", NOW + timedelta(days=1))),
            eqf_level(4, registration=Registration("25297", formal=True)),
        ],
    )
    def test_with_one_it_is_let_through(self, reference: Any) -> None:
        assert found(self.aligned(reference.alignment.to_json())) == []

    def test_after_the_end_of_the_inscaling_it_is_refused(self) -> None:
        past = nlqf_level("4+", registration=Registration("NLQF-2024-17", NOW - timedelta(days=1)))
        assert found(self.aligned(past.alignment.to_json())) == [(Problem.LEVEL_NOT_REGISTERED, self.PATH)]

    @pytest.mark.parametrize(
        "changed",
        [{"registerNumber": " "}, {"registeredUntil": "later"}, {"registerNumber": 5}, {"type": "Alignment"}],
    )
    def test_half_a_registration_is_none(self, changed: dict[str, Any]) -> None:
        whole = nlqf_level(4, registration=Registration("NLQF-2024-17", NOW + timedelta(days=1))).alignment.to_json()
        assert found(self.aligned(whole | changed)) == [(Problem.LEVEL_NOT_REGISTERED, self.PATH)]

    @pytest.mark.parametrize("member", ["endorsement", "verifiableCredential"])
    def test_in_what_somebody_else_signed_it_is_their_claim(self, member: str) -> None:
        level = {"targetName": "4", "targetUrl": "http://data.europa.eu/snb/eqf/4"}
        assert found({"a": {member: [{"alignment": [level]}], "alignment": level}}) == [
            (Problem.LEVEL_NOT_REGISTERED, "$.a.alignment")
        ]
        assert found({member: [{"narrative": PASSES}]}) == [
            (Problem.CITIZEN_SERVICE_NUMBER, f"$.{member}[0].narrative")
        ]

    def test_another_framework_needs_no_register(self) -> None:
        alignment = {"targetName": "x", "targetUrl": "https://a.example/x", "targetFramework": "ESCO"}
        assert found(self.aligned(alignment)) == []


def test_every_new_problem_has_its_sentences() -> None:
    for problem in (Problem.NATIONAL_IDENTITY_NUMBER, Problem.LEVEL_NOT_REGISTERED):
        assert all("$" not in text for text in sentences.PROBLEMS[problem])
