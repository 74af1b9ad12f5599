"""A badge has the members that Open Badges asks for, and each problem is said where it is."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from openbadges_kit.documents import JsonObject
from openbadges_kit.problems import Problem
from openbadges_kit.verification.report import Check
from openbadges_kit.verification.verifier import check_structure, verify
from tests.kit.samples import NOW, signed_unchecked, unsigned

PERSON: JsonObject = {"type": ["Person"]}
NO_PROFILE: JsonObject = {"id": "https://a.example/", "type": ["Person"]}
ACHIEVEMENT = ("credentialSubject", "achievement")


def found(document: JsonObject) -> set[tuple[Problem, str]]:
    return {(finding.code, finding.path) for finding in check_structure(document).findings}


def with_member(steps: tuple[str, ...], value: Any) -> JsonObject:
    document = copy.deepcopy(unsigned())
    target: Any = document
    for step in steps[:-1]:
        target = target[step]
    if value is None:
        del target[steps[-1]]
    else:
        target[steps[-1]] = value
    return document


@pytest.mark.parametrize(
    ("steps", "value", "problem", "path"),
    [
        (("issuer",), "https://a.example/", Problem.WRONG_TYPE, "$.issuer"),
        (("issuer", "type"), None, Problem.MISSING, "$.issuer.type"),
        (("issuer", "type"), "Person", Problem.WRONG_TYPE, "$.issuer.type"),
        (("issuer", "parentOrg"), NO_PROFILE, Problem.WRONG_TYPE, "$.issuer.parentOrg.type"),
        (("issuer", "otherIdentifier"), [PERSON], Problem.WRONG_TYPE, "$.issuer.otherIdentifier[0].type"),
        (("evidence",), [PERSON], Problem.WRONG_TYPE, "$.evidence[0].type"),
        (("evidence",), {"name": "x"}, Problem.MISSING, "$.evidence.type"),
        (("credentialSubject", "type"), "Person", Problem.WRONG_TYPE, "$.credentialSubject.type"),
        (("credentialSubject", "id"), None, Problem.MISSING, "$.credentialSubject.id"),
        (("credentialSubject", "identifier"), [PERSON], Problem.WRONG_TYPE, "$.credentialSubject.identifier[0].type"),
        (("credentialSubject", "source"), NO_PROFILE, Problem.WRONG_TYPE, "$.credentialSubject.source.type"),
        (("credentialSubject", "result"), PERSON, Problem.WRONG_TYPE, "$.credentialSubject.result.type"),
        (ACHIEVEMENT, None, Problem.MISSING, "$.credentialSubject.achievement"),
        ((*ACHIEVEMENT, "criteria"), {}, Problem.MISSING, "$.credentialSubject.achievement.criteria.narrative"),
        ((*ACHIEVEMENT, "criteria"), None, Problem.MISSING, "$.credentialSubject.achievement.criteria.narrative"),
        ((*ACHIEVEMENT, "creator"), NO_PROFILE, Problem.WRONG_TYPE, "$.credentialSubject.achievement.creator.type"),
        (
            (*ACHIEVEMENT, "resultDescription"),
            [{"type": "ResultDescription", "rubricCriterionLevel": [PERSON]}],
            Problem.WRONG_TYPE,
            "$.credentialSubject.achievement.resultDescription[0].rubricCriterionLevel[0].type",
        ),
    ],
)
def test_a_member_that_is_amiss_is_found_in_its_place(
    steps: tuple[str, ...], value: Any, problem: Problem, path: str
) -> None:
    assert found(with_member(steps, value)) == {(problem, path)}


def test_an_identifier_says_whose_it_is_as_well_as_an_id() -> None:
    document = with_member(("credentialSubject", "id"), None)
    document["credentialSubject"]["identifier"] = [{"type": "IdentityObject"}]
    assert found(document) == set()


def test_criteria_may_stand_elsewhere() -> None:
    assert found(with_member((*ACHIEVEMENT, "criteria"), {"id": "https://a.example/criteria"})) == set()


def test_several_problems_are_all_said() -> None:
    document = with_member(("issuer",), "https://a.example/")
    document["credentialSubject"] = {"type": "AchievementSubject"}
    assert found(document) == {
        (Problem.WRONG_TYPE, "$.issuer"),
        (Problem.MISSING, "$.credentialSubject.achievement"),
        (Problem.MISSING, "$.credentialSubject.id"),
    }


@pytest.mark.parametrize("types", [["VerifiableCredential"], ["VerifiableCredential", "Diploma"]])
def test_what_passes_itself_off_as_a_badge_is_held_to_its_members(types: list[str]) -> None:
    document = with_member(ACHIEVEMENT, None) | {"type": types}
    assert (Problem.MISSING, "$.credentialSubject.achievement") in found(document)


def test_a_credential_of_another_known_type_is_not_a_badge() -> None:
    document = with_member(("issuer",), "https://a.example/") | {"type": ["VerifiableCredential", "ClrCredential"]}
    assert found(document) == set()
    plain = document | {"type": ["VerifiableCredential"], "@context": ["https://www.w3.org/ns/credentials/v2"]}
    assert found(plain) == {(Problem.NOT_A_CREDENTIAL, "$.type")}


def test_a_badge_that_names_nobody_is_not_valid_even_when_it_is_signed() -> None:
    report = verify(signed_unchecked(with_member(("credentialSubject", "id"), None)), now=NOW)
    assert [result.check for result in report.blocking] == [Check.STRUCTURE]
