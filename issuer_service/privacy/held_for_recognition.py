"""What is held where proofs are cashed in: criteria, what was handed in, decisions, designations."""

from __future__ import annotations

from typing import Final

from issuer_service.privacy.held import ACCOUNT, CONTRACT, Held

__all__ = ["RECOGNITION"]

RECOGNITION: Final[tuple[Held, ...]] = (
    Held(
        "criteria_version",
        ("written_by", "published_by"),
        "who wrote criteria and who published them",
        ACCOUNT,
        "for ever, by id",
        "the id stays",
    ),
    Held(
        "recognition_request",
        ("person_id", "criteria_id", "subject_id", "opened_by", "opened_at", "withdrawn_at"),
        "that they asked to have proofs recognised, and against what",
        CONTRACT,
        "as the person; not decided on: `recognition-proofs`",
        "removed",
    ),
    Held(
        "handed_in",
        (
            "credential",
            "issuer",
            "issuer_name",
            "name",
            "received",
            "verified",
            "reasons",
            "about",
            "about_reason",
            "confirmed_by",
            "handed_in_by",
        ),
        "the badges that they handed in, as they came, and what verifying them found",
        CONTRACT,
        "`recognition-proofs` after the decision, then removed",
        "removed",
    ),
    Held(
        "proof_match",
        ("outcome", "kind", "found_by", "proof", "state", "decided_by", "decided_at", "reason"),
        "what these badges show, and who said so",
        CONTRACT,
        "as the badge that was handed in",
        "removed",
    ),
    Held(
        "recognition_decision",
        ("verdict", "reason", "tree", "decided_by", "decided_at", "award_id", "composite_award_id"),
        "what was decided, by whom and why, with the proof tree of that day",
        CONTRACT,
        "as the person",
        "removed",
    ),
    Held(
        "exemption",
        ("module_id", "part", "outcomes", "minutes_saved"),
        "what they need not do again",
        CONTRACT,
        "as the person",
        "removed",
    ),
    Held(
        "designation",
        (
            "person_id",
            "kind",
            "tasks",
            "grounds",
            "experience",
            "register_number",
            "valid_from",
            "valid_until",
            "designated_by",
            "designated_as",
            "decided_by",
            "decided_at",
            "award_id",
            "ended_by",
            "ended_at",
            "ended_because",
        ),
        "that they are VOP, VP or WV in a scheme, by whose word",
        CONTRACT,
        "as the person",
        "removed",
    ),
    Held(
        "crosswalk_entry",
        ("ground", "added_by", "ended_by"),
        "who matched an outcome elsewhere to one here, and on what ground",
        ACCOUNT,
        "for ever, by id",
        "the id stays",
    ),
    Held(
        "trusted_issuer",
        ("name", "ground", "added_by", "ended_by"),
        "who trusts an issuer elsewhere, and on what ground",
        ACCOUNT,
        "for ever, by id",
        "the id stays",
    ),
)
