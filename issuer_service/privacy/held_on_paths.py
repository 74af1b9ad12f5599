"""What is held on people who are on a path: where they stand, what happened, and what waits for them."""

from __future__ import annotations

from typing import Final

from issuer_service.privacy.held import CONTRACT, Held

__all__ = ["PATHS"]

PATHS: Final[tuple[Held, ...]] = (
    Held(
        "process_case",
        ("person_id", "enrolment_id", "facts", "stage", "began_at", "entered_at", "ended_at", "outcome"),
        "where they stand on their path, and what was recorded there",
        CONTRACT,
        "as the person; without a match or rejected `candidates`",
        "removed; of others they have a part in, their id stays",
    ),
    Held("case_party", ("person_id",), "what they are in a case", CONTRACT, "as the case", "removed"),
    Held("case_task", ("person_id", "due_at"), "what waits for them", CONTRACT, "until it is done", "removed"),
    Held(
        "setting_out",
        ("person_id", "way", "about_id", "due_at"),
        "that they began a path or joined a line, and nobody looked yet at what is recognised of them",
        CONTRACT,
        "until somebody looked",
        "removed",
    ),
    Held(
        "case_event",
        ("by_id", "at", "data", "confidential"),
        "what happened on their path, who recorded it, and notes for a coach's eyes",
        CONTRACT,
        "as the case; the notes `case-notes` after its end, then emptied",
        "removed; what they did for others keeps their id",
    ),
)
