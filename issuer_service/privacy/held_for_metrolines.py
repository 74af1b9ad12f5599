"""What is held on whoever travels along a metroline, and on whoever designs one."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from issuer_service.privacy.held import ACCOUNT, CONTRACT, Held

__all__ = ["METROLINES", "METROLINES_IMPERSONAL"]

METROLINES: Final[tuple[Held, ...]] = (
    Held(
        "participation",
        ("company", "state", "intake", "evaluation", "referral", "registered_at"),
        "which metrolines they travel, for whom they work, what they wish for and found of it",
        CONTRACT,
        "as the person",
        "removed",
    ),
    Held(
        "attendance",
        ("attended", "recorded_by", "recorded_at"),
        "where they were, and who says so",
        CONTRACT,
        "as the person",
        "removed",
    ),
    Held(
        "station_assessment",
        ("assessor_id", "assessed_at", "levels", "recognised"),
        "how they were assessed at a station, and by whom",
        CONTRACT,
        "as the person",
        "removed",
    ),
    Held(
        "reached_outcome",
        ("level", "reached_at"),
        "what they reached along a line",
        CONTRACT,
        "as the person",
        "removed",
    ),
    Held(
        "metroline_canvas",
        ("written_by",),
        "who wrote down what was thought of a line",
        ACCOUNT,
        "for ever, by id",
        "the id stays",
    ),
    Held(
        "metroline_step",
        ("taken_by",),
        "who took a step in the design of a line",
        ACCOUNT,
        "for ever, by id",
        "the id stays",
    ),
)

METROLINES_IMPERSONAL: Final[Mapping[str, str]] = MappingProxyType(
    {
        "attendance": "id organisation_id station_run_id enrolment_id",
        "line_stop": "metroline_id station_id position phase required place",
        "metroline": "id organisation_id programme_id title outcomes badge_ulo_version_id stage iteration opened_at",
        "metroline_canvas": "id metroline_id number kind iteration content written_at",
        "metroline_step": "id metroline_id number iteration from_stage to_stage taken_at",
        "participation": "id organisation_id metroline_id enrolment_id",
        "reached_outcome": "id organisation_id enrolment_id kind about_id component assessment_id",
        "station": "id organisation_id title hours work_form provider outcomes badge_ulo_version_id",
        "station_assessment": "id organisation_id station_id station_run_id enrolment_id",
        "station_run": "id organisation_id station_id state starts_at hours location provider capacity preparation "
        "materials checked good improve announced_at sequence changed_at",
    }
)
