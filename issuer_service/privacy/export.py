"""Everything that is held on one person, as JSON: what they may ask for (GDPR, articles 15 and 20)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from issuer_service.assessment.skills_tables import SkillLevelRecord, SkillsMappingRow
from issuer_service.assessment.tables import Assessment, AssessmentPlan, AssessmentReview, ModuleResult
from issuer_service.audit.events import AuditEvent
from issuer_service.audit.tables import AuditEntry
from issuer_service.audit.trail import record
from issuer_service.bulk.tables import BulkRow, BulkRun, Recipient
from issuer_service.catalogue.tables import UloDraft, UloValidation
from issuer_service.delivery.tables import Offer, RegistryDelivery
from issuer_service.issuance.tables import Award, AwardRefusal, Credential, StatusChange
from issuer_service.notices.tables import Notice
from issuer_service.people.service import person_of
from issuer_service.people.tables import (
    ApiKey,
    Consent,
    ExternalIdentity,
    LoginLink,
    Membership,
    Person,
    WebSession,
)
from issuer_service.persistence.columns import Table
from issuer_service.programme.tables import Enrolment
from issuer_service.recognition.cashing_tables import (
    Designation,
    Exemption,
    HandedIn,
    ProofMatch,
    RecognitionDecision,
    RecognitionRequest,
)
from issuer_service.recognition.tables import CriteriaVersion, CrosswalkEntry, TrustedIssuer
from issuer_service.signing_keys.tables import KeyChange
from issuer_service.web.idempotency import KeptAnswer
from issuer_service.webhooks.tables import WebhookDelivery
from issuer_service.workflow.events import WorkflowEvent
from issuer_service.workflow.metroline.tables import (
    Attendance,
    MetrolineCanvas,
    MetrolineStep,
    Participation,
    ReachedOutcome,
    StationAssessment,
)
from issuer_service.workflow.process.tables import CaseEvent, CaseParty, CaseTask, ProcessCase
from issuer_service.workflow.setting_out import SettingOut
from openbadges_kit.documents import parse_json_object

__all__ = ["export_person", "tables_exported"]

# Hashes of secrets; what was meant to be signed, because the badge itself is there; and answers to who works here, with
# others in them.
_LEFT_OUT: Final[Mapping[str, frozenset[str]]] = {
    "api_key": frozenset({"key_sha256"}),
    "web_session": frozenset({"token_sha256"}),
    "login_link": frozenset({"token_sha256"}),
    "award": frozenset({"document"}),
    "kept_answer": frozenset({"answer"}),
}


def export_person(session: Session, person_id: str, *, organisation_id: str) -> dict[str, list[dict[str, Any]]]:
    """The rows of every table that are about this person, by table. Raises NotFound for whom it does not know."""
    person = person_of(session, person_id, organisation_id=organisation_id)
    found = {
        table.__tablename__: [_row(row) for row in session.scalars(select(table).where(condition))]
        for table, condition in _conditions(person).items()
    }
    record(session, AuditEvent.PERSON_EXPORTED, about=person.id, organisation_id=organisation_id)
    return {table: rows for table, rows in sorted(found.items()) if rows}


def _conditions(person: Person) -> dict[type[Table], ColumnElement[bool]]:
    """By which each table's rows are about somebody. What they did for others is theirs by the trail."""
    enrolments = select(Enrolment.id).where(Enrolment.person_id == person.id)
    awards = select(Award.id).where(Award.person_id == person.id)
    badges = select(Credential.id).where(Credential.award_id.in_(awards))
    events = select(WorkflowEvent.id).where(WorkflowEvent.enrolment_id.in_(enrolments))
    members = select(Membership.id).where(Membership.person_id == person.id)
    cases = select(ProcessCase.id).where(ProcessCase.person_id == person.id)
    numbers = select(Recipient.reference).where(Recipient.person_id == person.id)
    requests = select(RecognitionRequest.id).where(RecognitionRequest.person_id == person.id)
    assessments = select(Assessment.id).where(Assessment.person_id == person.id)
    handed_in = select(HandedIn.id).where(HandedIn.request_id.in_(requests))
    decisions = select(RecognitionDecision.id).where(RecognitionDecision.request_id.in_(requests))
    return {
        Person: Person.id == person.id,
        Membership: Membership.person_id == person.id,
        Consent: Consent.person_id == person.id,
        Enrolment: Enrolment.person_id == person.id,
        ModuleResult: ModuleResult.enrolment_id.in_(enrolments),
        WorkflowEvent: WorkflowEvent.enrolment_id.in_(enrolments),
        Participation: Participation.enrolment_id.in_(enrolments),
        Attendance: Attendance.enrolment_id.in_(enrolments),
        StationAssessment: StationAssessment.enrolment_id.in_(enrolments),
        ReachedOutcome: ReachedOutcome.enrolment_id.in_(enrolments),
        MetrolineCanvas: MetrolineCanvas.written_by == person.id,
        MetrolineStep: MetrolineStep.taken_by == person.id,
        ProcessCase: ProcessCase.person_id == person.id,
        CaseParty: CaseParty.person_id == person.id,
        CaseTask: CaseTask.person_id == person.id,
        CaseEvent: CaseEvent.case_id.in_(cases),
        SettingOut: SettingOut.person_id == person.id,
        Recipient: Recipient.person_id == person.id,
        Award: Award.person_id == person.id,
        Credential: Credential.award_id.in_(awards),
        AwardRefusal: AwardRefusal.award_id.in_(awards),
        StatusChange: StatusChange.credential_id.in_(badges),
        Offer: Offer.credential_id.in_(badges),
        RegistryDelivery: RegistryDelivery.credential_id.in_(badges),
        Notice: Notice.person_id == person.id,
        KeyChange: KeyChange.asked_by == person.id,
        CriteriaVersion: or_(CriteriaVersion.written_by == person.id, CriteriaVersion.published_by == person.id),
        CrosswalkEntry: or_(CrosswalkEntry.added_by == person.id, CrosswalkEntry.ended_by == person.id),
        RecognitionRequest: RecognitionRequest.person_id == person.id,
        HandedIn: HandedIn.request_id.in_(requests),
        ProofMatch: ProofMatch.handed_in_id.in_(handed_in),
        RecognitionDecision: RecognitionDecision.request_id.in_(requests),
        Exemption: Exemption.decision_id.in_(decisions),
        AssessmentPlan: or_(AssessmentPlan.written_by == person.id, AssessmentPlan.published_by == person.id),
        Assessment: Assessment.person_id == person.id,
        AssessmentReview: AssessmentReview.assessment_id.in_(assessments),
        SkillsMappingRow: SkillsMappingRow.added_by == person.id,
        SkillLevelRecord: SkillLevelRecord.person_id == person.id,
        Designation: Designation.person_id == person.id,
        TrustedIssuer: or_(TrustedIssuer.added_by == person.id, TrustedIssuer.ended_by == person.id),
        UloDraft: UloDraft.author_id == person.id,
        UloValidation: UloValidation.expert_id == person.id,
        BulkRun: BulkRun.requested_by == person.id,
        BulkRow: or_(
            BulkRow.award_id.in_(awards),
            BulkRow.content["reference"].as_string().in_(numbers),
            func.lower(BulkRow.content["email"].as_string()) == person.email.lower(),
        ),
        KeptAnswer: KeptAnswer.person_id == person.id,
        WebhookDelivery: or_(*(WebhookDelivery.about_id.in_(some) for some in (awards, badges, events))),
        ApiKey: ApiKey.membership_id.in_(members),
        WebSession: WebSession.person_id == person.id,
        LoginLink: LoginLink.person_id == person.id,
        ExternalIdentity: ExternalIdentity.person_id == person.id,
        AuditEntry: or_(AuditEntry.actor_id == person.id, AuditEntry.about == person.id),
    }


def tables_exported() -> frozenset[str]:
    """The tables of which an export has rows."""
    return frozenset(table.__tablename__ for table in _conditions(Person(id="", name="", email="")))


def _row(row: Table) -> dict[str, Any]:
    left_out = _LEFT_OUT.get(row.__tablename__, frozenset())
    keys = [attribute.key for attribute in type(row).__mapper__.column_attrs if attribute.key not in left_out]
    return {key: _plain(getattr(row, key)) for key in keys}


def _plain(value: Any) -> Any:  # a column's value, and what JSON has for it
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return _plain_bytes(value)
    return value


def _plain_bytes(value: bytes) -> Any:  # JSON, or the text of a token
    return parse_json_object(value) if value.startswith(b"{") else value.decode() or None
