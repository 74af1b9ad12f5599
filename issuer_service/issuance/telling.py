"""What the audit trail tells of awards and badges: which, and the hash of what was meant and of what was signed."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.audit.events import AuditEvent
from issuer_service.audit.trail import record
from issuer_service.issuance.tables import Award, Credential
from issuer_service.status_lists.service import Standing

__all__ = ["tell_accepted", "tell_approved", "tell_changed", "tell_refused", "tell_signed"]

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
    """Tell which badges of a chunk were signed, with the hash of each of their two signed forms."""
    badges = {one.award_id: [one.id, _sha256(one.document), _sha256(one.jwt.encode())] for one in credentials}
    by_organisation: dict[str, list[list[str]]] = defaultdict(list)
    for row in session.execute(select(Award.id, Award.organisation_id).where(Award.id.in_(badges)).order_by(Award.id)):
        by_organisation[row.organisation_id].append(badges[row.id])
    for organisation_id, told in by_organisation.items():
        record(
            session,
            AuditEvent.BADGES_SIGNED,
            about=chunk,
            organisation_id=organisation_id,
            details={"badges": told, "signatures": 2 * len(told)},
        )


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


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
