"""Revoking, suspending and reinstating badges, one or many, each change with its reason, its actor and a notice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from issuer_service.clock import Randomness
from issuer_service.errors import NotFound, Refused
from issuer_service.issuance.tables import Award, Credential, StatusChange
from issuer_service.issuance.telling import tell_changed
from issuer_service.jobs.port import NOTIFY, Jobs
from issuer_service.people.service import Caller, Role
from issuer_service.persistence.identifiers import random_uuid
from issuer_service.status_lists.service import Standing, change_status
from issuer_service.status_lists.tables import StatusList
from openbadges_kit.vocabulary import StatusPurpose

__all__ = ["change", "change_many", "credential_of", "standing_of"]


def change(
    session: Session,
    credential_id: str,
    standing: Standing,
    *,
    caller: Caller,
    reason: str,
    jobs: Jobs,
    now: datetime,
    randomness: Randomness,
) -> Credential:
    """Bring a badge to this standing; it changes nothing when it has it.

    Raises NotAllowed for another role, NotFound outside one's own organisation, and Refused without a reason,
    for a badge that is revoked for good, and for suspending one that was not issued as suspendable.
    """
    refused = change_many(
        session, [credential_id], standing, caller=caller, reason=reason, jobs=jobs, now=now, randomness=randomness
    )
    credential, _ = credential_of(session, credential_id, organisation_id=caller.organisation_id)
    if credential_id in refused:
        raise Refused(refused[credential_id])
    return credential


def change_many(
    session: Session,
    credential_ids: Sequence[str],
    standing: Standing,
    *,
    caller: Caller,
    reason: str,
    jobs: Jobs,
    now: datetime,
    randomness: Randomness,
) -> dict[str, str]:
    """Bring badges to this standing. Gives those that could not be, each with why; they do not stop the others.

    Raises NotAllowed for another role than teacher and administrator, and Refused without a reason.
    """
    caller.must_be(Role.TEACHER, Role.ADMINISTRATOR)
    if not reason.strip():
        raise Refused("say why", field="reason")
    # In one order for all, so that two changes of the same badges cannot wait for each other.
    found = session.execute(
        select(Credential, Award, StatusList.purpose)
        .join(Award, Award.id == Credential.award_id)
        .join(StatusList, StatusList.id == Award.status_list_id)
        .where(Credential.id.in_(credential_ids), Award.organisation_id == caller.organisation_id)
        .order_by(Award.status_list_id, Credential.id)
        .with_for_update(of=Credential)
    ).all()
    known = {row.Credential.id for row in found}
    refused = {one: "there is no such badge" for one in credential_ids if one not in known}
    positions: dict[str, list[int]] = defaultdict(list)
    changed = []
    for row in found:
        if standing_of(row.Credential) is standing:
            continue
        why_not = _why_not(row.Credential, standing, StatusPurpose(row.purpose))
        if why_not is not None:
            refused[row.Credential.id] = why_not
            continue
        positions[row.Award.status_list_id].append(row.Award.status_position)
        changed.append(row.Credential.id)
    if changed:
        session.execute(
            update(Credential).where(Credential.id.in_(changed)).values(_values(standing, caller, reason, now))
        )
        _record(session, changed, standing, caller, reason, jobs=jobs, now=now, randomness=randomness)
        for status_list_id, some in sorted(positions.items()):
            change_status(session, status_list_id, some, standing, jobs=jobs, now=now)
    return refused


def standing_of(credential: Credential) -> Standing:
    """How a badge stands."""
    if credential.revoked_at is not None:
        return Standing.REVOKED
    return Standing.SUSPENDED if credential.suspended_at is not None else Standing.VALID


def credential_of(session: Session, credential_id: str, *, organisation_id: str) -> tuple[Credential, Award]:
    """A badge of this organisation, and its award. Raises NotFound, also for another's."""
    credential = session.get(Credential, credential_id)
    award = session.get(Award, credential.award_id) if credential is not None else None
    if credential is None or award is None or award.organisation_id != organisation_id:
        raise NotFound("there is no such badge", field="credential_id")
    return credential, award


def _why_not(credential: Credential, standing: Standing, purpose: StatusPurpose) -> str | None:
    if credential.revoked_at is not None:
        return "this badge was revoked, and that cannot be taken back"
    if standing is Standing.SUSPENDED and purpose is not StatusPurpose.SUSPENSION:
        return "this badge was not issued as one that can be suspended; it can be revoked"
    return None


def _values(standing: Standing, caller: Caller, reason: str, now: datetime) -> dict[str, object]:
    match standing:
        case Standing.REVOKED:
            return {"revoked_at": now, "revoked_by": caller.person_id, "revocation_reason": reason.strip()}
        case Standing.SUSPENDED:
            return {"suspended_at": now}
        case Standing.VALID:
            return {"suspended_at": None}


def _record(
    session: Session,
    changed: Sequence[str],
    standing: Standing,
    caller: Caller,
    reason: str,
    *,
    jobs: Jobs,
    now: datetime,
    randomness: Randomness,
) -> None:
    chunk = random_uuid(randomness)
    session.execute(
        insert(StatusChange),
        [
            {
                "id": random_uuid(randomness),
                "credential_id": credential_id,
                "standing": str(standing),
                "reason": reason.strip(),
                "changed_by": caller.person_id,
                "changed_at": now,
                "chunk": chunk,
            }
            for credential_id in changed
        ],
    )
    jobs.enqueue(session, NOTIFY, chunk, key=f"{NOTIFY}:{chunk}")
    tell_changed(session, chunk, standing, changed, organisation_id=caller.organisation_id, actor_id=caller.person_id)
