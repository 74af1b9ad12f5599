"""Keys in every form they are kept in, and what is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbadges_kit.documents import JsonObject
from openbadges_kit.encoding import multibase
from openbadges_kit.errors import KeyMaterialError, NotVerified, ProofVerificationError
from openbadges_kit.keys.public_key import KeyAlgorithm, PublicKey
from openbadges_kit.keys.signing_key import InMemoryKey, ecdsa_key, ed25519_key
from openbadges_kit.keys.verification_method import VerificationMethod
from openbadges_kit.verification.proof_answers import answer_to_error
from tests.kit.did.test_dids_and_keys import P384_KEY, RSA_KEY
from tests.kit.samples import ISSUER_KEY, P256_KEY

ORDER_OF_P256 = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@pytest.mark.parametrize("key", [ISSUER_KEY, P256_KEY, P384_KEY], ids=["Ed25519", "P-256", "P-384"])
def test_a_secret_multikey_is_the_same_key(key: InMemoryKey) -> None:
    again = InMemoryKey.from_secret_multikey(key.secret_multikey)
    assert again.public_key == key.public_key
    assert again.secret_multikey == key.secret_multikey


@pytest.mark.parametrize("key", [ISSUER_KEY, P256_KEY, RSA_KEY], ids=["Ed25519", "P-256", "RSA"])
def test_a_key_that_is_printed_gives_only_its_public_half_away(key: InMemoryKey) -> None:
    assert repr(key) == f"InMemoryKey({key.public_key.multikey})"


@pytest.mark.parametrize("text", ["", "x", "z", "z!", multibase.encode_base58(b"\x80\x26" + bytes(31)), "z6Mk"])
def test_what_is_no_secret_multikey_is_refused(text: str) -> None:
    with pytest.raises(KeyMaterialError):
        InMemoryKey.from_secret_multikey(text)


@given(st.binary(max_size=60))
def test_whatever_the_bytes_they_are_a_key_or_refused(data: bytes) -> None:
    for prefix in (b"\x80\x26", b"\x86\x26", b"\x87\x26"):
        try:
            key = InMemoryKey.from_secret_multikey(multibase.encode_base58(prefix + data))
        except KeyMaterialError:
            continue
        key.public_key.verify_signature(signature=key.sign(b"data"), data=b"data")


@pytest.mark.parametrize("seed", [bytes(32), bytes(31), ORDER_OF_P256.to_bytes(32, "big"), b"\xff" * 32])
def test_a_number_outside_the_curve_is_no_key(seed: bytes) -> None:
    with pytest.raises(KeyMaterialError):
        ecdsa_key(seed)


def test_a_seed_of_another_length_is_no_key() -> None:
    with pytest.raises(KeyMaterialError):
        ed25519_key(bytes(33))
    with pytest.raises(KeyMaterialError):
        ecdsa_key(bytes(range(1, 33)), KeyAlgorithm.P384)


@pytest.mark.parametrize("signature", [b"", bytes(63), bytes(65), bytes(64)], ids=["none", "short", "long", "zeros"])
def test_a_signature_of_another_length_or_of_zeros_does_not_hold(signature: bytes) -> None:
    with pytest.raises(ProofVerificationError):
        P256_KEY.public_key.verify_signature(signature=signature, data=b"data")


def test_the_long_form_of_an_rsa_key_is_not_its_name() -> None:
    """SubjectPublicKeyInfo holds the same key in other bytes; two names for one key would be two keys."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat  # noqa: PLC0415

    long_form = RSA_KEY._private_key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    with pytest.raises(KeyMaterialError):
        PublicKey(KeyAlgorithm.RSA, long_form)


@pytest.mark.parametrize("text", [None, 7, ["z6Mk"], {}])
def test_what_is_no_text_is_no_multikey(text: object) -> None:
    with pytest.raises(KeyMaterialError):
        PublicKey.from_multikey(text)


@pytest.mark.parametrize(
    "method",
    [
        "#1",
        None,
        {},
        {"id": "#1", "controller": 7},
        {"id": "#1", "controller": "did:x", "type": "X25519KeyAgreementKey2019"},
    ],
)
def test_what_is_no_verification_method_is_refused(method: object) -> None:
    with pytest.raises(KeyMaterialError):
        VerificationMethod.parse(method)


def test_a_method_is_written_in_a_form_that_is_known() -> None:
    method: JsonObject = VerificationMethod("#1", "did:x", P256_KEY.public_key).to_json()
    assert method["type"] == "Multikey"
    with pytest.raises(KeyMaterialError):
        VerificationMethod("#1", "did:x", P256_KEY.public_key).to_json("RsaVerificationKey2018")


def test_an_error_that_is_no_answer_is_not_taken_for_one() -> None:
    with pytest.raises(NotVerified):
        answer_to_error(NotVerified("nothing was verified"), "$")
