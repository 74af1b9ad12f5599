"""Prepare, then issue: only what passed the checks can be signed, and exactly that is."""

from __future__ import annotations

import copy
import dataclasses
from typing import Any

import pytest

from openbadges_kit.did.did_key import did_of, verification_method_of
from openbadges_kit.documents import JsonObject
from openbadges_kit.errors import IssuanceRefused, ProofGenerationError
from openbadges_kit.issuance import PreparedCredential, issue, issue_vc_jwt, prepare
from openbadges_kit.problems import Problem
from openbadges_kit.verification.verifier import verify
from tests.kit.samples import ISSUER, ISSUER_KEY, NOW, OTHER_KEY, P256_KEY, signed, unsigned

METHOD = verification_method_of(ISSUER_KEY.public_key)


def _prepare(document: JsonObject) -> PreparedCredential:
    return prepare(document, verification_method=METHOD, created=NOW)


def _refused(document: JsonObject) -> set[tuple[Problem, str]]:
    with pytest.raises(IssuanceRefused) as refused:
        _prepare(document)
    return {(finding.code, finding.path) for finding in refused.value.findings}


def test_what_is_issued_verifies_and_is_the_same_each_time() -> None:
    first, second = (issue(_prepare(unsigned()), signing_key=ISSUER_KEY) for _ in range(2))
    assert first == second
    assert verify(first, now=NOW).verified
    assert isinstance(first["proof"], list), "1EdTech's schema wants an array"


def test_a_prepared_credential_is_not_made_by_hand() -> None:
    prepared = _prepare(unsigned())
    with pytest.raises(TypeError):
        PreparedCredential(b"{}", b"{}", b"", object())
    with pytest.raises((TypeError, ValueError)):
        dataclasses.replace(prepared, document=b'{"name":"Something else"}')  # type: ignore[call-arg]  # it lacks the seal
    with pytest.raises(dataclasses.FrozenInstanceError):
        prepared.document = b"{}"  # type: ignore[misc]  # the thing refused


def test_what_changes_after_prepare_is_not_what_is_signed() -> None:
    document = unsigned()
    prepared = _prepare(document)
    document["name"] = "Something else"
    document["credentialSubject"]["achievement"]["name"] = "Something else"
    prepared.proof_options["verificationMethod"] = "did:example:other#key"
    assert issue(prepared, signing_key=ISSUER_KEY) == signed()


def test_every_finding_is_told_at_once() -> None:
    document = unsigned(validFrom="yesterday", naam="x", credentialStatus={"id": "urn:x"})
    document["@context"].reverse()
    document["credentialSubject"]["achievement"].pop("criteria")
    found = _refused(document)
    assert {
        (Problem.NOT_A_TIMESTAMP, "$.validFrom"),
        (Problem.CONTEXT_ORDER, "$['@context'][0]"),
        (Problem.MISSING, "$.credentialStatus.type"),
    } <= found
    assert any(code is Problem.SCHEMA_VIOLATION for code, _ in found)


@pytest.mark.parametrize(
    ("changes", "finding"),
    [
        ({"id": "badge-7"}, (Problem.NOT_AN_IRI, "$.id")),
        ({"issuer": "not an iri"}, (Problem.NOT_AN_IRI, "$.issuer")),
        ({"issuer": None}, (Problem.MISSING, "$.issuer")),
        ({"type": ["VerifiableCredential"]}, (Problem.NOT_A_CREDENTIAL, "$.type")),
        ({"credentialSubject": []}, (Problem.WRONG_TYPE, "$.credentialSubject")),
        ({"validUntil": "2026-11-19T09:00:00Z"}, (Problem.PERIOD_REVERSED, "$.validUntil")),
        ({"evidence": [{"id": "urn:x"}]}, (Problem.MISSING, "$.evidence[0].type")),
        ({"proof": {"type": "DataIntegrityProof"}}, (Problem.WRONG_TYPE, "$.proof")),
        ({"naam": "x"}, (Problem.UNMAPPED_TERM, "$.naam")),
        (
            {"issuer": {"id": did_of(OTHER_KEY.public_key), "type": ["Profile"]}},
            (Problem.KEY_NOT_OF_ISSUER, "$.issuer"),
        ),
        ({"name": float("nan")}, (Problem.MALFORMED, "$")),
        ({"name": {"a set"}}, (Problem.MALFORMED, "$")),
        ({"name": "\ud800"}, (Problem.MALFORMED, "$")),
    ],
    ids=str,
)
def test_what_must_not_be_signed_is_refused_with_its_place(
    changes: dict[str, Any], finding: tuple[Problem, str]
) -> None:
    document = unsigned()
    for name, value in changes.items():
        if value is None:
            document.pop(name)
        else:
            document[name] = value
    assert finding in _refused(document)


def test_a_result_below_the_required_level_is_not_signed_as_completed() -> None:
    document = unsigned()
    levels = [{"id": f"urn:level:{n}", "type": ["RubricCriterionLevel"], "name": str(n)} for n in (1, 2, 3)]
    document["credentialSubject"]["achievement"]["resultDescription"] = [
        {
            "id": "urn:description",
            "type": ["ResultDescription"],
            "name": "Rubric",
            "resultType": "RubricCriterionLevel",
            "requiredLevel": "urn:level:2",
            "rubricCriterionLevel": levels,
        }
    ]
    for level, status, fine in ((1, "Completed", False), (2, "Completed", True), (1, "Failed", True)):
        result = {"type": ["Result"], "resultDescription": "urn:description", "status": status}
        document["credentialSubject"]["result"] = [result | {"achievedLevel": f"urn:level:{level}"}]
        if fine:
            assert _prepare(copy.deepcopy(document)).document
        else:
            assert _refused(document) == {(Problem.BELOW_REQUIRED_LEVEL, "$.credentialSubject.result[0]")}


def test_a_key_of_another_kind_or_issuer_does_not_sign() -> None:
    prepared = _prepare(unsigned())
    with pytest.raises(ProofGenerationError):
        issue(prepared, signing_key=P256_KEY)
    with pytest.raises(ProofGenerationError):
        issue_vc_jwt(prepared, verification_method=verification_method_of(P256_KEY.public_key), signing_key=P256_KEY)


def test_a_foreign_key_under_the_issuers_name_does_not_verify() -> None:
    forged = issue(_prepare(unsigned()), signing_key=OTHER_KEY)
    assert forged["proof"][0]["verificationMethod"].startswith(ISSUER)
    assert not verify(forged, now=NOW).verified
