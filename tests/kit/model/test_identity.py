"""Recipients, told or hashed."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbadges_kit.errors import MalformedDocument
from openbadges_kit.model.identity import IdentityObject
from openbadges_kit.vocabulary import IdentifierType

EMAIL = IdentifierType.EMAIL_ADDRESS
SALT = bytes(range(16))


def test_the_hash_is_of_the_lower_case_address_and_the_salt() -> None:
    identity = IdentityObject.hash_of("Sophie@Example.org", identity_type=EMAIL, salt=SALT)
    digest = hashlib.sha256(b"sophie@example.org" + SALT.hex().encode()).hexdigest()
    assert identity.to_json() == {
        "type": "IdentityObject",
        "hashed": True,
        "identityHash": f"sha256${digest}",
        "identityType": "emailAddress",
        "salt": SALT.hex(),
    }


class TestMatching:
    """An identity matches the object that was made of it, and nothing else does."""

    @given(st.text(min_size=1).filter(str.strip), st.text(), st.sampled_from(IdentifierType), st.binary(min_size=16))
    def test_only_itself(self, identity: str, other: str, kind: IdentifierType, salt: bytes) -> None:
        made = IdentityObject.hash_of(identity, identity_type=kind, salt=salt)
        assert made.matches(identity, identity_type=kind)
        if other.lower().encode(errors="replace") != identity.lower().encode(errors="replace"):
            assert not made.matches(other, identity_type=kind)

    def test_any_spelling_of_an_address_matches(self) -> None:
        made = IdentityObject.hash_of("SOPHIE@example.org", identity_type=EMAIL, salt=SALT)
        assert made.matches("sophie@EXAMPLE.org", identity_type=EMAIL)

    def test_an_address_that_its_issuer_hashed_as_it_was_written_matches(self) -> None:
        digest = hashlib.sha256(b"Sophie@Example.orgsalt").hexdigest()
        made = IdentityObject(hashed=True, identity_hash=f"sha256${digest}", identity_type=EMAIL, salt="salt")
        assert made.matches("Sophie@Example.org", identity_type=EMAIL)

    def test_another_kind_of_identifier_with_the_same_value_does_not(self) -> None:
        made = IdentityObject.hash_of("x", identity_type="userName", salt=SALT)
        assert not made.matches("x", identity_type="accountId")

    def test_the_case_of_what_is_no_address_counts(self) -> None:
        made = IdentityObject.hash_of("Sophie", identity_type="userName", salt=SALT)
        assert not made.matches("sophie", identity_type="userName")

    def test_an_identity_that_is_told_is_compared_as_it_is(self) -> None:
        told = IdentityObject(hashed=False, identity_hash="Sophie@example.org", identity_type=EMAIL)
        assert told.matches("sophie@example.org", identity_type=EMAIL)
        name = IdentityObject(hashed=False, identity_hash="sophie", identity_type="userName")
        assert name.matches("sophie", identity_type="userName")
        assert not name.matches("Sophie", identity_type="userName")

    def test_a_hash_is_not_taken_for_the_identity(self) -> None:
        made = IdentityObject.hash_of("x", identity_type="userName", salt=SALT)
        assert not made.matches(made.identity_hash, identity_type="userName")

    def test_another_algorithm_matches_nobody(self) -> None:
        digest = hashlib.md5(b"sophie@example.org", usedforsecurity=False).hexdigest()
        made = IdentityObject(hashed=True, identity_hash=f"md5${digest}", identity_type=EMAIL)
        assert not made.matches("sophie@example.org", identity_type=EMAIL)


def test_two_salts_give_two_hashes() -> None:
    hashes = {
        IdentityObject.hash_of("a@example.org", identity_type=EMAIL, salt=bytes([n]) * 16).identity_hash for n in (1, 2)
    }
    assert len(hashes) == 2


def test_a_short_salt_is_refused() -> None:
    with pytest.raises(MalformedDocument, match="16 bytes"):
        IdentityObject.hash_of("a@example.org", identity_type=EMAIL, salt=bytes(15))


def test_an_empty_identity_is_refused() -> None:
    with pytest.raises(MalformedDocument, match="empty"):
        IdentityObject.hash_of(" ", identity_type=EMAIL, salt=SALT)
