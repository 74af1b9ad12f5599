"""The VC-API verifies what is secured under its suites, and rejects the rest with a 400 that says why.

Each test says one line of the contract. A rejection is a 400; neither a 401 nor a 500 counts as one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest

from openbadges_kit.jsonld.context_store import ContextStore
from openbadges_kit.keys.signing_key import ed25519_key
from openbadges_kit.proof.data_integrity import add_proof, build_proof_options
from openbadges_kit.proof.presentation import build_presentation, encode_vp_jwt, sign_presentation
from openbadges_kit.vocabulary import CREDENTIALS_V2
from tests.kit.proof.documents import NOW, signed
from tests.published import published_json
from tests.service.vc_api import DATA_INTEGRITY, EVERY_SUITE, EXAMPLES_V2, Api, Json, a_credential, migrated, vc_api

HOLDER = ed25519_key(bytes(range(7, 39)))
HOLDERS_DID = f"did:key:{HOLDER.public_key.multikey}"
HOLDERS_METHOD = f"{HOLDERS_DID}#{HOLDER.public_key.multikey}"


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with vc_api(migrated(tmp_path_factory.mktemp("verify"))) as made:
        yield made


def rejects(answer: tuple[int, Any]) -> bool:
    """Is it a rejection, told as one?"""
    status, problem = answer
    assert status in {200, 400}, problem
    if status == 200:
        return False
    assert problem["verified"] is False
    assert problem["errors"]
    assert all(one["type"].startswith("https://w") and one["detail"] for one in problem["problemDetails"])
    return True


@pytest.mark.parametrize("suite", EVERY_SUITE)
@pytest.mark.parametrize("options", [{}, {"checks": []}, {"checks": ["proof"]}, {"checks": None}])
def test_a_sound_credential_is_a_200_without_errors(api: Api, suite: str, options: Json) -> None:
    status, answer = api.verify(api.shown(suite), suite, **options)
    assert (status, answer["verified"], answer["errors"]) == (200, True, []), answer


def broken(suite: str, secured: Json) -> dict[str, Any]:
    """What is wrong with each, and nothing else."""
    proof = secured["proof"]

    def with_proof(**more: Any) -> Json:
        changed = {**proof, **more}
        return {**secured, "proof": {name: value for name, value in changed.items() if value is not ...}}

    return {
        "a changed claim": {**secured, "credentialSubject": {"id": "did:example:another"}},
        "a claim more": {**secured, "name": "Diploma"},
        "no proof": {name: value for name, value in secured.items() if name != "proof"},
        "no proof in the list": {**secured, "proof": []},
        "a proof that is a text": {**secured, "proof": "signed"},
        "no type of proof": with_proof(type=...),
        "another type of proof": with_proof(type="UnknownProof"),
        "no cryptosuite": with_proof(cryptosuite=...),
        "an unknown cryptosuite": with_proof(cryptosuite="unknown-suite-2099"),
        "another cryptosuite": with_proof(cryptosuite="eddsa-jcs-2022"),
        "no creation": with_proof(created=...),
        "a creation that is no date": with_proof(created="yesterday"),
        "no key": with_proof(verificationMethod=...),
        "a key that cannot be had": with_proof(verificationMethod="did:unknown:x#y"),
        "a key that is another's": with_proof(verificationMethod=HOLDERS_METHOD),
        "no purpose": with_proof(proofPurpose=...),
        "another purpose": with_proof(proofPurpose="authentication"),
        "no value": with_proof(proofValue=...),
        "a value that is no text": with_proof(proofValue=5),
        "a value that is not multibase": with_proof(proofValue=proof["proofValue"][1:]),
        "a value in another base": with_proof(proofValue="f" + "00" * 64),
        "a value cut short": with_proof(proofValue=proof["proofValue"][:-8]),
        "a challenge more": with_proof(challenge="abc"),
        "no context": {name: value for name, value in secured.items() if name != "@context"},
        "another context": {**secured, "@context": [EXAMPLES_V2]},
        "an unknown context": {**secured, "@context": [*secured["@context"], "https://unknown.example/v1"]},
        "no type": {name: value for name, value in secured.items() if name != "type"},
        "a type that is a number": {**secured, "type": [5]},
        "no issuer": {name: value for name, value in secured.items() if name != "issuer"},
        "an issuer that is a number": {**secured, "issuer": 10},
        "no subject": {name: value for name, value in secured.items() if name != "credentialSubject"},
        "a subject that is a text": {**secured, "credentialSubject": "did:example:subject"},
    }


@pytest.mark.parametrize("suite", DATA_INTEGRITY)
def test_whatever_is_wrong_is_rejected_with_a_400(api: Api, suite: str) -> None:
    secured = api.shown(suite)
    for case, document in broken(suite, secured).items():
        assert rejects(api.verify(document, suite, checks=["proof"])), case
        assert suite != "eddsa-rdfc-2022" or rejects(api.verify(document)), case


@pytest.mark.parametrize(
    "body",
    [[], {}, {"verifiableCredential": None}, {"verifiableCredential": 5}, {"verifiableCredential": "no token"}],
)
def test_a_body_without_a_credential_is_a_400(api: Api, body: Any) -> None:
    for suite in EVERY_SUITE:
        assert api.post(suite, "credentials/verify", body)[0] == 400


def test_a_check_that_is_not_known_is_not_taken_for_one_that_passed(api: Api) -> None:
    assert rejects(api.verify(api.issue(), checks=["everything"]))
    assert rejects(api.verify(api.issue(), checks="proof"))


def test_a_base_proof_is_for_its_holder_and_verifies_nowhere(api: Api) -> None:
    assert rejects(api.verify(api.issue(suite="ecdsa-sd-2023"), "ecdsa-sd-2023", checks=["proof"]))


def test_a_suite_takes_its_own_proofs_only(api: Api) -> None:
    for suite in ("ecdsa-rdfc-2019-p256", "ecdsa-sd-2023", "vc-jose-cose"):
        assert rejects(api.verify(api.issue(), suite, checks=["proof"]))


@pytest.mark.parametrize("curve", ["p256", "p384"])
def test_both_curves_of_a_suite_are_verified_at_either_address(api: Api, curve: str) -> None:
    secured = api.issue(suite=f"ecdsa-rdfc-2019-{curve}")
    assert [api.verify(secured, f"ecdsa-rdfc-2019-{one}")[0] for one in ("p256", "p384")] == [200, 200]


PUBLISHED = {
    "signedDataInt": ("eddsa-rdfc-2022", "vc-di-eddsa/eddsa-rdfc-2022"),
    "signedProofSet2": ("eddsa-rdfc-2022", "vc-di-eddsa/proof-set-chain"),
    "signedProofChain1": ("eddsa-rdfc-2022", "vc-di-eddsa/proof-set-chain"),
    "signedProofChain2": ("eddsa-rdfc-2022", "vc-di-eddsa/proof-set-chain"),
    "signedECDSAP256": ("ecdsa-rdfc-2019-p256", "vc-di-ecdsa/ecdsa-rdfc-2019-p256"),
    "signedECDSAP384": ("ecdsa-rdfc-2019-p384", "vc-di-ecdsa/ecdsa-rdfc-2019-p384"),
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_published_vector_verifies_by_its_proof_alone_since_its_issuer_has_not_the_key(api: Api, name: str) -> None:
    suite, folder = PUBLISHED[name]
    vector = published_json(f"vectors/w3c/{folder}/{name}.json")
    status, answer = api.verify(vector, suite, checks=["proof"])
    assert status == 200, answer
    assert rejects(api.verify(vector, suite))
    assert rejects(api.verify({**vector, "name": "another"}, suite, checks=["proof"]))


def test_what_expired_passes_by_its_proof_and_not_by_its_period(api: Api) -> None:
    secured = api.issue(a_credential(validFrom="2020-01-01T00:00:00Z", validUntil="2021-01-01T00:00:00Z"))
    assert api.verify(secured, checks=["proof"])[0] == 200
    assert rejects(api.verify(secured))
    assert rejects(api.verify(secured, checks=["validityPeriod"]))


def chained() -> Json:
    """Two proofs under one another, and a third under both."""
    document: Json = a_credential(issuer=HOLDERS_DID)
    ids = [f"urn:uuid:0b9ec5a4-7f5d-4b0c-9a29-3d9a3b8f5c1{digit}" for digit in range(3)]
    for position, previous in enumerate(([], ids[:1], ids[:2])):
        options = build_proof_options(
            verification_method=HOLDERS_METHOD, created=NOW, proof_id=ids[position], previous_proof=previous
        )
        document = add_proof(document, proof_options=options, signing_key=HOLDER)
    return document


def test_a_chain_verifies_with_previous_proofs_as_a_text_and_as_a_list(api: Api) -> None:
    document = chained()
    assert [type(one.get("previousProof")) for one in document["proof"]] == [type(None), str, list]
    status, answer = api.verify(document, checks=["proof"])
    assert status == 200, answer


@pytest.mark.parametrize("position", [0, 1, 2])
def test_a_chain_in_which_one_proof_does_not_hold_is_rejected(api: Api, position: int) -> None:
    document = deepcopy(chained())
    document["proof"][position]["created"] = "2020-01-01T00:00:00Z"
    assert rejects(api.verify(document, checks=["proof"]))


@pytest.mark.parametrize("previous", ["urn:uuid:nobody", ["urn:uuid:nobody"], 5, [5]])
def test_a_previous_proof_that_is_not_there_is_an_error(api: Api, previous: Any) -> None:
    document = deepcopy(chained())
    document["proof"][2]["previousProof"] = previous
    assert rejects(api.verify(document, checks=["proof"]))


ENVELOPES: dict[str, Json] = {
    "no context": {"@context": []},
    "another context": {"@context": EXAMPLES_V2},
    "another type": {"type": "VerifiableCredential"},
    "another type in a list": {"type": ["VerifiableCredential"]},
    "a type more": {"type": ["EnvelopedVerifiableCredential", "VerifiableCredential"]},
    "the type of a presentation": {"type": "EnvelopedVerifiablePresentation"},
    "an id that is no data URL": {"id": "eyJhbGciOiJFUzI1NiJ9.e30.c2ln"},
    "an id of another kind": {"id": "data:text/plain,eyJhbGciOiJFUzI1NiJ9.e30.c2ln"},
    "an id without a token": {"id": "data:application/vc+jwt,"},
    "an id that is a number": {"id": 5},
}


@pytest.mark.parametrize("case", ENVELOPES)
def test_an_envelope_of_another_kind_is_rejected(api: Api, case: str) -> None:
    envelope = api.issue(suite="vc-jose-cose")
    assert rejects(api.verify({**envelope, **ENVELOPES[case]}, "vc-jose-cose", checks=["proof"]))


def test_a_token_verifies_with_and_without_its_envelope_and_not_when_it_was_changed(api: Api) -> None:
    envelope = api.issue(suite="vc-jose-cose")
    token = envelope["id"].removeprefix("data:application/vc+jwt,")
    assert api.verify(token, "vc-jose-cose")[0] == 200
    head, payload, signature = token.split(".")
    for changed in (
        f"{head}.{payload}.{signature[:-4]}AAAA",
        f"{head}.{payload[:-4]}AAAA.{signature}",
        f"{head}.{payload}.",
    ):
        assert rejects(api.verify(changed, "vc-jose-cose"))
        assert rejects(api.verify({**envelope, "id": f"data:application/vc+jwt,{changed}"}, "vc-jose-cose"))


def present(api: Api, presentation: Json, **options: Any) -> tuple[int, Any]:
    body = {"verifiablePresentation": presentation, "options": options}
    return api.post("eddsa-rdfc-2022", "presentations/verify", body)


def presentation(*credentials: Json, **more: Any) -> Json:
    whole = {**build_presentation(credentials, holder=HOLDERS_DID), **more}
    return {name: value for name, value in whole.items() if value is not ...}


def signed_by_holder(unsigned: Json, challenge: str = "nonce", domain: str = "verifier.example") -> Json:
    return sign_presentation(
        unsigned,
        challenge=challenge,
        domain=domain,
        verification_method=HOLDERS_METHOD,
        created=NOW,
        signing_key=HOLDER,
        contexts=ContextStore(),
    )


def test_a_presentation_verifies_for_the_challenge_and_domain_that_it_was_made_for(api: Api) -> None:
    shown = signed_by_holder(presentation(api.issue(), api.issue(suite="vc-jose-cose")))
    assert present(api, shown, challenge="nonce", domain="verifier.example")[0] == 200
    assert present(api, shown, checks=[])[0] == 200
    assert rejects(present(api, shown, challenge="another", domain="verifier.example"))
    assert rejects(present(api, shown, challenge="nonce", domain="another.example"))
    assert rejects(present(api, shown, challenge=5))


def test_a_presentation_without_credentials_verifies_and_an_unsigned_one_is_rejected(api: Api) -> None:
    assert present(api, signed_by_holder(presentation()), challenge="nonce", domain="verifier.example")[0] == 200
    assert rejects(present(api, presentation()))
    assert rejects(present(api, presentation(api.issue()), checks=["proof"]))


def test_a_presentation_as_a_token_and_in_an_envelope(api: Api) -> None:
    token = encode_vp_jwt(
        presentation(api.issue()),
        nonce="nonce",
        audience="verifier.example",
        verification_method=HOLDERS_METHOD,
        issued_at=NOW,
        signing_key=HOLDER,
    )
    envelope = {
        "@context": CREDENTIALS_V2,
        "id": f"data:application/vp+jwt,{token}",
        "type": "EnvelopedVerifiablePresentation",
    }
    for shown in (token, envelope):
        body = {"verifiablePresentation": shown, "options": {"challenge": "nonce", "domain": "verifier.example"}}
        assert api.post("vc-jose-cose", "presentations/verify", body)[0] == 200
        body["options"] = {"challenge": "another"}
        assert rejects(api.post("vc-jose-cose", "presentations/verify", body))
    changes: list[Json] = [{"@context": []}, {"id": token}, {"type": ["VerifiablePresentation"]}]
    for more in changes:
        assert rejects(present(api, {**envelope, **more}))


def test_what_is_wrong_in_a_presentation_is_rejected(api: Api) -> None:
    good = api.issue()
    changed = {**good, "name": "another"}
    cases = {
        "a changed credential": presentation(changed),
        "a credential without a proof": presentation({n: v for n, v in good.items() if n != "proof"}),
        "a credential that is a text": presentation(good, verifiableCredential=["https://a.example/c"]),
        "a credential that is a number": presentation(good, verifiableCredential=[5]),
        "no type": presentation(good, type=...),
        "another type": presentation(good, type=["VerifiableCredential"]),
        "another holder": presentation(good, holder="did:example:another"),
        "a holder without an id": presentation(good, holder={"name": "Sanne"}),
    }
    for case, unsigned in cases.items():
        try:
            shown = signed_by_holder(unsigned)
        except Exception:  # noqa: BLE001  # what cannot even be signed is sent with somebody else's proof
            shown = {**unsigned, "proof": signed_by_holder(presentation(good))["proof"]}
        assert rejects(present(api, shown)), case
        assert rejects(present(api, shown, checks=["proof"])), case


def test_what_a_holder_says_of_itself_says_whose_it_is(api: Api) -> None:
    options = build_proof_options(verification_method=HOLDERS_METHOD, created=NOW)
    own = add_proof(a_credential(issuer=HOLDERS_DID), proof_options=options, signing_key=HOLDER)
    assert present(api, signed_by_holder(presentation(own)))[0] == 200
    assert rejects(present(api, signed_by_holder(presentation(own, holder=...))))


@pytest.mark.parametrize("body", [[], {}, {"verifiablePresentation": None}, {"verifiablePresentation": "x"}])
def test_a_body_without_a_presentation_is_a_400(api: Api, body: Any) -> None:
    assert api.post("eddsa-rdfc-2022", "presentations/verify", body)[0] == 400


def test_a_badge_that_somebody_else_issued_verifies_here_too(api: Api) -> None:
    assert api.verify(json.loads(json.dumps(signed())))[0] == 200


def test_a_proof_that_expired_is_rejected(api: Api) -> None:
    options = build_proof_options(verification_method=HOLDERS_METHOD, created=NOW) | {"expires": "2026-11-20T09:30:00Z"}
    document = add_proof(a_credential(issuer=HOLDERS_DID), proof_options=options, signing_key=HOLDER)
    assert api.verify(document)[0] == 200
    moment = api.clock.moment
    api.clock.advance(timedelta(hours=1))
    assert rejects(api.verify(document, checks=["proof"]))
    api.clock.moment = moment
