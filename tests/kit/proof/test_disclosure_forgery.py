"""ecdsa-sd-2023 on a badge: what nobody can make of it.

https://www.w3.org/TR/vc-di-ecdsa/#security-considerations
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from openbadges_kit.encoding import cbor, multibase
from openbadges_kit.errors import (
    MalformedDocument,
    OpenBadgesError,
    ProofGenerationError,
    ProofVerificationError,
)
from openbadges_kit.jsonld.processor import to_quads
from openbadges_kit.keys.signing_key import ecdsa_key
from openbadges_kit.problems import Problem
from openbadges_kit.proof.configuration import unsecured
from openbadges_kit.proof.data_integrity import verify_proof
from openbadges_kit.proof.selective.ecdsa_sd_2023 import (
    DisclosureSecrets,
    derive_document,
    verify_base_proof,
)
from openbadges_kit.proof.selective.pointers import resolve_pointer
from openbadges_kit.proof.selective.proof_value import DerivedProofValue
from openbadges_kit.verification.report import Outcome
from tests.kit.proof.disclosure import (
    BASE,
    DERIVED,
    POINTERS,
    SECRETS,
    VALUE,
    based,
    changed,
    put,
    with_value,
)
from tests.kit.proof.documents import ED25519, OTHER_P256, P256, P384, badge, check_proofs


def test_a_base_proof_is_for_its_holder_and_not_for_a_verifier() -> None:
    result = check_proofs(BASE)
    assert result.outcome is Outcome.FAILED
    assert [finding.code for finding in result.findings] == [Problem.BASE_PROOF]
    with pytest.raises(ProofVerificationError):
        verify_proof(BASE, proof=BASE["proof"][0], public_key=P256.public_key)
    verify_base_proof(BASE, proof=BASE["proof"][0], public_key=P256.public_key)


@pytest.mark.parametrize("pointer", [pointer for pointer in POINTERS if not pointer.endswith("allowedValue")])
def test_a_base_proof_does_not_hold_once_a_leaf_was_changed(pointer: str) -> None:
    tampered = put(BASE, pointer, changed(resolve_pointer(BASE, pointer)))
    with pytest.raises(OpenBadgesError):
        verify_base_proof(tampered, proof=tampered["proof"][0], public_key=P256.public_key)


def test_a_base_proof_does_not_hold_once_what_is_mandatory_was_taken_out() -> None:
    tampered = {name: value for name, value in BASE.items() if name != "validFrom"}
    with pytest.raises(ProofVerificationError):
        verify_base_proof(tampered, proof=tampered["proof"][0], public_key=P256.public_key)


def test_only_canonical_labels_are_written_into_a_proof() -> None:
    for name in ("b0", "c14n", "c14n00", "_:c14n0", "c14n-1"):
        with pytest.raises(MalformedDocument):
            replace(VALUE, labels={name: _ZERO}).encode()


def test_a_changed_credential_is_noticed_when_deriving() -> None:
    tampered = {**BASE, "name": "Another name"}
    with pytest.raises(ProofGenerationError):
        derive_document(tampered, selective_pointers=["/name"])


def test_another_issuers_key_does_not_vouch_for_it() -> None:
    derived = derive_document(BASE, selective_pointers=["/name"])
    for key in (OTHER_P256, P384, ED25519, SECRETS.proof_key):
        with pytest.raises(ProofVerificationError):
            verify_proof(derived, proof=derived["proof"][0], public_key=key.public_key)
        with pytest.raises(ProofVerificationError):
            verify_base_proof(BASE, proof=BASE["proof"][0], public_key=key.public_key)


_LABELS = dict(VALUE.labels)
_ZERO = multibase.encode_base64url(bytes(32))


@pytest.mark.parametrize(
    "labels",
    [
        {},
        {name: label for name, label in _LABELS.items() if name != "c14n0"},
        {**_LABELS, "c14n0": _ZERO},
        {**_LABELS, "c14n99": _ZERO},
        {**_LABELS, "c14n0": _LABELS["c14n1"]},
        dict.fromkeys(_LABELS, _ZERO),
        {**_LABELS, "c14n0": _LABELS["c14n1"], "c14n1": _LABELS["c14n0"]},
        {f"c14n{int(name[4:]) + 1}": label for name, label in _LABELS.items()},
    ],
    ids=["none", "one less", "another", "one more", "one twice", "all one", "two exchanged", "shifted"],
)
def test_a_proof_with_tampered_labels_does_not_hold(labels: dict[str, str]) -> None:
    assert check_proofs(with_value(DERIVED, labels=labels)).outcome is Outcome.FAILED


@pytest.mark.parametrize(
    "indexes",
    [
        (),
        VALUE.mandatory_indexes[1:],
        VALUE.mandatory_indexes[:-1],
        (*VALUE.mandatory_indexes, 9999),
        (*VALUE.mandatory_indexes, VALUE.mandatory_indexes[-1]),
        tuple(reversed(VALUE.mandatory_indexes)),
        tuple(index + 1 for index in VALUE.mandatory_indexes),
        (2**64 - 1,),
        tuple(range(len(to_quads(unsecured(DERIVED))))),
    ],
    ids=["none", "first less", "last less", "beyond", "twice", "reversed", "shifted", "huge", "all"],
)
def test_a_proof_with_tampered_indexes_does_not_hold(indexes: tuple[int, ...]) -> None:
    assert check_proofs(with_value(DERIVED, mandatory_indexes=indexes)).outcome is Outcome.FAILED


@pytest.mark.parametrize(
    "signatures",
    [
        (),
        VALUE.signatures[1:],
        (*VALUE.signatures, VALUE.signatures[0]),
        (VALUE.signatures[1], VALUE.signatures[0], *VALUE.signatures[2:]),
        (VALUE.signatures[0],) * len(VALUE.signatures),
        (bytes(64),) * len(VALUE.signatures),
    ],
    ids=["none", "one less", "one more", "two exchanged", "one for all", "zeros"],
)
def test_a_proof_with_tampered_signatures_does_not_hold(signatures: tuple[bytes, ...]) -> None:
    assert check_proofs(with_value(DERIVED, signatures=signatures)).outcome is Outcome.FAILED


def test_no_byte_of_a_proof_value_can_be_changed() -> None:
    data = bytearray(multibase.decode(DERIVED["proof"][0]["proofValue"]))
    for position in range(0, len(data), 7):
        data[position] ^= 1
        proof = {**DERIVED["proof"][0], "proofValue": multibase.encode_base64url(bytes(data))}
        with pytest.raises(ProofVerificationError):
            verify_proof(DERIVED, proof=proof, public_key=P256.public_key)
        data[position] ^= 1


def test_statements_of_two_credentials_cannot_be_mixed() -> None:
    other_secrets = DisclosureSecrets(ecdsa_key(bytes(range(4, 36))), SECRETS.hmac_key)
    other = derive_document(
        based({**badge(P256), "name": "Another name"}, secrets=other_secrets), selective_pointers=["/name"]
    )
    own = derive_document(BASE, selective_pointers=["/name"])
    own_value, other_value = (DerivedProofValue.parse(d["proof"][0]["proofValue"]) for d in (own, other))
    mixed = with_value({**own, "name": "Another name"}, signatures=other_value.signatures)
    assert len(own_value.signatures) == len(other_value.signatures) == 1
    assert check_proofs(mixed).outcome is Outcome.FAILED
    mixed = with_value(mixed, public_key=other_value.public_key)
    assert check_proofs(mixed).outcome is Outcome.FAILED


@pytest.mark.parametrize(
    "components",
    [
        0, b"bytes", "text", {}, [], [0] * 5, [b"", b"", [], {}, []],
        [bytes(64), bytes(35), [], {}, []],
        [bytes(64), b"\x80\x24" + bytes(33), [], {}, []],
        [bytes(64), b"\xed\x01" + ED25519.public_key.key_bytes, [], {}, []],
        [bytes(64), b"\x81\x24" + P384.public_key.key_bytes, [], {}, []],
        [bytes(63), b"\x80\x24" + P256.public_key.key_bytes, [], {}, []],
        [bytes(64), b"\x80\x24" + P256.public_key.key_bytes, [b""], {}, []],
        [bytes(64), b"\x80\x24" + P256.public_key.key_bytes, ["a"], {}, []],
        [bytes(64), b"\x80\x24" + P256.public_key.key_bytes, [], {0: b""}, []],
        [bytes(64), b"\x80\x24" + P256.public_key.key_bytes, [], {0: 1}, []],
        [bytes(64), b"\x80\x24" + P256.public_key.key_bytes, [], {2**63: bytes(32)}, []],
        [bytes(64), b"\x80\x24" + P256.public_key.key_bytes, [], {}, [b"0"]],
        [bytes(64), b"\x80\x24" + P256.public_key.key_bytes, [], {}, [], 0],
        [bytes(64), b"\x80\x24" + P256.public_key.key_bytes, bytes(32), [], ["/name"]],
    ],
)  # fmt: skip
def test_a_proof_value_of_another_make_is_refused(components: Any) -> None:
    for header in (b"\xd9\x5d\x00", b"\xd9\x5d\x01", b"\xd9\x5d\x02", b""):
        proof_value = multibase.encode_base64url(header + cbor.encode(components))
        document = {**DERIVED, "proof": [{**DERIVED["proof"][0], "proofValue": proof_value}]}
        [finding] = check_proofs(document).findings
        assert finding.code in {Problem.PROOF_INVALID, Problem.BASE_PROOF}
        with pytest.raises(ProofGenerationError):
            derive_document(document, selective_pointers=[])


@pytest.mark.parametrize(
    "value", [None, " ", "u", "z", 1, [], "u2V0A", "u2V0B", "u2V0Bm____________w", "u" + "A" * 1_000_000]
)
def test_a_proof_value_that_is_none_is_refused(value: Any) -> None:
    document = {**DERIVED, "proof": [{**DERIVED["proof"][0], "proofValue": value}]}
    assert [finding.code for finding in check_proofs(document).findings] == [Problem.PROOF_INVALID]
