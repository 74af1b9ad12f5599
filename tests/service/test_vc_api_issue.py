"""The VC-API issues what the W3C's data model allows, in the forms that its suites expect, and refuses the rest.

Each test says one line of the contract; `/vc-api/{suite}` is one endpoint per key and suite.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import pytest

from openbadges_kit.encoding import multibase
from openbadges_kit.jsonld.bundle import bundled_bytes
from openbadges_kit.vocabulary import CREDENTIALS_V1, CREDENTIALS_V2, OPEN_BADGES_3_0_3
from tests.kit.proof.documents import badge
from tests.service.vc_api import (
    DATA_INTEGRITY,
    EVERY_SUITE,
    EXAMPLES_V2,
    LEFT_OUT,
    Api,
    Json,
    a_credential,
    migrated,
    vc_api,
)

MULTIBASE_OF_V2 = multibase.encode_base58(b"\x12\x20" + sha256(bundled_bytes(CREDENTIALS_V2)).digest())
CITED = {"id": CREDENTIALS_V2, "digestMultibase": MULTIBASE_OF_V2}


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with vc_api(migrated(tmp_path_factory.mktemp("issue"))) as made:
        yield made


@pytest.mark.parametrize("suite", EVERY_SUITE)
def test_issuing_answers_201_with_what_its_own_verifier_accepts(api: Api, suite: str) -> None:
    status, answer = api.verify(api.shown(suite), suite)
    assert (status, answer["verified"], answer["errors"]) == (200, True, [])


@pytest.mark.parametrize("suite", DATA_INTEGRITY)
def test_the_proof_names_the_suite_the_key_and_the_purpose(api: Api, suite: str) -> None:
    proof = api.issue(suite=suite)["proof"]
    assert suite.startswith(proof["cryptosuite"])
    assert proof["verificationMethod"].startswith(api.issuer_of(suite) + "#")
    assert (proof["type"], proof["proofPurpose"]) == ("DataIntegrityProof", "assertionMethod")


def test_every_suite_has_a_key_of_its_own_and_keeps_it(api: Api) -> None:
    issuers = [api.issuer_of(suite) for suite in EVERY_SUITE]
    assert len(set(issuers)) == len(EVERY_SUITE)
    assert issuers == [api.issuer_of(suite) for suite in EVERY_SUITE]


@pytest.mark.parametrize("issuer", ["did:example:somebody", {"id": "did:example:somebody", "name": "Some school"}])
def test_the_issuers_id_is_replaced_by_the_one_that_signs(api: Api, issuer: Any) -> None:
    secured = api.issue(a_credential(issuer=issuer))["issuer"]
    assert (secured["id"] if isinstance(issuer, dict) else secured) == api.issuer_of("eddsa-rdfc-2022")
    assert not isinstance(issuer, dict) or secured["name"] == "Some school"


def test_what_is_signed_already_must_be_of_the_one_that_signs(api: Api) -> None:
    once = api.issue()
    assert len(api.issue(once)["proof"]) == 2
    status, _ = api.try_issuing(once | {"issuer": "did:example:somebody"})
    assert status == 400


def test_context_and_type_come_back_as_lists(api: Api) -> None:
    secured = api.issue(a_credential(**{"@context": CREDENTIALS_V2, "type": "VerifiableCredential"}))
    assert (secured["@context"], secured["type"]) == ([CREDENTIALS_V2], ["VerifiableCredential"])


def test_an_unknown_context_is_refused_and_not_fetched(api: Api) -> None:
    status, problem = api.try_issuing(a_credential(**{"@context": [CREDENTIALS_V2, "https://unknown.example/v1"]}))
    assert status == 400
    assert "never fetched" in problem["detail"]


def test_contexts_that_are_written_out_and_the_w3cs_examples_are_accepted(api: Api) -> None:
    inline = {"Diploma": "https://school.example/terms#Diploma"}
    api.issue(a_credential(**{"@context": [CREDENTIALS_V2, inline], "type": ["VerifiableCredential", "Diploma"]}))
    subject = {"id": "did:example:subject", "alumniOf": "The School of Examples"}
    api.issue(a_credential(**{"@context": [CREDENTIALS_V2, EXAMPLES_V2], "credentialSubject": subject}))


ACCEPTED: dict[str, Json] = {
    "an id that is a DID": {"id": "did:example:credential"},
    "another type as a URL": {"type": ["VerifiableCredential", "https://school.example/Diploma"]},
    "types in another order": {"type": ["https://school.example/Diploma", "VerifiableCredential"]},
    "several subjects": {"credentialSubject": [{"id": "did:example:a"}, {"id": "did:example:b"}]},
    "a period": {"validFrom": "2026-01-01T00:00:00Z", "validUntil": "2027-01-01T00:00:00+01:00"},
    "a name": {"name": "Diploma", "description": "Of a school"},
    "a name in a language": {"name": {"@value": "Diplom", "@language": "de"}},
    "a name in languages": {
        "name": [{"@value": "Diplom", "@language": "de"}, {"@value": "Diplôme", "@language": "fr"}]
    },
    "a schema of an unknown kind": {
        "credentialSchema": {"id": "https://a.example/s", "type": "https://a.example/Kind"}
    },
    "evidence": {"evidence": [{"id": "https://a.example/e", "type": "https://a.example/Exam"}]},
    "terms of use": {"termsOfUse": {"type": "https://a.example/Policy"}},
    "a refresh service": {"refreshService": {"id": "https://a.example/r", "type": "https://a.example/Refresh"}},
    "a status of another kind": {"credentialStatus": {"id": "did:example:s", "type": "https://a.example/Status"}},
    "a resource with its digest": {"relatedResource": [CITED]},
}
REFUSED: dict[str, Json] = {
    "no context": {"@context": LEFT_OUT},
    "another context first": {"@context": [EXAMPLES_V2, CREDENTIALS_V2]},
    "a context that is a number": {"@context": [CREDENTIALS_V2, 5]},
    "version 1.1 of the data model": {"@context": [CREDENTIALS_V1], "issuanceDate": "2026-01-01T00:00:00Z"},
    "a protected term redefined": {"@context": [CREDENTIALS_V2, {"VerifiableCredential": "https://a.example/VC"}]},
    "an id that is null": {"id": None},
    "an id that is a list": {"id": ["did:example:a", "did:example:b"]},
    "an id that is no URL": {"id": "not-a-url"},
    "a subject's id that is a list": {"credentialSubject": {"id": ["did:example:a", "did:example:b"]}},
    "a subject's id that is no URL": {"credentialSubject": {"id": "not-a-url"}},
    "no type": {"type": LEFT_OUT},
    "no VerifiableCredential among the types": {"type": ["https://school.example/Diploma"]},
    "a type that no context maps": {"type": ["VerifiableCredential", "Diploma"]},
    "a type that is mapped to no URL": {
        "@context": [CREDENTIALS_V2, {"Diploma": "not-a-url"}],
        "type": ["VerifiableCredential", "Diploma"],
    },
    "a term that no context maps": {"grade": "A"},
    "no issuer": {"issuer": LEFT_OUT},
    "an issuer that is null": {"issuer": None},
    "an issuer that is no URL": {"issuer": "not-a-url"},
    "an issuer's id that is null": {"issuer": {"id": None}},
    "an issuer's id that is no URL": {"issuer": {"id": "not-a-url"}},
    "an issuer without an id": {"issuer": {"name": "Some school"}},
    "no subject": {"credentialSubject": LEFT_OUT},
    "an empty subject": {"credentialSubject": {}},
    "no subject in the list": {"credentialSubject": []},
    "an empty subject among others": {"credentialSubject": [{"id": "did:example:a"}, {}]},
    "a date without a zone": {"validFrom": "2026-01-01T00:00:00"},
    "a date that is none": {"validUntil": "soon"},
    "an end before its beginning": {"validFrom": "2026-01-02T00:00:00Z", "validUntil": "2026-01-01T00:00:00Z"},
    "a status without a type": {"credentialStatus": {"id": "did:example:s"}},
    "a status whose id is no URL": {"credentialStatus": {"id": "not-a-url", "type": "https://a.example/Status"}},
    "a schema without a type": {"credentialSchema": {"id": "https://a.example/s"}},
    "a schema without an id": {"credentialSchema": {"type": "https://a.example/Kind"}},
    "a schema whose id is no URL": {"credentialSchema": {"id": 5, "type": "https://a.example/Kind"}},
    "a refresh service without a type": {"refreshService": {"id": "https://a.example/r"}},
    "terms of use without a type": {"termsOfUse": [{"id": "https://a.example/t"}]},
    "evidence without a type": {"evidence": [{"id": "https://a.example/e"}]},
    "a name with an extra member": {"name": {"@value": "Diplom", "@language": "de", "url": "did:example:s"}},
    "a description with an extra member": {"description": {"@value": "x", "@language": "de", "url": "did:example:s"}},
    "an issuer's name with an extra member": {"issuer": {"id": "did:example:i", "name": {"@value": "x", "a": "b"}}},
    "a name that is a number": {"name": 5},
    "related resources that are texts": {"relatedResource": [CREDENTIALS_V2]},
    "a related resource without an id": {"relatedResource": [{"digestMultibase": MULTIBASE_OF_V2}]},
    "a related resource twice": {"relatedResource": [CITED, CITED]},
    "a related resource without a digest": {"relatedResource": [{"id": CREDENTIALS_V2}]},
    "a related resource with a wrong digest": {"relatedResource": [CITED | {"id": OPEN_BADGES_3_0_3}]},
}


@pytest.mark.parametrize("case", ACCEPTED)
def test_it_issues(api: Api, case: str) -> None:
    for suite in ("eddsa-rdfc-2022", "vc-jose-cose"):
        status, answer = api.try_issuing(a_credential(**ACCEPTED[case]), suite)
        assert status == 201, answer


@pytest.mark.parametrize("case", REFUSED)
def test_it_refuses(api: Api, case: str) -> None:
    for suite in ("eddsa-rdfc-2022", "vc-jose-cose"):
        status, problem = api.try_issuing(a_credential(**REFUSED[case]), suite)
        assert status == 400, problem
        assert problem["problemDetails"][0]["type"].startswith("https://w")
        assert problem["findings"]


@pytest.mark.parametrize("proof", [{"created": "2026-01-01T00:00:00Z"}, {"type": 5}, "signed", ["signed"], None])
def test_a_proof_that_is_there_already_has_a_type(api: Api, proof: Any) -> None:
    ours = api.issuer_of("eddsa-rdfc-2022")
    status, problem = api.try_issuing(a_credential(issuer=ours, proof=proof))
    assert status == 400
    assert {one["path"].partition("[")[0].removesuffix(".type") for one in problem["problemDetails"]} == {"$.proof"}
    other = {
        "type": "Ed25519Signature2020",
        "proofValue": "z58DAdFfa9SkqZMVPxAQpic7ndSayn1PzZs6ZjWp1CktyGesjuTSwRdoWhAfGFCF5",
    }
    assert len(api.issue(a_credential(issuer=ours, proof=other))["proof"]) == 2


def test_every_finding_is_told_at_once_with_its_place(api: Api) -> None:
    _, problem = api.try_issuing(a_credential(id="not-a-url", credentialSubject={}, validFrom="soon"))
    assert {"$.id", "$.credentialSubject", "$.validFrom"} <= {one["path"] for one in problem["problemDetails"]}


@pytest.mark.parametrize(
    "body",
    [[], {}, {"credential": None}, {"credential": "x"}, {"credential": [a_credential()]}, {"credential": {}}],
)
def test_a_body_without_a_credential_is_a_400(api: Api, body: Any) -> None:
    assert api.post("eddsa-rdfc-2022", "credentials/issue", body)[0] == 400


@pytest.mark.parametrize(
    "content", [b"", b"{", b'{"credential": {}, "credential": {}}', b'{"credential": NaN}', b"\xff"]
)
def test_a_body_that_is_no_json_is_a_400(api: Api, content: bytes) -> None:
    assert api.http.post("/vc-api/eddsa-rdfc-2022/credentials/issue", content=content).status_code == 400


@pytest.mark.parametrize(
    "options",
    [
        {"cryptosuite": "no-such-suite"},
        {"type": "Ed25519Signature2020"},
        {"proofPurpose": "authentication"},
        {"verificationMethod": "did:example:key#1"},
        {"previousProof": "urn:uuid:nobody"},
        {"previousProof": [5]},
        {"proofId": 5},
        {"challenge": ["a"]},
    ],
)
def test_an_option_that_is_not_done_here_is_refused(api: Api, options: Json) -> None:
    assert api.try_issuing(a_credential(), **options)[0] == 400
    assert api.post("eddsa-rdfc-2022", "credentials/issue", {"credential": a_credential(), "options": []})[0] == 400


def test_mandatory_pointers_stay_and_selective_pointers_choose(api: Api) -> None:
    subject = {"id": "did:example:subject", "name": "Sanne", "description": "Secret"}
    secured = api.issue(
        a_credential(credentialSubject=subject, name="Diploma"), "ecdsa-sd-2023", mandatoryPointers=["/issuer", "/name"]
    )
    status, derived = api.derive(secured, "/credentialSubject/name")
    assert status == 201
    assert derived["name"] == "Diploma"
    assert derived["credentialSubject"] == {"id": "did:example:subject", "name": "Sanne"}
    assert api.verify(derived, "ecdsa-sd-2023", checks=["proof"])[0] == 200


@pytest.mark.parametrize("pointers", [["/nothing"], ["issuer"], [5], "/issuer"])
def test_a_pointer_to_nothing_is_refused(api: Api, pointers: Any) -> None:
    assert api.try_issuing(a_credential(), "ecdsa-sd-2023", mandatoryPointers=pointers)[0] == 400
    body = {"verifiableCredential": api.issue(suite="ecdsa-sd-2023"), "options": {"selectivePointers": pointers}}
    assert api.post("ecdsa-sd-2023", "credentials/derive", body)[0] == 400


def test_nothing_is_derived_of_what_has_no_base_proof(api: Api) -> None:
    assert api.derive(a_credential())[0] == 400
    assert api.derive(api.issue(), "/issuer")[0] == 400
    _, derived = api.derive(api.issue(suite="ecdsa-sd-2023"), "/issuer", "/type", "/credentialSubject")
    assert api.derive(derived, "/issuer")[0] == 400
    for suite in ("eddsa-rdfc-2022", "vc-jose-cose"):
        assert api.post(suite, "credentials/derive", {"verifiableCredential": api.issue()})[0] == 404


def test_an_envelope_holds_the_token_and_says_nothing_else(api: Api) -> None:
    envelope = api.issue(suite="vc-jose-cose")
    assert envelope["@context"] == CREDENTIALS_V2
    assert envelope["id"].startswith("data:application/vc+jwt,ey")
    assert envelope["type"] == "EnvelopedVerifiableCredential"
    assert envelope.keys() == {"@context", "id", "type"}


def test_a_badge_is_held_to_all_that_is_asked_of_one(api: Api) -> None:
    sound = badge()
    secured = api.issue(sound)
    assert isinstance(secured["proof"], list)
    assert api.verify(secured)[0] == 200
    assert api.try_issuing({name: value for name, value in sound.items() if name != "validFrom"})[0] == 400
    with_number = sound | {"description": "BSN 123456782"}
    status, problem = api.try_issuing(with_number)
    assert status == 400
    assert "123456782" not in str(problem)


def test_one_proof_comes_back_as_an_object_and_several_as_a_list(api: Api) -> None:
    once = api.issue()
    assert isinstance(once["proof"], dict)
    assert [one["type"] for one in api.issue(once)["proof"]] == ["DataIntegrityProof"] * 2


NAME = "urn:uuid:0b9ec5a4-7f5d-4b0c-9a29-3d9a3b8f5c11"


@pytest.mark.parametrize("previous", [NAME, [NAME]])
def test_a_chain_is_built_on_what_holds_and_on_nothing_else(api: Api, previous: Any) -> None:
    first = api.issue(proofId=NAME)
    chained = api.issue(first, previousProof=previous)
    assert chained["proof"][1]["previousProof"] == NAME
    assert api.verify(chained)[0] == 200
    broken = first | {"name": "another"}
    assert api.try_issuing(broken, previousProof=previous)[0] == 400
