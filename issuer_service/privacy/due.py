"""What has had its time: how each class of data is found, and what is then done with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import Select, Text, cast, delete, or_, select, update
from sqlalchemy.orm import Session

from issuer_service.assessment.tables import Assessment, ModuleResult
from issuer_service.bulk.service import RowState
from issuer_service.bulk.tables import BulkRow, BulkRun
from issuer_service.clock import Randomness
from issuer_service.delivery.tables import Offer
from issuer_service.issuance.tables import Award, Credential
from issuer_service.notices.tables import Notice
from issuer_service.people.consent import Purpose
from issuer_service.people.roles import Role
from issuer_service.people.tables import Consent, LoginLink, Membership, WebSession
from issuer_service.privacy.erasure import erase
from issuer_service.privacy.forgetting import forget_badges
from issuer_service.privacy.forgetting_recognition import forget_assessments, forget_proofs
from issuer_service.programme.tables import Enrolment, Programme
from issuer_service.recognition.cashing_tables import HandedIn, RecognitionDecision, RecognitionRequest
from issuer_service.web.idempotency import KeptAnswer
from issuer_service.webhooks.tables import Webhook, WebhookDelivery
from issuer_service.workflow.events import WorkflowEvent
from issuer_service.workflow.process.tables import CaseEvent, ProcessCase

__all__ = ["RULES", "DataClass", "Rule", "Turn"]

_PERMITTED: Final = timedelta(days=365)
_EMPTY: Final = "{}"


class DataClass(StrEnum):
    """What has a time of its own."""

    CANDIDATES = "candidates"
    FAILED_RESULTS = "failed-results"
    REVOKED_RESULTS = "revoked-results"
    UNCLAIMED_BADGES = "unclaimed-badges"
    MESSAGES = "messages"
    BULK_ROWS = "bulk-rows"
    KEPT_ANSWERS = "kept-answers"
    WEBHOOK_DELIVERIES = "webhook-deliveries"
    RECOGNITION_PROOFS = "recognition-proofs"
    ASSESSMENTS = "assessments"
    SESSIONS = "sessions"
    CASE_NOTES = "case-notes"


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose things, and what was before which moment."""

    organisation_id: str
    before: datetime
    now: datetime
    randomness: Randomness


def _ids(session: Session, query: Select[str], limit: int | None) -> list[str]:
    return list(session.scalars(query.limit(limit)))


@dataclass(frozen=True, slots=True)
class Rule:
    """How what is due is found, and what is done with it. Finding again afterwards finds nothing."""

    find: Callable[[Session, Turn, int | None], Sequence[str]]
    act: Callable[[Session, Turn, Sequence[str]], None]


def _candidates(session: Session, turn: Turn, limit: int | None) -> Sequence[str]:
    """Whose candidacy ended, who is nothing else here, and did not permit a year."""
    other = select(Membership.person_id).where(
        Membership.organisation_id == turn.organisation_id,
        or_(Membership.role != str(Role.CANDIDATE), Membership.ended_at.is_(None)),
    )
    permitted = select(Consent.person_id).where(
        Consent.purpose == str(Purpose.KEEP_CANDIDACY), Consent.withdrawn_at.is_(None)
    )
    a_year = min(turn.before, turn.now - _PERMITTED)
    query = (
        select(Membership.person_id)
        .where(
            Membership.organisation_id == turn.organisation_id,
            Membership.role == str(Role.CANDIDATE),
            Membership.ended_at < turn.before,
            or_(Membership.ended_at < a_year, Membership.person_id.not_in(permitted)),
            Membership.person_id.not_in(other),
        )
        .order_by(Membership.person_id)
    )
    return _ids(session, query, limit)


def _erase(session: Session, turn: Turn, ids: Sequence[str]) -> None:
    for person_id in ids:
        erase(
            session,
            person_id,
            organisation_id=turn.organisation_id,
            requested_by=None,
            now=turn.now,
            randomness=turn.randomness,
        )


def _results(turn: Turn) -> Select[str]:
    return (
        select(ModuleResult.id)
        .join(Enrolment, Enrolment.id == ModuleResult.enrolment_id)
        .join(Programme, Programme.id == Enrolment.programme_id)
        .where(Programme.organisation_id == turn.organisation_id, ModuleResult.assessed_at < turn.before)
        .order_by(ModuleResult.id)
    )


def _failed_results(session: Session, turn: Turn, limit: int | None) -> Sequence[str]:
    return _ids(session, _results(turn).where(ModuleResult.passed.is_(False)), limit)


def _revoked_results(session: Session, turn: Turn, limit: int | None) -> Sequence[str]:
    revoked = (
        select(Award.evidence_id)
        .join(Credential, Credential.award_id == Award.id)
        .where(Award.organisation_id == turn.organisation_id, Credential.revoked_at < turn.before)
    )
    # A result may be behind a second badge, made anew when the first was revoked.
    holding = (
        select(Award.evidence_id)
        .outerjoin(Credential, Credential.award_id == Award.id)
        .where(
            Award.organisation_id == turn.organisation_id,
            or_(Credential.revoked_at.is_(None), Credential.revoked_at >= turn.before),
        )
    )
    return _ids(session, _results(turn).where(ModuleResult.id.in_(revoked), ModuleResult.id.not_in(holding)), limit)


def _remove_results(session: Session, _turn: Turn, ids: Sequence[str]) -> None:
    session.execute(delete(WorkflowEvent).where(WorkflowEvent.evidence_id.in_(ids)))
    session.execute(delete(ModuleResult).where(ModuleResult.id.in_(ids)))


def _unclaimed(session: Session, turn: Turn, limit: int | None) -> Sequence[str]:
    query = (
        select(Award.id)
        .join(Credential, Credential.award_id == Award.id)
        .join(Offer, Offer.credential_id == Credential.id)
        .where(
            Award.organisation_id == turn.organisation_id,
            Offer.offered_at < turn.before,
            Offer.claimed_at.is_(None),
            Credential.erased_at.is_(None),
        )
        .order_by(Award.id)
    )
    return _ids(session, query, limit)


def _forget(session: Session, turn: Turn, ids: Sequence[str]) -> None:
    forget_badges(session, ids, organisation_id=turn.organisation_id, now=turn.now, randomness=turn.randomness)


def _messages(session: Session, turn: Turn, limit: int | None) -> Sequence[str]:
    query = (
        select(Notice.id)
        .where(Notice.organisation_id == turn.organisation_id, Notice.written_at < turn.before, Notice.body != "")
        .order_by(Notice.id)
    )
    return _ids(session, query, limit)


def _empty_messages(session: Session, _turn: Turn, ids: Sequence[str]) -> None:
    # The row stays: by it, it is known that they were told, and they are not told again.
    session.execute(update(Notice).where(Notice.id.in_(ids)).values(subject="", body="", calendar=""))


def _full() -> Any:  # a condition
    # A row that waits is still to be dealt with.
    return (cast(BulkRow.content, Text) != _EMPTY) & (BulkRow.state != str(RowState.WAITING))


def _runs(session: Session, turn: Turn, limit: int | None) -> Sequence[str]:
    full = select(BulkRow.number).where(BulkRow.bulk_run_id == BulkRun.id, _full())
    query = (
        select(BulkRun.id)
        .where(BulkRun.organisation_id == turn.organisation_id, BulkRun.created_at < turn.before, full.exists())
        .order_by(BulkRun.id)
    )
    return _ids(session, query, limit)


def _empty_runs(session: Session, _turn: Turn, ids: Sequence[str]) -> None:
    session.execute(update(BulkRow).where(BulkRow.bulk_run_id.in_(ids), _full()).values(content={}, findings=[]))


def _answers(session: Session, turn: Turn, limit: int | None) -> Sequence[str]:
    query = select(KeptAnswer.request_key).where(
        KeptAnswer.organisation_id == turn.organisation_id, KeptAnswer.answered_at < turn.before
    )
    return _ids(session, query.order_by(KeptAnswer.request_key), limit)


def _remove_answers(session: Session, turn: Turn, ids: Sequence[str]) -> None:
    ours = KeptAnswer.organisation_id == turn.organisation_id
    session.execute(
        delete(KeptAnswer).where(ours, KeptAnswer.answered_at < turn.before, KeptAnswer.request_key.in_(ids))
    )


def _deliveries(session: Session, turn: Turn, limit: int | None) -> Sequence[str]:
    query = (
        select(WebhookDelivery.id)
        .join(Webhook, Webhook.id == WebhookDelivery.webhook_id)
        .where(
            Webhook.organisation_id == turn.organisation_id,
            or_(WebhookDelivery.delivered_at < turn.before, WebhookDelivery.given_up_at < turn.before),
            WebhookDelivery.body != b"",
        )
        .order_by(WebhookDelivery.id)
    )
    return _ids(session, query, limit)


def _empty_deliveries(session: Session, _turn: Turn, ids: Sequence[str]) -> None:
    # The row stays: by it, it is known that it was told, and it is not told again.
    session.execute(update(WebhookDelivery).where(WebhookDelivery.id.in_(ids)).values(body=b""))


def _proofs(session: Session, turn: Turn, limit: int | None) -> Sequence[str]:
    """Requests that were decided, withdrawn or left alone before then, and still have what was handed in."""
    decided = select(RecognitionDecision.request_id).where(RecognitionDecision.decided_at >= turn.before)
    ever_decided = select(RecognitionDecision.request_id)
    kept = select(HandedIn.request_id)
    query = (
        select(RecognitionRequest.id)
        .where(
            RecognitionRequest.organisation_id == turn.organisation_id,
            RecognitionRequest.opened_at < turn.before,
            RecognitionRequest.id.not_in(decided),
            or_(RecognitionRequest.withdrawn_at.is_(None), RecognitionRequest.withdrawn_at < turn.before),
            or_(RecognitionRequest.id.not_in(ever_decided), RecognitionRequest.id.in_(kept)),
        )
        .order_by(RecognitionRequest.id)
    )
    return _ids(session, query, limit)


def _assessments(session: Session, turn: Turn, limit: int | None) -> Sequence[str]:
    """Those of which no badge came."""
    awarded = select(Award.evidence_id).where(Award.organisation_id == turn.organisation_id)
    query = (
        select(Assessment.id)
        .where(
            Assessment.organisation_id == turn.organisation_id,
            Assessment.recorded_at < turn.before,
            Assessment.id.not_in(awarded),
        )
        .order_by(Assessment.id)
    )
    return _ids(session, query, limit)


def _remove_assessments(session: Session, _turn: Turn, ids: Sequence[str]) -> None:
    forget_assessments(session, ids)


def _remove_proofs(session: Session, _turn: Turn, ids: Sequence[str]) -> None:
    forget_proofs(session, ids)


def _sessions(session: Session, turn: Turn, limit: int | None) -> Sequence[str]:
    ours = select(Membership.person_id).where(Membership.organisation_id == turn.organisation_id)
    sessions = select(WebSession.token_sha256).where(
        WebSession.organisation_id == turn.organisation_id, WebSession.expires_at < turn.before
    )
    links = select(LoginLink.token_sha256).where(LoginLink.person_id.in_(ours), LoginLink.expires_at < turn.before)
    found = [*_ids(session, sessions, limit), *_ids(session, links, limit)]
    return found[:limit]


def _remove_sessions(session: Session, _turn: Turn, ids: Sequence[str]) -> None:
    session.execute(delete(WebSession).where(WebSession.token_sha256.in_(ids)))
    session.execute(delete(LoginLink).where(LoginLink.token_sha256.in_(ids)))


def _case_notes(session: Session, turn: Turn, limit: int | None) -> Sequence[str]:
    query = (
        select(CaseEvent.id)
        .join(ProcessCase, ProcessCase.id == CaseEvent.case_id)
        .where(
            CaseEvent.organisation_id == turn.organisation_id,
            ProcessCase.ended_at < turn.before,
            cast(CaseEvent.confidential, Text) != _EMPTY,
        )
        .order_by(CaseEvent.id)
    )
    return _ids(session, query, limit)


def _empty_notes(session: Session, _turn: Turn, ids: Sequence[str]) -> None:
    session.execute(update(CaseEvent).where(CaseEvent.id.in_(ids)).values(confidential={}))


RULES: Final[Mapping[DataClass, Rule]] = MappingProxyType(
    {
        DataClass.CANDIDATES: Rule(_candidates, _erase),
        DataClass.FAILED_RESULTS: Rule(_failed_results, _remove_results),
        DataClass.REVOKED_RESULTS: Rule(_revoked_results, _remove_results),
        DataClass.UNCLAIMED_BADGES: Rule(_unclaimed, _forget),
        DataClass.MESSAGES: Rule(_messages, _empty_messages),
        DataClass.BULK_ROWS: Rule(_runs, _empty_runs),
        DataClass.KEPT_ANSWERS: Rule(_answers, _remove_answers),
        DataClass.WEBHOOK_DELIVERIES: Rule(_deliveries, _empty_deliveries),
        DataClass.RECOGNITION_PROOFS: Rule(_proofs, _remove_proofs),
        DataClass.ASSESSMENTS: Rule(_assessments, _remove_assessments),
        DataClass.SESSIONS: Rule(_sessions, _remove_sessions),
        DataClass.CASE_NOTES: Rule(_case_notes, _empty_notes),
    }
)
