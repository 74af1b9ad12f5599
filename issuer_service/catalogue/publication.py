"""Publishing a draft, and what becomes of a version afterwards."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from issuer_service.audit.events import AuditEvent
from issuer_service.audit.trail import record
from issuer_service.catalogue.authoring import hold_draft, ulo_of_draft, validations_of
from issuer_service.catalogue.life_cycle import Step, VersionStatus, next_status
from issuer_service.catalogue.qualifications import catalogue_of
from issuer_service.catalogue.service import must_be_new
from issuer_service.catalogue.tables import Qualification, UloDraft, UloVersion
from issuer_service.errors import NotFound, Refused
from issuer_service.people.service import Caller
from openbadges_kit.skills.achievement import references_of

__all__ = ["deprecate", "publish", "withdraw"]


def publish(session: Session, draft_id: str, *, base_url: str, now: datetime) -> UloVersion:
    """Publish a validated draft under its own id. The versions of this unit before it are deprecated.

    Raises Refused for a draft that no expert validated, and for a level whose registration has ended.
    """
    draft = hold_draft(session, draft_id)
    draft.status, draft.changed_at = next_status(draft.status, Step.PUBLISH), now
    shelf = session.get_one(Qualification, draft.qualification_id)
    must_be_new(session, shelf.slug, draft.number, draft.version)
    ulo = ulo_of_draft(session, draft, base_url=base_url)
    for reference in references_of(ulo):
        registration = reference.registration
        if registration is not None and registration.until is not None and registration.until < now:
            raise Refused(f"the registration of {reference.label} has ended: it is claimed no more", field="references")
    stored = UloVersion(
        id=draft.id,
        qualification_slug=shelf.slug,
        number=draft.number,
        version=draft.version,
        catalogue=catalogue_of(session, shelf).title,
        qualification=shelf.title,
        title=draft.title,
        publisher_id=draft.organisation_id,
        source=draft.source,
        content=draft.content,
        rubric=draft.rubric,
        validation=_summary(session, draft),
        published_at=now,
        status=str(VersionStatus.PUBLISHED),
        status_reason="",
    )
    session.add(stored)
    session.flush()
    before = session.scalars(
        select(UloVersion).where(
            UloVersion.qualification_slug == shelf.slug,
            UloVersion.number == draft.number,
            UloVersion.status == str(VersionStatus.PUBLISHED),
            UloVersion.id != stored.id,
        )
    )
    for earlier in before:
        _set(session, earlier, Step.DEPRECATE, reason="", now=now)
        earlier.replaced_by_id = stored.id
    record(session, AuditEvent.ULO_PUBLISHED, about=stored.id, organisation_id=draft.organisation_id)
    return stored


def deprecate(session: Session, ulo_version_id: str, *, reason: str, caller: Caller, now: datetime) -> UloVersion:
    """Advise against a version, with the reason. Raises NotFound for a version that is not this organisation's."""
    return _set(session, _own(session, ulo_version_id, caller), Step.DEPRECATE, reason=reason, now=now)


def withdraw(session: Session, ulo_version_id: str, *, reason: str, caller: Caller, now: datetime) -> UloVersion:
    """Take a version back, with the reason: no badge is awarded for it from here on. Raises as `deprecate` does."""
    return _set(session, _own(session, ulo_version_id, caller), Step.WITHDRAW, reason=reason, now=now)


def _own(session: Session, ulo_version_id: str, caller: Caller) -> UloVersion:
    found = session.scalar(select(UloVersion).where(UloVersion.id == ulo_version_id).with_for_update())
    if found is None or found.publisher_id != caller.organisation_id:
        raise NotFound("there is no such version of a ULO of yours")
    return found


def _set(session: Session, stored: UloVersion, step: Step, *, reason: str, now: datetime) -> UloVersion:
    stored.status, stored.status_at, stored.status_reason = next_status(stored.status, step), now, reason
    told = AuditEvent.ULO_DEPRECATED if step is Step.DEPRECATE else AuditEvent.ULO_WITHDRAWN
    record(session, told, about=stored.id, organisation_id=stored.publisher_id or "")
    return stored


def _summary(session: Session, draft: UloDraft) -> list[dict[str, Any]]:
    """By how many experts it was validated, how and when: who they are is not for everybody."""
    counts: dict[tuple[str, str], set[str]] = {}
    for one in validations_of(session, draft):
        counts.setdefault((one.method, one.held_on.isoformat()), set()).add(one.expert_id)
    return [
        {"method": method, "held_on": held_on, "experts": len(experts)}
        for (method, held_on), experts in sorted(counts.items())
    ]
