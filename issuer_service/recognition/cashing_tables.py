"""What somebody hands in, what is found of it, and what is decided: all of it personal data."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from issuer_service.persistence.columns import Table, UtcDateTime

__all__ = ["Designation", "Exemption", "HandedIn", "ProofMatch", "RecognitionDecision", "RecognitionRequest"]


class RecognitionRequest(Table):
    """That somebody wants proofs laid along a published version of criteria.

    `challenge` binds a presentation to this request. `subject_id` stands for the person in what is decided: drawn for
    this request, so that two of them cannot be laid side by side.
    """

    __tablename__ = "recognition_request"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    criteria_id: Mapped[str] = mapped_column(ForeignKey("criteria_version.id"))
    subject_id: Mapped[str] = mapped_column(String(36))
    challenge: Mapped[str] = mapped_column(String(36))
    opened_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)


class HandedIn(Table):
    """One credential of a request, as it came: who it is by, what verifying it found, and whether it is about them.

    `about` is how it is known to be about the person. Whatever verified once is verified again when it is decided on.
    """

    __tablename__ = "handed_in"
    __tenant_by__ = "request_id"
    __table_args__ = (UniqueConstraint("request_id", "credential"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    request_id: Mapped[str] = mapped_column(ForeignKey("recognition_request.id"))
    credential: Mapped[str] = mapped_column(String(500))
    issuer: Mapped[str] = mapped_column(String(2000))
    issuer_name: Mapped[str] = mapped_column(String(300))
    name: Mapped[str] = mapped_column(String(300))
    received: Mapped[bytes] = mapped_column(LargeBinary)
    verified: Mapped[bool]
    reasons: Mapped[list[str]] = mapped_column(JSON)
    about: Mapped[str] = mapped_column(String(20))
    about_reason: Mapped[str | None] = mapped_column(String(500), default=None)
    confirmed_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"), default=None)
    handed_in_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    handed_in_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ProofMatch(Table):
    """That a credential shows an outcome, how that was found, and, where a person has a say, what that person said."""

    __tablename__ = "proof_match"
    __tenant_by__ = "handed_in_id"
    __table_args__ = (UniqueConstraint("handed_in_id", "outcome"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    handed_in_id: Mapped[str] = mapped_column(ForeignKey("handed_in.id"))
    outcome: Mapped[str] = mapped_column(String(2000))
    kind: Mapped[str] = mapped_column(String(20))
    found_by: Mapped[str] = mapped_column(String(2000))
    proof: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(20))
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"), default=None)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    reason: Mapped[str | None] = mapped_column(String(500), default=None)


class RecognitionDecision(Table):
    """What was decided on a request, by whom and why; the tree as it was then. One for each request, never changed.

    `award_id` is the signed decision, `composite_award_id` the badge for the whole set; none where nothing was granted.
    """

    __tablename__ = "recognition_decision"
    __tenant_by__ = "request_id"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    request_id: Mapped[str] = mapped_column(ForeignKey("recognition_request.id"), unique=True)
    verdict: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text)
    tree: Mapped[dict[str, Any]] = mapped_column(JSON)
    decided_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    award_id: Mapped[str | None] = mapped_column(ForeignKey("award.id"), default=None)
    composite_award_id: Mapped[str | None] = mapped_column(ForeignKey("award.id"), default=None)


class Exemption(Table):
    """Vrijstelling: what of a course somebody need not do again, on which outcomes, and how many minutes that saves."""

    __tablename__ = "exemption"
    __tenant_by__ = "decision_id"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    decision_id: Mapped[str] = mapped_column(ForeignKey("recognition_decision.id"))
    module_id: Mapped[str | None] = mapped_column(ForeignKey("module.id"), default=None)
    part: Mapped[str] = mapped_column(String(300))
    outcomes: Mapped[list[str]] = mapped_column(JSON)
    minutes_saved: Mapped[int]


class Designation(Table):
    """Aanwijzing: that somebody is VOP, VP or WV within one scheme (regeling), by whose word and until when.

    `designated_by` is who said so within the scheme: for a VOP a VP or WV of it. `grounds` are the proofs it rests on.
    """

    __tablename__ = "designation"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    scheme: Mapped[str] = mapped_column(String(2000))
    scheme_title: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(3))
    tasks: Mapped[list[str]] = mapped_column(JSON)
    grounds: Mapped[list[str]] = mapped_column(JSON)
    experience: Mapped[str] = mapped_column(Text)
    register_number: Mapped[str] = mapped_column(String(100))
    valid_from: Mapped[date]
    valid_until: Mapped[date]
    designated_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    designated_as: Mapped[str | None] = mapped_column(String(36), default=None)
    decided_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    award_id: Mapped[str | None] = mapped_column(ForeignKey("award.id"), default=None)
    ended_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"), default=None)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    ended_because: Mapped[str | None] = mapped_column(String(500), default=None)
