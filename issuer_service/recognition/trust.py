"""Whose proofs count: one's own, and the issuers elsewhere that the organisation says it trusts, and why.

That a badge verifies says who issued it, and not that they assess well. So a list, with a ground for each.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from issuer_service.audit.events import AuditEvent
from issuer_service.audit.trail import record
from issuer_service.clock import Randomness
from issuer_service.errors import Conflict, NotFound
from issuer_service.people.service import Caller
from issuer_service.people.tables import Organisation
from issuer_service.persistence.identifiers import random_uuid
from issuer_service.recognition.criteria_findings import Known, Outcome
from issuer_service.recognition.tables import TrustedIssuer
from issuer_service.recognition.units import Units
from issuer_service.signing_keys.service import did_of

__all__ = ["end_trust", "known_here", "trust_issuer", "trusted_issuers"]


def trust_issuer(
    session: Session, *, issuer: str, name: str, ground: str, caller: Caller, now: datetime, randomness: Randomness
) -> TrustedIssuer:
    """From now on its proofs count. Raises Conflict for one that is trusted already."""
    ours = TrustedIssuer.organisation_id == caller.organisation_id
    if session.scalar(select(TrustedIssuer).where(ours, TrustedIssuer.issuer == issuer, _now_trusted())) is not None:
        raise Conflict("this issuer is trusted already", field="issuer")
    row = TrustedIssuer(
        id=random_uuid(randomness),
        organisation_id=caller.organisation_id,
        issuer=issuer,
        name=name,
        ground=ground,
        added_by=caller.person_id,
        added_at=now,
    )
    session.add(row)
    session.flush()
    _tell(session, AuditEvent.ISSUER_TRUSTED, row, caller)
    return row


def end_trust(session: Session, trusted_id: str, *, caller: Caller, now: datetime) -> TrustedIssuer:
    """From now on its proofs count no more; what was decided with them stays. Twice changes nothing."""
    row = session.scalar(
        select(TrustedIssuer).where(
            TrustedIssuer.id == trusted_id, TrustedIssuer.organisation_id == caller.organisation_id
        )
    )
    if row is None:
        raise NotFound("there is no such trusted issuer", field="trusted_id")
    if row.ended_at is None:
        row.ended_by, row.ended_at = caller.person_id, now
        _tell(session, AuditEvent.TRUST_ENDED, row, caller)
    return row


def trusted_issuers(session: Session, organisation_id: str, *, base_url: str) -> frozenset[str]:
    """Everybody whose proofs count here now: the organisation itself, and whom it trusts."""
    own = did_of(session.get_one(Organisation, organisation_id), base_url=base_url)
    others = session.scalars(
        select(TrustedIssuer.issuer).where(TrustedIssuer.organisation_id == organisation_id, _now_trusted())
    )
    return frozenset({own, *others})


def known_here(session: Session, organisation_id: str, *, base_url: str) -> Known:
    """What this organisation knows of outcomes and issuers, for the review of criteria."""
    units = Units(session, base_url=base_url)

    def outcome(iri: str) -> Outcome | None:
        found = units.find(iri)
        if found is None:
            return None
        unit, component = found
        code = component.code if component is not None else None
        # A badge names the description of a result as the scale of its levels.
        return Outcome({f"{iri}/result": len(one.levels) for one in unit.rubric if one.component == code})

    return Known(outcome, units.is_ours, trusted_issuers(session, organisation_id, base_url=base_url))


def _tell(session: Session, what: AuditEvent, row: TrustedIssuer, caller: Caller) -> None:
    record(session, what, about=row.id, organisation_id=caller.organisation_id, actor_id=caller.person_id)


def _now_trusted() -> ColumnElement[bool]:
    return TrustedIssuer.ended_at.is_(None)
