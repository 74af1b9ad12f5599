"""What the audit trail tells of awards and badges: which, and the hash of what was meant and of what was signed."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.audit.events import AuditEvent
from issuer_service.audit.tables import AuditEntry
from issuer_service.audit.trail import record
from issuer_service.issuance.tables import Award, Credential
from issuer_service.status_lists.service import Standing

__all__ = ["not_as_signed", "tell_accepted", "tell_approved", "tell_changed", "tell_refused", "tell_signed"]

_AT_ONCE: Final = 20
_CHANGES = {
    Standing.REVOKED: AuditEvent.BADGES_REVOKED,
    Standing.SUSPENDED: AuditEvent.BADGES_SUSPENDED,
    Standing.VALID: AuditEvent.BADGES_REINSTATED,
}


def tell_accepted(
    session: Session, about: str, awards: Sequence[Award], *, refused: int = 0, actor_id: str | None = None
) -> None:
    """Tell that awards of one organisation were accepted together, and how many were not."""
    if awards or refused:
        organisation_id = awards[0].organisation_id if awards else ""
        told = [[award.id, award.credential_id, _sha256(award.document)] for award in awards]
        record(
            session,
            AuditEvent.AWARDS_ACCEPTED,
            about=about,
            organisation_id=organisation_id,
            actor_id=actor_id,
            details={"awards": told, "refused": refused},
        )


def tell_approved(
    session: Session, about: str, award_ids: Collection[str], *, organisation_id: str, actor_id: str
) -> None:
    """Tell that awards were approved together."""
    if award_ids:
        record(
            session,
            AuditEvent.AWARDS_APPROVED,
            about=about,
            organisation_id=organisation_id,
            actor_id=actor_id,
            details={"awards": sorted(award_ids)},
        )


def tell_refused(session: Session, award_id: str, *, organisation_id: str, actor_id: str) -> None:
    """Tell that an award was refused. The reason is a text of somebody's, and stands with the refusal."""
    record(
        session,
        AuditEvent.AWARDS_REFUSED,
        about=award_id,
        organisation_id=organisation_id,
        actor_id=actor_id,
        details={"awards": [award_id]},
    )


def tell_signed(session: Session, chunk: str, credentials: Iterable[Credential]) -> None:
    """Tell which badges of a chunk were signed, with the hash of each of their two signed forms, and by which keys."""
    badges = {one.award_id: one for one in credentials}
    by_organisation: dict[str, list[Credential]] = defaultdict(list)
    for row in session.execute(select(Award.id, Award.organisation_id).where(Award.id.in_(badges)).order_by(Award.id)):
        by_organisation[row.organisation_id].append(badges[row.id])
    for organisation_id, told in by_organisation.items():
        keys = Counter(key for one in told for key in (one.key_id, one.jwt_key_id))
        record(
            session,
            AuditEvent.BADGES_SIGNED,
            about=chunk,
            organisation_id=organisation_id,
            details={"badges": [[one.id, *_hashes(one)] for one in told], "signatures": dict(keys)},
        )


def not_as_signed(session: Session) -> Iterator[str]:
    """The badges that are not stored as the trail says that they were signed, or not at all.

    One that was erased is not looked at. Say that the trail itself holds before trusting what is said here.
    """
    entries = select(AuditEntry.details).where(AuditEntry.event == str(AuditEvent.BADGES_SIGNED))
    ordered = entries.order_by(AuditEntry.organisation_id, AuditEntry.number)
    for details in session.scalars(ordered.execution_options(yield_per=_AT_ONCE)):
        told = {badge: hashes for badge, *hashes in json.loads(details)["badges"]}
        stored = {one.id: one for one in session.scalars(select(Credential).where(Credential.id.in_(told)))}
        for badge, hashes in told.items():
            one = stored.get(badge)
            if one is None or (one.erased_at is None and _hashes(one) != hashes):
                yield badge
        session.expunge_all()


def tell_changed(
    session: Session,
    about: str,
    standing: Standing,
    credential_ids: Sequence[str],
    *,
    organisation_id: str,
    actor_id: str,
) -> None:
    """Tell that badges were brought to a standing. The reason is a text of somebody's, and stands with the change."""
    record(
        session,
        _CHANGES[standing],
        about=credential_ids[0] if len(credential_ids) == 1 else about,
        organisation_id=organisation_id,
        actor_id=actor_id,
        details={"badges": list(credential_ids), "change": about},
    )


def _hashes(credential: Credential) -> list[str]:
    return [_sha256(credential.document), _sha256(credential.jwt.encode())]


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
