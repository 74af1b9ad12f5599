"""The worker's keys: opened where they are kept, checked against what is published, and counted as they sign."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from issuer_service.clock import Randomness
from issuer_service.errors import Unavailable
from issuer_service.persistence.identifiers import random_uuid
from issuer_service.signing_keys.tables import KeyUse, SigningKeyRow
from openbadges_kit.errors import OpenBadgesError
from openbadges_kit.keys.public_key import KeyAlgorithm, PublicKey
from openbadges_kit.keys.signing_key import SigningKey

__all__ = [
    "CountedKey",
    "KeyRing",
    "KeyStore",
    "KeyUnreachable",
    "NewKey",
    "StoreName",
    "Use",
    "record_uses",
    "signatures_of",
]


class StoreName(StrEnum):
    """Where a private key is kept."""

    DATABASE = "database"
    PKCS11 = "pkcs11"
    TRANSIT = "transit"


class Use(StrEnum):
    """What a key signed."""

    BADGES = "badges"
    STATUS_LIST = "status-list"
    ENDORSEMENT = "endorsement"
    PROBE = "probe"


class KeyUnreachable(Unavailable):
    """A key cannot sign now. What was to be signed waits, and is signed when the key is there again."""


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that was made or found: its public half and, where the database keeps it, the sealed private one."""

    public_key: PublicKey
    encrypted_secret: bytes | None = None


class KeyStore(Protocol):
    """A place where private keys are kept. Raises KeyUnreachable for whatever it cannot do."""

    def make(self, algorithm: KeyAlgorithm, *, key_id: str, label: str) -> NewKey:
        """Make the key; or find it under its label, where those who guard the store make the keys."""

    def open(self, *, key_id: str, label: str, encrypted_secret: bytes | None) -> SigningKey:
        """The key, ready to sign."""


@dataclass(slots=True)
class CountedKey:
    """A key of one job. It counts what it signs; `row_id` is its row's."""

    row_id: str
    key: SigningKey
    signatures: int = 0

    @property
    def public_key(self) -> PublicKey:
        """The public half."""
        return self.key.public_key

    def sign(self, data: bytes) -> bytes:
        """The signature over `data`. Raises KeyUnreachable."""
        # Before it signs: one that fails on the way back was made all the same.
        self.signatures += 1
        try:
            return self.key.sign(data)
        except OpenBadgesError as error:
            raise KeyUnreachable(f"the key {self.row_id} did not sign: {error}") from error


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Opens keys, wherever they are kept. `new_in` is where new ones are."""

    stores: Mapping[StoreName, KeyStore] = field(repr=False)
    new_in: StoreName = StoreName.DATABASE

    def make(self, algorithm: KeyAlgorithm, *, key_id: str, label: str) -> NewKey:
        """A new key. Raises KeyUnreachable."""
        made = self._store(self.new_in).make(algorithm, key_id=key_id, label=label)
        if made.public_key.algorithm is not algorithm:
            raise KeyUnreachable(f"the key {label} is one of {made.public_key.algorithm}, and {algorithm} is needed")
        return made

    def open(self, row: SigningKeyRow) -> CountedKey:
        """The key of a row. Raises KeyUnreachable, also when what is kept is another key than what is published."""
        if row.retired_at is not None:
            raise KeyUnreachable(f"the key {row.id} was retired and signs nothing more")
        store = self._store(StoreName(row.store))
        opened = store.open(key_id=row.id, label=row.label, encrypted_secret=row.encrypted_secret)
        # Without this, whoever can put a key in the store could sign what nobody can verify.
        if opened.public_key.multikey != row.public_multikey:
            raise KeyUnreachable(f"the key kept as {row.label} is not the one that is published")
        return CountedKey(row.id, opened)

    def _store(self, name: StoreName) -> KeyStore:
        if name not in self.stores:
            raise KeyUnreachable(f"keys are kept in {name}, and the settings do not say how to reach it")
        return self.stores[name]


def record_uses(
    session: Session,
    keys: Iterable[CountedKey],
    use: Use,
    *,
    about_id: str,
    latest: datetime,
    now: datetime,
    randomness: Randomness,
) -> None:
    """Record what keys signed, and begin to count anew.

    In the transaction that keeps what was signed; also when nothing of it is kept, because it was signed. What a
    process that is killed had signed is not counted, and was seen by nobody.
    """
    rows = [
        {
            "id": random_uuid(randomness),
            "signing_key_id": key.row_id,
            "what": str(use),
            "about_id": about_id,
            "signatures": key.signatures,
            "latest": latest,
            "used_at": now,
        }
        for key in keys
        if key.signatures
    ]
    if rows:
        session.execute(insert(KeyUse), rows)
    for key in keys:
        key.signatures = 0


def signatures_of(session: Session, key_ids: Iterable[str]) -> dict[str, int]:
    """How much each of the keys signed."""
    counted = session.execute(
        select(KeyUse.signing_key_id, func.sum(KeyUse.signatures))
        .where(KeyUse.signing_key_id.in_(list(key_ids)))
        .group_by(KeyUse.signing_key_id)
    )
    return {key_id: int(count) for key_id, count in counted}
