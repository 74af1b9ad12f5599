"""Changing the secret that keys in the database are encrypted under."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.signing_keys.tables import SigningKeyRow
from issuer_service.signing_keys.vault import Vault

__all__ = ["seal_all_again"]


def seal_all_again(session: Session, *, vault: Vault) -> int:
    """Encrypt every private key under the vault's present secret. Gives how many there are.

    All of them or none. Raises KeyUnreachable for one that neither the present nor the previous secret opens.
    """
    query = select(SigningKeyRow).where(SigningKeyRow.encrypted_secret.is_not(None)).order_by(SigningKeyRow.id)
    rows = session.scalars(query.with_for_update()).all()
    for row in rows:
        if row.encrypted_secret is not None:
            row.encrypted_secret = vault.seal_again(row.encrypted_secret, key_id=row.id)
    return len(rows)
