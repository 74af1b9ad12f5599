"""https://www.w3.org/TR/vc-data-integrity/#proof-sets and #proof-chains"""

from __future__ import annotations

import copy
from typing import Any

import pytest

from openbadges_kit.documents import JsonObject, as_list
from openbadges_kit.encoding import multibase
from openbadges_kit.errors import ProofGenerationError, ProofVerificationError
from openbadges_kit.keys.signing_key import InMemoryKey, ed25519_key
from openbadges_kit.problems import Problem
from openbadges_kit.proof.cryptosuite import ECDSA_JCS_2019, ECDSA_RDFC_2019, EDDSA_JCS_2022, EDDSA_RDFC_2022
from openbadges_kit.proof.data_integrity import add_proof, previous_proofs, unsecured
from openbadges_kit.verification.report import Outcome
from tests.kit.proof.documents import ED25519, OTHER_ED25519, P256, P384, badge, check_proofs, signed
from tests.published import published_json
from tests.published_contexts import examples_store

_FOLDER = "vectors/w3c/vc-di-eddsa/proof-set-chain"
FIRST, SECOND, THIRD = "urn:uuid:1", "urn:uuid:2", "urn:uuid:3"


def _published(name: str) -> JsonObject:
    document: JsonObject = published_json(f"{_FOLDER}/{name}.json")
    return document


def _key(number: int) -> InMemoryKey:
    return ed25519_key(multibase.decode(_published("multiKeyPairs")[f"keyPair{number}"]["privateKeyMultibase"])[2:])


@pytest.mark.parametrize(
    ("before", "config", "key", "after"),
    [
        ("unsigned", "proofSetConfig1", 1, "signedProofSet1"),
        ("signedProofSet1", "proofSetConfig2", 2, "signedProofSet2"),
        ("signedProofSet2", "proofChainConfig1", 3, "signedProofChain1"),
        ("signedProofChain1", "proofChainConfig2", 4, "signedProofChain2"),
    ],
)
def test_each_step_of_the_published_set_and_chain_gives_its_published_document(
    before: str, config: str, key: int, after: str
) -> None:
    result = add_proof(
        _published(before), proof_options=_published(config), signing_key=_key(key), contexts=examples_store()
    )
    expected = _published(after)
    assert result == {**expected, "proof": as_list(expected["proof"])}


@pytest.mark.parametrize(
    "config",
    ["proofSetConfig1", "proofSetConfig2", "proofChainConfig1", "proofChainConfig2"],
)
def test_the_signed_configuration_is_the_published_one(config: str) -> None:
    expected = _published(config.replace("Config", "ConfigSigned"))
    assert expected in _published("signedProofChain2")["proof"]
    assert {name: value for name, value in expected.items() if name != "proofValue"} == _published(config)


@pytest.mark.parametrize("number", [1, 2])
def test_a_chained_proof_is_over_the_published_temporary_document(number: int) -> None:
    chain = _published("signedProofChain2")
    proof = _published(f"proofChainConfigSigned{number}")
    covered = {**unsecured(chain), "proof": previous_proofs(chain, proof)}
    assert covered == _published(f"proofChainTempDoc{number}")


@pytest.mark.parametrize("name", ["signedProofSet1", "signedProofSet2", "signedProofChain1", "signedProofChain2"])
def test_the_published_sets_and_chains_hold(name: str) -> None:
    assert check_proofs(_published(name), examples_store()).outcome is Outcome.PASSED


@pytest.mark.parametrize("name", ["signedProofSet2", "signedProofChain1", "signedProofChain2"])
def test_every_proof_of_a_published_set_or_chain_must_hold(name: str) -> None:
    for position in range(len(_published(name)["proof"])):
        document = _published(name)
        other = document["proof"][position - 1]["proofValue"]
        document["proof"][position]["proofValue"] = other
        assert check_proofs(document, examples_store()).outcome is Outcome.FAILED


@pytest.mark.parametrize("cryptosuites", [
    (EDDSA_RDFC_2022, ECDSA_RDFC_2019, ECDSA_RDFC_2019),
    (EDDSA_JCS_2022, ECDSA_JCS_2019, ECDSA_JCS_2019),
    (EDDSA_JCS_2022, ECDSA_RDFC_2019, ECDSA_JCS_2019),
])  # fmt: skip
def test_a_chain_may_mix_suites_and_keys(cryptosuites: Any) -> None:
    document = signed(badge(), ED25519, cryptosuites[0], proof_id=FIRST)
    document = signed(document, P256, cryptosuites[1], proof_id=SECOND, previous_proof=[FIRST])
    document = signed(document, P384, cryptosuites[2], previous_proof=[FIRST, SECOND])
    assert check_proofs(document).outcome is Outcome.PASSED


def test_a_previous_proof_cannot_be_exchanged_for_another_good_one_under_its_id() -> None:
    chain = signed(signed(proof_id=FIRST), OTHER_ED25519, previous_proof=[FIRST])
    other = signed(key=P256, document=badge(), cryptosuite=ECDSA_RDFC_2019, proof_id=FIRST)
    chain["proof"][0] = other["proof"][0]
    result = check_proofs(chain)
    assert [finding.path for finding in result.findings] == ["$.proof[1]"]
    assert result.outcome is Outcome.FAILED


def test_a_proof_that_builds_on_one_that_does_not_hold_is_not_confirmed() -> None:
    broken = signed(proof_id=FIRST)
    broken["proof"][0]["proofValue"] = signed(key=OTHER_ED25519)["proof"][0]["proofValue"]
    chain = signed(broken, OTHER_ED25519, previous_proof=[FIRST])
    result = check_proofs(chain)
    assert result.outcome is Outcome.FAILED
    assert [(finding.code, finding.path) for finding in result.findings] == [
        (Problem.PROOF_INVALID, "$.proof[0]"),
        (Problem.PREVIOUS_PROOF, "$.proof[1].previousProof"),
    ]


def test_a_proof_that_builds_on_one_of_an_unknown_kind_is_not_confirmed() -> None:
    unknown = {"type": "DataIntegrityProof", "id": FIRST, "cryptosuite": "cl-2022", "proofPurpose": "assertionMethod"}
    chain = signed({**badge(), "proof": [unknown]}, previous_proof=[FIRST])
    result = check_proofs(chain)
    assert result.outcome is Outcome.FAILED
    assert Problem.PREVIOUS_PROOF in [finding.code for finding in result.findings]


def test_a_proof_of_an_unknown_kind_beside_one_that_holds_is_a_warning() -> None:
    document = signed({**badge(), "proof": [{"type": "FutureProof", "proofValue": "z1"}]})
    result = check_proofs(document)
    assert result.outcome is Outcome.PASSED
    assert [finding.code for finding in result.findings] == [Problem.PROOF_UNKNOWN]


def test_a_proof_whose_predecessors_key_cannot_be_had_could_not_be_checked() -> None:
    first = signed(proof_id=FIRST)
    first["proof"][0]["verificationMethod"] = "did:web:school.example#key"
    result = check_proofs(signed(first, OTHER_ED25519, previous_proof=[FIRST]))
    assert result.outcome is Outcome.COULD_NOT_CHECK
    assert [finding.code for finding in result.findings] == [Problem.KEY_NOT_HAD, Problem.PREVIOUS_PROOF]


def test_a_proof_taken_out_of_a_chain_breaks_it() -> None:
    chain = signed(signed(proof_id=FIRST), OTHER_ED25519, previous_proof=[FIRST])
    del chain["proof"][0]
    assert check_proofs(chain).outcome is Outcome.FAILED


@pytest.mark.parametrize("previous", [[FIRST], [SECOND, THIRD]])
def test_a_circle_of_proofs_is_refused(previous: list[str]) -> None:
    document = signed(proof_id=FIRST)
    proof = document["proof"][0]
    document["proof"] = [
        {**proof, "id": FIRST, "previousProof": previous},
        {**proof, "id": SECOND, "previousProof": FIRST},
        {**proof, "id": THIRD, "previousProof": SECOND},
    ]
    result = check_proofs(document)
    assert result.outcome is Outcome.FAILED
    assert len(result.findings) == 3


@pytest.mark.parametrize(
    "previous", ["urn:uuid:none", [FIRST, "urn:uuid:none"], [FIRST, FIRST], 1, {"id": FIRST}, [[FIRST]], None, [None]]
)
def test_what_previous_proof_names_must_be_there_once(previous: Any) -> None:
    document = signed(proof_id=FIRST)
    with pytest.raises(ProofVerificationError):
        previous_proofs(document, {"previousProof": previous})


def test_nothing_is_signed_on_top_of_a_proof_that_is_not_there() -> None:
    with pytest.raises(ProofGenerationError):
        signed(signed(proof_id=FIRST), OTHER_ED25519, previous_proof=["urn:uuid:none"])


def test_two_proofs_under_one_id_cannot_be_built_on() -> None:
    document = signed(signed(proof_id=FIRST), OTHER_ED25519, proof_id=FIRST)
    assert check_proofs(document).outcome is Outcome.PASSED
    with pytest.raises(ProofGenerationError):
        signed(document, P256, ECDSA_RDFC_2019, previous_proof=[FIRST])


def test_the_same_proof_twice_says_nothing_more_and_nothing_less() -> None:
    document = signed()
    document["proof"].append(copy.deepcopy(document["proof"][0]))
    assert check_proofs(document).outcome is Outcome.PASSED
    document["name"] = "Another name"
    assert check_proofs(document).outcome is Outcome.FAILED


def test_a_document_with_more_proofs_than_anybody_needs_is_refused_unread() -> None:
    document = signed()
    document["proof"] *= 17
    result = check_proofs(document)
    assert [finding.code for finding in result.findings] == [Problem.PROOF_UNKNOWN]
    document["proof"] = document["proof"][:16]
    assert check_proofs(document).outcome is Outcome.PASSED
