"""What is held on people, where, why, and how it goes: the register that the privacy page shows.

Every column of every table is in it or in `IMPERSONAL`; a test fails for one that is in neither, so that nobody adds a
column with somebody's data without saying so.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from issuer_service.privacy.held import ACCESS, ACCOUNT, CONTRACT, Held
from issuer_service.privacy.held_for_metrolines import METROLINES, METROLINES_IMPERSONAL
from issuer_service.privacy.held_for_recognition import RECOGNITION
from issuer_service.privacy.held_on_paths import PATHS

__all__ = ["IMPERSONAL", "REGISTER", "Held", "as_table"]


REGISTER: Final[tuple[Held, ...]] = (
    Held(
        "person",
        ("id", "name", "email", "language", "age_group", "erased_at"),
        "who somebody is, their language, and that they are not of age where that is known",
        CONTRACT,
        "until erased; unselected candidates `candidates`",
        "removed; of who approved or assessed for others only the id is left",
    ),
    Held("membership", ("person_id", "role", "ended_at"), "what they are here", CONTRACT, "as the person", "removed"),
    Held(
        "consent",
        ("person_id", "purpose", "recipient", "wording", "given_by", "given_at", "recorded_by", "withdrawn_at"),
        "what they agreed to",
        "to show that they did",
        "as the person",
        "removed; that it was given stays in the audit trail, by id",
    ),
    Held(
        "enrolment",
        ("person_id", "subject_id", "enrolled_at"),
        "which programmes",
        CONTRACT,
        "as the person",
        "removed",
    ),
    Held(
        "module_result",
        ("assessor_id", "assessed_at", "levels", "passed"),
        "how they were assessed, and by whom",
        CONTRACT,
        "not passed: `failed-results`; behind a badge: `revoked-results` after it was revoked",
        "removed",
    ),
    Held(
        "workflow_event",
        ("occurred_at", "awards", "refused"),
        "that they passed, and what was awarded for it, or why it could not be",
        CONTRACT,
        "as the result",
        "removed",
    ),
    Held(
        "recipient",
        ("reference", "person_id", "subject_id"),
        "the provider's own number for them",
        CONTRACT,
        "as the person",
        "removed",
    ),
    Held(
        "award",
        ("person_id", "assessor_id", "evidence_id", "idempotency_key", "document", "approved_by", "problem"),
        "what they are awarded, by whom",
        CONTRACT,
        "as the badge",
        "unlinked and emptied; not yet signed: removed",
    ),
    Held(
        "award_refusal",
        ("refused_by", "reason"),
        "that an award was refused, by whom and why",
        ACCOUNT,
        "as the award",
        "removed",
    ),
    Held(
        "credential",
        ("document", "jwt", "revoked_by", "revocation_reason"),
        "the signed badge, with a random id in the place of a name, and the levels reached",
        CONTRACT,
        "until erased; never collected: `unclaimed-badges`",
        "emptied; id, moments and standing stay",
    ),
    Held(
        "status_change",
        ("reason", "changed_by"),
        "why a badge was revoked or suspended, and by whom",
        ACCOUNT,
        "as the badge",
        "the reason is removed",
    ),
    Held("offer", ("claimed_at",), "whether they collected it", CONTRACT, "as the badge", "stays, unlinked"),
    Held(
        "registry_delivery",
        ("registry_id", "state", "asked_at", "delivered_at"),
        "to which registries their badge went, or was to go",
        "their consent, per registry",
        "as the badge",
        "stays, unlinked; what waits is not sent",
    ),
    Held(
        "notice",
        ("person_id", "purpose", "language", "subject", "body", "calendar", "state", "last_outcome", "sent_at"),
        "what was written to them, with their name and their link, and whether it was sent",
        CONTRACT,
        "`messages`, then emptied",
        "removed",
    ),
    Held(
        "bulk_run", ("requested_by", "reason"), "who asked for a bulk run", ACCOUNT, "for ever, by id", "the id stays"
    ),
    Held(
        "bulk_row",
        ("content", "findings"),
        "the row that was sent: number, name, address, levels",
        CONTRACT,
        "`bulk-rows`, then emptied",
        "emptied",
    ),
    Held(
        "key_change",
        ("reason", "asked_by"),
        "who asked for another signing key, and why",
        ACCOUNT,
        "for ever, by id",
        "the id stays",
    ),
    *METROLINES,
    *RECOGNITION,
    *PATHS,
    Held(
        "ulo_draft",
        ("author_id", "returned_because"),
        "who wrote a learning outcome, and why a reviewer gave it back",
        ACCOUNT,
        "as the learning outcome, by id",
        "the id stays",
    ),
    Held(
        "ulo_validation",
        ("expert_id", "agreed", "notes", "recorded_by"),
        "what an expert found of a learning outcome",
        ACCOUNT,
        "as the learning outcome, by id",
        "the notes are removed; that an expert agreed stays, by id",
    ),
    Held(
        "kept_answer",
        ("person_id", "request_key", "answer"),
        "what was answered, so that sending again does nothing twice",
        "security of what is recorded",
        "`kept-answers`",
        "removed",
    ),
    Held(
        "webhook_delivery",
        ("body",),
        "ids of people and badges, as they were told",
        CONTRACT,
        "`webhook-deliveries`",
        "removed",
    ),
    Held(
        "api_key",
        ("name", "created_by", "last_used_at"),
        "their keys, as hashes",
        ACCESS,
        "as the role",
        "removed",
    ),
    Held(
        "web_session",
        ("person_id", "expires_at"),
        "that they are signed in",
        ACCESS,
        "`sessions` after its end",
        "removed",
    ),
    Held(
        "login_link",
        ("person_id", "used_at"),
        "a link that signs them in",
        ACCESS,
        "`sessions` after its end",
        "removed",
    ),
    Held(
        "external_identity",
        ("issuer", "subject", "person_id", "linked_at"),
        "who they are at the identity provider",
        ACCESS,
        "as the person",
        "removed",
    ),
    Held(
        "audit_entry",
        ("actor_id", "about", "details"),
        "who did what, by ids alone",
        ACCOUNT,
        "for ever",
        "stays: the ids lead to nobody",
    ),
    Held(
        "erasure",
        ("person_id", "requested_by"),
        "that somebody was erased, by id",
        "to erase again what a backup brings back",
        "for ever",
        "stays",
    ),
)

IMPERSONAL: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        table: frozenset(columns.split())
        for table, columns in {
            **METROLINES_IMPERSONAL,
            "achievement_version": "id publisher_id kind slug version title content published_at status status_at "
            "status_reason",
            "api_key": "id key_sha256 membership_id scopes created_at expires_at revoked_at",
            "assessment": "id organisation_id plan_id recorded_at",
            "assessment_plan": "id organisation_id slug version title ulo_version_id criteria_id components matrix "
            "rubric written_at published_at",
            "assessment_review": "id assessment_id number decided_at",
            "audit_entry": "organisation_id number at event previous_sha256 sha256",
            "audit_head": "organisation_id number sha256 seal",
            "award": "id organisation_id ulo_version_id achievement_version_id four_eyes credential_id status_list_id "
            "status_position key_id created accepted_at approved_at signing_chunk",
            "award_refusal": "award_id refused_at",
            "case_event": "id organisation_id case_id number act what role to_stage cleared tells",
            "case_party": "case_id role organisation_id",
            "case_task": "id organisation_id case_id what verb role",
            "bulk_row": "bulk_run_id number state award_id",
            "bulk_run": "id organisation_id key content_sha256 kind dry_run approve row_count chunk_size created_at",
            "catalogue": "id publisher_id slug title texts language licence source is_example opened_at",
            "consent": "id organisation_id",
            "credential": "id award_id key_id jwt_key_id signed_at revoked_at suspended_at erased_at",
            "criteria_version": "id organisation_id slug version kind title rule cohorts_from cohorts_until "
            "superseded_from written_at published_at",
            "crosswalk_entry": "id organisation_id theirs ours match added_at ended_at",
            "designation": "id organisation_id scheme scheme_title",
            "enrolment": "id programme_id",
            "erasure": "id organisation_id erased_at steps",
            "exemption": "id decision_id",
            "external_identity": "id",
            "handed_in": "id request_id handed_in_at",
            "key_change": "id organisation_id kind purpose key_id new_key_id since asked_at done_at problem",
            "key_probe": "signing_key_id probed_at problem",
            "key_use": "id signing_key_id what about_id signatures latest used_at",
            "kept_answer": "organisation_id request_sha256 answered_at",
            "login_link": "token_sha256 expires_at",
            "membership": "id organisation_id",
            "module": "id programme_id title phase ulo_version_id",
            "module_result": "id enrolment_id module_id",
            "offer": "credential_id offered_at",
            "organisation": "id kind slug name country_code",
            "notice": "id organisation_id about_id round written_at until due_at attempts last_tried_at",
            "process_case": "id organisation_id definition_id programme_id about_id number",
            "process_definition": "id organisation_id name version sha256 content published_at",
            "programme": "id organisation_id title preset settings",
            "qualification": "id catalogue_id publisher_id slug title texts scheme opened_at",
            "proof_match": "id handed_in_id",
            "recipient": "id organisation_id",
            "recognition_decision": "id request_id",
            "recognition_request": "id organisation_id challenge",
            "retention_setting": "organisation_id data_class days",
            "registry": "id organisation_id recipient url added_at ended_at",
            "registry_delivery": "id credential_id attempts last_tried_at last_outcome",
            "reverification": "id started_at after checked failed finished_at",
            "reverification_finding": "reverification_id credential_id reasons",
            "scheduled_job": "name every_seconds next_at runs",
            "setting_out": "id organisation_id",
            "signing_key": "id organisation_id purpose number store label fragment public_multikey encrypted_secret "
            "created_at retired_at compromised_since",
            "skill_level": "id mapping_id number",
            "skills_mapping": "id organisation_id title source cells added_at",
            "skills_unit": "id mapping_id ulo reaches minutes",
            "status_change": "id credential_id standing changed_at chunk",
            "status_entry": "status_list_id position set_at suspended_at",
            "status_list": "id organisation_id purpose number entries opened_at version published_version "
            "published published_token published_at",
            "trusted_issuer": "id organisation_id issuer added_at ended_at",
            "ulo_draft": "id organisation_id qualification_id number version title source content rubric status "
            "created_at changed_at submitted_at",
            "ulo_endorsement": "id ulo_version_id organisation_id comment requested_at document signed_at",
            "ulo_validation": "id draft_id method held_on recorded_at",
            "ulo_version": "id qualification_slug number version catalogue qualification title publisher_id source "
            "content rubric validation published_at status status_at status_reason replaced_by_id",
            "vc_api_status": "position credential_id issued_at revoked_at suspended_at",
            "web_session": "token_sha256 organisation_id",
            "webhook": "id organisation_id url events created_at ended_at",
            "webhook_delivery": "id webhook_id event about_id created_at attempts last_tried_at last_outcome "
            "delivered_at given_up_at",
            "worker": "executor beats started_at",
            "workflow_event": "id organisation_id kind enrolment_id evidence_id gathered_at handled_at "
            "refusals again_at",
        }.items()
    }
)
"""The columns that say nothing of a person by themselves: ids of things, moments of the work, wire values."""


def as_table() -> str:
    """The register as it stands on the privacy page."""
    lines = ["| where | what | why | how long | when erased |", "|---|---|---|---|---|"]
    for held in REGISTER:
        where = f"`{held.table}`: {', '.join(f'`{column}`' for column in held.columns)}"
        lines.append(f"| {where} | {held.what} | {held.why} | {held.kept} | {held.on_erasure} |")
    return "\n".join(lines) + "\n"
