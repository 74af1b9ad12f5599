"""What is told of badges and awards: ids and moments, and nobody's name."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from issuer_service.errors import Refused
from issuer_service.issuance.tables import Award, AwardRefusal, Credential, StatusChange
from issuer_service.jobs.port import Jobs
from issuer_service.programme.tables import Enrolment, Programme
from issuer_service.status_lists.service import Standing
from issuer_service.webhooks.service import Happening, WebhookEvent, announce
from issuer_service.webhooks.tables import Webhook
from issuer_service.workflow.events import WorkflowEvent
from openbadges_kit.timestamps import format_timestamp

__all__ = ["announce_issued", "announce_refusal", "announce_refused_by_teacher", "announce_revoked"]

_Badges = Select[Credential, Award]


def announce_issued(session: Session, chunk: str, *, base_url: str, jobs: Jobs, now: datetime) -> None:
    """Have it told that the badges of this chunk were issued; once each, however often it is announced."""
    badges = select(Credential, Award).join(Award, Award.id == Credential.award_id).where(Award.signing_chunk == chunk)
    _announce(session, badges, WebhookEvent.CREDENTIAL_ISSUED, base_url=base_url, jobs=jobs, now=now)


def announce_revoked(session: Session, chunk: str, *, base_url: str, jobs: Jobs, now: datetime) -> None:
    """Have it told which badges were revoked by the changes of this chunk."""
    badges = (
        select(Credential, Award)
        .join(Award, Award.id == Credential.award_id)
        .join(StatusChange, StatusChange.credential_id == Credential.id)
        .where(StatusChange.chunk == chunk, StatusChange.standing == str(Standing.REVOKED))
    )
    _announce(session, badges, WebhookEvent.CREDENTIAL_REVOKED, base_url=base_url, jobs=jobs, now=now)


def announce_refusal(session: Session, event_id: str, refused: Refused, *, jobs: Jobs, now: datetime) -> None:
    """Have it told that what somebody did could not become a badge, and why."""
    event = session.get_one(WorkflowEvent, event_id)
    enrolment = session.get_one(Enrolment, event.enrolment_id)
    programme = session.get_one(Programme, enrolment.programme_id)
    data: dict[str, object] = {
        "enrolment_id": enrolment.id,
        "evidence_id": event.evidence_id,
        "person_id": enrolment.person_id,
        "detail": str(refused),
        "findings": list(refused.findings),
    }
    happening = Happening(WebhookEvent.AWARD_REFUSED, event.id, data)
    announce(session, programme.organisation_id, [happening], jobs=jobs, now=now)


def announce_refused_by_teacher(session: Session, award_id: str, *, jobs: Jobs, now: datetime) -> None:
    """Have it told that a teacher refused an award. The reason is theirs to read who may see awards."""
    award, refusal = session.get(Award, award_id), session.get(AwardRefusal, award_id)
    if award is None or refusal is None:
        # Erased, with whom it was for, while the job waited.
        return
    data: dict[str, object] = {
        "award_id": award.id,
        "evidence_id": award.evidence_id,
        "person_id": award.person_id,
        "ulo_version_id": award.ulo_version_id,
        "achievement_version_id": award.achievement_version_id,
        "refused_at": format_timestamp(refusal.refused_at),
        "detail": "a teacher refused this award; the award says why",
        "findings": [],
    }
    happening = Happening(WebhookEvent.AWARD_REFUSED, award.id, data)
    announce(session, award.organisation_id, [happening], jobs=jobs, now=now)


def _announce(
    session: Session, badges: _Badges, event: WebhookEvent, *, base_url: str, jobs: Jobs, now: datetime
) -> None:
    # Most installations have no webhook at all, and bulk issuing need not read every badge back for none.
    listening = select(Webhook.organisation_id).where(Webhook.ended_at.is_(None))
    by_organisation: dict[str, list[Happening]] = defaultdict(list)
    for row in session.execute(badges.where(Award.organisation_id.in_(listening))):
        data: dict[str, object] = {
            "credential_id": row.Credential.id,
            "award_id": row.Award.id,
            "person_id": row.Award.person_id,
            "ulo_version_id": row.Award.ulo_version_id,
            "achievement_version_id": row.Award.achievement_version_id,
            "url": f"{base_url}/badges/{row.Credential.id}",
            "signed_at": format_timestamp(row.Credential.signed_at),
        }
        if row.Credential.revoked_at is not None:
            data["revoked_at"] = format_timestamp(row.Credential.revoked_at)
        by_organisation[row.Award.organisation_id].append(Happening(event, row.Credential.id, data))
    for organisation_id, happenings in by_organisation.items():
        announce(session, organisation_id, happenings, jobs=jobs, now=now)
