"""What the audit trail tells of."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["AuditEvent"]


class AuditEvent(StrEnum):
    """What was done. An entry's `about` is the id of what it was done to, or of the chunk that it was done to."""

    AWARDS_ACCEPTED = "awards.accepted"
    AWARDS_APPROVED = "awards.approved"
    AWARDS_REFUSED = "awards.refused"
    BADGES_SIGNED = "badges.signed"
    BADGES_REVOKED = "badges.revoked"
    BADGES_SUSPENDED = "badges.suspended"
    BADGES_REINSTATED = "badges.reinstated"
    STATUS_LIST_SIGNED = "status-list.signed"
    BULK_RUN_BEGUN = "bulk-run.begun"
    RESULT_RECORDED = "result.recorded"

    KEY_ORDERED = "key.ordered"
    KEY_MADE = "key.made"
    KEY_ROTATED = "key.rotated"
    KEY_RETIRED = "key.retired"
    KEY_COMPROMISED = "key.compromised"

    ORGANISATION_OPENED = "organisation.opened"
    ORGANISATION_CHANGED = "organisation.changed"
    PERSON_ADDED = "person.added"
    PEOPLE_ADDED = "people.added"
    PERSON_CHANGED = "person.changed"
    ROLE_GIVEN = "role.given"
    ROLE_TAKEN = "role.taken"
    PERSON_ENROLLED = "person.enrolled"
    ACCESS_KEY_MADE = "access-key.made"
    ACCESS_KEY_REVOKED = "access-key.revoked"
    LOGIN_LINK_MADE = "login-link.made"
    SIGNED_IN = "signed-in"
    SIGNED_OUT = "signed-out"

    PROGRAMME_OPENED = "programme.opened"
    MODULE_ADDED = "module.added"
    ULO_PUBLISHED = "ulo.published"
    CRITERIA_DRAFTED = "criteria.drafted"
    CRITERIA_CHANGED = "criteria.changed"
    CRITERIA_PUBLISHED = "criteria.published"
    ISSUER_TRUSTED = "issuer.trusted"
    TRUST_ENDED = "trust.ended"
    WEBHOOK_ADDED = "webhook.added"
    WEBHOOK_ENDED = "webhook.ended"
    SETTINGS_CHANGED = "settings.changed"

    CONSENT_GIVEN = "consent.given"
    CONSENT_WITHDRAWN = "consent.withdrawn"
    CANDIDACY_ENDED = "candidacy.ended"
    PERSON_EXPORTED = "person.exported"
    PERSON_ERASED = "person.erased"
    DATA_EXPIRED = "data.expired"
    DATABASE_RESTORED = "database.restored"
    TRAIL_EXPORTED = "trail.exported"
