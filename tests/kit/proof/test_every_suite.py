"""What holds for every cryptosuite: what was signed verifies, and what was changed does not."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openbadges_kit.documents import JsonObject, dump_json, parse_json_object
from openbadges_kit.keys.signing_key import InMemoryKey, ecdsa_key
from openbadges_kit.proof.cryptosuite import (
    CRYPTOSUITES,
    ECDSA_JCS_2019,
    ECDSA_RDFC_2019,
    ECDSA_SD_2023,
    EDDSA_JCS_2022,
    EDDSA_RDFC_2022,
    Cryptosuite,
)
from openbadges_kit.proof.selective.ecdsa_sd_2023 import DisclosureSecrets, add_base_proof, derive_document
from openbadges_kit.verification.report import Outcome
from tests.kit.proof.documents import ED25519, P256, P384, badge, check_proofs, options, signed

SUITES = [
    (EDDSA_RDFC_2022, ED25519),
    (EDDSA_JCS_2022, ED25519),
    (ECDSA_RDFC_2019, P256),
    (ECDSA_RDFC_2019, P384),
    (ECDSA_JCS_2019, P256),
    (ECDSA_JCS_2019, P384),
    (ECDSA_SD_2023, P256),
]
every_suite = pytest.mark.parametrize(
    ("cryptosuite", "key"), SUITES, ids=[f"{suite.name} {key.public_key.algorithm}" for suite, key in SUITES]
)
# What JSON and RDF both can say: no half characters.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
NUMBERS = st.integers(-(2**53), 2**53) | st.floats(-1e20, 1e20).filter(lambda number: number == 0 or abs(number) > 1e-6)


@st.composite
def badges(draw: st.DrawFn) -> JsonObject:
    """Badges with any text and number where a badge has one, and any number of identifiers and allowed values."""
    document = badge()
    document["name"] = draw(TEXTS)
    subject = document["credentialSubject"]
    subject["creditsEarned"] = draw(NUMBERS)
    subject["identifier"] = [
        {"type": "IdentityObject", "hashed": draw(st.booleans()), "identityHash": draw(TEXTS), "identityType": "name"}
        for _ in range(draw(st.integers(0, 3)))
    ]
    subject["achievement"]["criteria"]["narrative"] = draw(TEXTS)
    subject["achievement"]["resultDescription"][0]["allowedValue"] = draw(st.lists(TEXTS, max_size=4))
    return document


def _signed(document: JsonObject, cryptosuite: Cryptosuite, key: InMemoryKey) -> JsonObject:
    if not cryptosuite.selective:
        return signed(document, key, cryptosuite)
    secrets = DisclosureSecrets(ecdsa_key(bytes(range(3, 35))), bytes(range(32)))
    base = add_base_proof(
        document,
        proof_options=options(key, cryptosuite),
        signing_key=key,
        secrets=secrets,
        mandatory_pointers=["/issuer"],
    )
    return derive_document(base, selective_pointers=[""])


def _leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if members is None:
        yield path
    else:
        for step, inner in members:
            yield from _leaves(inner, (*path, step))


def _changed(value: Any) -> Any:
    match value:
        case bool():
            return not value
        case str():
            return value + "x"
        case _:
            return value + 1 if value + 1 != value else value * 2


def _with_change(document: JsonObject, path: tuple[str | int, ...]) -> JsonObject:
    changed = copy.deepcopy(document)
    parent: Any = changed
    for step in path[:-1]:
        parent = parent[step]
    parent[path[-1]] = _changed(parent[path[-1]])
    return changed


def test_all_suites_that_are_issued_are_held_to_this() -> None:
    assert {suite.name for suite, _ in SUITES} == set(CRYPTOSUITES)


@every_suite
class TestEverySuite:
    """vc-data-integrity, 4.5: a proof verifies over the document that it was made for, and over no other."""

    @given(document=badges())
    @settings(max_examples=15)
    def test_what_was_signed_verifies_also_once_written_and_read(
        self, document: JsonObject, cryptosuite: Cryptosuite, key: InMemoryKey
    ) -> None:
        secured = _signed(document, cryptosuite, key)
        assert check_proofs(secured).outcome is Outcome.PASSED
        assert check_proofs(parse_json_object(dump_json(secured))).outcome is Outcome.PASSED

    @given(document=badges(), data=st.data())
    @settings(max_examples=15)
    def test_no_leaf_can_be_changed_in_document_or_proof(
        self, document: JsonObject, data: st.DataObject, cryptosuite: Cryptosuite, key: InMemoryKey
    ) -> None:
        secured = _signed(document, cryptosuite, key)
        path = data.draw(st.sampled_from(list(_leaves(secured))))
        assert check_proofs(_with_change(secured, path)).outcome is not Outcome.PASSED

    def test_each_leaf_of_the_badge_and_its_proof_is_covered(self, cryptosuite: Cryptosuite, key: InMemoryKey) -> None:
        secured = _signed(badge(), cryptosuite, key)
        for path in _leaves(secured):
            assert check_proofs(_with_change(secured, path)).outcome is not Outcome.PASSED, path

    def test_no_member_can_be_taken_out_or_put_in(self, cryptosuite: Cryptosuite, key: InMemoryKey) -> None:
        secured = _signed(badge(), cryptosuite, key)
        for name in set(secured) - {"proof"}:
            less = {other: value for other, value in secured.items() if other != name}
            assert check_proofs(less).outcome is not Outcome.PASSED, name
        more = {**secured, "description": "put in"}
        assert check_proofs(more).outcome is Outcome.FAILED

    def test_the_order_of_members_says_nothing(self, cryptosuite: Cryptosuite, key: InMemoryKey) -> None:
        secured = _signed(badge(), cryptosuite, key)
        assert check_proofs(dict(reversed(secured.items()))).outcome is Outcome.PASSED
