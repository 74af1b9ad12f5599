"""Seeing that keys sign: now and then each key in use signs something that nobody will see, and it is looked at.

An HSM that was switched off is found so before the first badge waits for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from issuer_service.installation import Installation
from issuer_service.persistence.upsert import insert_or_ignore
from issuer_service.signing_keys.ring import KeyRing, KeyUnreachable, Use, record_uses
from issuer_service.signing_keys.tables import KeyProbe, SigningKeyRow
from openbadges_kit.errors import ProofVerificationError
from openbadges_kit.keys.public_key import PublicKey

__all__ = ["PROBED_EVERY", "ProbedKey", "probe_key", "probe_keys", "probes"]

PROBED_EVERY: Final = timedelta(minutes=5)
# It begins like nothing that is ever signed for a badge: no hash, and no token.
_PROBE: Final = b"issuer-service: does this key sign? "


@dataclass(frozen=True, slots=True)
class ProbedKey:
    """A key in use, and what was found of it last."""

    key: SigningKeyRow
    probe: KeyProbe | None


def probe_keys(*, here: Installation, ring: KeyRing) -> None:
    """Have every key in use sign, and record which do."""
    with here.reading() as session:
        rows = session.scalars(select(SigningKeyRow).where(SigningKeyRow.retired_at.is_(None))).all()
    for row in rows:
        problem = probe_key(row, here=here, ring=ring)
        with here.transaction() as session:
            session.execute(delete(KeyProbe).where(KeyProbe.signing_key_id == row.id))
            probe = {"signing_key_id": row.id, "probed_at": here.now(), "problem": problem}
            insert_or_ignore(session, KeyProbe, [probe])


def probe_key(row: SigningKeyRow, *, here: Installation, ring: KeyRing) -> str | None:
    """Why a key does not sign, or None when it does. The signature is counted like any other."""
    data = _PROBE + here.randomness(16)
    try:
        key = ring.open(row)
        PublicKey.from_multikey(row.public_multikey).verify_signature(signature=key.sign(data), data=data)
    except (KeyUnreachable, ProofVerificationError) as error:
        return str(error)[:500]
    now = here.now()
    with here.transaction() as session:
        record_uses(session, [key], Use.PROBE, about_id=row.id, latest=now, now=now, randomness=here.randomness)
    return None


def probes(session: Session) -> list[ProbedKey]:
    """Every key in use, with what was found of it last."""
    found = session.execute(
        select(SigningKeyRow, KeyProbe)
        .outerjoin(KeyProbe, KeyProbe.signing_key_id == SigningKeyRow.id)
        .where(SigningKeyRow.retired_at.is_(None))
        .order_by(SigningKeyRow.created_at, SigningKeyRow.id)
    )
    return [ProbedKey(key, probe) for key, probe in found]
