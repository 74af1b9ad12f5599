"""An issuer's keys: one for Data Integrity proofs (Ed25519), one for JWTs (ES256)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.clock import Randomness
from issuer_service.errors import Unavailable
from issuer_service.people.tables import Organisation
from issuer_service.persistence.identifiers import random_uuid
from issuer_service.signing_keys.tables import SigningKeyRow
from issuer_service.signing_keys.vault import Vault
from openbadges_kit.did.did_web import did_from_url
from openbadges_kit.keys.public_key import PublicKey
from openbadges_kit.keys.signing_key import InMemoryKey, ecdsa_key, ed25519_key
from openbadges_kit.keys.verification_method import VerificationMethod
from openbadges_kit.model.profile import Address, Profile
from openbadges_kit.vocabulary import DID_V1, JSON_WEB_KEY_2020, JWS_2020_V1, MULTIKEY, MULTIKEY_V1, ProofPurpose

__all__ = ["KeyPurpose", "active_key", "create_keys", "did_document", "did_of", "issuer_profile", "method_url"]


class KeyPurpose(StrEnum):
    """What a key signs."""

    DATA_INTEGRITY = "data-integrity"
    JWT = "jwt"


def create_keys(
    session: Session, organisation: Organisation, *, vault: Vault, now: datetime, randomness: Randomness
) -> None:
    """Give an issuer its first keys."""
    session.flush()
    made = {KeyPurpose.DATA_INTEGRITY: ed25519_key(randomness(32)), KeyPurpose.JWT: ecdsa_key(randomness(32))}
    for purpose, key in made.items():
        key_id = random_uuid(randomness)
        session.add(
            SigningKeyRow(
                id=key_id,
                organisation_id=organisation.id,
                purpose=str(purpose),
                fragment=key.public_key.multikey,
                public_multikey=key.public_key.multikey,
                encrypted_secret=vault.seal(key, key_id=key_id),
                created_at=now,
            )
        )


def has_keys(session: Session, organisation_id: str) -> bool:
    """Was this organisation given keys before?"""
    return session.scalar(select(SigningKeyRow.id).where(SigningKeyRow.organisation_id == organisation_id)) is not None


def active_key(session: Session, organisation_id: str, purpose: KeyPurpose) -> SigningKeyRow:
    """The key that signs now. Raises Unavailable when the issuer has none."""
    found = session.scalar(
        select(SigningKeyRow)
        .where(SigningKeyRow.organisation_id == organisation_id, SigningKeyRow.purpose == str(purpose))
        .order_by(SigningKeyRow.created_at.desc())
    )
    if found is None:
        raise Unavailable(f"this issuer has no key for {purpose}")
    return found


def open_key(row: SigningKeyRow, vault: Vault) -> InMemoryKey:
    """The private key, in this process's memory."""
    return vault.open(row.encrypted_secret, key_id=row.id)


def did_of(organisation: Organisation, *, base_url: str) -> str:
    """The issuer's DID: did:web, below this service's address."""
    return did_from_url(f"{base_url}/issuers/{organisation.slug}")


def method_url(organisation: Organisation, row: SigningKeyRow, *, base_url: str) -> str:
    """The URL of a key in the issuer's DID document."""
    return f"{did_of(organisation, base_url=base_url)}#{row.fragment}"


def did_document(session: Session, organisation: Organisation, *, base_url: str) -> dict[str, Any]:
    """The issuer's DID document, with every key that ever signed.

    The Data Integrity key stands in it as a Multikey; the JWT key as a JsonWebKey2020, which is what the
    verifiers of JWTs look for.
    """
    did = did_of(organisation, base_url=base_url)
    rows = session.scalars(
        select(SigningKeyRow)
        .where(SigningKeyRow.organisation_id == organisation.id)
        .order_by(SigningKeyRow.created_at, SigningKeyRow.id)
    )
    methods = [
        VerificationMethod(f"{did}#{row.fragment}", did, PublicKey.from_multikey(row.public_multikey)).to_json(
            MULTIKEY if row.purpose == KeyPurpose.DATA_INTEGRITY else JSON_WEB_KEY_2020
        )
        for row in rows
    ]
    return {
        "@context": [DID_V1, MULTIKEY_V1, JWS_2020_V1],
        "id": did,
        "verificationMethod": methods,
        str(ProofPurpose.ASSERTION_METHOD): [method["id"] for method in methods],
    }


def issuer_profile(organisation: Organisation, *, base_url: str) -> Profile:
    """The issuer as it stands in a badge."""
    return Profile(
        id=did_of(organisation, base_url=base_url),
        name=organisation.name,
        url=f"{base_url}/issuers/{organisation.slug}",
        address=Address(address_country_code=organisation.country_code),
    )
