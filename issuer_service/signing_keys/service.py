"""An issuer's keys: one for Data Integrity proofs (Ed25519), one for JWTs (ES256), and its DID document.

How a key comes and goes is in `lifecycle.py`, and how it is opened in `ring.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.people.tables import Organisation
from issuer_service.signing_keys.ring import KeyUnreachable
from issuer_service.signing_keys.tables import SigningKeyRow
from openbadges_kit.did.did_web import did_from_url
from openbadges_kit.keys.public_key import KeyAlgorithm, PublicKey
from openbadges_kit.keys.verification_method import VerificationMethod
from openbadges_kit.model.profile import Address, Profile
from openbadges_kit.vocabulary import DID_V1, JSON_WEB_KEY_2020, JWS_2020_V1, MULTIKEY, MULTIKEY_V1, ProofPurpose

__all__ = ["ALGORITHMS", "KeyPurpose", "active_key", "did_document", "did_of", "issuer_profile", "method_url"]


class KeyPurpose(StrEnum):
    """What a key signs."""

    DATA_INTEGRITY = "data-integrity"
    JWT = "jwt"


ALGORITHMS: Final[Mapping[KeyPurpose, KeyAlgorithm]] = MappingProxyType(
    {KeyPurpose.DATA_INTEGRITY: KeyAlgorithm.ED25519, KeyPurpose.JWT: KeyAlgorithm.P256}
)


def active_key(session: Session, organisation_id: str, purpose: KeyPurpose, *, hold: bool = False) -> SigningKeyRow:
    """The key that signs now. Raises Unavailable when the issuer has none.

    `hold` it and nobody retires it before this transaction has ended.
    """
    query = select(SigningKeyRow).where(
        SigningKeyRow.organisation_id == organisation_id,
        SigningKeyRow.purpose == str(purpose),
        SigningKeyRow.retired_at.is_(None),
    )
    found = session.scalar(query.with_for_update(read=True) if hold else query)
    if found is None:
        raise KeyUnreachable(f"this issuer has no key for {purpose} now")
    return found


def did_of(organisation: Organisation, *, base_url: str) -> str:
    """The issuer's DID: did:web, below this service's address."""
    return did_from_url(f"{base_url}/issuers/{organisation.slug}")


def method_url(organisation: Organisation, row: SigningKeyRow, *, base_url: str) -> str:
    """The URL of a key in the issuer's DID document."""
    return f"{did_of(organisation, base_url=base_url)}#{row.fragment}"


def did_document(session: Session, organisation: Organisation, *, base_url: str) -> dict[str, Any]:
    """The issuer's DID document, with every key that ever signed.

    The Data Integrity key stands in it as a Multikey; the JWT key as a JsonWebKey2020, which is what the
    verifiers of JWTs look for. A retired key says until when it signed (`expires`) and a compromised one since when
    it may have been in other hands (`revoked`), https://www.w3.org/TR/controller-document/#verification-methods:
    what it signed before verifies for ever.
    """
    did = did_of(organisation, base_url=base_url)
    rows = session.scalars(
        select(SigningKeyRow)
        .where(SigningKeyRow.organisation_id == organisation.id)
        .order_by(SigningKeyRow.created_at, SigningKeyRow.id)
    )
    methods = [
        VerificationMethod(
            f"{did}#{row.fragment}",
            did,
            PublicKey.from_multikey(row.public_multikey),
            expires=row.retired_at,
            revoked=row.compromised_since,
        ).to_json(MULTIKEY if row.purpose == KeyPurpose.DATA_INTEGRITY else JSON_WEB_KEY_2020)
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
