"""ecdsa-sd-2023 on a badge: what is shown, what is not, and what nobody can make of it.

https://www.w3.org/TR/vc-di-ecdsa/#ecdsa-sd-2023
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openbadges_kit.did.did_key import verification_method_of
from openbadges_kit.documents import JsonObject
from openbadges_kit.encoding import cbor, multibase
from openbadges_kit.errors import (
    KeyMaterialError,
    MalformedDocument,
    OpenBadgesError,
    ProofGenerationError,
    ProofVerificationError,
    WorkLimitExceeded,
)
from openbadges_kit.issuance import issue_with_base_proof, prepare
from openbadges_kit.jsonld.context_store import BUNDLED_CONTEXTS
from openbadges_kit.jsonld.processor import to_quads
from openbadges_kit.keys.signing_key import ecdsa_key
from openbadges_kit.problems import Problem
from openbadges_kit.proof.configuration import unsecured
from openbadges_kit.proof.cryptosuite import ECDSA_RDFC_2019, ECDSA_SD_2023
from openbadges_kit.proof.data_integrity import add_proof, verify_proof
from openbadges_kit.proof.selective import ecdsa_sd_2023
from openbadges_kit.proof.selective.ecdsa_sd_2023 import (
    DisclosureSecrets,
    add_base_proof,
    derive_document,
    verify_base_proof,
)
from openbadges_kit.proof.selective.pointers import resolve_pointer, select
from openbadges_kit.proof.selective.proof_value import BaseProofValue, DerivedProofValue
from openbadges_kit.proof.selective.statements import statements_of
from openbadges_kit.verification.report import Outcome, Verdict
from openbadges_kit.verification.verifier import verify
from tests.kit.proof.documents import ED25519, NOW, OTHER_P256, P256, P384, badge, check_proofs, options

SECRETS = DisclosureSecrets(ecdsa_key(bytes(range(3, 35))), bytes(range(32)))
MANDATORY = ("/issuer", "/validFrom", "/credentialSubject/achievement/name")


def based(
    document: JsonObject | None = None, mandatory: Iterable[str] = MANDATORY, secrets: DisclosureSecrets = SECRETS
) -> JsonObject:
    return add_base_proof(
        badge(P256) if document is None else document,
        proof_options=options(P256, ECDSA_SD_2023),
        signing_key=P256,
        secrets=secrets,
        mandatory_pointers=mandatory,
    )


def _leaves(value: Any, pointer: str = "") -> Iterator[str]:
    """A pointer to each text, number, empty object and empty array."""
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    below = [(f"{pointer}/{name}", inner) for name, inner in members]
    if not below:
        yield pointer
    for inner_pointer, inner in below:
        yield from _leaves(inner, inner_pointer)


# A list in order is one value: it is shown whole or not at all.
POINTERS = sorted({
    pointer.partition("/allowedValue")[0] + ("/allowedValue" if "/allowedValue" in pointer else "")
    for pointer in _leaves(badge(P256)) if not pointer.startswith("/@context")
})  # fmt: skip
BASE = based()
WHOLE = unsecured(BASE)


def _changed(value: Any) -> Any:
    match value:
        case bool():
            return not value
        case str():
            return value + "x"
        case _:
            return value + 1


def _put(document: JsonObject, pointer: str, value: Any) -> JsonObject:
    changed = copy.deepcopy(document)
    *steps, last = pointer.split("/")[1:]
    parent: Any = changed
    for step in steps:
        parent = parent[int(step) if isinstance(parent, list) else step]
    parent[int(last) if isinstance(parent, list) else last] = value
    return changed


def _statements(document: JsonObject) -> set[str]:
    """What a document says about named things and in literals, without the names of blank nodes."""
    return {
        " ".join("_" if term.startswith("_:") else term for term in quad)
        for quad in to_quads(unsecured(document), BUNDLED_CONTEXTS)
    }


class TestDerivedDocument:
    """vc-di-ecdsa, 3.5: the holder discloses what is mandatory and what it chose, and nothing else."""

    @given(st.lists(st.sampled_from(POINTERS), max_size=12, unique=True))
    @settings(max_examples=40)
    def test_it_shows_what_was_asked_for_and_what_is_mandatory_and_nothing_else(self, pointers: list[str]) -> None:
        derived = derive_document(BASE, selective_pointers=pointers)
        assert unsecured(derived) == select(WHOLE, [*MANDATORY, *pointers])
        assert check_proofs(derived).outcome is Outcome.PASSED

    @given(st.lists(st.sampled_from(POINTERS), max_size=12, unique=True))
    @settings(max_examples=30)
    def test_what_it_does_not_show_is_not_in_its_proof(self, pointers: list[str]) -> None:
        derived = derive_document(BASE, selective_pointers=pointers)
        base = BaseProofValue.parse(BASE["proof"][0]["proofValue"])
        shown = DerivedProofValue.parse(derived["proof"][0]["proofValue"])
        whole = statements_of(WHOLE, hmac_key=SECRETS.hmac_key, mandatory_pointers=MANDATORY, contexts=BUNDLED_CONTEXTS)
        raw = multibase.decode(derived["proof"][0]["proofValue"])
        # A guess at a statement could be tested against its signature, and the key would name every blank node.
        said = _statements(derived)
        for line, signature in zip(whole.optional_lines, base.signatures, strict=True):
            spelled = " ".join("_" if term.startswith("_:") else term for term in _terms(line))
            assert (signature in shown.signatures) <= (spelled in said)
            assert (signature in raw) == (signature in shown.signatures)
        assert base.hmac_key not in raw
        assert len(shown.signatures) + len(shown.mandatory_indexes) == len(to_quads(unsecured(derived)))
        # Labels only of what is there, and positions only among what is there.
        assert len(shown.labels) <= len(whole.labels)
        assert all(index < len(to_quads(unsecured(derived))) for index in shown.mandatory_indexes)

    @given(st.sampled_from(POINTERS))
    @settings(max_examples=30)
    def test_no_leaf_of_it_can_be_changed(self, pointer: str) -> None:
        derived = derive_document(BASE, selective_pointers=POINTERS)
        for leaf in _leaves(resolve_pointer(unsecured(derived), pointer), pointer):
            tampered = _put(derived, leaf, _changed(resolve_pointer(derived, leaf)))
            assert check_proofs(tampered).outcome is Outcome.FAILED

    @given(st.lists(st.sampled_from(POINTERS), min_size=1, max_size=6, unique=True))
    @settings(max_examples=20)
    def test_no_more_and_no_less_than_was_derived_can_be_shown_with_its_proof(self, pointers: list[str]) -> None:
        derived, bare = (derive_document(BASE, selective_pointers=chosen) for chosen in (pointers, []))
        if len(to_quads(unsecured(derived))) != len(to_quads(unsecured(bare))):
            for document, other in ((derived, bare), (bare, derived)):
                mixed = {**unsecured(document), "proof": other["proof"]}
                assert check_proofs(mixed).outcome is Outcome.FAILED


def _terms(line: str) -> list[str]:
    subject, predicate, rest = line.removesuffix(" .\n").split(" ", 2)
    return [subject, predicate, rest, ""]


def test_a_derived_document_may_show_all() -> None:
    derived = derive_document(BASE, selective_pointers=[""])
    assert unsecured(derived) == WHOLE
    assert check_proofs(derived).outcome is Outcome.PASSED


def test_an_element_of_an_array_is_shown_without_the_others() -> None:
    derived = derive_document(BASE, selective_pointers=["/credentialSubject/identifier/1"])
    assert derived["credentialSubject"]["identifier"] == [WHOLE["credentialSubject"]["identifier"][1]]
    assert check_proofs(derived).outcome is Outcome.PASSED


def test_two_objects_that_look_alike_once_reduced_are_told_apart() -> None:
    pointers = ["/credentialSubject/identifier/0/type", "/credentialSubject/identifier/1/type"]
    derived = derive_document(BASE, selective_pointers=pointers)
    assert len(derived["credentialSubject"]["identifier"]) == 2
    assert check_proofs(derived).outcome is Outcome.PASSED


def test_a_list_in_order_is_shown_whole_or_not_at_all() -> None:
    place = "/credentialSubject/achievement/resultDescription/0/allowedValue"
    derived = derive_document(BASE, selective_pointers=[place])
    assert resolve_pointer(derived, place) == ["A", "B", "C"]
    assert check_proofs(derived).outcome is Outcome.PASSED
    for part in ([f"{place}/0"], [f"{place}/2"], [f"{place}/0", f"{place}/1"]):
        with pytest.raises(ProofGenerationError):
            derive_document(BASE, selective_pointers=part)
        with pytest.raises(ProofGenerationError):
            based(mandatory=part)


def test_a_long_list_in_order_is_signed_and_shown() -> None:
    document = badge(P256)
    place = "/credentialSubject/achievement/resultDescription/0/allowedValue"
    document = _put(document, place, [str(number) for number in range(400)])
    derived = derive_document(based(document), selective_pointers=[place])
    assert check_proofs(derived).outcome is Outcome.PASSED
    resolve_pointer(derived, place)[7] = "8"
    assert check_proofs(derived).outcome is Outcome.FAILED


def test_part_of_a_value_object_is_no_statement_of_the_whole() -> None:
    document = badge(P256)
    document["name"] = {"@value": "Versnellingen", "@language": "nl"}
    base = based(document)
    assert check_proofs(derive_document(base, selective_pointers=["/name"])).outcome is Outcome.PASSED
    with pytest.raises(ProofGenerationError):
        derive_document(base, selective_pointers=["/name/@value"])


@pytest.mark.parametrize(
    "pointer", ["/none", "/issuer/none", "/credentialSubject/identifier/01", "issuer", "/issuer~", "/proof/0"]
)
def test_a_pointer_into_nothing_neither_signs_nor_derives(pointer: str) -> None:
    with pytest.raises(ProofGenerationError):
        based(mandatory=[pointer])
    with pytest.raises(ProofGenerationError):
        derive_document(BASE, selective_pointers=[pointer])


def test_nothing_mandatory_and_nothing_chosen_is_nothing_to_show() -> None:
    base = based(mandatory=[])
    with pytest.raises(ProofGenerationError):
        derive_document(base, selective_pointers=[])
    derived = derive_document(base, selective_pointers=["/issuer"])
    assert DerivedProofValue.parse(derived["proof"][0]["proofValue"]).mandatory_indexes == ()
    assert check_proofs(derived).outcome is Outcome.PASSED


def test_a_base_proof_is_for_its_holder_and_not_for_a_verifier() -> None:
    result = check_proofs(BASE)
    assert result.outcome is Outcome.FAILED
    assert [finding.code for finding in result.findings] == [Problem.BASE_PROOF]
    with pytest.raises(ProofVerificationError):
        verify_proof(BASE, proof=BASE["proof"][0], public_key=P256.public_key)
    verify_base_proof(BASE, proof=BASE["proof"][0], public_key=P256.public_key)


@pytest.mark.parametrize("pointer", [pointer for pointer in POINTERS if not pointer.endswith("allowedValue")])
def test_a_base_proof_does_not_hold_once_a_leaf_was_changed(pointer: str) -> None:
    tampered = _put(BASE, pointer, _changed(resolve_pointer(BASE, pointer)))
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


def _with_value(derived: JsonObject, **changes: Any) -> JsonObject:
    value = replace(DerivedProofValue.parse(derived["proof"][0]["proofValue"]), **changes)
    return {**derived, "proof": [{**derived["proof"][0], "proofValue": value.encode()}]}


DERIVED = derive_document(BASE, selective_pointers=["/name", "/credentialSubject/identifier"])
VALUE = DerivedProofValue.parse(DERIVED["proof"][0]["proofValue"])
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
    assert check_proofs(_with_value(DERIVED, labels=labels)).outcome is Outcome.FAILED


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
    assert check_proofs(_with_value(DERIVED, mandatory_indexes=indexes)).outcome is Outcome.FAILED


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
    assert check_proofs(_with_value(DERIVED, signatures=signatures)).outcome is Outcome.FAILED


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
    mixed = _with_value({**own, "name": "Another name"}, signatures=other_value.signatures)
    assert len(own_value.signatures) == len(other_value.signatures) == 1
    assert check_proofs(mixed).outcome is Outcome.FAILED
    mixed = _with_value(mixed, public_key=other_value.public_key)
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


def test_more_signatures_than_a_credential_needs_are_not_verified(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ecdsa_sd_2023, "MAX_SIGNATURES", len(VALUE.signatures))
    verify_proof(DERIVED, proof=DERIVED["proof"][0], public_key=P256.public_key)
    monkeypatch.setattr(ecdsa_sd_2023, "MAX_SIGNATURES", len(VALUE.signatures) - 1)
    with pytest.raises(WorkLimitExceeded):
        verify_proof(DERIVED, proof=DERIVED["proof"][0], public_key=P256.public_key)
    with pytest.raises(WorkLimitExceeded):
        verify_base_proof(BASE, proof=BASE["proof"][0], public_key=P256.public_key)
    with pytest.raises(ProofGenerationError):
        based()


def test_a_proof_to_derive_from_goes_into_no_chain() -> None:
    first = add_proof(
        badge(P256), proof_options=options(P256, ECDSA_RDFC_2019, proof_id="urn:uuid:1"), signing_key=P256
    )
    chained = options(P256, ECDSA_SD_2023, previous_proof=["urn:uuid:1"])
    with pytest.raises(ProofGenerationError):
        add_base_proof(first, proof_options=chained, signing_key=P256, secrets=SECRETS, mandatory_pointers=MANDATORY)
    proof = {**DERIVED["proof"][0], "previousProof": "urn:uuid:1"}
    assert check_proofs({**DERIVED, "proof": [{**first["proof"][0]}, proof]}).outcome is Outcome.FAILED


def test_a_base_proof_beside_another_proof_is_derived_from_alone() -> None:
    first = add_proof(badge(P256), proof_options=options(P256, ECDSA_RDFC_2019), signing_key=P256)
    derived = derive_document(based(first), selective_pointers=["/name"])
    assert [proof["cryptosuite"] for proof in derived["proof"]] == ["ecdsa-sd-2023"]
    assert check_proofs(derived).outcome is Outcome.PASSED


def test_there_must_be_one_base_proof_to_derive_from() -> None:
    for document in (badge(P256), based(BASE), DERIVED, {**BASE, "proof": [None, "proof"]}):
        with pytest.raises(ProofGenerationError):
            derive_document(document, selective_pointers=[])


def test_the_plain_way_to_sign_does_not_sign_for_disclosure() -> None:
    with pytest.raises(ProofGenerationError):
        add_proof(badge(P256), proof_options=options(P256, ECDSA_SD_2023), signing_key=P256)
    for wrong in (options(P256, ECDSA_RDFC_2019), {"type": "Unknown"}):
        with pytest.raises(ProofGenerationError):
            add_base_proof(
                badge(P256), proof_options=wrong, signing_key=P256, secrets=SECRETS, mandatory_pointers=MANDATORY
            )
    with pytest.raises(ProofGenerationError):
        add_base_proof(
            badge(P384),
            proof_options=options(P384, ECDSA_SD_2023),
            signing_key=P384,
            secrets=SECRETS,
            mandatory_pointers=MANDATORY,
        )


def test_secrets_of_the_wrong_kind_are_refused_and_not_printed() -> None:
    with pytest.raises(KeyMaterialError):
        DisclosureSecrets(P384, bytes(32))
    with pytest.raises(KeyMaterialError):
        DisclosureSecrets(P256, bytes(31))
    assert str(SECRETS.hmac_key) not in repr(SECRETS)
    assert str(SECRETS.hmac_key) not in repr(BaseProofValue.parse(BASE["proof"][0]["proofValue"]))


def test_a_document_that_imitates_the_names_of_places_is_refused() -> None:
    document = badge(P256)
    document["credentialSubject"]["id"] = "urn:openbadges-kit:place:" + "0" * 64
    with pytest.raises(ProofGenerationError):
        based(document)


REQUIRED = [f"/credentialSubject/achievement/{name}" for name in ("id", "type", "name", "description", "criteria")]


def _issued(document: JsonObject, mandatory: Iterable[str] = REQUIRED) -> JsonObject:
    prepared = prepare(
        document, verification_method=verification_method_of(P256.public_key), created=NOW, cryptosuite=ECDSA_SD_2023
    )
    return issue_with_base_proof(prepared, signing_key=P256, secrets=SECRETS, mandatory_pointers=list(mandatory))


def test_a_badge_is_issued_shown_in_part_and_found_valid() -> None:
    derived = derive_document(_issued(badge(P256)), selective_pointers=[])
    assert verify(derived, now=NOW).verdict is Verdict.VALID
    assert "name" not in derived
    assert "identifier" not in derived["credentialSubject"]


def test_a_holder_cannot_leave_out_what_a_verifier_decides_by() -> None:
    status = {
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "7",
        "statusListCredential": "https://school.example/status/1",
    }
    document = {
        **badge(P256),
        "validUntil": "2026-11-19T00:00:00Z",
        "validFrom": "2025-11-19T00:00:00Z",
        "credentialStatus": status,
    }
    derived = derive_document(_issued(document, [*REQUIRED, "/validUntil"]), selective_pointers=[])
    assert derived["credentialStatus"] == status
    assert derived["id"] == document["id"]
    codes = {finding.code for finding in verify(derived, now=NOW).findings}
    assert {Problem.EXPIRED, Problem.STATUS_NOT_HAD} <= codes


def test_a_badge_prepared_for_another_suite_gets_no_base_proof() -> None:
    prepared = prepare(
        badge(P256),
        verification_method=verification_method_of(P256.public_key),
        created=NOW,
        cryptosuite=ECDSA_RDFC_2019,
    )
    with pytest.raises(ProofGenerationError):
        issue_with_base_proof(prepared, signing_key=P256, secrets=SECRETS, mandatory_pointers=REQUIRED)
